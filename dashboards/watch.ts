/** Rows about the watching: what happened, how well the site is seen, and how the service itself is. */
import type { Danger } from "./danger.ts";
import { eventTable, qualityCounts, series, timeline } from "./panels.ts";
import type { RowPlan } from "./skeleton.ts";

/** Eight lines of the grid; tables have ten. */
const rowPx = 304;
const tablePx = 380;

/** Alarms, actions and notices as they came. */
export const eventRow = (): RowPlan => ({
  title: "What happened",
  heightPx: tablePx,
  panels: [
    eventTable(
      {
        title: "Alarms",
        description:
          "Every change of every alarm: what it became, what it was, and the readings behind it. Sight is lost where a sensor is silent.",
        span: 12,
      },
      "alarm_event",
      ["alarm", "priority", "status", "sight", "was", "because"],
    ),
    eventTable(
      {
        title: "Actions",
        description:
          "Every command that was planned, and what became of it at the gate: done, refused or failed, with the value read back.",
        span: 12,
      },
      "action_event",
      ["point", "response", "result", "value", "detail", "command"],
    ),
    eventTable(
      {
        title: "Notices",
        description: "What responses and requests said of themselves, and the service's own faults.",
        span: 12,
      },
      "notice_event",
      ["about", "id", "event", "text"],
    ),
  ],
});

/** How much of the site is seen, and the health of what watches it. */
export const watchRow = (danger: Danger): RowPlan => ({
  title: "How well the site is watched",
  heightPx: rowPx,
  panels: [
    timeline(
      {
        title: "Link health",
        description: "Worst state of the link to each device. What hangs on one that is down is not seen.",
        span: 6,
      },
      { quantities: ["link.state"], take: "min", by: ["device"] },
      danger,
    ),
    series({ title: "Answer times", description: "Slowest answer of each device in each interval.", span: 6 }, [
      { measurement: "duration", points: ["link.latency"], take: "max", by: ["device"] },
    ]),
    series(
      {
        title: "Scan time and loop lag",
        description: "The service's own pace. A scan that takes longer than its period is late for every alarm.",
        span: 6,
      },
      [{ measurement: "duration", points: ["scan.time", "loop.lag"], take: "max", by: ["point"] }],
    ),
    series(
      {
        title: "Journal, spool and memory",
        description: "What the service holds. A growing spool is a database that does not take its copy.",
        span: 6,
      },
      [
        { measurement: "size", points: ["journal.size", "spool.size"], take: "max", by: ["point"] },
        { measurement: "resident", points: ["memory.resident"], take: "max", by: ["point"] },
      ],
    ),
  ],
});

/** Of how many points a value is known. */
export const qualityRow = (): RowPlan => ({
  title: "Points by quality (asks the database about every point)",
  heightPx: rowPx,
  isClosed: true,
  panels: [
    qualityCounts(
      {
        title: "Points by quality",
        description:
          "Points that spoke, by what they measure and by their worst quality of each interval: dark is good, grey is uncertain, white is bad and has no value. A point that is missing altogether is in none of them.",
        span: 12,
      },
      [
        { code: 0, color: "#5d656c" },
        { code: 1, color: "#b2b9c0" },
        { code: 2, color: "#ffffff" },
      ],
    ),
  ],
});
