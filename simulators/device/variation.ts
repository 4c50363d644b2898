/** Values that snmpsim would vary as time goes by, or as it is written to: here each is the plain value that its line begins with. */

/** Where snmpsim's modules keep the value that they begin with, most telling first. */
const named = ["initial", "value", "min"] as const;

/** The plain value in the options of a variation; null where none stands there. */
export function plainOf(module: string, form: string, options: string): { form: string; text: string } | null {
  // A line that is only to be written to keeps its value as it stands.
  if (!options.includes("=")) return options === "" ? null : { form, text: options };
  const said = new Map(
    options.split(",").map((option): [string, string] => {
      const [name = "", ...value] = option.split("=");
      return [name.trim(), value.join("=")];
    }),
  );
  const hex = said.get("hexvalue");
  if (hex !== undefined) return { form: "x", text: hex };
  for (const name of module === "error" ? (["value"] as const) : named) {
    const text = said.get(name);
    if (text !== undefined) return { form, text: name === "initial" || name === "min" ? whole(text) : text };
  }
  return null;
}

/** snmpsim counts in fractions and answers in whole numbers. */
const whole = (text: string): string => (Number.isFinite(Number(text)) ? String(Math.trunc(Number(text))) : text);
