import { describe, expect, test } from "vitest";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { DrillAsk } from "../../../src/core/respond/campaign.ts";
import { drillRefusal } from "../../../src/core/respond/drill.ts";
import { practiceOf, starving } from "../../../src/core/respond/practice.ts";
import type { Action, Response, Restore } from "../../../src/core/respond/response.ts";
import { seconds } from "../../../src/core/time.ts";
import { fillMax } from "../../../src/core/topology/power.ts";
import type { LoadSketch } from "../feeds.ts";
import { isLit, readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
import { alarm, alarmId, bench, good, imageOf, point, responseId, site, step } from "../fixture.ts";

const rack = (sketch: Partial<LoadSketch> = {}): LoadSketch => ({ kw: 10, ...sketch });
const sheds = (id: string, on: string, action: Action, over: Partial<Response> = {}): Response => ({
  id: responseId(id),
  title: { en: id },
  when: [alarmId(on)],
  ifBlind: "hold",
  mode: "act",
  after: seconds(0),
  action,
  ...over,
});
const outletOf = (load: string, row: string) => point(`${row}.${load}/outlet`);
const ask = (...steps: readonly string[]): DrillAsk => ({ steps, keep: false, oneWay: false });

interface Sketch {
  readonly loads?: Readonly<Record<string, LoadSketch>>;
  readonly ratedKw?: number;
  /** Outlets that no command closes. */
  readonly fixed?: readonly string[];
  readonly other?: Action;
  readonly restore?: Restore;
  readonly mode?: Response["mode"];
  readonly otherMode?: Response["mode"];
}

/** Racks on two feeds, all calm; a shed of feed A by alarm "x", and another by alarm "y". */
function rig({
  loads = { p: rack(), q: rack() },
  ratedKw,
  fixed = [],
  other,
  restore,
  mode = "act",
  otherMode = "act",
}: Sketch = {}) {
  const wiring = wire(twoFeeds(loads, ratedKw));
  const responses = [
    sheds("spare", "x", { ...relieving(0, "ups-a"), ...(restore && { restore }) }, { mode }),
    sheds("other", "y", other ?? relieving(0, "ups-b"), { mode: otherMode }),
  ];
  const outlets = wiring.tree.loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  const closable = new Set(outlets.filter((outlet) => !fixed.includes(outlet)));
  const b = bench({
    ...site({ alarms: ["x", "y"].map((on) => alarm(on, { on: [on] })), responses, power: wiring.tree }),
    closable,
  });
  const see = (
    after: number,
    values: Readonly<Record<string, number>> = {},
    requests: readonly DrillAsk[] = [],
  ): ScanOutput => {
    const said = { x: 0, y: 0, ...values };
    const shown = outlets.map((outlet) => good(outlet, wiring.open.has(outlet) ? 0 : 1, after));
    const output = b.scan(after, {
      readings: [
        ...readingsOf(wiring, after),
        ...shown,
        ...Object.entries(said).map(([on, value]) => good(on, value, after)),
      ],
      requests: requests.map((drill) => ({
        to: "response",
        response: responseId("spare"),
        event: "drill",
        by: "lead",
        why: "practice",
        drill,
      })),
    });
    for (const { point: outlet, value } of output.commands)
      if (value === 0) wiring.open.add(outlet);
      else wiring.open.delete(outlet);
    return output;
  };
  see(0);
  const refusal = (...steps: readonly string[]): string | null => drillRefusal(b.plant, "spare", ask(...steps));
  return { b, wiring, see, refusal };
}

const writes = ({ commands }: ScanOutput): readonly string[] =>
  commands.map(({ point: at, value }) => `${at}=${value}`);
const told = ({ notices }: ScanOutput): readonly string[] => notices.map(({ event, text }) => `${event} ${text}`);

describe("the outlets of a shed", () => {
  test("are steps of a drill by rack and node, closed again by a command that closes them", () => {
    const { b } = rig({
      loads: { p: rack(), q: rack({ is: "protected" }), r: rack({ on: ["b"] }) },
      fixed: ["a.p/outlet"],
    });
    const both = practiceOf(relieving(0, "ups-a", "ups-b"), b.plant.site);
    expect(both.steps.map(({ id, inverse }) => [id, inverse])).toEqual([
      ["p@row-a", undefined],
      ["p@row-b", 1],
      ["r@row-b", 1],
    ]);
    expect(practiceOf({ ...relieving(0, "ups-b"), order: ["r"] }, b.plant.site).steps.map(({ id }) => id)).toEqual([
      "r@row-b",
    ]);
  });

  test("are ordered once each, wait for no other, and end the drill where they do not open", () => {
    const { b } = rig({ loads: { p: rack() } });
    const { power, responses } = b.plant.site;
    const plain = {
      id: "p@row-a",
      title: { en: "p@row-a" },
      point: "a.p/outlet",
      value: 0,
      needs: [],
      within: seconds(5),
      retries: 0,
      ifFailed: "stop",
    };
    // Of a site that does not know which outlets a command closes, none is.
    expect(practiceOf(responses[0]!.action, { power })).toEqual({ kind: "failover", steps: [plain] });
    expect(practiceOf(responses[0]!.action, b.plant.site).steps).toEqual([{ ...plain, inverse: 1 }]);
  });

  test("are not the feeds that have none", () => {
    const { refusal } = rig({ loads: { p: rack(), q: rack({ without: ["outlet"] }) } });
    expect(refusal("q@row-a")).toBe('there is no step "q@row-a"; there are: p@row-a');
  });

  test("of one rack that hang on one node twice have names of their own", () => {
    const { b } = rig({ loads: { p: rack({ on: ["a", "a", "b"] }) } });
    const { steps } = practiceOf(b.plant.site.responses[0]!.action, b.plant.site);
    expect(steps.map(({ id }) => id)).toEqual(["p@row-a", "p@row-a#2"]);
  });
});

describe("a drill of a shed", () => {
  test("opens the outlets that are named and no other, and closes them again one after the other; nothing goes dark", () => {
    const { b, wiring, see } = rig({ loads: { p: rack(), q: rack(), r: rack() } });
    const isAllLit = (): boolean => wiring.tree.loads.every((load) => isLit(wiring, load));
    expect(writes(see(100, {}, [ask("q@row-a", "p@row-a")]))).toEqual(["a.p/outlet=0", "a.q/outlet=0"]);
    expect(isAllLit()).toBe(true);
    expect(writes(see(200))).toEqual(["a.q/outlet=1"]);
    expect(writes(see(300))).toEqual(["a.p/outlet=1"]);
    const end = see(400);
    expect(told(end).at(-1)).toBe("done undone: q@row-a, p@row-a");
    expect([b.plant.campaigns[0]!.phase, [...wiring.open]]).toEqual(["done", []]);
    expect(isAllLit()).toBe(true);
  });

  test("is refused where an outlet does not come back, or stays open by intent", () => {
    const { b, refusal } = rig({ fixed: ["a.p/outlet"] });
    expect(refusal("p@row-a")).toBe("p@row-a: no command closes a.p/outlet, and it would stay open");
    for (const over of [{ keep: true }, { oneWay: true }])
      expect(drillRefusal(b.plant, "spare", { ...ask("q@row-a"), ...over })).toBe(
        "what is opened of a shed for a drill is closed again: it cannot stay open",
      );
  });

  test("is refused where a rack has no other feed, or none that is seen to carry it", () => {
    expect(rig({ loads: { p: rack({ on: ["a"] }) } }).refusal("p@row-a")).toBe(
      "p is not seen to have another feed that carries it",
    );
    const open = rig();
    open.wiring.open.add(outletOf("p", "b"));
    open.see(100);
    expect(open.refusal("p@row-a")).toBe("p is not seen to have another feed that carries it");
    expect(open.refusal("q@row-a")).toBeNull();
    const dead = rig();
    dead.see(100);
    dead.b.scan(200, { readings: [good("row-b/kw", 0, 200)] });
    expect(dead.refusal("q@row-a")).toBe("q is not seen to have another feed that carries it");
  });

  test("is refused where what comes over has no room, though each of it alone would have", () => {
    const { refusal } = rig({ loads: { p: rack(), q: rack() }, ratedKw: 18 });
    expect(refusal("p@row-a")).toBeNull();
    expect(refusal("p@row-a", "q@row-a")).toBe("row-b has no room for what would come over to it");
  });

  test("is not refused where all that comes over just fits", () => {
    // Ten kilowatts stand on each side, and 20 kW are 90 % of this rating.
    expect(rig({ ratedKw: 20 / fillMax }).refusal("p@row-a", "q@row-a")).toBeNull();
  });

  test("is refused where outlets are not its own, and while any response is called for", () => {
    const { refusal, see } = rig({ other: relieving(100, "ups-b") });
    expect(refusal("p@row-b")).toBe('there is no step "p@row-b"; there are: p@row-a, q@row-a');
    see(100, { y: 11 });
    see(200, { y: 11 });
    expect(refusal("p@row-a")).toBe("other is called for");
    expect(rig({ mode: "observe" }).refusal("p@row-a")).toBe("it only observes, and writes nothing");
  });

  test("is made while what is called for only observes: that takes no load and brings none", () => {
    const { refusal, see } = rig({ otherMode: "observe" });
    see(100, { y: 11 });
    expect(refusal("p@row-a")).toBeNull();
    see(200, { y: 11 }, [ask("p@row-a")]);
    expect(told(see(300, { y: 11 }))).toContain("drill every step is confirmed; it goes back");
  });

  test("names twenty of the outlets that there are, and says how many more", () => {
    const racks = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`r${i}`, rack()]));
    const named = Array.from({ length: 20 }, (_, i) => `r${i}@row-a`).join(", ");
    expect(rig({ loads: racks(20) }).refusal("s")).toBe(`there is no step "s"; there are: ${named}`);
    expect(rig({ loads: racks(22) }).refusal("s")).toBe(`there is no step "s"; there are: ${named} and 2 more`);
  });
});

describe("a response that is called for while a shed is drilled", () => {
  test("ends the drill in that scan, where it is its own: what is open stays, and the shed begins", () => {
    const { see } = rig();
    see(100, {}, [ask("p@row-a")]);
    const real = see(200, { x: 11 });
    expect(told(real)[1]).toBe("stopped the drill gives way: x; it leaves to a person to close: p@row-a");
    expect(writes(real)).toEqual(["a.q/outlet=0"]);
  });

  test("ends the drill in that scan, where it is another's: what is open goes back at once", () => {
    const { b, see, wiring } = rig({ other: relieving(100, "ups-b") });
    see(100, {}, [ask("p@row-a", "q@row-a")]);
    const real = see(200, { y: 11 });
    expect(told(real)).toContain("aborted the drill gives way: other is called for");
    expect(writes(real)).toEqual(["a.q/outlet=1", "a.p/outlet=1"].toSorted());
    expect([...wiring.open]).toEqual([]);
    expect(told(see(300, { y: 11 })).filter((text) => text.startsWith("aborted"))).toEqual([]);
    expect(b.plant.campaigns[0]!.phase).toBe("stopped");
  });

  test("has what is open go back as well where it is a failover, which relieves no node", () => {
    const { see } = rig({ other: { kind: "failover", steps: [step("db")] } });
    see(100, {}, [ask("p@row-a")]);
    expect(writes(see(200, { y: 11 }))).toContain("a.p/outlet=1");
  });

  test("hurries what goes back one after the other", () => {
    const { see } = rig({ other: relieving(100, "ups-b") });
    see(100, {}, [ask("p@row-a", "q@row-a")]);
    expect(writes(see(200))).toEqual(["a.q/outlet=1"]);
    expect(writes(see(300, { y: 11 }))).toEqual(["a.p/outlet=1"]);
  });

  test("is not waited for where a rack loses the feed that it leans on: what is open goes back at once", () => {
    const { b, see } = rig();
    see(100, {}, [ask("p@row-a", "q@row-a")]);
    const lost = b.scan(200, { readings: [good("row-b/kw", 0, 200)] });
    expect(told(lost)).toContain("aborted the drill gives way: p has lost its other feed");
    see(300);
    expect(b.plant.campaigns[0]!.sent.map(({ command }) => `${command.point}=${command.value}`)).toEqual([
      "a.p/outlet=0",
      "a.q/outlet=0",
      "a.p/outlet=1",
      "a.q/outlet=1",
    ]);
  });

  test("is not given up for a rack that is not drilled and has no other feed", () => {
    const { see } = rig({ loads: { p: rack(), q: rack({ on: ["a"] }) } });
    see(100, {}, [ask("p@row-a")]);
    expect(told(see(200))).toContain("drill every step is confirmed; it goes back");
  });

  test("is not given up for a rack that has lost one feed and leans on a third", () => {
    const { b } = rig({ loads: { p: rack({ on: ["a", "b", "b"] }) } });
    const [p] = b.plant.site.power.loads;
    const feeds = p!.feeds.map((feed, i) => (i === 2 ? { ...feed, outlet: point("c.p/outlet"), closed: null } : feed));
    const power = { ...b.plant.site.power, loads: [{ ...p!, feeds }] };
    const plant = { ...b.plant, site: { ...b.plant.site, power } };
    const seen = (third: number) => imageOf({ "a.p/closed": 0, "b.p/closed": 0, "c.p/outlet": third });
    expect(starving({ plant, image: seen(1) }, relieving(0, "ups-a"), ["p@row-a"])).toBeNull();
    expect(starving({ plant, image: seen(0) }, relieving(0, "ups-a"), ["p@row-a"])?.id).toBe("p");
  });

  test("leaves open what would be load on a node that is to be relieved, and says so", () => {
    const { b, see } = rig({ other: relieving(100, "row-a") });
    see(100, {}, [ask("p@row-a")]);
    const real = see(200, { y: 11 });
    expect(writes(real)).toEqual([]);
    expect(told(real)).toContain(
      "stopped the drill gives way: other is called for; a person closes what is open: p@row-a",
    );
    expect(b.plant.campaigns[0]!.phase).toBe("stopped");
  });

  test("may leave open what a person then has restored, as what the shed itself has opened", () => {
    const restore: Restore = { when: [], settle: seconds(1) };
    const { b, see, wiring } = rig({ other: relieving(100, "row-a"), restore });
    see(100, {}, [ask("p@row-a")]);
    see(200, { y: 11 });
    see(300);
    see(400);
    expect(told(see(1400))).toContain(
      "restorable all that it waits for has held for long enough: a person may have it restored",
    );
    expect(writes(b.order(1500, "spare", "restore"))).toEqual(["a.p/outlet=1"]);
    wiring.open.clear();
    expect(told(see(1600)).at(-1)).toBe("done back: p");
  });

  test("by a person's word ends it as well, and so does an abort", () => {
    const { b, see } = rig({ other: relieving(100, "ups-b"), mode: "advise" });
    see(100, {}, [ask("p@row-a")]);
    expect(writes(b.order(150, "spare", "abort"))).toEqual([]);
    expect(writes(see(200))).toEqual(["a.p/outlet=1"]);
  });
});
