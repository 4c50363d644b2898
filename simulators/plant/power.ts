/**
 * A tenth of a second of the power chain, from the supply down to the racks and back up: supplies, transfer switch,
 * UPS, rows, racks; then what each of them carries. What a rack draws is summed at its rows, their UPS, and the
 * supply, so power is neither made nor lost on the way but for the UPS's own losses.
 */
import { chargeOf, isBatteryGood, runBattery } from "./battery.ts";
import { dropCooler } from "./cooling.ts";
import { isGeneratorGood, runGenerator } from "./generator.ts";
import { moveContact, runRack } from "./load.ts";
import { areMainsClosed, areUpsAllowed } from "./people.ts";
import type { Plant } from "./plant.ts";
import { runTransfer } from "./transfer.ts";
import type { Ups } from "./ups.ts";
import { isUpsLive, runUps } from "./ups.ts";
import { isUtilityGood, runUtility } from "./utility.ts";

/** Lights, ventilation and what else a house draws, kW. */
const houseKw = 3;

export function runPower(plant: Plant, dtS: number): void {
  runUtility(plant.utility, dtS);
  const closed = areMainsClosed(plant.people);
  runGenerator(plant.generator, plant.transfer.calls && closed, dtS);
  runTransfer(plant.transfer, closed && isUtilityGood(plant.utility), isGeneratorGood(plant.generator), dtS);
  const powered = isBusLive(plant);
  for (const ups of plant.ups) runOneUps(plant, ups, powered, dtS);
  runRacks(plant, powered, dtS);
  for (const cooler of plant.coolers) dropCooler(cooler, powered);
  account(plant, powered, dtS);
}

/** Whether the bus behind the transfer switch has power. */
export function isBusLive({ transfer, utility, generator, people }: Plant): boolean {
  if (!areMainsClosed(people)) return false;
  if (transfer.position === "utility") return isUtilityGood(utility);
  return transfer.position === "generator" && isGeneratorGood(generator);
}

function runOneUps(plant: Plant, ups: Ups, inputGood: boolean, dtS: number): void {
  const battery = plant.batteries[ups.battery];
  const batteryGood = battery !== undefined && isBatteryGood(battery);
  if (!areUpsAllowed(plant.people)) ups.mode = "off";
  else runUps(ups, { inputGood, batteryGood, soc: battery ? chargeOf(battery) : 0 }, dtS);
  if (!isUpsLive(ups)) ups.batteryKw = ups.inputKw = 0;
  ups.energyKwh += (ups.kw * dtS) / 3600;
  if (!battery) return;
  battery.onCharger = ups.mode === "online";
  runBattery(battery, ups.batteryKw, dtS);
  // A bank takes from its charger what it takes, and not what the charger meant to give.
  if (battery.onCharger) ups.inputKw += ups.batteryKw - battery.kw;
}

function runRacks(plant: Plant, powered: boolean, dtS: number): void {
  const { rows, rowLive, racks, ups } = plant;
  rows.forEach((row, i) => {
    row.kw = 0;
    rowLive[i] = row.ups >= 0 ? isUpsLive(ups[row.ups]!) : powered;
  });
  for (const rack of racks) {
    for (const feed of rack.feeds) moveContact(feed, dtS);
    runRack(rack, rowLive);
    for (const feed of rack.feeds) {
      const row = rows[feed.row];
      if (row) row.kw += feed.kw;
    }
  }
  for (const one of ups) one.kw = 0;
  for (const row of rows) {
    row.energyKwh += (row.kw * dtS) / 3600;
    if (row.ups >= 0) ups[row.ups]!.kw += row.kw;
  }
}

function account(plant: Plant, powered: boolean, dtS: number): void {
  const { utility, generator, transfer } = plant;
  let kw = powered ? houseKw : 0;
  for (const ups of plant.ups) kw += ups.inputKw;
  for (const row of plant.rows) if (row.ups < 0) kw += row.kw;
  for (const cooler of plant.coolers) kw += powered ? cooler.kw : 0;
  utility.kw = powered && transfer.position === "utility" ? kw : 0;
  generator.kw = powered && transfer.position === "generator" ? kw : 0;
  utility.energyKwh += (utility.kw * dtS) / 3600;
}
