import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exit } from "../../src/cli/exit.ts";
import type { ResponseWords } from "../../src/cli/response.ts";
import { askResponse } from "../../src/cli/response.ts";
import type { ResponseAsk } from "../../src/core/plant.ts";
import type { Served } from "../../src/serve/server.ts";
import { heard } from "./heard.ts";
import { told } from "./told.ts";

const token = "correct-horse-battery-staple";
let served: Served;
let isHeard = true;

beforeEach(async () => {
  vi.stubEnv("HAECHI_TOKEN", token);
  isHeard = true;
  ({ served } = await heard(token, () => isHeard));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await served.close();
});

const ask = (verb: ResponseAsk, words: Partial<ResponseWords> = {}, id = "move-tier-0") =>
  told(() => askResponse(id, verb, { url: served.url, by: "Kim", why: "false alarm", ...words }));

describe("asking a response", () => {
  test("to abort is granted while it is under way, and tells how it stands", async () => {
    const { code, out } = await ask("abort");
    expect(code).toBe(exit.done);
    const said = stripVTControlCharacters(out);
    expect(said).toContain("move-tier-0: running, act, being undone (abort)");
    expect(said).toContain("login: waiting");
    const { out: printed } = await ask("abort", { json: true });
    expect(JSON.parse(printed)).toMatchObject({
      response: { undoing: "abort", answer: { n: 2, by: "Kim", why: "false alarm" } },
    });
  });

  test("for what cannot be ends with 1 and the reason", async () => {
    const { code, err } = await ask("restore");
    expect(code).toBe(exit.failed);
    expect(err).toBe("refused: the site file does not say when it may be restored (restore)");
    expect((await ask("approve")).err).toBe("refused: there is no plan waiting for a yes");
  });

  test("that is not there, without a token, or of a service that does not scan, is refused in words", async () => {
    expect(await ask("abort", {}, "no-such")).toMatchObject({
      code: exit.failed,
      err: "there is no response no-such",
    });
    isHeard = false;
    expect((await ask("abort")).code).toBe(exit.unavailable);
    vi.stubEnv("HAECHI_TOKEN", "");
    expect(await ask("abort")).toMatchObject({
      code: exit.usage,
      err: "asking needs the operator's token in HAECHI_TOKEN",
    });
  });
});
