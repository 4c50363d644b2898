/** What befalls a simulated site while it runs: a scenario's events in their time, and lines on standard input. */
import { createInterface } from "node:readline";
import { parse } from "yaml";
import type { PlantEvent } from "../../simulators/plant/index.ts";
import { apply, eventSchema, strangerIn } from "../../simulators/plant/index.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import type { FaultBoard } from "../../simulators/wire/index.ts";
import { faultObjection, faultSchema, placeOf } from "../../simulators/wire/index.ts";
import type { Clock } from "../clock.ts";
import type { PointModel } from "../profiles/index.ts";
import type { Told } from "../record/transcript.ts";
import type { PlantOnWire } from "../simulation/plant-on-wire.ts";
import { playScenario } from "../simulation/scenario-on-wire.ts";
import { exit, Refusal } from "./exit.ts";

type Say = (kind: string, text: string) => void;

/** Plays a scenario from now on. Refuses one whose names this plant does not know; nobody is there to ask. */
export function playOn(wire: PlantOnWire, scenario: Scenario, { clock, say }: { clock: Clock; say: Say }): void {
  const strange = scenario.timeline.flatMap(({ event, fault }) => {
    const stranger = event && strangerIn(wire.plant, event)?.name;
    return stranger ?? (fault && faultObjection(fault, wire.board.devices) ? placeOf(fault).device : []);
  });
  if (strange.length > 0)
    throw new Refusal(
      `${scenario.name} is of another site: this one has no ${[...new Set(strange)].join(", ")}`,
      exit.config,
    );
  const asked = (): void => say("asked", "what the scenario asks of the service is for you to ask");
  const outlets = { told: ({ kind, text }: Told) => say(kind, text), ask: asked, arm: () => Promise.resolve(asked()) };
  playScenario(wire, scenario, { clock, outlets });
}

/** Takes lines: DEVICE/POINT=VALUE, or an event of the plant or a fault in YAML's short form. Without a plant, faults alone. */
export function takeLines(board: FaultBoard, behind: PlantOnWire | null, say: Say): { close(): void } {
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => {
    if (line.trim() === "") return;
    const wrong = line.trim().startsWith("{") ? happen(board, behind, line) : setPoint(behind, line);
    if (wrong === null) say("done", line.trim());
    else console.error(`"${line.trim()}": ${wrong}`);
  });
  return input;
}

/** What is wrong with an event or a fault; null where it has happened. */
function happen(board: FaultBoard, behind: PlantOnWire | null, line: string): string | null {
  const said = dataIn(line);
  const fault = faultSchema.safeParse(said);
  if (fault.success) return board.begin(fault.data);
  if (typeof said === "object" && said !== null && "fault" in said) return fault.error.issues[0]!.message;
  if (!behind) return recordedStands;
  const { plant } = behind;
  const event = eventSchema.safeParse(said);
  if (!event.success)
    return "neither an event of the plant, as {utility: fail}, nor a fault, as {fault: drop, on: DEVICE}";
  const stranger = strangerIn(plant, event.data);
  if (stranger)
    return `the plant has no "${stranger.name}"; it has ${stranger.known.slice(0, 20).join(", ") || "none"}`;
  apply(plant, event.data satisfies PlantEvent);
  return null;
}

function dataIn(line: string): unknown {
  try {
    return parse(line);
  } catch {
    return null;
  }
}

const recordedStands = "what was recorded stands; only faults befall it, as {fault: drop, on: DEVICE}";

function setPoint(wire: PlantOnWire | null, line: string): string | null {
  if (!wire) return recordedStands;
  const [name = "", ...rest] = line.split("=");
  const [device = "", point = ""] = name.trim().split(/\/(.*)/s);
  const known = wire.devices.find(({ id }) => id === device)?.model.points.find((one) => one.name === point);
  if (!known) return "sets no point: write DEVICE/POINT=VALUE";
  const value = valueIn(known, rest.join("=").trim());
  if (value === null) return known.states ? `${point} is one of ${known.states.join(", ")}` : `${point} is a number`;
  return wire.set(device, point, value) ? null : "sets no point: write DEVICE/POINT=VALUE";
}

function valueIn({ states }: PointModel, text: string): number | null {
  if (!states) return text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
  const place = states.indexOf(text);
  return place < 0 ? null : place;
}
