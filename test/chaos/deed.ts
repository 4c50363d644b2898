import type { PlantEvent } from "../../simulators/plant/index.ts";
import type { ResponseAsk } from "../../src/core/plant.ts";
import type { Fault } from "../../src/core/reading.ts";

/** What becomes of a device's readings for a while. Times in ms. */
export interface LinkFault {
  readonly device: string;
  readonly forMs: number;
  readonly how:
    | { readonly kind: "lost" }
    /** They come, and are old by then. */
    | { readonly kind: "late"; readonly byMs: number }
    /** They come in time, and once more when they are old. */
    | { readonly kind: "repeated"; readonly byMs: number }
    | { readonly kind: "bad"; readonly reason: Fault }
    | { readonly kind: "doubtful" }
    /** The device's clock is ahead of the site's. */
    | { readonly kind: "ahead"; readonly byMs: number }
    /** A value that is no number. */
    | { readonly kind: "wild" };
}

/** What an operator asks for. */
export type Ask =
  | {
      readonly of: "alarm";
      readonly alarm: string;
      readonly asks: AlarmAsk;
      readonly forMs?: number;
      /** The point that a bypass takes out. */
      readonly channel?: string;
      /** Who asks, where it is not the operator that asks for all else. */
      readonly by?: string;
    }
  | { readonly of: "response"; readonly response: string; readonly asks: ResponseAsk };

type AlarmAsk =
  | "acknowledge"
  | "reset"
  | "shelve"
  | "unshelve"
  | "outOfService"
  | "returnToService"
  | "bypass"
  | "restore";

/** One thing that happens, ms after the start. */
export type Deed = { readonly atMs: number } & (
  | { readonly does: "event"; readonly event: PlantEvent }
  | { readonly does: "link"; readonly fault: LinkFault }
  | { readonly does: "ask"; readonly ask: Ask }
  /** Another node takes over, or this one leads again. */
  | { readonly does: "lead"; readonly leads: boolean }
  /** The service is killed, and comes back after so long. */
  | { readonly does: "killCore"; readonly downMs: number }
  /** The gate is killed at its next touch of the plant or its ledger but so many, and comes back after so long. */
  | { readonly does: "killGate"; readonly touches: number; readonly downMs: number }
  /** Somebody throws a switch by hand. */
  | { readonly does: "hand"; readonly device: string; readonly point: string; readonly value: number }
  /** Every switch of the site is closed by hand. */
  | { readonly does: "putBack" }
  /** A response loses its leave to write, or gets it back. */
  | { readonly does: "arm"; readonly response: string; readonly armed: boolean }
  /** The service hands the gate again what it has handed it before. */
  | { readonly does: "resend" }
);
