import { describe, expect, test } from "vitest";
import { catalogs, languageOf, named, wordsIn } from "../../src/wall/text.ts";

const en = wordsIn("en", "Asia/Seoul");
const ko = wordsIn("ko", "Asia/Seoul");
const placesIn = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the catalogs", () => {
  test("say the same things in both languages, and fill the same places", () => {
    expect(Object.keys(catalogs.ko)).toEqual(Object.keys(catalogs.en));
    for (const [key, text] of Object.entries(catalogs.en)) {
      expect(placesIn(catalogs.ko[key as keyof typeof catalogs.ko]), key).toEqual(placesIn(text));
    }
  });

  test("leave nothing empty, and nothing untranslated but abbreviations", () => {
    for (const [key, text] of Object.entries(catalogs.ko)) expect(text.trim(), key).not.toBe("");
    const same = Object.entries(catalogs.ko).filter(
      ([key, text]) =>
        text === catalogs.en[key as keyof typeof catalogs.en] && /[a-z]{3}/i.test(text.replace(/\{\w+\}/g, "")),
    );
    expect(same.map(([, text]) => text)).toEqual(["ATS", "STS", "UPS"]);
  });

  test("fall back to English for a site that names things in English only", () => {
    expect(ko.of({ en: "Hall 1" })).toBe("Hall 1");
    expect(ko.of({ en: "Hall 1", ko: "전산실 1" })).toBe("전산실 1");
  });

  test("show a state that they do not know as it is", () => {
    expect(named(en, "generator", "running")).toBe("running");
    expect(named(en, "generator", "hot_standby")).toBe("hot standby");
  });

  test.each([
    ["?lang=ko", "ko"],
    ["?lang=ko-KR", "ko"],
    ["?lang=fr", "en"],
    ["", "en"],
  ])("%j is answered in %s", (query, language) => {
    expect(languageOf(new URLSearchParams(query))).toBe(language);
  });
});

describe("the clock", () => {
  test("is that of the site, with seconds", () => {
    expect(en.clock(Date.UTC(2026, 5, 1, 6, 28, 4))).toBe("15:28:04");
    expect(en.clock(Date.UTC(2026, 5, 1, 15, 0, 0))).toBe("00:00:00");
    expect(wordsIn("en", "UTC").clock(Date.UTC(2026, 5, 1, 6, 28, 4))).toBe("06:28:04");
  });
});
