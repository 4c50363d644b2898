/** Text for an attribute or an element. XML 1.0 has no way to write most control characters: they are left out. */
export const inXml = (text: string): string =>
  text
    .split("")
    .filter((sign) => sign >= " " || sign === "\n" || sign === "\t")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
