/** Recorded stretches of a real site's life, as scenarios and in place of a plant. */
export { recordedAccess } from "./access.ts";
export { draftScenario } from "./draft.ts";
export type { RecordedLine, Recording } from "./recording.ts";
export { RecordingFault, readRecording, recordingMost, writeRecording } from "./recording.ts";
export type { RecordedScenario } from "./scenario.ts";
export { isRecorded, loadRecordedScenario, recordedFiles } from "./scenario.ts";
export { withoutSecrets } from "./site-copy.ts";
