import { expect, test } from "vitest";
import { openPastInflux2 } from "../../src/store/past-influx2.ts";
import { databaseThatAnswers } from "./http.ts";
import { bad, good } from "./readings.ts";

const t0 = Date.parse("2023-11-14T22:13:20Z");
const csv = (...rows: readonly string[]): string => [...rows, "", ""].join("\r\n");

/** A server's answer in the annotated CSV that InfluxDB 2.x documents. */
const answer = csv(
  "#datatype,string,long,dateTime:RFC3339,string,string,double,long",
  "#group,false,false,false,false,false,false,false",
  "#default,_result,,,,,,",
  ",result,table,_time,device,point,quality,value",
  ",,0,2023-11-14T22:13:21Z,ups-a,output.load,2,",
  ",,0,2023-11-14T22:13:20.5Z,ups-a,output.load,0,40",
);

test("a copy in InfluxDB 2 is asked for a slice of this site, and read back in the order of time", async () => {
  const asked: { path: string; body: string }[] = [];
  const url = await databaseThatAnswers((body, path) => {
    asked.push({ path, body });
    return { status: 200, headers: { "content-type": "text/csv" }, body: answer };
  });
  const past = openPastInflux2({ url, org: "dc", bucket: "haechi", token: "secret" }, "here");
  expect(await past.readings(t0, t0 + 60_000)).toEqual([
    good("ups-a/output.load", t0 + 500, 40),
    bad("ups-a/output.load", t0 + 1000),
  ]);
  expect(asked[0]?.path).toContain("/api/v2/query?org=dc");
  const { query } = JSON.parse(asked[0]!.body) as { query: string };
  expect(query).toContain('from(bucket: "haechi")');
  expect(query).toContain("range(start: 2023-11-14T22:13:20.000Z, stop: 2023-11-14T22:14:20.000Z)");
  expect(query).toContain('r.site == "here"');
});

test("a copy that refuses is no empty one", async () => {
  const url = await databaseThatAnswers(() => ({
    status: 401,
    headers: { "content-type": "application/json" },
    body: '{"code":"unauthorized","message":"unauthorized access"}',
  }));
  const past = openPastInflux2({ url, org: "dc", bucket: "haechi", token: "wrong" }, "here");
  await expect(past.span()).rejects.toThrow("unauthorized");
});
