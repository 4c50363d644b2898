/** What a swarm is made of: short stories of the plant, its instruments, its links, its people and its machines. */
import type { PlantEvent } from "../../simulators/plant/index.ts";
import type { Fault } from "../../src/core/reading.ts";
import type { Chance } from "./chance.ts";
import type { Ask, Deed, LinkFault } from "./deed.ts";
import type { Names } from "./names.ts";

interface Teller {
  readonly luck: Chance;
  readonly names: Names;
  /** When the story begins. */
  readonly atMs: number;
}

type Story = (teller: Teller) => readonly Deed[];

const event = (atMs: number, what: PlantEvent): Deed => ({ atMs, does: "event", event: what });
const seconds = (n: number): number => n * 1000;

/** A supply that goes, with a generator that may not come, and comes back or does not. */
const utilityFails: Story = ({ luck, atMs }) => {
  const deeds = [event(atMs, { utility: "fail" })];
  if (luck.odds(0.5)) deeds.push(event(Math.max(0, atMs - 1000), { generator: "refuse-start" }));
  else if (luck.odds(0.3)) deeds.push(event(atMs + seconds(luck.whole(15, 120)), { generator: "trip" }));
  if (luck.odds(0.4)) deeds.push(event(atMs + seconds(luck.whole(30, 200)), { generator: "repair" }));
  if (luck.odds(0.5)) deeds.push(event(atMs + seconds(luck.whole(1, 300)), { utility: "restore" }));
  return deeds;
};

const sags: Story = ({ luck, atMs }) =>
  Array.from({ length: luck.whole(1, 4) }, (_, i) => event(atMs + i * seconds(luck.whole(1, 20)), { utility: "sag" }));

const batteryFails: Story = ({ luck, names, atMs }) => [
  event(atMs, { battery: luck.pick(names.batteries), archetype: luck.pick(["vent", "short", "short", "drift"]) }),
];

const smokes: Story = ({ luck, names, atMs }) => {
  const room = luck.pick(names.rooms);
  const deeds = [event(atMs, { smoke: { room, rate: luck.whole(1, 30) } })];
  if (luck.odds(0.6)) deeds.push(event(atMs + seconds(luck.whole(10, 120)), { smoke: { room, rate: 0 } }));
  return deeds;
};

const coolingFails: Story = ({ luck, names, atMs }) => {
  const cooling = luck.pick(names.coolers);
  const deeds = [event(atMs, { cooling, fail: true })];
  if (luck.odds(0.6)) deeds.push(event(atMs + seconds(luck.whole(60, 400)), { cooling, fail: false }));
  return deeds;
};

const upsStops: Story = ({ luck, names, atMs }) => {
  const ups = luck.pick(names.ups);
  const deeds = [event(atMs, { ups, off: true })];
  if (luck.odds(0.6)) deeds.push(event(atMs + seconds(luck.whole(5, 120)), { ups, off: false }));
  return deeds;
};

const siteIsCut: Story = ({ luck, atMs }) => [
  event(atMs, { cut: luck.pick(["mains", "site"]) }),
  event(atMs + seconds(luck.whole(5, 200)), { cut: "lifted" }),
];

const loadsChange: Story = ({ luck, names, atMs }) =>
  Array.from({ length: luck.whole(1, 6) }, () => event(atMs, { load: luck.pick(names.loads), kw: luck.whole(0, 6) }));

const roomIsOdd: Story = ({ luck, names, atMs }) => [
  luck.pick([
    event(atMs, { leak: luck.pick(names.rooms), on: luck.odds(0.7) }),
    event(atMs, { suppression: luck.pick(["release", "reset"]) }),
    event(atMs, { airflow: luck.pick(names.samplers), percent: luck.whole(0, 150) }),
    event(atMs, { humidity: { room: luck.pick(names.rooms), percent: luck.whole(0, 100) } }),
  ]),
];

const switchesStick: Story = ({ luck, names, atMs }) =>
  Array.from({ length: luck.whole(1, 6) }, () => {
    const { device, point } = luck.pick(names.outlets);
    return event(atMs, { outlet: `${device}/${point}`, stuck: true });
  });

const serviceSticks: Story = ({ luck, names, atMs }) => [
  event(atMs, { service: luck.pick(names.services), stuck: true }),
];

const deviceGoesSilent: Story = ({ luck, names, atMs }) => {
  const sensor = luck.pick(names.devices);
  const deeds = [event(atMs, { sensor, silent: true })];
  if (luck.odds(0.7)) deeds.push(event(atMs + seconds(luck.whole(1, 120)), { sensor, silent: false }));
  return deeds;
};

const deviceFreezes: Story = ({ luck, names, atMs }) => {
  const freeze = luck.pick(names.devices);
  const deeds = [event(atMs, { freeze, on: true })];
  if (luck.odds(0.7)) deeds.push(event(atMs + seconds(luck.whole(5, 120)), { freeze, on: false }));
  return deeds;
};

/** A sensor that shows what is not so: near its limit, in its deadband, far beyond, nothing. */
export const sensorLies: Story = ({ luck, names, atMs }) => {
  const { point, detect } = luck.pick(names.judged);
  const values = lies(luck, detect);
  let at = atMs;
  const deeds = values.map((shows) => {
    const deed = event(at, { reading: point, shows });
    at += seconds(luck.pick([1, 3, 8, 20, 45, 75]));
    return deed;
  });
  if (luck.odds(0.8)) deeds.push(event(at, { reading: point, shows: "truth" }));
  return deeds;
};

function lies(luck: Chance, detect: Names["judged"][number]["detect"]): readonly (number | null)[] {
  const several = (of: () => number | null): readonly (number | null)[] =>
    Array.from({ length: luck.whole(1, 4) }, () => (luck.odds(0.1) ? null : of()));
  if (detect.kind === "state") return several(() => luck.pick([...detect.among, 0, 1, 2]));
  if (detect.kind !== "limit") return several(() => luck.pick([0, 1, 3, 100]));
  const outward = detect.side === "above" ? 1 : -1;
  const beyond = detect.limit + outward * Math.max(0.2, detect.deadband * 0.4);
  // It holds an alarm that stands, and lets an on-delay begin anew.
  const within = detect.limit - outward * detect.deadband * 0.5;
  const back = detect.limit - outward * (detect.deadband * 1.5 + 0.2);
  return luck.odds(0.5) ? [beyond, within, within] : several(() => luck.pick([beyond, within, back, 0]));
}

/** Fire seen by one instrument after the other, or by one alone, while others are silent. */
const manyLie: Story = (teller) => [...sensorLies(teller), ...sensorLies(teller), ...deviceGoesSilent(teller)];

const faults: readonly Fault[] = [
  "noCommunication",
  "deviceFailure",
  "sensorFailure",
  "notApplicable",
  "frozen",
  "wrongDevice",
];

const linkFails: Story = ({ luck, names, atMs }) => {
  const how = luck.pick<LinkFault["how"]>([
    { kind: "lost" },
    { kind: "late", byMs: luck.whole(500, 20_000) },
    { kind: "repeated", byMs: luck.whole(1000, 30_000) },
    { kind: "bad", reason: luck.pick(faults) },
    { kind: "doubtful" },
    { kind: "ahead", byMs: luck.whole(1000, 7_200_000) },
    { kind: "wild" },
  ]);
  const fault = { device: luck.pick(names.devices), forMs: seconds(luck.whole(2, 90)), how };
  return [{ atMs, does: "link", fault }];
};

const operatorActs: Story = ({ luck, names, atMs }) => {
  const alarm = luck.pick(names.alarms);
  const shelve = { of: "alarm", alarm, asks: "shelve", forMs: seconds(luck.whole(5, 120)) } as const;
  const asks = luck.pick<readonly Ask[]>([
    [{ of: "alarm", alarm, asks: "acknowledge" }],
    [{ of: "alarm", alarm, asks: "reset" }],
    [shelve],
    [shelve],
    [shelve, { of: "alarm", alarm, asks: "unshelve" }],
    [
      { of: "alarm", alarm, asks: "outOfService", forMs: seconds(45) },
      { of: "alarm", alarm, asks: "returnToService" },
    ],
    [{ of: "response", response: luck.pick(names.responses), asks: luck.pick(["start", "approve", "stop"]) }],
  ]);
  return asks.map((ask, i): Deed => ({ atMs: atMs + i * seconds(luck.whole(1, 60)), does: "ask", ask }));
};

const leaderChanges: Story = ({ luck, atMs }) => [
  { atMs, does: "lead", leads: false },
  { atMs: atMs + seconds(luck.whole(1, 120)), does: "lead", leads: true },
];

const serviceDies: Story = ({ luck, atMs }) => [
  { atMs, does: "killCore", downMs: luck.pick([100, 2000, 10_000, 60_000]) },
];

const gateDies: Story = ({ luck, atMs }) => [
  { atMs, does: "killGate", touches: luck.whole(1, 20), downMs: luck.pick([10, 1000, 8000, 20_000, 100_000]) },
];

const handSwitches: Story = ({ luck, names, atMs }) =>
  Array.from({ length: luck.whole(1, 5) }, () => ({
    atMs,
    does: "hand",
    ...luck.pick(names.outlets),
    value: luck.odds(0.5) ? 1 : 0,
  }));

/** People undo what is done, again and again, and the service hands the gate its old commands once more. */
const undone: Story = (teller) => {
  const { luck, atMs } = teller;
  const from = atMs + seconds(luck.whole(50, 80));
  const turns = Array.from({ length: 24 }, (_, i) => from + i * 4000);
  return [
    ...batteryFails(teller),
    ...turns.flatMap((at): readonly Deed[] => [
      { atMs: at, does: "putBack" },
      { atMs: at + 300, does: "resend" },
    ]),
  ];
};

/** The gate is away when it is wanted, for longer than a command lasts. */
const gateIsMissed: Story = (teller) => {
  const { luck, atMs } = teller;
  const downMs = seconds(luck.whole(11, 120));
  const why = luck.odds(0.5) ? batteryFails(teller) : generatorFails(teller);
  return [...why, { atMs, does: "killGate", touches: 1, downMs }];
};

const generatorFails: Story = ({ atMs }) => [
  event(Math.max(0, atMs - 1000), { generator: "refuse-start" }),
  event(atMs, { utility: "fail" }),
];

/** A response is disarmed, or this node's lead is lost, just when it is called for. */
const leaveIsTaken: Story = (teller) => {
  const { luck, names, atMs } = teller;
  const why = luck.odds(0.5) ? batteryFails(teller) : generatorFails(teller);
  const lost: readonly Deed[] = luck.odds(0.3)
    ? leaderChanges({ ...teller, atMs: atMs + seconds(luck.whole(1, 60)) })
    : names.responses.filter(() => luck.odds(0.6)).map((response) => ({ atMs, does: "arm", response, armed: false }));
  return [...why, ...lost];
};

const armingChanges: Story = ({ luck, names, atMs }) => {
  const response = luck.pick(names.responses);
  const deeds: Deed[] = [{ atMs, does: "arm", response, armed: false }];
  if (luck.odds(0.5)) deeds.push({ atMs: atMs + seconds(luck.whole(5, 200)), does: "arm", response, armed: true });
  return deeds;
};

/** How often each story is told, of those of its chapter. */
type Chapter = readonly (readonly [weight: number, story: Story])[];

const plant: Chapter = [
  [5, utilityFails],
  [1, sags],
  [4, batteryFails],
  [2, smokes],
  [2, coolingFails],
  [2, upsStops],
  [1, siteIsCut],
  [1, loadsChange],
  [1, roomIsOdd],
];
const instruments: Chapter = [
  [3, deviceGoesSilent],
  [1, deviceFreezes],
  [5, sensorLies],
  [1, manyLie],
  [4, linkFails],
];
const people: Chapter = [
  [5, operatorActs],
  [1, armingChanges],
];
const machines: Chapter = [
  [2, leaderChanges],
  [2, serviceDies],
  [3, gateDies],
];
const switches: Chapter = [
  [3, switchesStick],
  [1, serviceSticks],
  [1, handSwitches],
  [2, undone],
  [3, gateIsMissed],
  [3, leaveIsTaken],
];

function storyOf(luck: Chance, chapter: Chapter): Story {
  const told = chapter.flatMap(([weight, story]) => Array.from({ length: weight }, () => story));
  return luck.pick(told);
}

/** Chapters, with how many stories of each are told at most. */
const book: readonly (readonly [most: number, chapter: Chapter])[] = [
  [2, plant],
  [4, instruments],
  [3, people],
  [1, machines],
  [1, switches],
];

/** The deeds of a few stories of each chapter, in no order. Most begin early, so that there is time for what follows from them. */
export function deedsOf(luck: Chance, names: Names, lastsMs: number): readonly Deed[] {
  const deeds: Deed[] = [];
  for (const [most, chapter] of book) {
    const count = luck.whole(0, most);
    for (let i = 0; i < count; i += 1) {
      const part = luck.odds(0.7) ? 0.4 : 0.9;
      const atMs = luck.whole(1000, Math.floor(lastsMs * part));
      deeds.push(...storyOf(luck, chapter)({ luck, names, atMs }));
    }
  }
  return deeds;
}
