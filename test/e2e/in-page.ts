import type { Page } from "playwright-core";

// What is asked of a page from inside. Kept as text: the tests' own types know no document.

/** The smallest text on the page as drawn, px, and what text lies outside of the screen. */
export interface Measured {
  readonly smallest: number;
  readonly outside: readonly string[];
}

const measuring = `(() => {
  let smallest = Number.POSITIVE_INFINITY;
  const outside = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === "" || element.closest("script")) continue;
    const svg = element.closest("svg");
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    smallest = Math.min(smallest, Number.parseFloat(getComputedStyle(element).fontSize) * scale);
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) outside.push(node.textContent);
  }
  return { smallest, outside };
})()`;

export const measure = (page: Page): Promise<Measured> => page.evaluate(measuring);

/** Text that is cut short at this moment. */
export const cutShort = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll(".says > *:not(.warm), .says .name, .card h2, .card p, .card strong, h1, .mode, .age, .clock, .alarms .title")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight * 1.3 + 1)
    .filter((element) => element.clientWidth > 0)
    .map((element) => element.textContent)`);

/** The most colourful pixel of the page as it looks: 0 is grey, 1 a pure hue. */
export async function hueOf(page: Page): Promise<number> {
  const shot = (await page.screenshot()).toString("base64");
  return page.evaluate(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${shot}";
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let most = 0;
    for (let i = 0; i < data.length; i += 4) {
      most = Math.max(most, Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]));
    }
    return most / 255;
  })()`);
}

/** How many elements the page has. */
export const elementsOf = (page: Page): Promise<number> => page.evaluate(`document.querySelectorAll("*").length`);
