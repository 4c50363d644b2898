/** About how wide a text will be, rem: to share out room before anything is drawn. */

const wide = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/u;
const narrow = /[.,:;'|il·\s]/u;

/** Widths in the usual system fonts, on the safe side. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text)
    width += wide.test(char) ? 0.95 : narrow.test(char) ? 0.3 : /[A-Z%+−]/.test(char) ? 0.68 : 0.57;
  return width;
}
