import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Sample } from "../../src/serve/api.ts";
import type { HistoryQuery } from "../../src/serve/readings.ts";
import { large } from "../serve/large.ts";
import { again, begin, burning, withoutA } from "../serve/plants.ts";
import { describeWith } from "../setup/available.ts";
import { buildWall, launch, Running, watch } from "./browser.ts";
import { cutShort, elementsOf, hueOf, measure } from "./in-page.ts";

/** Slow machines start slowly; nothing here takes this long when all is well. */
const patienceMs = 10_000;

const history = async ({ from, to, count }: HistoryQuery): Promise<readonly Sample[]> =>
  Array.from({ length: count }, (_, i) => [from + ((to - from) * i) / count, 24 + Math.sin(i / 9) / 3]);

describeWith("chromium", "the wall in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "haechi-wall-"));
  let browser: Browser;
  let running: Running | null = null;
  const pages: Page[] = [];

  beforeAll(async () => {
    await buildWall(folder);
    browser = await launch();
  });

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    await running?.stop();
    running = null;
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  interface Shown {
    readonly page: Page;
    readonly site: Running;
    readonly seen: ReturnType<typeof watch>;
  }

  async function show(values = again(), query = "", size = { width: 1920, height: 1080 }): Promise<Shown> {
    running ??= await Running.start(folder, values, { history });
    const page = await browser.newPage({ viewport: size });
    pages.push(page);
    const seen = watch(page, running.served.url);
    await page.goto(`${running.served.url}/wall${query}`);
    await page.waitForSelector(".card", { timeout: patienceMs });
    return { page, site: running, seen };
  }

  test("a calm site shows its name, power chain, rooms and margins, and says that nothing is wrong", async () => {
    const { page, seen } = await show();
    await page.waitForSelector("text=No active alarms");
    expect(await page.textContent("h1")).toBe("Demo A");
    expect(await page.textContent(".mode")).toBe("NORMAL");
    expect(await page.locator(".box").count()).toBe(11);
    expect(await page.locator(".tile").count()).toBe(6);
    expect(await page.locator(".card h2").allTextContents()).toEqual([
      "Margin if one feed fails",
      "Battery if supply fails",
      "Cooling margin",
      "Next drill",
    ]);
    expect(await page.locator(".symbol").count()).toBe(0);
    expect(seen).toEqual({ complaints: [], strangers: [] });
  });

  test("a calm day has no colour at all, and an event has", async () => {
    const { page, site } = await show();
    await page.waitForSelector(".trend canvas");
    expect(await hueOf(page)).toBeLessThan(0.15);
    site.say(again(burning));
    await page.waitForSelector("[data-alarm]");
    expect(await hueOf(page)).toBeGreaterThan(0.5);
  });

  test("an alarm is seen within a second of its scan, with its place, its rank and what to do", async () => {
    const { page, site } = await show();
    site.say(again(burning));
    await page.waitForSelector("[data-alarm=battery-room-fire]", { timeout: 1000 });
    const line = page.locator("[data-alarm=battery-room-fire]");
    expect(await line.textContent()).toContain("Call 119");
    expect(await line.locator("svg").getAttribute("aria-label")).toBe("Priority 1, critical, not acknowledged");
    expect(await page.locator(".alarms .line").count()).toBe(4);
    expect(await page.textContent(".mode")).toContain("FAILOVER");
    expect(await page.locator(".card h2").allTextContents()).toContain("UPS A: battery empty");
    expect(await page.locator(".tile.alarmed").first().textContent()).toContain("FIRE 2 · off-gas");
  });

  test.each([
    [1920, 1080],
    [3840, 2160],
  ])(
    "a lost feed is one line over the alarms at %d × %d, whole and without a colour of its own",
    async (width, height) => {
      const { page, site } = await show(again(), "", { width, height });
      site.say(again(withoutA));
      await page.waitForSelector("[data-cause=ups-a]", { timeout: patienceMs });
      expect(await page.locator("[data-cause]").allTextContents()).toEqual([
        expect.stringMatching(
          /^15:\d\d:\d\dUPS A lostfeed A of 14 racks · on feed B at 64 %, margin 21 kW · 2 more with it$/,
        ),
      ]);
      const cut = await page.evaluate(
        `[...document.querySelectorAll(".loss > *")].filter((e) => e.scrollWidth > e.clientWidth + 1).length`,
      );
      expect(cut).toBe(0);
      expect(await cutShort(page)).toEqual([]);
      expect((await measure(page)).outside).toEqual([]);
      if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/loss-${width}.png` });
      site.say(again({ ...burning, ...withoutA }));
      await page.waitForSelector("[data-alarm=battery-room-fire]");
      if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/fire-${width}.png` });
      site.say(again());
      await page.waitForSelector("[data-cause]", { state: "detached", timeout: patienceMs });
    },
  );

  test.each([
    [1920, 1080],
    [3840, 2160],
  ])("maintenance, armings and held orders are a card of their own at %d × %d, whole", async (width, height) => {
    const until = begin + 45 * 60_000;
    const gate = async () => ({
      maintenance: { by: "Kim", why: "new PDUs in row A", until },
      disarmed: [],
      armedFor: [{ by: "Ahn", why: "drill", response: "drain-site", until }],
      twoPeople: [],
      open: [{ id: "move-tier-0#1/login", sentAt: null }],
      broken: null,
    });
    running = await Running.start(folder, again(), { history, gate });
    const { page } = await show(again(), "", { width, height });
    await page.waitForSelector("text=Nothing is written for", { timeout: patienceMs });
    const cards = await page.locator(".card").allTextContents();
    expect(cards[0]).toMatch(/^Nothing is written for.*Kim · 1 held$/);
    expect(cards[1]).toMatch(/^Armed for.*drain-site · Ahn$/);
    if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/gate-${width}.png` });
    expect((await measure(page)).outside).toEqual([]);
    expect(await cutShort(page)).toEqual([]);
  });

  test.each([
    [1920, 1080],
    [3840, 2160],
  ])("a UPS below ten kilowatts says so whole beside its load bar at %d × %d", async (width, height) => {
    const { page } = await show(again({ "ups-a/output.power": 9.4 }), "", { width, height });
    await page.waitForSelector("text=9.4 kW", { timeout: patienceMs });
    const bar = await page.locator(".box", { hasText: "9.4 kW" }).locator(".indicator").boundingBox();
    const figure = await page.evaluate(`(() => {
      const range = document.createRange();
      range.selectNodeContents([...document.querySelectorAll(".box span")].find((e) => e.textContent === "9.4 kW"));
      return range.getBoundingClientRect().right;
    })()`);
    if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/low-${width}.png` });
    expect(Number(figure)).toBeLessThan(bar?.x ?? 0);
    expect(await cutShort(page)).toEqual([]);
  });

  test("a device that has gone silent is hatched with its age, and its last value is gone", async () => {
    const { page, site } = await show();
    const without = Object.fromEntries(Object.entries(again()).filter(([name]) => !/^(ups-b|crac-2)\//.test(name)));
    site.say(without);
    site.skip(31_000);
    site.say(without);
    await page.waitForSelector(".box.stale");
    expect(await page.textContent(".box.stale")).toMatch(/^UPS Bno answer3\d s$/);
    expect(await page.textContent(".tile:nth-child(6) .hatched")).toMatch(/^– °C · 3\d s$/);
    await page.waitForSelector("text=6 of 61 points blind");
    expect(await page.textContent(".diagram")).not.toContain("31 %");
  });

  test("a server that dies is noticed within four seconds, and after ten nothing is taken for the present", async () => {
    const { page, site } = await show();
    await site.stop();
    await page.waitForSelector(".overlay.old", { timeout: 4000 });
    expect(await page.textContent(".overlay.old")).toMatch(/^DATA \d s OLD$/);
    await page.waitForSelector(".overlay.lost", { timeout: patienceMs });
    expect(await page.textContent(".overlay.lost")).toMatch(
      /NO DATA SINCE 15:\d\d:\d\d.*connection to the service is lost/,
    );
    running = null;
  });

  test("a scan that stands still is noticed though the server answers", async () => {
    const { page, site } = await show();
    site.freeze();
    await page.waitForSelector(".overlay.lost", { timeout: 15_000 });
    expect(await page.textContent(".overlay.lost")).toContain("its scan stands still");
  });

  test("a site of which no device answers is not shown as the present", async () => {
    const { page, site } = await show();
    site.say(null);
    site.skip(31_000);
    await page.waitForSelector(".overlay.lost", { timeout: patienceMs });
    expect(await page.textContent(".overlay.lost")).toContain("no device answers");
  });

  test("a page whose server comes back goes on with what is now, and with the new build's page", async () => {
    const { page, site } = await show();
    const port = Number(new URL(site.served.url).port);
    await site.stop();
    running = await Running.start(folder, again(burning), { port, build: "newer" });
    await page.waitForSelector("[data-alarm=battery-room-fire]", { timeout: 20_000 });
    expect(await page.locator(".overlay").count()).toBe(0);
  });

  test.each([
    [1920, 1080, ""],
    [3840, 2160, ""],
    [1920, 1080, "?distance=5&inches=55"],
    [1920, 1080, "?lang=ko"],
  ])(
    "at %i × %i%s no text is smaller than can be read, and none is cut or reaches out of the screen",
    async (width, height, query) => {
      for (const values of [again(), again(burning)]) {
        const { page, seen } = await show(values, query, { width, height });
        running?.say(values);
        await page.waitForTimeout(300);
        const { smallest, outside } = await measure(page);
        const vh = query.includes("distance") ? 4.6 : 3.1;
        expect(smallest).toBeGreaterThanOrEqual((vh / 100) * height - 0.5);
        expect(outside).toEqual([]);
        // From further off, names are cut before they are made smaller.
        if (!query.includes("distance")) expect(await cutShort(page)).toEqual([]);
        expect(seen.complaints).toEqual([]);
      }
    },
  );

  test("speaks Korean where it is asked to", async () => {
    const { page } = await show(again(burning), "?lang=ko");
    await page.waitForSelector("text=배터리실 화재");
    expect(await page.getAttribute("html", "lang")).toBe("ko");
    expect(await page.textContent(".mode")).toContain("서비스 이전");
    expect(await page.textContent(".cards")).toContain("나머지 전체 이전 시작까지");
  });

  test("of a site of 8 feeds and 40 rooms is drawn whole", async () => {
    const { plant, info, calm } = large({ feeds: 8, rooms: 40, rows: 6, ups: 2 });
    running = await Running.start(folder, calm, { plant, site: info });
    const { page, seen } = await show(calm);
    expect(await page.textContent(".rooms")).toContain("16 × hall");
    expect((await measure(page)).outside).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test("neither its elements nor its memory grow with the updates", async () => {
    const { page, site } = await show();
    const cdp = await page.context().newCDPSession(page);
    const size = async (): Promise<{ nodes: number; heap: number }> => {
      await cdp.send("HeapProfiler.collectGarbage");
      const nodes = await elementsOf(page);
      const { usedSize } = (await cdp.send("Runtime.getHeapUsage")) as { usedSize: number };
      return { nodes, heap: usedSize };
    };
    await churn(page, site, 10);
    const before = await size();
    await churn(page, site, 40);
    const now = await size();
    // A curve may have come into sight of its limit meanwhile; what grows would grow with every update.
    expect(now.nodes - before.nodes).toBeLessThan(10);
    expect(now.heap - before.heap).toBeLessThan(2_000_000);
  });
});

/** Takes the wall through event and calm again and again, waiting until each is shown. */
async function churn(page: Page, site: Running, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const isHot = i % 2 === 0;
    site.say(
      again({
        "crac-1/temperature.inlet": 20 + (i % 8),
        "ups-a/output.power": 20 + (i % 9),
        "crac-2/temperature.inlet": isHot ? 31 : 24,
      }),
    );
    await page.waitForSelector(`.tile:nth-child(6):has-text("${isHot ? "31.0" : "24.0"} °C")`);
  }
}
