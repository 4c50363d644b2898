/**
 * Machines by their own management (DMTF Redfish): shut down by their operating system, and capped in power. A
 * machine is never cut off: its outlet does that. Where the service leads is taken from it only
 * as far as it stays on the same server.
 */
import { z } from "zod";
import type { Actuator, Declaration, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn } from "./actuator.ts";
import type { WebAnswer, WebRequest } from "./web.ts";
import { askWeb, basicAuth, outcomeOfWeb, saidBy } from "./web.ts";

interface RedfishAccess {
  readonly url: string;
  /** A PEM text of the authorities to trust in place of the system's. */
  readonly ca?: string | undefined;
  readonly user: string;
  readonly password: string;
}

export interface RedfishPowerSettings extends RedfishAccess {
  /** The machine: "/redfish/v1/Systems/1". */
  readonly system: string;
}

export interface RedfishLimitSettings extends RedfishAccess {
  /** What holds the limit: a chassis' Power ("/redfish/v1/Chassis/1/Power"), or a Control of it. */
  readonly control: string;
  /** By state, W; null for no limit at all. */
  readonly limits: Readonly<Record<string, number | null>>;
}

/** Management controllers are slow. Real time. */
const timeoutMs = 10_000;
const answerMaxBytes = 1024 * 1024;
/** Watts that a controller may round a limit by. */
const roundingWatts = 1;

export const redfishPowerDeclaration: Declaration = {
  writes: "Redfish ComputerSystem.Reset: GracefulShutdown, or On",
  twice: "once: it is not sent to a machine that is so already or on its way there",
  timeoutMs,
  confirmed: "PowerState of the system",
};

export const redfishLimitDeclaration: Declaration = {
  writes: "Redfish PowerControl.PowerLimit, or SetPoint and ControlMode of a Control: a limit in watts",
  twice: "once: the limit is absolute",
  timeoutMs,
  confirmed: "the limit as the controller gives it back",
};

const resetAction = "#ComputerSystem.Reset";
const systemSchema = z.object({
  PowerState: z.string(),
  Actions: z
    .object({
      [resetAction]: z.object({
        target: z.string(),
        "ResetType@Redfish.AllowableValues": z.array(z.string()).optional(),
      }),
    })
    .optional(),
});
const resets = ["GracefulShutdown", "On"] as const;
const powerStates = ["Off", "On"];
/** On its way there by an earlier order. */
const underWay = ["PoweringOff", "PoweringOn"];

/** The actuator of a machine's power. Its states are off and on. */
export function redfishPower(link: StateLink<RedfishPowerSettings>): Actuator {
  const { system } = link.settings;
  return actuatorOf(link, {
    stateIn: (answer) => placeIn(powerStates, saidBy(answer, systemSchema)?.PowerState),
    place: system,
    async order(value, answer, ask) {
      const said = saidBy(answer, systemSchema);
      const reset = resets[value];
      const action = said?.Actions?.[resetAction];
      if (said === null || reset === undefined || !action) return notSaid(answer, "resets nothing");
      if ([powerStates[value], underWay[value]].includes(said.PowerState)) return { result: "accepted" };
      const allowed = action["ResetType@Redfish.AllowableValues"];
      if (allowed && !allowed.includes(reset)) return { result: "refused", detail: `the machine knows no ${reset}` };
      // An action may have a path beside the machine's, and never a server of its own.
      if (!action.target.startsWith("/")) return { result: "refused", detail: "its reset leads elsewhere" };
      return outcomeOfWeb(await ask({ method: "POST", path: action.target, body: { ResetType: reset } }));
    },
  });
}

const watts = z.number().nullable().optional();
/** The older resource of a chassis, of which the first control is the chassis' own; and the newer Control. */
const powerSchema = z.object({
  PowerControl: z.array(z.object({ PowerLimit: z.object({ LimitInWatts: watts }).optional() })).min(1),
});
const controlSchema = z.object({
  ControlType: z.literal("Power"),
  SetPoint: watts,
  ControlMode: z.string().optional(),
});

/** The actuator of a machine's power limit. */
export function redfishLimit(link: StateLink<RedfishLimitSettings>): Actuator {
  const { control, limits } = link.settings;
  return actuatorOf(link, {
    stateIn(answer) {
      const limit = limitIn(answer);
      if (limit === undefined) return null;
      const place = link.states.findIndex((state) => isSame(limits[state], limit));
      return place < 0 ? null : place;
    },
    place: control,
    async order(value, answer, ask) {
      const limit = limits[link.states[value] ?? ""];
      if (limit === undefined || limitIn(answer) === undefined) return notSaid(answer, "has no limit of power");
      const isOld = saidBy(answer, powerSchema) !== null;
      const mode = limit === null ? { ControlMode: "Disabled" } : { ControlMode: "Automatic", SetPoint: limit };
      const body = isOld ? { PowerControl: [{ PowerLimit: { LimitInWatts: limit } }] } : mode;
      const etag = "headers" in answer ? answer.headers.etag : undefined;
      const headers = etag === undefined ? {} : { "if-match": etag };
      return outcomeOfWeb(await ask({ method: "PATCH", path: control, headers, body }));
    },
  });
}

/** The limit in force, W; null where there is none, undefined where the answer tells of none. */
function limitIn(answer: WebAnswer): number | null | undefined {
  const old = saidBy(answer, powerSchema)?.PowerControl[0];
  if (old) return old.PowerLimit?.LimitInWatts ?? null;
  const control = saidBy(answer, controlSchema);
  if (control === null) return undefined;
  return control.ControlMode === "Disabled" ? null : (control.SetPoint ?? null);
}

const isSame = (wanted: number | null | undefined, limit: number | null): boolean =>
  wanted === limit || (typeof wanted === "number" && limit !== null && Math.abs(wanted - limit) <= roundingWatts);

/** An answer without what was looked for: a fault that passes, or a resource that is not what the site file calls it. */
function notSaid(answer: WebAnswer, without: string): WriteOutcome {
  const outcome = outcomeOfWeb(answer);
  return outcome.result === "accepted" ? { result: "refused", detail: `what is there ${without}` } : outcome;
}

/** How one resource is read and changed. */
interface Resource {
  readonly place: string;
  stateIn(answer: WebAnswer): number | null;
  order(value: number, answer: WebAnswer, ask: (request: WebRequest) => Promise<WebAnswer>): Promise<WriteOutcome>;
}

function actuatorOf(link: StateLink<RedfishAccess>, resource: Resource): Actuator {
  const { url, ca, user, password } = link.settings;
  const access = { url, ca, headers: basicAuth(user, password), timeoutMs, answerMaxBytes };
  const look = { method: "GET", path: resource.place } as const;
  return turnByTurn({
    has: (point) => point === link.point,
    read: async (stop) => resource.stateIn(await askWeb(access, look, stop)),
    async write(order, stop) {
      if (order.point !== link.point || link.states[order.value] === undefined)
        return { result: "refused", detail: "no such state" };
      const ask = (request: WebRequest): Promise<WebAnswer> => askWeb(access, request, stop);
      return resource.order(order.value, await ask(look), ask);
    },
  });
}
