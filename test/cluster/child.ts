/** A process that leads from a directory until it is killed, and says so; refused, it says that and ends. */
import { holdLeadership, LeadershipTaken } from "../../src/cluster/index.ts";

try {
  const leadership = await holdLeadership(process.argv[2]!);
  console.log(JSON.stringify(leadership.current()));
} catch (error) {
  if (!(error instanceof LeadershipTaken)) throw error;
  console.log(error.message);
  process.exit(error.exitCode);
}
