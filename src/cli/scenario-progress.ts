/** A bar on a terminal that shows how far a run is; nothing where nobody looks. */
export interface Progress {
  /** How much of it is over, 0 to 1, and what it is. */
  show(part: number, what: string): void;
  clear(): void;
}

const widthMax = 30;

export function openProgress(out: NodeJS.WriteStream, isWanted: boolean): Progress {
  if (!out.isTTY || !isWanted) return { show: () => undefined, clear: () => undefined };
  let last = "";
  return {
    show(part, what) {
      const full = Math.round(Math.min(1, Math.max(0, part)) * widthMax);
      const bar = `${"█".repeat(full)}${"░".repeat(widthMax - full)}`;
      const line = `${bar} ${String(Math.round(part * 100)).padStart(3)} %  ${what}`;
      if (line === last) return;
      last = line;
      out.write(`\r\u001b[K${line}`);
    },
    clear: () => void out.write("\r\u001b[K"),
  };
}
