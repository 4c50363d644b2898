import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { redfishLimit, redfishPower } from "../../src/gate/redfish.ts";
import { freePort } from "../collect/fixture.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";
import type { Asked, Reply } from "./web-fixture.ts";
import { serveBytes, serveJson } from "./web-fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const access = { user: "haechi", password: "known" };
const authorized = `Basic ${Buffer.from("haechi:known").toString("base64")}`;
const system = "/redfish/v1/Systems/1";
const power = "/redfish/v1/Chassis/1/Power";
const control = "/redfish/v1/Chassis/1/Controls/PowerLimit";
const limits = { full: null, capped: 350, low: 200 };

/** A management controller by the schemas ComputerSystem 1.20, Power 1.7 and Control 1.5. */
async function controller() {
  const state = {
    power: "On",
    /** Looks that a shutdown takes. */
    looks: 1,
    resets: [] as string[],
    limit: null as number | null,
    mode: "Disabled",
    etag: 1,
    allowed: ["On", "ForceOff", "GracefulShutdown", "GracefulRestart"],
    target: `${system}/Actions/ComputerSystem.Reset`,
    asked: [] as string[],
    meddle: null as ((asked: Asked) => Reply | null | undefined) | null,
  };
  let left = 0;
  const reply = (asked: Asked): Reply | null => {
    state.asked.push(`${asked.method} ${asked.path}`);
    const meddled = state.meddle?.(asked);
    if (meddled !== undefined) return meddled;
    if (asked.headers.authorization !== authorized) return { status: 401 };
    switch (`${asked.method} ${asked.path}`) {
      case `GET ${system}`:
        left -= 1;
        if (state.power === "PoweringOff" && left < 0) state.power = "Off";
        return { status: 200, body: systemOf(state) };
      case `POST ${system}/Actions/ComputerSystem.Reset`: {
        const { ResetType } = asked.body as { ResetType: string };
        state.resets.push(ResetType);
        left = state.looks;
        state.power = ResetType === "On" ? "On" : "PoweringOff";
        return { status: 204 };
      }
      case `GET ${power}`:
        return { status: 200, headers: { etag: `"${state.etag}"` }, body: powerOf(state.limit) };
      case `GET ${control}`: {
        const body = { Id: "PowerLimit", ControlType: "Power", ControlMode: state.mode, SetPoint: state.limit };
        return { status: 200, headers: { etag: `"${state.etag}"` }, body };
      }
      case `PATCH ${power}`:
      case `PATCH ${control}`: {
        if (asked.headers["if-match"] !== `"${state.etag}"`) return { status: 412 };
        state.etag += 1;
        const body = asked.body as { PowerControl?: [{ PowerLimit: { LimitInWatts: number | null } }] } & {
          SetPoint?: number;
          ControlMode?: string;
        };
        if (body.PowerControl) state.limit = body.PowerControl[0].PowerLimit.LimitInWatts;
        else Object.assign(state, { limit: body.SetPoint ?? state.limit, mode: body.ControlMode });
        return { status: 200, body: {} };
      }
      default:
        return { status: 404 };
    }
  };
  const served = await serveJson(reply, { tls: true });
  closers.push(() => served.close());
  return { state, url: served.url, ca: served.ca };
}

const systemOf = ({ power: PowerState, allowed, target }: { power: string; allowed: string[]; target: string }) => ({
  "@odata.type": "#ComputerSystem.v1_20_0.ComputerSystem",
  Id: "1",
  PowerState,
  Actions: { "#ComputerSystem.Reset": { target, "ResetType@Redfish.AllowableValues": allowed } },
});

const powerOf = (LimitInWatts: number | null) => ({
  "@odata.type": "#Power.v1_7_0.Power",
  PowerControl: [
    { Name: "Chassis", PowerConsumedWatts: 311, PowerLimit: { LimitInWatts, LimitException: "NoAction" } },
  ],
});

function machine(at: { url: string; ca?: string }, over: Partial<typeof access> = {}) {
  const settings = { ...access, system, url: at.url, ca: at.ca, ...over };
  const made = redfishPower({ id: "srv", point: "machine.power", states: ["off", "on"], settings });
  closers.push(() => made.close());
  return made;
}

function limit(at: { url: string; ca?: string }, place = power) {
  const settings = { ...access, control: place, limits, url: at.url, ca: at.ca };
  const made = redfishLimit({ id: "srv", point: "machine.limit", states: Object.keys(limits), settings });
  closers.push(() => made.close());
  return made;
}

const powerOrder = (value: number): Order => ({ ...anOrder(value), point: "machine.power" });
const limitOrder = (value: number): Order => ({ ...anOrder(value), point: "machine.limit" });
const [off, on] = [0, 1] as const;

describe("a machine behind Redfish", () => {
  it("is shut down by its own system, once, and started again", async () => {
    const { state, ...at } = await controller();
    const srv = machine(at);
    expect(await srv.read("machine.power", stop)).toBe(on);
    expect(await srv.write(powerOrder(off), stop)).toEqual({ result: "accepted" });
    expect(await srv.read("machine.power", stop)).toBeNull();
    expect(await srv.read("machine.power", stop)).toBe(off);
    expect(await srv.write(powerOrder(off), stop)).toEqual({ result: "accepted" });
    expect(state.resets).toEqual(["GracefulShutdown"]);
    expect(await srv.write(powerOrder(on), stop)).toEqual({ result: "accepted" });
    expect(state.resets).toEqual(["GracefulShutdown", "On"]);
  });

  it("goes through the gate as an outlet does: shut down, waited for, done", async () => {
    const { state, ...at } = await controller();
    const targets = new Map([["srv", { class: "target", writes: new Map([["machine.power", [0, 1]]]) }]]);
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["srv"]), targets },
      actuators: new Map([["srv", machine(at)]]),
    });
    const here = "srv/machine.power";
    const shut = command({ point: here, expect: { point: point(here), is: "=", value: 0, within: 9000 as never } });
    expect(await gate.submit(shut, 1)).toMatchObject({ result: "done", readBack: 0 });
    expect(state.resets).toEqual(["GracefulShutdown"]);
  });

  it("that is shutting down is not told so again", async () => {
    const { state, ...at } = await controller();
    state.looks = 3;
    await machine(at).write(powerOrder(off), stop);
    expect(await machine(at).write(powerOrder(off), stop)).toEqual({ result: "accepted" });
    expect(state.resets).toEqual(["GracefulShutdown"]);
  });

  it("that cannot be shut down gently is not cut off instead", async () => {
    const { state, ...at } = await controller();
    state.allowed = ["On", "ForceOff"];
    expect(await machine(at).write(powerOrder(off), stop)).toMatchObject({ result: "refused" });
    expect(state.resets).toEqual([]);
  });

  it.each(["http://elsewhere.example/reset", "//elsewhere.example/reset", "reset"])(
    "whose reset leads to %s is not reset there",
    async (target) => {
      const { state, ...at } = await controller();
      state.target = target;
      expect((await machine(at).write(powerOrder(off), stop)).result).not.toBe("accepted");
      expect(state.resets).toEqual([]);
    },
  );

  it.each([
    ["a wrong password", { status: 401 }, "refused"],
    ["a redirect", { status: 307, headers: { location: "/elsewhere" } }, "refused"],
    ["a busy controller", { status: 503 }, "again"],
    ["an answer that is no system", { status: 200, body: { Id: 1 } }, "refused"],
    ["no JSON", { status: 200, body: "<html>" }, "refused"],
    ["more than anybody needs", { status: 200, body: { x: "x".repeat(2_000_000) } }, "again"],
  ] as const)("has no state by %s", async (_, reply, result) => {
    const { state, ...at } = await controller();
    state.meddle = () => reply;
    expect(await machine(at).read("machine.power", stop)).toBeNull();
    expect((await machine(at).write(powerOrder(off), stop)).result).toBe(result);
    expect(await limit(at).read("machine.limit", stop)).toBeNull();
    expect((await limit(at).write(limitOrder(1), stop)).result).toBe(result);
  });

  it("may be ordered again where the answer is lost, and is reset once", async () => {
    const { state, ...at } = await controller();
    state.looks = 0;
    state.meddle = ({ method }) => {
      if (method !== "POST") return undefined;
      state.resets.push("GracefulShutdown");
      state.power = "Off";
      return { status: 502 };
    };
    expect((await machine(at).write(powerOrder(off), stop)).result).toBe("again");
    expect((await machine(at).write(powerOrder(off), stop)).result).toBe("accepted");
    expect(state.resets).toEqual(["GracefulShutdown"]);
  });

  it("is asked again where its controller is out of reach, and no longer waited for once the gate closes", async () => {
    const lost = machine({ url: `http://127.0.0.1:${await freePort()}` });
    expect((await lost.write(powerOrder(off), stop)).result).toBe("again");
    const silent = await serveJson(() => null);
    closers.push(() => silent.close());
    const srv = machine({ url: silent.url });
    const reading = srv.read("machine.power", stop);
    srv.close();
    expect(await reading).toBeNull();
  });

  it("is neither broken nor held by whatever is answered", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const server = await serveBytes(() => answer);
    closers.push(() => server.close());
    const at = { url: `http://127.0.0.1:${server.port}` };
    const said = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}`)),
    );
    const [srv, cap] = [machine(at), limit(at)];
    await fc.assert(
      fc.asyncProperty(said, async (bytes) => {
        answer = bytes;
        expect(await srv.read("machine.power", stop)).toBeNull();
        expect((await srv.write(powerOrder(off), stop)).result).not.toBe("accepted");
        expect((await cap.write(limitOrder(1), stop)).result).not.toBe("accepted");
      }),
    );
  });
});

describe("a limit of power", () => {
  it.each([power, control])("is set, read back and lifted at %s", async (place) => {
    const { state, ...at } = await controller();
    const cap = limit(at, place);
    expect(await cap.read("machine.limit", stop)).toBe(0);
    expect(await cap.write(limitOrder(1), stop)).toEqual({ result: "accepted" });
    expect(state.limit).toBe(350);
    expect(await cap.read("machine.limit", stop)).toBe(1);
    expect(await cap.write(limitOrder(1), stop)).toEqual({ result: "accepted" });
    expect(await cap.write(limitOrder(0), stop)).toEqual({ result: "accepted" });
    expect(await cap.read("machine.limit", stop)).toBe(0);
  });

  it("that the controller has rounded is what was asked for; another is none of the site's", async () => {
    const { state, ...at } = await controller();
    state.limit = 349.5;
    expect(await limit(at).read("machine.limit", stop)).toBe(1);
    state.limit = 300;
    expect(await limit(at).read("machine.limit", stop)).toBeNull();
  });

  it("is not set over somebody else's change", async () => {
    const { state, ...at } = await controller();
    state.meddle = ({ method }) => {
      if (method === "PATCH") state.etag += 1;
      return undefined;
    };
    expect(await limit(at).write(limitOrder(1), stop)).toEqual({ result: "again", detail: "HTTP 412" });
    expect(state.limit).toBeNull();
  });

  it("is not set to what the file does not name, nor where there is none to set", async () => {
    const { state: _, ...at } = await controller();
    expect(await limit(at).write(limitOrder(3), stop)).toMatchObject({ result: "refused" });
    expect(await limit(at, system).write(limitOrder(1), stop)).toMatchObject({ result: "refused" });
    expect(await limit(at, "/redfish/v1/Chassis/9/Power").write(limitOrder(1), stop)).toMatchObject({
      result: "refused",
      detail: "HTTP 404",
    });
  });
});
