/** Rows about the plant: its power, its batteries, its fire detection and its rooms. */
import type { Danger } from "./danger.ts";
import { series, timeline } from "./panels.ts";
import type { RowPlan } from "./skeleton.ts";

/** Eight lines of the grid. */
const rowPx = 304;

/** Where power comes from and where it goes. */
export const powerRow = (danger: Danger): RowPlan => ({
  title: "Power",
  heightPx: rowPx,
  panels: [
    series(
      {
        title: "Supply power",
        description:
          "Active power at each meter and of each generator. Lines are never added up: a meter may stand behind another.",
        span: 6,
      },
      [
        {
          measurement: "power",
          points: ["power.active", "generator.power"],
          classes: ["meter", "generator"],
          take: "mean",
          by: ["space", "device"],
        },
      ],
    ),
    series(
      {
        title: "Power by feed",
        description: "What each UPS gives to its feed; one line for each output line where a UPS counts them apart.",
        span: 6,
      },
      [
        {
          measurement: "power",
          points: ["output.power", "output.power[n]"],
          classes: ["ups"],
          take: "mean",
          by: ["device", "point"],
        },
      ],
    ),
    timeline(
      {
        title: "Sources",
        description:
          "Where the power comes from: mode of each UPS, state of each generator, position of each transfer switch.",
        span: 6,
      },
      {
        quantities: ["ups.mode", "generator.state", "ats.on_utility", "ats.on_generator"],
        take: "last",
        by: ["device", "point"],
      },
      danger,
    ),
    series(
      { title: "Power by row", description: "Active power of each rack PDU, by the space that it stands in.", span: 6 },
      [{ measurement: "power", points: ["power.active"], classes: ["pdu"], take: "mean", by: ["space", "device"] }],
    ),
  ],
});

/** How much the UPS carry, and what stands behind them. */
export const batteryRow = (danger: Danger): RowPlan => ({
  title: "UPS and batteries",
  heightPx: rowPx,
  panels: [
    series(
      {
        title: "UPS load",
        description:
          "Highest load of each UPS in its rating's percent. The other feed's load comes on top when that fails.",
        span: 6,
      },
      [
        {
          measurement: "load",
          points: ["output.load", "output.load[n]"],
          classes: ["ups"],
          take: "max",
          by: ["device", "point"],
        },
      ],
      { danger, limits: "output.load" },
    ),
    series(
      {
        title: "Battery runtime",
        description: "Least time that each UPS says it has left at its load of the moment.",
        span: 6,
      },
      [{ measurement: "duration", points: ["battery.runtime"], take: "min", by: ["device"] }],
      { danger, limits: "battery.runtime" },
    ),
    series({ title: "Battery charge", description: "Lowest charge that each UPS and each battery reports.", span: 4 }, [
      { measurement: "charge", points: ["battery.charge"], take: "min", by: ["device"] },
    ]),
    series(
      {
        title: "Hottest battery module",
        description:
          "Of each battery with a management system, and the battery's one sensor where there are no modules. Limits are those for modules.",
        span: 4,
      },
      [
        {
          measurement: "temperature",
          points: ["module.temperature.max", "battery.temperature"],
          take: "max",
          by: ["device", "point"],
        },
      ],
      { danger, limits: "module.temperature.max" },
    ),
    series(
      {
        title: "Lowest cell voltage",
        description: "Of each battery. One that falls while the battery is at rest has a short inside.",
        span: 4,
      },
      [{ measurement: "voltage", points: ["cell.voltage.min"], take: "min", by: ["device"] }],
      { danger, limits: "cell.voltage.min" },
    ),
  ],
});

/** What smells, sees and feels a fire. */
export const fireRow = (danger: Danger): RowPlan => ({
  title: "Fire",
  heightPx: rowPx,
  panels: [
    timeline(
      {
        title: "Smoke levels",
        description: "Worst level of each smoke detector. An empty stretch is a detector that did not answer.",
        span: 6,
      },
      { quantities: ["smoke.level"], take: "max", by: ["space", "device"] },
      danger,
    ),
    timeline(
      {
        title: "Off-gas, flame, suppression and leaks",
        description:
          "Worst state of each contact. Off-gas comes minutes before a cell's fire; a released gas does not end one.",
        span: 6,
      },
      {
        quantities: ["offgas.state", "flame.state", "suppression.released", "leak.state"],
        take: "max",
        by: ["device", "point"],
      },
      danger,
    ),
  ],
});

/** How warm it is where the racks are, and what keeps it so. */
export const roomRow = (danger: Danger): RowPlan => ({
  title: "Rooms and cooling",
  heightPx: rowPx,
  panels: [
    series(
      {
        title: "Temperatures by hall",
        description: "What racks breathe in, and the room where that is measured; limits are the site's to set.",
        span: 6,
      },
      [
        {
          measurement: "temperature",
          points: ["temperature.inlet", "temperature.ambient"],
          take: "max",
          by: ["space", "device", "point"],
        },
      ],
    ),
    series(
      {
        title: "Supply air",
        description: "What each cooler blows out. Above the limit it runs and does not cool.",
        span: 6,
      },
      [{ measurement: "temperature", points: ["temperature.supply"], take: "max", by: ["space", "device"] }],
      { danger, limits: "temperature.supply" },
    ),
    series(
      {
        title: "Cooling output",
        description:
          "Heat that each cooler takes out, and what it is asked for. Demand far above output is cooling that is not there.",
        span: 6,
      },
      [{ measurement: "power", points: ["cooling.output", "cooling.demand"], take: "mean", by: ["device", "point"] }],
    ),
    timeline(
      { title: "Coolers", description: "Mode of each cooler.", span: 6 },
      { quantities: ["cooling.mode"], take: "last", by: ["space", "device"] },
      danger,
    ),
  ],
});
