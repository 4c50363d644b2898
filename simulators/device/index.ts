/** One device at a time over its real protocol: from a profile alone, or from a recording of a real one. */
export { type Fault, parseFault } from "../wire/fault.ts";
export { faultsFrom } from "../wire/faults.ts";
export { freePort } from "../wire/port.ts";
export { serveRecording } from "./recorded.ts";
export { parseRecording, type Recording, type RecordingProblem } from "./recording.ts";
export { type Alone, serveAlone } from "./served.ts";
