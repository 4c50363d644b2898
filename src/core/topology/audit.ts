/**
 * The redundancy audit: what looks doubled and is not. Each finding says what, where and why it
 * matters. With an image it also weighs what points say now; without one it says what it could not
 * look at, and passes nothing.
 */
import type { Image } from "../image.ts";
import { moverFindings, ownFindings } from "./audit-movers.ts";
import { placeFindings } from "./audit-places.ts";
import { powerFindings } from "./audit-power.ts";
import { targetFindings } from "./audit-targets.ts";
import type { Finding } from "./finding.ts";
import type { Grounds } from "./premises.ts";

/** Everything found. `image` is what points say now; null where nobody looks. */
export function audit(grounds: Grounds, image: Image | null): readonly Finding[] {
  return [
    ...placeFindings(grounds),
    ...powerFindings(grounds),
    ...moverFindings(grounds),
    ...ownFindings(grounds),
    ...targetFindings(grounds, image),
  ];
}
