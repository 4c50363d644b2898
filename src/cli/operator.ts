import { exit, Refusal } from "./exit.ts";

/** The environment variable that the operator's token is taken from. */
export const tokenName = "HAECHI_TOKEN";

/** The headers of a request that a person answers for; refuses where there is no token. */
export function operatorHeaders(): Readonly<Record<string, string>> {
  const token = process.env[tokenName];
  if (token === undefined || token === "")
    throw new Refusal(`asking needs the operator's token in ${tokenName}`, exit.usage);
  return { authorization: `Bearer ${token}`, "content-type": "application/json" };
}
