import type { SiteModel } from "../../src/core/plant.ts";
import type { Response } from "../../src/core/respond/response.ts";
import { ms, seconds } from "../../src/core/time.ts";
import { alarm, alarmId, point, responseId, site } from "../core/fixture.ts";

/** Moves one service as soon as its alarm stands. */
const move: Response = {
  id: responseId("move"),
  title: { en: "Move" },
  when: [alarmId("hot")],
  ifBlind: "hold",
  mode: "act",
  after: ms(0),
  action: {
    kind: "failover",
    steps: [
      {
        id: "login",
        title: { en: "Login" },
        point: point("login/service.site"),
        value: 1,
        needs: [],
        within: seconds(60),
        retries: 0,
        ifFailed: "stop",
      },
    ],
  },
};

/** The smallest site that acts: above 10 on point "x" an alarm is raised, and latched, and one service is moved. */
export const movesOnFire = (): SiteModel => site({ alarms: [alarm("hot", { latch: true })], responses: [move] });
