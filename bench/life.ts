/** A month of a site's normal life in virtual time: how many alarms it is put to, though nothing is wrong. */
import { live } from "./life/normal-life.ts";

const days = Number(process.env["HAECHI_BENCH_DAYS"] ?? 30);
const seed = Number(process.env["HAECHI_BENCH_SEED"] ?? 1);

/** `false_alarms` is to be 0, and so is `commands`; `blind` counts alarms that could not be judged for a while. */
export async function figures(): Promise<Record<string, number>> {
  const began = performance.now();
  let told = 0;
  const { run, falseAlarms } = await live({
    days,
    seed,
    onProgress: (part) => {
      if (part * days < told + 1) return;
      told = Math.floor(part * days);
      console.error(`day ${told} of ${days}`);
    },
    onFalseAlarm: ({ at, alarm, because }) => console.error(`${new Date(at).toISOString()} ${alarm}: ${because}`),
  });
  const seconds = (performance.now() - began) / 1000;
  return {
    days,
    false_alarms: falseAlarms.length,
    false_alarms_per_month: (falseAlarms.length * 30) / days,
    commands: run.record.commands.length,
    blind: run.record.transitions.filter(({ blind }) => blind === true).length,
    life_speed_x: (days * 86_400) / seconds,
  };
}
