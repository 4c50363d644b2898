import { isScalar, parseDocument, visit } from "yaml";

/** A reference to where a secret is kept is none itself, and this is no secret to anybody. */
const isOpen = (community: string): boolean => community.startsWith("${") || community === "public";

/**
 * A site file's text without secrets: keys and passwords stand in none, only where they are kept; an SNMP community may, and
 * becomes "public". All else, comments too, stays as it is.
 */
export function withoutSecrets(text: string): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "community" || !isScalar(value)) return;
      if (!isOpen(String(value.value))) value.value = "public";
    },
  });
  return document.toString({ lineWidth: 0 });
}
