/** Devices over their real protocols: from a profile alone, from a recording of a real one, or made whole for a site's plant. */
export { type Fault, parseFault } from "../wire/fault.ts";
export { faultsFrom } from "../wire/faults.ts";
export { freePort } from "../wire/port.ts";
export type { TrapReceiver } from "../wire/storm.ts";
export { type Furnished, furnish, madeWhole } from "./furnish.ts";
export { serveRecording } from "./recorded.ts";
export { parseRecording, type Recording, type RecordingProblem } from "./recording.ts";
export { type Alone, serveAlone } from "./served.ts";
