import { describe, expect, test } from "vitest";
import type { Samples } from "../../../simulators/promises/index.ts";
import { readPromise } from "../../../simulators/promises/index.ts";
import type { PointId } from "../../../src/core/reading.ts";
import { ground, judged, s } from "./held.ts";

const services = ["login", "message", "pay", "mail", "map", "all"];
const seen = (leaves: Readonly<Record<string, readonly (readonly [at: number, value: number | null])[]>>) => ({
  samples: new Map(
    services.map((id): [PointId, Samples] => {
      const said = leaves[id] ?? [[0, 0] as const, [10, 1] as const];
      return [
        `${id}/service.site` as PointId,
        { at: said.map(([at]) => s(at)), values: said.map(([, value]) => value) },
      ];
    }),
  ),
});

describe("a promise that a room may be cut", () => {
  test("looks at every service that a cut of it takes, and at no other", () => {
    const points = (sentence: string, on = ground) => {
      const read = readPromise(sentence, on);
      return "wrong" in read ? read.wrong : read.points;
    };
    expect(points("cut of ups-room ready by 09:05")).toEqual(services.map((id) => `${id}/service.site`));
    expect(points("cut of battery-room ready by 09:05")).toEqual(["all/service.site"]);
    const { premises } = ground;
    const fewer = {
      ...ground,
      premises: { ...premises, services: premises.services.filter(({ id }) => id !== "all") },
    };
    expect(points("cut of generator-yard ready by 09:05", fewer)).toBe(
      "a cut of it takes no service that can be moved",
    );
    expect(points("cut of hall-9 ready by 09:05")).toContain('no space "hall-9"');
  });

  test("is kept from the moment that the last of them is seen elsewhere, and not by one that came back", () => {
    const sentence = "cut of ups-room ready by 09:01:00";
    expect(judged(sentence, seen({}))).toBeNull();
    expect(
      judged(
        sentence,
        seen({
          all: [
            [0, 0],
            [61, 1],
          ],
        }),
      ),
    ).toBe("it was ready 1 s too late");
    expect(
      judged(
        sentence,
        seen({
          all: [
            [0, 0],
            [61, 1],
          ],
          login: [
            [0, 0],
            [5, 1],
            [30, 0],
          ],
        }),
      ),
    ).toBe("it was never ready");
  });

  test("is not kept by silence", () => {
    expect(judged("cut of ups-room ready by 09:01:00", seen({ all: [[0, null]] }))).toBe("it was never ready");
    expect(judged("cut of ups-room ready by 09:01:00", { samples: new Map() })).toBe("it was never ready");
  });
});
