import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { build as bundle } from "vite";
import type { Plant, ScanOutput } from "../../src/core/plant.ts";
import type { GateReader } from "../../src/serve/gate.ts";
import type { SiteInfo } from "../../src/serve/info.ts";
import type { History } from "../../src/serve/readings.ts";
import type { Served } from "../../src/serve/server.ts";
import { serve } from "../../src/serve/server.ts";
import { calmPlant, cycle, info } from "../serve/plants.ts";

// A real browser before a real server, over a plant that the test holds in its hands.

const root = fileURLToPath(new URL("../..", import.meta.url));
export const executablePath = "/usr/bin/chromium";

/** Builds the wall into a folder of the tests' own, so that no other build is disturbed. */
export async function buildWall(outDir: string): Promise<string> {
  const configFile = `${root}src/wall/vite.config.ts`;
  await bundle({ configFile, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  return outDir;
}

export const launch = async (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

type Values = Readonly<Record<string, number>>;

interface Options {
  readonly site: SiteInfo;
  readonly plant: Plant;
  readonly history: History;
  readonly port: number;
  readonly build: string;
  readonly gate: GateReader;
}

/** A gate to which nobody has said anything. */
const quietGate: GateReader = async () => ({
  maintenance: null,
  disarmed: [],
  armedFor: [],
  twoPeople: [],
  open: [],
  broken: null,
});

/** A plant whose time runs with the machine's, published ten times a second as the scan loop does. */
export class Running {
  readonly plant: Plant;
  readonly served: Served;
  readonly #timer: NodeJS.Timeout;
  readonly #from: number;
  #offset = 0;
  #values: Values | null;

  private constructor(plant: Plant, served: Served, values: Values) {
    this.plant = plant;
    this.served = served;
    this.#values = values;
    this.#from = performance.now();
    this.#timer = setInterval(() => this.cycle(this.#values ?? {}), 100);
  }

  static async start(wall: string, values: Values, options: Partial<Options> = {}): Promise<Running> {
    const { site = info, plant = calmPlant(), history = null, port = 0, build = "test" } = options;
    const { gate = quietGate } = options;
    const served = await serve({ port, site, build, wall, token: null, ask: () => true, history, gate });
    const running = new Running(plant, served, values);
    running.#offset = plant.now;
    running.cycle(values);
    return running;
  }

  /** What the devices say from now on; null: they say nothing any more. */
  say(values: Values | null): ScanOutput {
    this.#values = values;
    return this.cycle(values ?? {});
  }

  /** Moves the plant's time on without a word from any device. */
  skip(ms: number): void {
    this.#offset += ms;
  }

  /** The scan stops; the server goes on answering. */
  freeze(): void {
    clearInterval(this.#timer);
  }

  cycle(values: Values): ScanOutput {
    const output = cycle(this.plant, Math.round(this.#offset + performance.now() - this.#from), values);
    this.served.publish(this.plant, output);
    return output;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.served.close();
  }
}

/** What a page must never do: complain on its console, or ask anybody else for anything. */
export function watch(page: Page, origin: string): { readonly complaints: string[]; readonly strangers: string[] } {
  const seen = { complaints: [] as string[], strangers: [] as string[] };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") seen.complaints.push(message.text());
  });
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) seen.strangers.push(request.url());
  });
  return seen;
}
