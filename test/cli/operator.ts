import { expect } from "vitest";

/** What sites that tests make take for their operators' token: the environment variable HAECHI_TEST_TOKEN. */
export const token = "a-token-of-the-tests-alone";

/** Acknowledges an alarm of a running service, as an operator's page would. */
export async function acknowledge(url: string, alarm: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ by: "operator", why: "seen" });
  const response = await fetch(`${url}/api/v1/alarms/${alarm}/acknowledge`, { method: "POST", headers, body });
  expect(response.status).toBe(202);
}
