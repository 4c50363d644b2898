/** What may be said to `haechi simulate` on the command line. */
export interface SimulateSiteWords {
  readonly json?: boolean;
  readonly out?: string;
  readonly portBase?: number;
  readonly seed?: number;
  readonly speed: number;
  readonly rows: number;
  readonly faults?: string;
  readonly faultRate: number;
  readonly scenario?: string;
  readonly broker?: string;
  /** Of a recording: begin anew at its end. */
  readonly loop?: boolean;
}
