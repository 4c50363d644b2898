/**
 * A process to be killed: it puts numbered points into a spool in front of an InfluxDB and says on
 * its standard output, line by line, up to which number they are safe, and "empty" when all is delivered.
 */
import { influx1 } from "../../src/store/influx1.ts";
import { gapLine } from "../../src/store/line.ts";
import { linesOf } from "../../src/store/lines.ts";
import { openSpool, spoolDefaults } from "../../src/store/spool.ts";

const [dir = "", url = "", from = "0", to = "0"] = process.argv.slice(2);
const atOnce = 200;
const patience = { firstMs: 20, longestMs: 200 };

const spool = openSpool(dir, {
  ...spoolDefaults,
  groupMs: 5,
  patience,
  bytesMax: 64 * 1024 * 1024,
  ageMaxMs: 3_600_000,
  gapLine: gapLine.bind(null, "site"),
});
const stop = new AbortController();
const draining = spool.drain(influx1({ url, database: "haechi" }), stop.signal);

for (let next = Number(from); next < Number(to); next += atOnce) {
  const numbers = Array.from({ length: Math.min(atOnce, Number(to) - next) }, (_, i) => next + i);
  await spool.put(linesOf(numbers.map((n) => `count,point=a value=${n} ${1_700_000_000_000 + n}`)));
  process.stdout.write(`${next + numbers.length}\n`);
}
while (spool.health().bytes > 0) await new Promise((resolve) => setTimeout(resolve, 20));
stop.abort();
await draining;
await spool.close();
process.stdout.write("empty\n");
