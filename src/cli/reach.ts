/** Asking a running service over its API. */
import type { Problem } from "../serve/api.ts";
import { exit, Refusal } from "./exit.ts";

/** What answers at a place of a service; refuses where nothing does. */
export async function knock(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, init);
  } catch (error) {
    throw new Refusal(`nothing answers at ${url}: ${reasonOf(error as Error)}`, exit.unavailable);
  }
}

/** What fetch says itself is "fetch failed"; the reason lies behind it. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message);

/** A good answer; any other is refused in the service's own words where it has some. */
export async function reach(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await knock(url, path, init);
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const fields = problem?.errors?.map((error) => `${error.path}: ${error.message}`) ?? [];
  const said = [problem?.detail ?? `${url} answers ${response.status}`, ...fields].join("\n");
  throw new Refusal(said, response.status >= 500 ? exit.unavailable : exit.failed);
}
