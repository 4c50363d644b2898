/** The rows of an InfluxQL query's only series, instants in ms; none where it has no result. */
export async function influxQuery(url: string, query: string, db = ""): Promise<readonly (readonly unknown[])[]> {
  const body = new URLSearchParams({ q: query, db, epoch: "ms" });
  const response = await fetch(`${url}/query`, { method: "POST", body });
  const { results } = (await response.json()) as { results: { error?: string; series?: { values: unknown[][] }[] }[] };
  if (results[0]?.error) throw new Error(results[0].error);
  return results[0]?.series?.[0]?.values ?? [];
}
