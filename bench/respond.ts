/** What it costs to know what to do. */
import { answersFigures } from "./respond/answers.ts";

export const figures = async (): Promise<Record<string, number>> => ({ ...answersFigures() });
