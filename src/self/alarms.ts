/**
 * The alarms on the service's own life: a watcher that is too slow, blind to its own past, or about to run out of room says
 * so before it fails. A site file may change their numbers (`self`) or leave them out.
 */
import type { AlarmDefinition, AlarmId, Channel, Priority } from "../core/alarm/definition.ts";
import type { DetectorSpec } from "../core/detect/index.ts";
import { pointId } from "../core/reading.ts";
import type { Duration } from "../core/time.ts";
import { minutes, ms, seconds } from "../core/time.ts";
import type { SelfName, SelfRules } from "../site/index.ts";

/** The device that the service is to itself. */
export const self = "haechi";

/** Scan period: a scan that takes longer is late for every alarm. ms */
const scanMs = 100;
/** Half of all cycles late: the machine is too small, or busy with something else. A minute */
const overrunsPerMinute = 300;
/** The journal is on disk once a second; so much is lost at a power failure then, and no disk that is well takes so long. ms */
const journalLagMs = 10_000;
/** Time servers move a clock by less at once; more is a step, and histories no longer agree. ms */
const driftMs = 1000;
/** Of what a queue can hold before it drops or refuses: half leaves time to see why. % */
const queuePercent = 50;
/** What each queue can hold: loop.ts, main.ts, notify/webhook.ts and store/historian.ts. The gate has no limit of its own: as many are more than any plan. */
export const queueRoom = { readings: 200_000, requests: 1000, gate: 1000, notify: 10_000, store: 500_000 } as const;
/** Of the heap or of the container, whichever is nearer. The rest is gone in one burst. % */
const memoryPercent = 85;
/** A database that has not taken anything for so long is away, and not only slow. s */
const spoolLagS = 300;
/** From a reading to what follows from it, 99 of 100 times: half of what a safety point is polled in, so that thinking never costs as much as looking. ms */
const chainMs = 500;
/** A test is made each second, and given up after five: then two in a row have not come through. s */
const chainSilenceS = 10;
/** Any fault is one too many. */
const causeFaults = 0;
/** What journal and spool may still come to by default, and some history. MB */
const freeMb = 2000;

/** What one of these alarms is, its limit put in. */
interface Rationale {
  readonly title: { readonly en: string; readonly ko: string };
  readonly limit: number;
  readonly channels: (limit: number) => readonly (readonly [point: string, detect: DetectorSpec])[];
  readonly priority: Priority;
  readonly onDelay: Duration;
  readonly offDelay: Duration;
  readonly cause: string;
  readonly consequence: string;
  readonly response: { readonly en: string; readonly ko: string };
}

const above = (limit: number, deadband = 0): DetectorSpec => ({ kind: "limit", side: "above", limit, deadband });
const below = (limit: number, deadband = 0): DetectorSpec => ({ kind: "limit", side: "below", limit, deadband });

const rationales: Readonly<Record<SelfName, Rationale>> = {
  scan: {
    title: { en: "Haechi: scan too slow", ko: "해치: 스캔 지연" },
    limit: scanMs,
    channels: (limit) => [
      ["scan.time", above(limit, limit / 5)],
      ["scan.overruns", { kind: "rate", side: "rising", perMinute: overrunsPerMinute, window: minutes(1) }],
    ],
    priority: "high",
    onDelay: seconds(30),
    offDelay: minutes(1),
    cause: "The machine is too small for the site, or something else takes its time.",
    consequence: "Every alarm and every action is late by as much.",
    response: {
      en: "See what else runs on the machine; move it away, or move Haechi.",
      ko: "이 장비에서 다른 무엇이 도는지 확인하고 옮긴다.",
    },
  },
  journal: {
    title: { en: "Haechi: journal is not written", ko: "해치: 저널 기록 안 됨" },
    limit: journalLagMs,
    channels: (limit) => [["journal.lag", above(limit)]],
    priority: "high",
    onDelay: ms(0),
    offDelay: seconds(30),
    cause: "The disk is full, read-only, failing or far too slow.",
    consequence:
      "What happens now cannot be replayed, and a restart takes up the plant as it was before. Commands wait.",
    response: {
      en: "Look at the disk of the state folder: room, errors, mount. Do not restart the service before it can write.",
      ko: "상태 폴더의 디스크(공간, 오류, 마운트)를 확인한다. 쓸 수 있을 때까지 서비스를 다시 시작하지 않는다.",
    },
  },
  clock: {
    title: { en: "Haechi: clock was set", ko: "해치: 시계 변경됨" },
    limit: driftMs,
    channels: (limit) => [
      ["clock.drift", above(limit)],
      ["clock.drift", below(-limit)],
    ],
    priority: "medium",
    onDelay: seconds(5),
    offDelay: seconds(5),
    cause: "The machine's clock was stepped while the service ran. The service keeps the time it began with.",
    consequence:
      "Its readings and alarms bear other times than those of other systems. Nothing it watches is affected.",
    response: {
      en: "See that the time is right now; restart the service at a quiet moment, so that it takes it up.",
      ko: "시간이 맞는지 확인하고, 조용할 때 서비스를 다시 시작한다.",
    },
  },
  queues: {
    title: { en: "Haechi: queues are filling", ko: "해치: 대기열 증가" },
    limit: queuePercent,
    channels: (limit) =>
      Object.entries(queueRoom).map(([name, room]) => [`queue.${name}`, above((limit / 100) * room, room / 10)]),
    priority: "medium",
    onDelay: seconds(5),
    offDelay: seconds(30),
    cause: "Something takes less than it is given: the scan, the gate, a receiver of alarms or the history.",
    consequence: "What is oldest in the queue is dropped when it is full: readings, notifications or history.",
    response: {
      en: "See which queue it is, and mend what it waits for.",
      ko: "어느 대기열인지 보고, 받지 않는 쪽을 고친다.",
    },
  },
  memory: {
    title: { en: "Haechi: memory nearly used up", ko: "해치: 메모리 부족" },
    limit: memoryPercent,
    channels: (limit) => [["memory.used", above(limit, 5)]],
    priority: "high",
    onDelay: minutes(1),
    offDelay: minutes(1),
    cause: "The site is larger than the memory it was given, or something is held that should not be.",
    consequence: "The system ends the service, and it starts anew: some seconds without watch, again and again.",
    response: {
      en: "Give it more memory; restart it at a quiet moment if it goes on growing.",
      ko: "메모리를 늘린다. 계속 늘어나면 조용할 때 다시 시작한다.",
    },
  },
  spool: {
    title: { en: "Haechi: database takes nothing", ko: "해치: 데이터베이스 응답 없음" },
    limit: spoolLagS,
    channels: (limit) => [["spool.lag", above(limit)]],
    priority: "low",
    onDelay: ms(0),
    offDelay: minutes(1),
    cause: "The database is away, refuses what it is sent, or is too slow for it.",
    consequence: "Dashboards stand still. Nothing is lost until the spool is full; then the oldest readings are.",
    response: {
      en: "See whether the database runs, is reached, and has room. Alarms and actions do not need it.",
      ko: "데이터베이스가 도는지, 연결과 공간이 있는지 확인한다. 경보와 조치는 영향받지 않는다.",
    },
  },
  disk: {
    title: { en: "Haechi: disk nearly full", ko: "해치: 디스크 부족" },
    limit: freeMb,
    channels: (limit) => [["disk.free", below(limit, limit / 4)]],
    priority: "high",
    onDelay: minutes(1),
    offDelay: minutes(1),
    cause: "The disk of the state folder is shared with something that grows, or is too small for what is kept.",
    consequence: "Journal and history lose what is oldest, and then what is newest.",
    response: {
      en: "Make room, or lower store.retention, journalMb and spoolMb in the site file.",
      ko: "공간을 확보하거나 사이트 파일의 보관 한도를 낮춘다.",
    },
  },
  chain: {
    title: { en: "Haechi: decides too late", ko: "해치: 판단 지연" },
    limit: chainMs,
    channels: (limit) => [
      ["chain.p99", above(limit, limit / 5)],
      ["chain.silence", above(chainSilenceS)],
    ],
    priority: "high",
    onDelay: minutes(2),
    offDelay: minutes(1),
    cause: "Scans, the disk of the journal, or the machine hold up what follows from a reading; or nothing follows.",
    consequence: "Alarms and actions come later than was planned for, or not at all.",
    response: {
      en: "Run haechi drill chain; look at the other alarms of Haechi, the disk and the load of the machine. Watch the site by its own panels until it answers.",
      ko: "haechi drill chain을 실행하고, 해치의 다른 경보와 디스크, 장비 부하를 확인한다. 답할 때까지 현장 패널로 감시한다.",
    },
  },
  causes: {
    title: { en: "Haechi: cannot say what follows from what", ko: "해치: 원인 판단 불가" },
    limit: causeFaults,
    channels: (limit) => [["cause.faults", above(limit)]],
    priority: "medium",
    onDelay: ms(0),
    offDelay: minutes(1),
    cause: "A fault in the program itself: an assertion failed where the consequences of a loss are worked out.",
    consequence: "Alarms are told one by one and folded under nothing. None is lost, and responses go on.",
    response: {
      en: "Read the alarms themselves, the worst first. Keep the journal, and report the fault's text from the log.",
      ko: "경보를 심각한 것부터 하나씩 확인한다. 저널을 보관하고 로그의 오류 문구를 알린다.",
    },
  },
};

/** The service's own alarms, as a site has them. */
export function selfAlarms(rules: SelfRules): readonly AlarmDefinition[] {
  return (Object.keys(rationales) as SelfName[]).flatMap((name): readonly AlarmDefinition[] => {
    const own = rules[name] ?? {};
    return own === false ? [] : [alarmOf(name, own)];
  });
}

/** What 99 of 100 tests of the chain may take by a site's rules, ms; null where it leaves the alarm out. */
export function chainObjectiveMs({ chain }: SelfRules): number | null {
  return chain === false ? null : (chain?.limit ?? chainMs);
}

/** What to do about each of them, in every language there is. */
export const selfResponses: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(
  (Object.keys(rationales) as SelfName[]).map((name) => [idOf(name), rationales[name].response]),
);

/** Whether an alarm is about the service itself. */
export const isOfSelf = (alarm: string): boolean => alarm.startsWith(`${self}.`);

function idOf(name: SelfName): AlarmId {
  return `${self}.${name}` as AlarmId;
}

function alarmOf(name: SelfName, own: Exclude<SelfRules[SelfName], false | undefined>): AlarmDefinition {
  const { title, limit, channels, cause, consequence, response, ...usual } = rationales[name];
  return {
    id: idOf(name),
    title,
    channels: channels(own.limit ?? limit).map(([point, detect]): Channel => ({ point: pointId(self, point), detect })),
    need: 1,
    priority: own.priority ?? usual.priority,
    onDelay: own.onDelay ?? usual.onDelay,
    offDelay: own.offDelay ?? usual.offDelay,
    latch: false,
    suppressedBy: [],
    cause,
    consequence,
    response: response.en,
  };
}
