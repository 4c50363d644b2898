/** A building of a thousand outlets for benchmarks: two UPS, rows of racks on both, switched over SNMP and over Modbus. */

export interface Rows {
  /** Rows of each feed, half of them switched by rack PDUs over SNMP, half by relays over Modbus. */
  readonly rows: number;
  readonly racksPerRow: number;
  readonly ratedKwOfUps: number;
  /** What the shed brings UPS A down to. */
  readonly toKw: number;
}

export const feeds = ["a", "b"] as const;
export type FeedName = (typeof feeds)[number];

/** Loads are spread over the words for what they are worth as a hall's are: a third may go first. */
const importances = ["batch", "normal", "redundant", "batch", "protected", "normal", "redundant", "batch"] as const;
const rackKw = 4;

export const isOverSnmp = (row: number, rows: number): boolean => row < rows / 2;

/** The device that switches a row's outlets. */
export const switchOf = (feed: FeedName, row: number, rows: number): string =>
  `${isOverSnmp(row, rows) ? "pdu" : "relay"}-${feed}${row}`;

/** The text of a site file: whatever its devices' addresses say, it is for a simulation. */
export function rowsText(wanted: Rows): string {
  const each = (line: (feed: FeedName, row: number) => readonly string[]): readonly string[] =>
    feeds.flatMap((feed) => Array.from({ length: wanted.rows }, (_, row) => line(feed, row)).flat());
  const { ratedKwOfUps: ratedKw } = wanted;
  return [
    "version: 1",
    "site: { id: rows, name: { en: Rows }, timezone: UTC }",
    "profileAlarms: none",
    "spaces:",
    "  ups-room: { kind: ups-room, name: { en: UPS room } }",
    "  hall: { kind: hall, name: { en: Hall } }",
    "devices:",
    ...feeds.map((feed) => upsDevice(feed)),
    ...each((feed, row) => rowDevices(wanted, feed, row)),
    "power:",
    `  utility: { kind: utility, ratedKw: ${4 * ratedKw} }`,
    ...feeds.map(
      (feed) =>
        `  ups-${feed}: { kind: ups, feed: ${feed.toUpperCase()}, from: [utility], ratedKw: ${ratedKw}, power: ups-${feed}/output.power, device: ups-${feed} }`,
    ),
    ...each((feed, row) => [rowNode(wanted, feed, row)]),
    "loads:",
    ...Array.from({ length: wanted.rows * wanted.racksPerRow }, (_, n) => rack(wanted, n)),
    overload(wanted),
  ].join("\n");
}

const snmpUser =
  'version: 3, user: haechi, level: authPriv, auth: { protocol: sha, key: "${env:HAECHI_DEMO_AUTH}" }, priv: { protocol: aes, key: "${env:HAECHI_DEMO_PRIV}" }';

const upsDevice = (feed: FeedName): string =>
  `  ups-${feed}: { profile: ups/eaton-xups, space: ups-room, snmp: { host: ups-${feed}.invalid, version: 2c, community: public }, scan: { output.power: safety, output.load: safety } }`;

function rowDevices({ rows, racksPerRow }: Rows, feed: FeedName, row: number): readonly string[] {
  const name = switchOf(feed, row, rows);
  const address = (kind: string): string => `modbus: { host: ${kind}-${feed}${row}.invalid }`;
  if (isOverSnmp(row, rows))
    return [
      `  ${name}: { profile: pdu/apc-rpdu2, space: hall, snmp: { host: ${name}.invalid, ${snmpUser} }, fitted: { n: ${racksPerRow} }, periods: { fast: 1s } }`,
    ];
  return [
    `  ${name}: { profile: remote-io/wago-750, space: hall, ${address("relay")}, fitted: { c: ${racksPerRow}, r: ${racksPerRow} }, periods: { fast: 1s } }`,
    `  meter-${feed}${row}: { profile: meter/schneider-iem3000, space: hall, ${address("meter")}, scan: { power.active: safety } }`,
  ];
}

function rowNode({ rows, racksPerRow }: Rows, feed: FeedName, row: number): string {
  const device = isOverSnmp(row, rows) ? switchOf(feed, row, rows) : `meter-${feed}${row}`;
  return `  row-${feed}${row}: { kind: pdu, feed: ${feed.toUpperCase()}, space: hall, from: [ups-${feed}], ratedKw: ${racksPerRow * rackKw}, power: ${device}/power.active, device: ${device} }`;
}

function rack({ rows, racksPerRow }: Rows, n: number): string {
  const row = Math.floor(n / racksPerRow);
  const feedsOf = feeds.map((feed) => {
    const device = switchOf(feed, row, rows);
    const at = isOverSnmp(row, rows) ? (n % racksPerRow) + 1 : n % racksPerRow;
    const points = isOverSnmp(row, rows)
      ? `outlet: "${device}/outlet[${at}].state", closed: "${device}/outlet[${at}].state", power: "${device}/outlet[${at}].power"`
      : `outlet: "${device}/relay[${at}].state", closed: "${device}/contact[${at}].state"`;
    return `{ node: row-${feed}${row}, ${points} }`;
  });
  return `  r${n}: { space: hall, ratedKw: ${rackKw}, importance: ${importances[n % importances.length]}, feeds: [${feedsOf.join(", ")}] }`;
}

const overload = ({ rows, toKw }: Rows): string => `
alarms:
  ups-a-overload:
    title: { en: UPS A overload }
    space: ups-room
    priority: critical
    point: ups-a/output.load
    # The manual of Riello's Dialog Plus, p. 17.
    overload:
      tolerates: { continuous: 102, upTo: [{ load: 110, for: 30min }, { load: 130, for: 30s }, { load: 150, for: 10s }] }
      left: 0.2
      before: 8s
    onDelay: 0s
    offDelay: 10s
    cause: UPS A carries more than it bears for long.
    consequence: It ends its output, and feed A is lost.
    response: { en: Load is being shed. }
responses:
  spare-ups-a:
    title: { en: Take load off UPS A }
    when: [ups-a-overload]
    accept: A UPS trips seconds after its meter has said so, before a second meter is read.
    ifBlind: hold
    mode: act
    after: 0s
    shed:
      relieve: [{ node: ups-a, toKw: ${toKw} }]
      within: 5s
      settle: 2s
      # Ten seconds are borne.
      deadline: 8s
gate:
  allow: [${feeds.flatMap((feed) => Array.from({ length: rows }, (_, row) => switchOf(feed, row, rows))).join(", ")}]
  armed: [spare-ups-a]
  writesPerMinute: 600
serve: { host: 127.0.0.1, port: 0 }
`;
