import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parseDocument } from "yaml";
import type { ResponseId } from "../../src/core/command.ts";
import type { Service } from "../../src/main.ts";
import { openService } from "../../src/main.ts";
import type { Hosted } from "../whole/hosted.ts";
import { host, keysOfTests, siteOf } from "../whole/hosted.ts";
import type { Seen } from "../whole/tap.ts";
import { tapModbus, tapSnmp } from "../whole/tap.ts";
import { folderWith } from "./folder.ts";
import type { Ended } from "./haechi.ts";
import { haechi, start } from "./haechi.ts";
import { token } from "./operator.ts";
import { scenarioFolder } from "./scenario-folder.ts";

const longMs = 180_000;
const speed = 10;

const quiet = `
scenario: own
about: Nothing happens.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 30min
seed: 1
timeline: []
promises: []
`;

/** Message has no way back; of what is in the site's fire room nothing is said. */
const changed = (site: string): string =>
  site
    .replace(/(\{ id: message, .*), inverse: demo \}/, "$1 }")
    .replace(/serve: .*/, 'serve: { host: 127.0.0.1, port: 0, operatorToken: "${env:HAECHI_TEST_TOKEN}" }');

interface Wired extends Hosted {
  readonly siteFile: string;
  readonly stateDir: string;
  readonly modbus: Seen;
  readonly snmp: Seen;
}

/** A simulated site with a tap before every device. */
async function wired(change: (site: string) => string = changed): Promise<Wired> {
  for (const [name, value] of Object.entries(keysOfTests)) vi.stubEnv(name, value);
  const hosted = await host(scenarioFolder(quiet, change), speed);
  const [modbus, snmp]: [Seen, Seen] = [{ functions: new Map() }, { functions: new Map() }];
  const document = parseDocument(readFileSync(hosted.simulation.siteFile, "utf8"));
  for (const { id, model, address } of hosted.site.devices) {
    const tap = await (model.protocol === "modbus" ? tapModbus(address.port, modbus) : tapSnmp(address.port, snmp));
    onTestFinished(() => tap.close());
    document.setIn(["devices", id, model.protocol, "port"], tap.port);
  }
  const siteFile = join(hosted.folder, "tapped.yaml");
  writeFileSync(siteFile, document.toString({ lineWidth: 0 }));
  return { ...hosted, siteFile, stateDir: join(hosted.folder, "state"), modbus, snmp };
}

/** Its service, once it has read every point and its alarms are seen to be clear. */
async function watching({ siteFile, stateDir, since, simulation }: Wired): Promise<Service> {
  const opening = { site: siteOf(siteFile), siteFile, stateDir, speed, since, port: 0 };
  const service = await openService({ ...opening, onTold: () => undefined });
  onTestFinished(() => service.stop());
  simulation.play({ told: () => undefined, ask: (request) => service.ask(request) });
  const patience = { timeout: 60_000, interval: 200 };
  await expect.poll(async () => (await asked(service, "/api/v1/snapshot")).health.points.bad, patience).toBe(0);
  await expect
    .poll(async () => (await asked(service, "/api/v1/readings?since=0")).readings, patience)
    .toContainEqual(expect.objectContaining({ point: "login/service.site", quality: "good", value: 0 }));
  return service;
}

const asked = async ({ url }: Service, path: string) =>
  (await (await fetch(`${url}${path}`)).json()) as {
    readonly health: { readonly points: { readonly bad: number } };
    readonly readings: readonly object[];
    readonly alarms: readonly { readonly id: string }[];
  };

const requests = ({ functions }: Seen): number => [...functions.values()].reduce((sum, n) => sum + n, 0);
const isReading = (code: number): boolean => code <= 4;
const reads = [0, 0xa0, 0xa1, 0xa5];

/** What has been written to anything of the site. */
function writesOf({ modbus, snmp, simulation, site }: Wired): readonly unknown[] {
  return [
    ...[...modbus.functions.keys()].filter((code) => !isReading(code)),
    ...[...snmp.functions.keys()].filter((pdu) => !reads.includes(pdu)),
    ...site.devices.filter(({ id }) => simulation.served.writesSeen(id) > 0).map(({ id }) => id),
  ];
}

const siteOfService = async ({ site }: Wired, id: string): Promise<unknown> =>
  await (await fetch(site.services.find((service) => service.id === id)?.url ?? "")).json();

const drill = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  haechi(["drill", ...words], { env });

describe("haechi drill", () => {
  test(
    "sends nothing: not one packet where no service is asked, and no write to any device, mover or gate where one is",
    async () => {
      const at = await wired();
      for (const plan of ["move-tier-0", "stretch-batteries"]) {
        const { code, stdout } = await drill([plan, at.siteFile]);
        expect([plan, code]).toEqual([plan, 0]);
        expect(stdout).toContain("live readings: not looked at");
      }
      expect([requests(at.modbus), requests(at.snmp)]).toEqual([0, 0]);
      const service = await watching(at);
      for (const plan of ["move-tier-0", "move-tier-1", "drain-site", "stretch-batteries", "spare-string-a"]) {
        const { code, stdout } = await drill([plan, at.siteFile, "--url", service.url]);
        expect([plan, code, stdout]).toEqual([plan, 0, expect.stringContaining(`as ${service.url} has them`)]);
      }
      expect(requests(at.modbus)).toBeGreaterThan(100);
      expect(writesOf(at)).toEqual([]);
      for (const { id } of at.site.services)
        expect(await siteOfService(at, id)).toMatchObject({ service: id, site: "demo", state: "here" });
      const ledger = join(at.stateDir, "gate-ledger.ndjson");
      expect(existsSync(ledger) ? readFileSync(ledger, "utf8") : "").not.toContain("admitted");
    },
    longMs,
  );

  test(
    "makes the one step that is named, through the gate, takes it back, and keeps what it took",
    async () => {
      const at = await wired();
      const service = await watching(at);
      const [page, drills] = [join(at.folder, "drill.html"), join(at.stateDir, "drills.ndjson")];
      const words = ["move-tier-0", at.siteFile, "--url", service.url, "--state", at.stateDir];
      const live = [...words, "--live", "login", "--by", "shift lead", "--why", "monthly drill", "--html", page];
      const ended = await drill(live, { HAECHI_TOKEN: token });
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      expect(ended.stdout).toMatch(/^login: confirmed after [\d.]+ s: login\/service.site = 1$/m);
      expect(ended.stdout).toMatch(/^login back: confirmed after [\d.]+ s/m);
      expect(await siteOfService(at, "login")).toMatchObject({ site: "demo" });
      for (const id of ["message", "pay"])
        expect(await siteOfService(at, id)).toMatchObject({ site: "demo", state: "here" });
      expect(writesOf(at)).toEqual([]);
      const kept = JSON.parse(readFileSync(drills, "utf8").trim()) as { readonly seconds: number };
      expect(kept).toMatchObject({
        site: "demo",
        response: "move-tier-0",
        step: "login",
        by: "shift lead",
        isConfirmed: true,
      });
      // The simulated move takes 40 s, give or take a fifth, in the plant's time.
      expect(kept.seconds).toBeGreaterThan(20);
      const ledger = readFileSync(join(at.stateDir, "gate-ledger.ndjson"), "utf8");
      expect(ledger).toContain("move-tier-0#1/login/login/service.site=1");
      expect(ledger).not.toContain("message/service.site");
      expect(readFileSync(page, "utf8")).toContain("By shift lead: monthly drill.");
      const chain = await drill(["chain", "--url", service.url], { HAECHI_TOKEN: token });
      expect(chain).toMatchObject({
        stdout: expect.stringMatching(/^chain: 100 of 100 answered, p50 [\d.]+ ms, p99 .*; objective p99 500 ms$/m),
        stderr: "",
      });
      const seen = await asked(service, "/api/v1/snapshot");
      expect(seen.alarms.map(({ id }) => id).filter((id) => id.includes("chain"))).toEqual([]);
      const plan = await haechi(["plan", "failover", at.siteFile, "move-tier-0", "--state", at.stateDir]);
      expect(plan.stdout).toMatch(
        /login: measured in 1 drill, on [\d-]+, too few for a p95: [\d.]+ s.*the file says 45 s/,
      );
      expect((await haechi(["plan", "failover", at.siteFile, "move-tier-0"])).stdout).not.toContain("measured");
    },
    longMs,
  );

  test(
    "opens the outlets of a shed that are named, over SNMP and over Modbus, and closes them again; no rack goes dark",
    async () => {
      // The plant's time passes quickly here, and five seconds of it are less than a busy machine takes.
      const at = await wired((text) => changed(text).replaceAll("      within: 5s\n", "      within: 60s\n"));
      const service = await watching(at);
      const words = ["spare-ups-a", at.siteFile, "--url", service.url, "--state", at.stateDir];
      const live = [...words, "--live", "r105@row-a1,r202@row-a2", "--by", "shift lead", "--why", "monthly drill"];
      const ended = await drill(live, { HAECHI_TOKEN: token });
      expect(ended).toMatchObject({ code: 0, stderr: "", stdout: expect.not.stringContaining("NOT CONFIRMED") });
      for (const [id, point] of [
        ["r105@row-a1", "pdu-a1/outlet[5].state"],
        ["r202@row-a2", "relay-a2/relay[1].state"],
      ] as const) {
        expect(ended.stdout).toContain(`: ${point} = 0\n`);
        expect(ended.stdout).toMatch(new RegExp(`^${id}: confirmed after `, "m"));
        expect(ended.stdout).toMatch(new RegExp(`^${id} back: confirmed after `, "m"));
        // What confirms an outlet may be another point of its device, which is read before it.
        await vi.waitFor(
          async () => {
            const { readings } = await asked(service, "/api/v1/readings?since=0");
            expect(readings).toContainEqual(expect.objectContaining({ point, value: 1 }));
          },
          { timeout: 10_000 },
        );
      }
      expect(at.site.devices.map(({ id }) => id).filter((id) => at.simulation.served.writesSeen(id) > 0)).toEqual([
        "pdu-a1",
        "relay-a2",
      ]);
      const ledger = readFileSync(join(at.stateDir, "gate-ledger.ndjson"), "utf8");
      expect(ledger).toContain("spare-ups-a#1/r105@row-a1/pdu-a1/outlet[5].state=0");
      const measured = readFileSync(join(at.stateDir, "drills.ndjson"), "utf8").trim().split("\n");
      expect(measured.map((line) => (JSON.parse(line) as { readonly step: string }).step)).toEqual([
        "r105@row-a1",
        "r202@row-a2",
      ]);
      const plan = await haechi(["plan", "failover", at.siteFile, "spare-ups-a", "--state", at.stateDir]);
      expect(plan.stdout).toMatch(
        /\n {2}an outlet: measured in 1 drill, on \d{4}-\d\d-\d\d, too few for a p95: [\d.]+ s/,
      );
      expect(plan.stdout).toContain("outlets of 1 shed take what they took in drills");
    },
    longMs,
  );

  test(
    "gives way to the response itself: nothing is taken back, and what it had made is not made again",
    async () => {
      const at = await wired();
      const service = await watching(at);
      const words = ["drill", "move-tier-0", at.siteFile, "--url", service.url, "--state", at.stateDir];
      const who = ["--live", "login", "--by", "shift lead", "--why", "monthly drill"];
      const it = start([...words, ...who], { env: { HAECHI_TOKEN: token } });
      await it.says(/^login back: ordered/);
      const response = "move-tier-0" as ResponseId;
      service.ask({ to: "response", response, event: "start", by: "operator", why: "fire seen" });
      const { code, stdout } = await it.ended;
      expect([code, stdout]).toEqual([1, expect.stringContaining("THE RESPONSE ITSELF HAS BEGUN")]);
      const patience = { timeout: 60_000, interval: 200 };
      for (const id of ["login", "message", "pay"])
        await expect.poll(() => siteOfService(at, id), patience).toMatchObject({ site: "anyang", state: "moved" });
      const ledger = readFileSync(join(at.stateDir, "gate-ledger.ndjson"), "utf8");
      expect(ledger).toContain("move-tier-0#2/message/message/service.site=1");
    },
    longMs,
  );

  test(
    "leaves what it made with --keep, and makes with --one-way what has no way back",
    async () => {
      const at = await wired();
      const service = await watching(at);
      const words = ["move-tier-0", at.siteFile, "--url", service.url, "--state", at.stateDir, "--by", "me"];
      const kept = await drill([...words, "--why", "so", "--live", "login", "--keep"], { HAECHI_TOKEN: token });
      expect(kept).toMatchObject({ code: 0, stderr: "" });
      expect(kept.stdout).toMatch(/^login: confirmed after /m);
      expect(kept.stdout).not.toContain("login back");
      expect(await siteOfService(at, "login")).toMatchObject({ site: "anyang", state: "moved" });
      const oneWay = await drill([...words, "--why", "so", "--live", "message", "--one-way"], { HAECHI_TOKEN: token });
      expect(oneWay).toMatchObject({ code: 0, stderr: "" });
      expect(oneWay.stdout).toMatch(/^message: confirmed after /m);
      for (const id of ["login", "message"]) expect(await siteOfService(at, id)).toMatchObject({ site: "anyang" });
      expect(await siteOfService(at, "pay")).toMatchObject({ site: "demo", state: "here" });
      const measured = readFileSync(join(at.stateDir, "drills.ndjson"), "utf8").trim().split("\n");
      expect(measured.map((line) => (JSON.parse(line) as { readonly step: string }).step)).toEqual([
        "login",
        "message",
      ]);
    },
    longMs,
  );

  test(
    "is broken off by Ctrl-C: what is done goes back, the command ends, and the gate stands as it stood",
    async () => {
      const at = await wired();
      const service = await watching(at);
      const stands = async (): Promise<Readonly<Record<string, unknown>>> =>
        JSON.parse((await haechi(["gate", "state", "--state", at.stateDir, "--json"])).stdout) as Readonly<
          Record<string, unknown>
        >;
      const { highWater: _, ended: __, ...before } = await stands();
      const words = ["move-tier-0", at.siteFile, "--url", service.url, "--state", at.stateDir, "--by", "me"];
      const live = ["drill", ...words, "--why", "so", "--live", "login,pay"];
      const it = start(live, { env: { HAECHI_TOKEN: token } });
      await it.says(/^login: ordered/);
      it.kill("SIGINT");
      const { code, signal, stdout, stderr } = await it.ended;
      expect([code, signal, stderr]).toEqual([1, null, ""]);
      expect(stdout).toContain("Ctrl-C: what is done goes back\n");
      expect(stdout).toMatch(/^login back: confirmed after /m);
      expect(stdout).not.toMatch(/^pay: /m);
      for (const id of ["login", "message", "pay"]) expect(await siteOfService(at, id)).toMatchObject({ site: "demo" });
      expect(await stands()).toMatchObject({ ...before, open: [] });
      const again = await drill([...words, "--why", "so", "--live", "login"], { HAECHI_TOKEN: token });
      expect(again).toMatchObject({ code: 0, stderr: "" });
    },
    longMs,
  );

  test(
    "refuses what the gate would refuse now, what has no way back, and a wrong token, and writes nothing",
    async () => {
      const at = await wired();
      const service = await watching(at);
      const words = [
        "move-tier-0",
        at.siteFile,
        "--url",
        service.url,
        "--state",
        at.stateDir,
        "--by",
        "me",
        "--why",
        "so",
      ];
      const refusals: readonly (readonly [step: string, env: string, stderr: RegExp])[] = [
        ["message", token, /message has no inverse: it would stay anyang, which must be wanted \(one-way\)/],
        ["logon", token, /move-tier-0: there is no step "logon"; there are: login, message, pay/],
        ["login", "a-token-of-somebody-else", /the operator token is not right/],
        ["login", "", /needs the operator's token in HAECHI_TOKEN/],
      ];
      for (const [step, env, stderr] of refusals) {
        const ended = await drill([...words, "--live", step], { HAECHI_TOKEN: env });
        expect([step, ended.code === 0, ended.stderr]).toEqual([step, false, expect.stringMatching(stderr)]);
      }
      const sheds: readonly (readonly [words: readonly string[], stderr: string])[] = [
        [["batch"], 'spare-ups-a: there is no step "batch"; there are: r103@row-a1, '],
        [["r108@row-a1"], "r108 is not seen to have another feed that carries it"],
        [["r105@row-a1", "--keep"], "what is opened of a shed for a drill is closed again: it cannot stay open"],
      ];
      for (const [outlet, stderr] of sheds) {
        const shed = await drill(["spare-ups-a", ...words.slice(1), "--live", ...outlet], { HAECHI_TOKEN: token });
        expect([outlet, shed.code === 0, shed.stderr]).toEqual([outlet, false, expect.stringContaining(stderr)]);
      }
      await service.arm("disarm", "move-tier-0" as ResponseId, "shift lead", "works on the mover");
      const disarmed = await drill([...words, "--live", "login"], { HAECHI_TOKEN: token });
      expect(disarmed).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/login cannot be sent: move-tier-0 was disarmed/),
      });
      expect(writesOf(at)).toEqual([]);
      expect(readFileSync(join(at.stateDir, "gate-ledger.ndjson"), "utf8")).not.toContain("admitted");
      expect(existsSync(join(at.stateDir, "drills.ndjson"))).toBe(false);
    },
    longMs,
  );
});

describe("haechi drill says", () => {
  const site = (change: (text: string) => string = changed): string =>
    join(scenarioFolder(quiet, change), "..", "..", "sites", "demo.yaml");
  const env = { ...keysOfTests, HAECHI_TOKEN: "" };

  test.each<[string, readonly string[], number, RegExp]>([
    ["a response that is not there", ["move-all"], 2, /no response "move-all"; there are: move-tier-0, /],
    [
      "words of a live drill without one",
      ["move-tier-0", "--by", "me", "--keep"],
      2,
      /--by, --keep: only a live drill/,
    ],
    ["nobody who answers for it", ["move-tier-0", "--live", "login"], 2, /needs --by NAME and --why TEXT/],
    [
      "nowhere to keep what is measured",
      ["move-tier-0", "--live", "login", "--by", "me", "--why", "so"],
      2,
      /needs --drills FILE or --state FOLDER/,
    ],
    [
      "no service there",
      [
        "move-tier-0",
        "--live",
        "login",
        "--by",
        "me",
        "--why",
        "so",
        "--drills",
        "none",
        "--url",
        "http://127.0.0.1:1",
      ],
      69,
      /nothing answers at/,
    ],
  ])("%s", async (_, [plan = "", ...words], code, stderr) => {
    expect(await drill([plan, site(), ...words], env)).toMatchObject({
      code,
      stderr: expect.stringMatching(stderr),
      stdout: "",
    });
  });

  test("a file of drills that is none, with line and column", async () => {
    const drills = join(folderWith({ "d.ndjson": '{"site":"demo"}\nnonsense\n' }), "d.ndjson");
    const { code, stderr } = await drill(["move-tier-0", site(), "--drills", drills]);
    expect([code, stderr]).toEqual([
      78,
      expect.stringMatching(/d\.ndjson:1:1: response: .*\n.*d\.ndjson:2:1: is no JSON/),
    ]);
  });

  test("which steps could not be sent, and ends with 1", async () => {
    const advised = (text: string): string =>
      changed(text)
        .replaceAll(/^ {4}mode: act$/gm, "    mode: advise")
        .replace(/^ {2}allow: \[(.*), login, /m, "  allow: [$1, ")
        .replace(/^ {2}armed: .*$/m, "  armed: []\n  armable: [move-tier-0]");
    const { code, stdout } = await drill(["move-tier-0", site(advised)]);
    expect(code).toBe(1);
    expect(stdout).toContain("CANNOT BE SENT: login is not on the allow-list");
    expect(stdout).toContain("move-tier-0 must be armed at the gate first");
  });
});
