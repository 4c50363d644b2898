/** Milliseconds since the Unix epoch, stamped by the scan loop. It never goes backwards. */
export type Instant = number & { readonly brand: "Instant" };

/** Milliseconds between two instants. */
export type Duration = number & { readonly brand: "Duration" };

export const instant = (ms: number): Instant => ms as Instant;
export const ms = (n: number): Duration => n as Duration;
export const seconds = (n: number): Duration => ms(n * 1000);
export const minutes = (n: number): Duration => seconds(n * 60);
export const hours = (n: number): Duration => minutes(n * 60);

/** The instant `wait` later than `at`. */
export const after = (at: Instant, wait: Duration): Instant => instant(at + wait);

/** How long it is from one instant to another; negative when `to` is the earlier. */
export const elapsed = (from: Instant, to: Instant): Duration => ms(to - from);
