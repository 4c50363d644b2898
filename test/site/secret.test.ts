import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { SecretRef } from "../../src/site/index.ts";
import { isSecretRef, resolveSecret } from "../../src/site/index.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "haechi-secret-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fetched = (ref: string, env: Readonly<Record<string, string>> = {}) => resolveSecret(ref as SecretRef, env);

describe("a secret", () => {
  test("stays a reference in a site that has been read", () => {
    expect(siteAfter().services[0]?.secretRef).toBe("${env:MOVER}");
  });

  test.each([
    "hunter22",
    "$MOVER",
    "${MOVER}",
    "${env:}",
    "${env:A B}",
    "${file:relative}",
    "x${env:A}",
    "${env:A}${env:B}",
  ])("written as %s is refused, and not repeated", (written) => {
    expect(isSecretRef(written)).toBe(false);
    expect(problemsAfter(["${env:MOVER}", written])).toEqual([
      "35:110 services.login.move.secret: a secret does not stand in this file: write ${env:NAME} or ${file:/path}",
    ]);
  });

  test("comes from the environment when it is asked for", () => {
    expect(fetched("${env:MOVER}", { MOVER: "s3" })).toEqual({ secret: "s3" });
    expect(fetched("${env:MOVER}")).toEqual({ missing: "the environment variable MOVER is not set" });
    expect(fetched("${env:MOVER}", { MOVER: "" })).toEqual({ missing: "the environment variable MOVER is not set" });
  });

  test("comes from a file, without the line's end", () => {
    const path = join(folder, "key");
    writeFileSync(path, "s3 \n");
    expect(fetched(`\${file:${path}}`)).toEqual({ secret: "s3 " });
    writeFileSync(path, "\n");
    expect(fetched(`\${file:${path}}`)).toEqual({ missing: `${path} is empty` });
    expect(fetched(`\${file:${folder}/none}`)).toEqual({ missing: `${folder}/none cannot be read: ENOENT` });
  });
});
