/** How a report looks: one sheet, no font and no picture from anywhere else. */
export const style = `
:root { --ink: #18212c; --dim: #647080; --line: #dfe4ea; --ground: #f4f6f8; --panel: #fff; --good: #1f7a46;
  --bad: #c0262d; --critical: #c0262d; --high: #e07b00; --medium: #c9a400; --low: #7a5cb0; --plant: #2f6fb2; --quiet: #c5cdd6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e8ee; --dim: #93a0af; --line: #2c3641; --ground: #11161c; --panel: #1a2129; --good: #4cb97c;
    --bad: #ff6b6b; --critical: #ff5a5f; --high: #ff9d2e; --medium: #e5c53b; --low: #a98be0; --plant: #64a3e6; --quiet: #46525f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK KR", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 0 0 12px; font-size: 13px; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: var(--dim); }
header { display: flex; align-items: center; gap: 16px; flex-wrap: wrap; }
.about { max-width: 78ch; margin: 10px 0 18px; color: var(--ink); }
.badge { padding: 4px 12px; border-radius: 999px; color: #fff; font-weight: 650; font-size: 14px; white-space: nowrap; }
.badge.kept { background: var(--good); } .badge.broken { background: var(--bad); }
dl { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 0 0 20px; }
dl div { display: flex; flex-direction: column; }
dt { font-size: 12px; color: var(--dim); } dd { margin: 0; font-weight: 550; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin-bottom: 18px; }
article + article { margin-top: 56px; }
section + article { margin-top: 36px; }
ul.promises { list-style: none; margin: 0; padding: 0; }
ul.promises li { display: grid; grid-template-columns: 24px 1fr; padding: 5px 0; border-top: 1px solid var(--line); }
ul.promises li:first-child { border-top: 0; }
ul.promises b { font-weight: 700; color: var(--good); } ul.promises .broken b { color: var(--bad); }
ul.promises small { display: block; color: var(--bad); font-size: 14px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--ink); font-size: 13px; } svg text.dim { fill: var(--dim); font-size: 12px; }
.grid { stroke: var(--line); stroke-width: 1; } .fold { fill: var(--line); opacity: 0.55; }
.critical { fill: var(--critical); } .high { fill: var(--high); } .medium { fill: var(--medium); } .low { fill: var(--low); }
.acknowledged { opacity: 0.45; } .past { opacity: 0.22; } .blind { fill: url(#hatch); }
.event { fill: var(--plant); } .event-line { stroke: var(--plant); stroke-width: 1; stroke-dasharray: 2 4; opacity: 0.55; }
.curve { fill: none; stroke: var(--plant); stroke-width: 1.8; stroke-linejoin: round; }
.limit { stroke-width: 1.2; stroke-dasharray: 6 4; fill: none; }
.limit.critical { stroke: var(--critical); } .limit.high { stroke: var(--high); } .limit.medium { stroke: var(--medium); } .limit.low { stroke: var(--low); }
.ordered { stroke: var(--quiet); stroke-width: 3; } .confirmed { fill: var(--good); } .failed { fill: var(--bad); } .open { fill: var(--quiet); }
.number { fill: #fff !important; font-size: 11px !important; font-weight: 700; text-anchor: middle; }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0 0; color: var(--dim); font-size: 13px; }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
td, th { text-align: left; vertical-align: top; padding: 3px 14px 3px 0; border-top: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; border-top: 0; }
tr:first-child td { border-top: 0; }
td:first-child { white-space: nowrap; color: var(--dim); } td:nth-child(2) { white-space: nowrap; }
tr.plant td { color: var(--plant); font-weight: 550; } tr.alarm td:nth-child(2) { color: var(--high); font-weight: 600; }
tr.command td:nth-child(2) { color: var(--good); } tr.fault td { color: var(--bad); } tr.end td { color: var(--dim); }
summary { cursor: pointer; color: var(--dim); }
footer { color: var(--dim); font-size: 13px; }
@media print { section { break-inside: avoid; } body { background: #fff; } }
`;
