/** Serves recordings as devices, probes each as an operator would, and judges what was told. */
import { serveRecording } from "../../simulators/device/recorded.ts";
import { recordingText } from "../../simulators/device/recording.ts";
import { freePort } from "../../simulators/wire/port.ts";
import { exit, Refusal } from "../../src/cli/exit.ts";
import { probeDevice } from "../../src/cli/probe.ts";
import type { Library } from "../../src/profiles/index.ts";
import { startSnmpsim } from "../setup/snmpsim.ts";
import type { Dispute } from "./disputed.ts";
import { type Account, judge, type Verdict } from "./judge.ts";
import type { Case } from "./recordings.ts";

/** What became of one recording. */
export interface Outcome {
  readonly name: string;
  /** The profile that the device was taken for; null where it fitted none. */
  readonly profile: string | null;
  readonly verdicts: readonly Verdict[];
}

/** Where recordings are served: each under its own name as community. */
export interface Agents {
  portOf(name: string): number;
  stop(): Promise<void>;
}

/** Devices that are probed at once: the agents answer one request at a time, and a probe's patience is a second or so. */
const AT_ONCE = 3;

/** Serves all recordings by snmpsimd. */
export async function bySnmpsim(cases: readonly Case[]): Promise<Agents> {
  const agent = await startSnmpsim(new Map(cases.map(({ name, lines }) => [name, recordingText(lines)])));
  return { portOf: () => agent.port, stop: () => agent.stop() };
}

/** Serves each recording by an agent of our own. */
export async function byOwn(cases: readonly Case[]): Promise<Agents> {
  const ports = new Map<string, number>();
  const open: { close(): Promise<void> }[] = [];
  for (const { name, lines } of cases) {
    const port = await freePort("snmp");
    const snmp = { version: "2c", community: name } as const;
    open.push(await serveRecording(lines, { host: "127.0.0.1", port, snmp }));
    ports.set(name, port);
  }
  return {
    portOf: (name) => ports.get(name) ?? 0,
    stop: async () => void (await Promise.all(open.map((one) => one.close()))),
  };
}

/** Probes every recording that is served, a few at a time; outcomes come in the order of the recordings. */
export async function probeAll(
  cases: readonly Case[],
  agents: Agents,
  library: Library,
  disputes: readonly Dispute[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = [...cases.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [at, { name, expectations }] = next;
      const account = await accountOf(name, agents.portOf(name), library);
      const profile = "refusal" in account ? null : account.profile;
      outcomes[at] = { name, profile, verdicts: judge(expectations, account, disputes) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

/** What `haechi probe` makes of a device; what it refuses is an account as well. */
async function accountOf(community: string, port: number, library: Library): Promise<Account> {
  try {
    const { profile, result, further } = await probeDevice(
      `snmp://127.0.0.1:${port}`,
      { community, profile: "auto" },
      library,
    );
    return { profile: profile.id, points: [...result.points, ...further.flatMap(({ points }) => points)] };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === exit.usage) throw error;
    return { refusal: error.message.replace(/^snmp:\S+ /, "").replaceAll("\n", "; ") };
  }
}
