/** Whether what a profile says of MQTT is whole: JSON or Sparkplug B, and not half of each. */
import type { Path } from "./document.ts";
import type { MqttSource, ProfileSource } from "./schema.ts";

type Complain = (path: Path, message: string) => void;

/** A point's place in what its device publishes. `letter` is its instance's, or null. */
export function checkMqtt(path: Path, source: MqttSource, letter: string | null, complain: Complain): void {
  const { topic, path: place, at, metric } = source;
  if ((topic === undefined) === (metric === undefined))
    complain(path, "needs either a topic, for JSON, or a metric, for Sparkplug B");
  if (metric !== undefined && (place !== undefined || at !== undefined))
    complain(path, "a metric has no path and says itself of what time it is");
  const written = [topic, place, metric].flatMap((text) => lettersOf(text ?? ""));
  const stray = [...written, ...lettersOf(at ?? "")].find((one) => one !== letter);
  if (stray !== undefined) complain(path, `{${stray}} stands for nothing here`);
  if (letter !== null && !written.includes(letter)) complain(path, `must hold its instance: {${letter}}`);
  const elsewhere = [place, at, metric].some((text) => text?.includes("{device}"));
  if (elsewhere) complain(path, "{device} stands in a topic only");
}

/** A device publishes in one form. */
export function checkForms({ points }: Pick<ProfileSource, "points">, complain: Complain): void {
  const forms = Object.entries(points).flatMap(([name, { mqtt }]) => (mqtt ? [[name, formOf(mqtt)] as const] : []));
  const other = forms.find(([, form]) => form !== forms[0]?.[1]);
  if (other) complain(["points", other[0], "mqtt"], `is ${other[1]}, and "${forms[0]?.[0]}" is ${forms[0]?.[1]}`);
}

const formOf = ({ metric }: MqttSource): string => (metric === undefined ? "JSON" : "Sparkplug B");

const lettersOf = (text: string): readonly string[] => [...text.matchAll(/\{([a-z])\}/g)].map(([, one = ""]) => one);
