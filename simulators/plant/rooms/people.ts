/**
 * People. The fire service may have the mains opened (the UPS run on for what their strings hold), or everything: mains,
 * generator, UPS; or one room. It is there 13 minutes after it is called (OVH Strasbourg, 2021-03-10), tries 79
 * minutes without water, demands that the power be cut, and then uses water (Pangyo, 2022-10-15). The crew of the house does
 * as many things at once as it has people, ten minutes each, and nothing in a room that may not be entered: at Azure
 * Australia East three people stood before seven chillers.
 */
export interface People {
  cut: "none" | "mains" | "site";
  /** Rooms whose power is cut, by place in the plant's list. */
  readonly cutRooms: number[];
  readonly brigade: Brigade;
  /** How many of the house's own are on site. */
  crew: number;
  readonly errands: Errand[];
  readonly permits: Permit[];
}

export interface Brigade {
  state: "away" | "coming" | "trying" | "demanding" | "watering";
  /** The room that burns, by place. */
  room: number;
  /** Seconds until its next state; the last of them until the power is cut. */
  leftS: number;
  triesS: number;
  /** Seconds between the demand and the cut; null where somebody else must cut. */
  obeyedS: number | null;
  scope: "mains" | "site" | "room";
}

export const errandKinds = ["restart-chiller", "reset-cooler", "open-valve", "vent-loop", "unlock-group"] as const;

/** Something to be done by hand, at a device. */
export interface Errand {
  readonly kind: (typeof errandKinds)[number];
  readonly at: string;
  leftS: number;
}

/** Work that is allowed in a room. */
export interface Permit {
  readonly room: number;
  readonly work: "hot-work" | "open-door";
}

const errandS = 600;
const usualCrew = 2;
/** What a hose gives, l/s. */
export const hoseLs = 10;
export const usualArrivalS = 13 * 60;
export const usualTriesS = 79 * 60;

export const makePeople = (): People => ({
  cut: "none",
  cutRooms: [],
  brigade: { state: "away", room: -1, leftS: 0, triesS: usualTriesS, obeyedS: null, scope: "site" },
  crew: usualCrew,
  errands: [],
  permits: [],
});

/** Whether the mains and the generator may feed the site. */
export const areMainsClosed = ({ cut }: People): boolean => cut === "none";

/** Whether the UPS may run. */
export const areUpsAllowed = ({ cut }: People): boolean => cut !== "site";

/** Whether the room that the fire service is at has no power that could reach a hose. */
export const isRoomDead = ({ cut, cutRooms }: People, room: number): boolean =>
  cut === "site" || cutRooms.includes(room);

/** The fire service is called to a room. */
export function callBrigade(
  people: People,
  call: Pick<Brigade, "room" | "leftS" | "triesS" | "obeyedS" | "scope">,
): void {
  Object.assign(people.brigade, call, { state: "coming" });
}

/** What the fire service does to the plant in a second. */
export type BrigadeAct = "nothing" | "cut" | "water";

/** A second of the fire service. */
export function runBrigade(people: People): BrigadeAct {
  const { brigade } = people;
  if (brigade.state === "away") return "nothing";
  brigade.leftS = Math.max(0, brigade.leftS - 1);
  if (brigade.state === "coming" && brigade.leftS === 0) goOn(brigade, "trying", brigade.triesS);
  else if (brigade.state === "trying" && brigade.leftS === 0) goOn(brigade, "demanding", brigade.obeyedS ?? 0);
  else if (brigade.state === "demanding") {
    if (isRoomDead(people, brigade.room)) brigade.state = "watering";
    else if (brigade.obeyedS !== null && brigade.leftS === 0) return "cut";
  }
  return brigade.state === "watering" ? "water" : "nothing";
}

function goOn(brigade: Brigade, state: Brigade["state"], leftS: number): void {
  brigade.state = state;
  brigade.leftS = leftS;
}

/** Sends somebody of the crew to a device. */
export function send(people: People, kind: Errand["kind"], at: string): void {
  people.errands.push({ kind, at, leftS: errandS });
}

/** A second of the crew's work: what is finished is handed to `done`; `blocked` says that nobody may go there. */
export function runCrew(people: People, blocked: (errand: Errand) => boolean, done: (errand: Errand) => void): void {
  if (people.errands.length === 0) return;
  let free = people.crew;
  for (const errand of people.errands) {
    if (free === 0) break;
    if (blocked(errand)) continue;
    free -= 1;
    errand.leftS -= 1;
  }
  for (let i = people.errands.length - 1; i >= 0; i--) {
    if (people.errands[i]!.leftS <= 0) done(people.errands.splice(i, 1)[0]!);
  }
}
