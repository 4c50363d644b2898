import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

describe("a service", () => {
  test("knows its loads and its mover", () => {
    expect(siteAfter().services).toEqual([
      {
        id: "login",
        tier: 0,
        name: { en: "Login" },
        group: null,
        loads: ["rack-1"],
        url: "http://mover.example/login",
        secretRef: "${env:MOVER}",
      },
    ]);
  });

  test.each([
    [
      "on a load that is not there",
      "loads: [rack-1]",
      "loads: [rack-9]",
      '35:50 services.login.loads.0: there is no load "rack-9" (did you mean "rack-1"?)',
    ],
    ["in a tier of its own invention", "tier: 0", "tier: 12", "35:18 services.login.tier: must be at most 9"],
    [
      "moved by a password in an address",
      "http://mover",
      "http://u:p@mover",
      "35:72 services.login.move.url: must be an http or https address without a password in it",
    ],
    [
      "moved by mail",
      "http://mover",
      "mailto:mover",
      "35:72 services.login.move.url: must be an http or https address without a password in it",
    ],
  ])("%s is refused", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  test("cannot have the name of a device", () => {
    expect(
      problemsAfter([
        "services:\n",
        'services:\n  crac: { tier: 0, name: { en: X }, move: { url: "http://x/", secret: "${env:X}" } }\n',
      ]),
    ).toEqual(["35:3 services.crac: a device is called crac already: crac/… must be one thing"]);
  });
});

describe("the site itself", () => {
  test.each([
    [
      "a time zone that is none",
      "Asia/Seoul",
      "Asia/Soul",
      "2:49 site.timezone: no time zone: write one like Asia/Seoul",
    ],
    [
      "an elsewhere that is here",
      "[there]",
      "[there, here]",
      "2:80 site.elsewhere.1: here is this site, not elsewhere",
    ],
    ["an elsewhere said twice", "[there]", "[there, there]", "2:80 site.elsewhere.1: there is named already"],
    ["an id that is none", "id: here", "id: Here!", "2:13 site.id: an id is small letters, digits, - and _"],
    [
      "a name in no language",
      "name: { en: Here }",
      "name: { english-please!: Here }",
      "2:27 site.name.english-please!: a language code like en or ko",
    ],
    ["another version", "version: 1", "version: 2", "1:10 version: must be 1"],
  ])("cannot have %s", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });
});
