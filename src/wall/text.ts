/** What the wall says, in the language it was asked for: catalogs, numbers, times. */
import type { Text } from "../serve/api.ts";
import en from "./text/en.json";
import ko from "./text/ko.json";

export type Key = keyof typeof en;
export type Language = "en" | "ko";

export const catalogs: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en, ko };

/** Everything needed to say something. */
export interface Words {
  readonly language: Language;
  readonly timezone: string;
  /** A text of the catalog, its {places} filled in. */
  t(key: Key, values?: Readonly<Record<string, string | number>>): string;
  /** A site's own text. */
  of(text: Text): string;
  number(value: number, digits: number): string;
  /** "15:28:04" at the site. */
  clock(at: number): string;
  /** "14 Dec" at the site. */
  day(at: number): string;
}

/** English unless Korean is asked for. */
export const languageOf = (query: URLSearchParams): Language =>
  query.get("lang")?.toLowerCase().startsWith("ko") ? "ko" : "en";

export function wordsIn(language: Language, timezone: string): Words {
  const locale = language === "ko" ? "ko-KR" : "en-GB";
  const zone = { timeZone: timezone };
  const clock = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat(locale, { ...zone, day: "numeric", month: "short" });
  const numbers = [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return {
    language,
    timezone,
    t: (key, values = {}) => fill(catalogs[language][key], values),
    of: (text) => text[language] ?? text["en"] ?? "",
    // The typographic minus stands as high as the digits do.
    number: (value, digits) => (numbers[digits] ?? numbers[0]!).format(value).replace("-", "−"),
    clock: (at) => clock.format(at),
    day: (at) => day.format(at),
  };
}

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));

/** Whether the catalog has a text under this key: states come from profiles, which may know more of them. */
export const isKey = (key: string): key is Key => key in en;

/** A state or kind in words; as it is where no catalog knows it. */
export const named = (words: Words, prefix: string, name: string): string => {
  const key = `${prefix}.${name}`;
  return isKey(key) ? words.t(key) : name.replaceAll(/[_-]/g, " ");
};
