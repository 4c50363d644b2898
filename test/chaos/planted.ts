/**
 * Bugs that are planted in copies of the product's source, one at a time, to prove that the judge
 * finds what it is there to find. Each is a few edits of text; none leaves a trace in the product.
 */

/** One edit: a text that stands once in a file, and what takes its place. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface PlantedBug {
  readonly is: string;
  readonly edits: readonly Edit[];
  /** A seed that is known to find it, and is tried before the others. */
  readonly knownSeed?: number;
}

const bug = (is: string, ...edits: readonly Edit[]): PlantedBug => ({ is, edits });
const foundBy = (knownSeed: number, planted: PlantedBug): PlantedBug => ({ ...planted, knownSeed });
const edit = (file: string, from: string, to: string): Edit => ({ file, from, to });

/** Bugs of the core, the loop and the gate, which swarms are to find. */
export const plantedBugs: readonly PlantedBug[] = [
  foundBy(
    3,
    bug(
      "an outlet is shed twice",
      edit(
        "src/core/respond/shedding.ts",
        "return new Set(active.flatMap((c) => c.sent.map((s) => s.command.point)));",
        "return new Set(active.length < 0 ? [] : []);",
      ),
    ),
  ),
  bug(
    "a latch is lost when the alarm clears",
    edit(
      "src/core/alarm/lifecycle.ts",
      "  active: false,\n  pendingSince: null,",
      "  active: false,\n  latched: false,\n  pendingSince: null,",
    ),
  ),
  bug(
    "silence counts as zero",
    edit(
      "src/core/detect/state.ts",
      'if (reading.quality === "bad") return "unknown";',
      'if (reading.quality === "bad") return spec.among.includes(0) ? "abnormal" : "normal";',
    ),
  ),
  foundBy(
    12,
    bug(
      "an old reading counts as a fresh one",
      edit("src/core/reading.ts", "elapsed(reading.at, now) <= maxAge", "elapsed(reading.at, now) <= maxAge * 1000"),
    ),
  ),
  foundBy(
    6,
    bug(
      "a reading that comes late takes the place of a newer one",
      edit("src/core/scan.ts", "if (watched.at > reading.at) return;", ""),
    ),
  ),
  foundBy(
    72,
    bug(
      "a command that has expired is written",
      edit(
        "src/gate/admit.ts",
        "if (now > command.expires) return `expired ${now - command.expires} ms ago`;",
        "if (now > command.expires + 1e9) return `expired ${now - command.expires} ms ago`;",
      ),
      edit("src/gate/perform.ts", 'if (now > command.expires) return "expired before it could be written";', ""),
    ),
  ),
  bug(
    "a command is called done without being read back",
    edit(
      "src/gate/perform.ts",
      'return written === "written" ? readBack(stage, performance) : written;',
      'return written === "written" ? over("done", "written", openOf(stage, performance).command.value) : written;',
    ),
  ),
  bug(
    "what was read before a command confirms it",
    edit("src/core/respond/respond.ts", "reading.at > command.issued &&", ""),
  ),
  foundBy(
    3,
    bug(
      "an alarm is shelved for ever",
      edit(
        "src/core/alarm/lifecycle.ts",
        "if (isOver(alarm.shelved)) next = released({ ...next, shelved: null });",
        "",
      ),
    ),
  ),
  bug(
    "one person alone withholds what guards safety",
    edit(
      "src/core/alarm/ask.ts",
      "if (!isWithholding(request) || !plant.site.alarms[at]!.safety) return grant(run, at, request);",
      "if (!isWithholding(request) || plant.site.alarms[at]!.safety) return grant(run, at, request);",
    ),
  ),
  bug(
    "one person who asks twice counts as two",
    edit("src/core/alarm/ask.ts", "if (personOf(first.by) === personOf(second.by))", "if (first === second)"),
  ),
  foundBy(
    31,
    bug(
      "two people are taken to agree who asked minutes apart",
      edit("src/core/alarm/lifecycle.ts", "signatureMax = seconds(60)", "signatureMax = seconds(600)"),
    ),
  ),
  foundBy(
    118,
    bug(
      "two people withhold an alarm for a time that is over",
      edit("src/core/alarm/ask.ts", " || plant.now >= asking.until)", ")"),
      edit(
        "src/core/alarm/lifecycle.ts",
        "instant(Math.min(after(at, signatureMax), until));",
        "after(at, signatureMax + 0 * until);",
      ),
    ),
  ),
  bug(
    "two people withhold an alarm for as long as the one who asked for more",
    edit("src/core/alarm/ask.ts", "Math.min(first.until, second.until)", "Math.max(first.until, second.until)"),
  ),
  foundBy(
    58,
    bug(
      "an alarm that is shelved calls for nothing",
      edit(
        "src/core/respond/witness.ts",
        "if (alarm.outOfService !== null) return silent;",
        "if (alarm.outOfService !== null || alarm.shelved !== null) return silent;",
      ),
    ),
  ),
  bug(
    "a bypass does not end",
    edit("src/core/alarm/lifecycle.ts", "if (isOver(alarm.bypassed)) next = { ...next, bypassed: null };", ""),
  ),
  bug(
    "a sensor that is bypassed goes on voting",
    edit("src/core/alarm/ballots.ts", 'if (channel.point === bypassed) return "bypassed";', ""),
  ),
  bug(
    "a bypass takes the whole vote out",
    edit(
      "src/core/alarm/ballots.ts",
      'if (channel.point === bypassed) return "bypassed";',
      'if (bypassed !== null) return "bypassed";',
    ),
  ),
  bug(
    "what was raised behind a shelf comes back as acknowledged",
    edit(
      "src/core/alarm/lifecycle.ts",
      "if (isOver(alarm.shelved)) next = released({ ...next, shelved: null });",
      "if (isOver(alarm.shelved)) next = { ...next, shelved: null, acknowledged: true };",
    ),
  ),
  bug(
    "an alarm that cannot be seen is cleared as normal",
    edit(
      "src/core/alarm/lifecycle.ts",
      'if (event.verdict === "unknown") return alarm.blind ? alarm : unseen(alarm, true);',
      'if (event.verdict === "unknown") return settle({ ...alarm, blind: true }, false, definition, now);',
    ),
  ),
  bug(
    "a vote needs one channel more than it says",
    edit(
      "src/core/vote.ts",
      "isEnough(rule, needed, ballots, abnormal)) return",
      "isEnough(rule, needed + 1, ballots, abnormal)) return",
    ),
  ),
  bug(
    "a vote is content with one channel less than it says",
    edit(
      "src/core/vote.ts",
      "isEnough(rule, needed, ballots, abnormal)) return",
      "isEnough(rule, Math.max(1, needed - 1), ballots, abnormal)) return",
    ),
  ),
  foundBy(
    13,
    bug(
      "a deadband is ignored",
      edit("src/core/detect/limit.ts", "stands ? excess > -spec.deadband", "stands ? excess > 0"),
    ),
  ),
  foundBy(
    238,
    bug(
      "a deadband keeps an on-delay running",
      edit("src/core/detect/limit.ts", "memory.beyond && stands ?", "memory.beyond ?"),
    ),
  ),
  bug(
    "an off-delay is ignored",
    edit(
      "src/core/alarm/lifecycle.ts",
      "abnormal ? definition.onDelay : offDelayOf(alarm, definition);",
      "abnormal ? definition.onDelay : 0;",
    ),
  ),
  bug(
    "suppression moves an alarm's timer on",
    edit(
      "src/core/alarm/lifecycle.ts",
      "return alarm.suppressed === event.on ? alarm : released({ ...alarm, suppressed: event.on });",
      `return alarm.suppressed === event.on ? alarm : released({ ...alarm, suppressed: event.on,
        pendingSince: alarm.pendingSince === null ? null : ((alarm.pendingSince - 60_000) as Instant) });`,
    ),
  ),
  bug(
    "the journal drops the line of a scan without readings",
    edit("src/loop.ts", "outlets.journal(input);", "if (input.readings.length > 0) outlets.journal(input);"),
  ),
  bug(
    "a checkpoint lacks what detectors remember",
    edit(
      "src/core/checkpoint.ts",
      "memory: detectors.map((d) => d.memory),",
      "memory: detectors.map(() => undefined),",
    ),
  ),
  bug(
    "a checkpoint lacks which alarms are latched",
    edit(
      "src/core/checkpoint.ts",
      "      alarm,\n      verdicts,",
      "      alarm: { ...alarm, latched: false },\n      verdicts,",
    ),
  ),
  foundBy(
    19,
    bug(
      "a node that does not lead commands",
      edit("src/core/respond/turn.ts", "plant.leads && plant.now >= plant.holdUntil", "plant.now >= plant.holdUntil"),
    ),
  ),
  bug(
    "what is not armed is written all the same",
    edit("src/gate/leave.ts", "if (!isArmed) return `${response} is not armed`;", ""),
  ),
  foundBy(
    8,
    bug(
      "what an operator has disarmed is written all the same",
      edit(
        "src/gate/leave.ts",
        "return said ? `${response} was disarmed by ${said.by}: ${said.why}` : null;",
        "return said ? null : null;",
      ),
    ),
  ),
  foundBy(
    24,
    bug(
      "an id that is over is carried out again",
      edit(
        "src/gate/admit.ts",
        "if (ended && command.issued <= ended.expires)",
        "if (ended && command.issued > ended.expires)",
      ),
    ),
  ),
  bug(
    "the inverse of a command is written",
    edit(
      "src/gate/perform.ts",
      "const outcome: WriteOutcome = await stage.actuators.get(device)!.write(order,",
      "const outcome: WriteOutcome = await stage.actuators.get(device)!.write({ ...order, value: 1 - order.value },",
    ),
  ),
  bug(
    "the neighbour of an outlet is written",
    edit(
      "src/gate/perform.ts",
      "const outcome: WriteOutcome = await stage.actuators.get(device)!.write(order,",
      'const outcome: WriteOutcome = await stage.actuators.get(device)!.write({ ...order, point: order.point.replace("[3]", "[4]").replace("[5]", "[6]") },',
    ),
  ),
  foundBy(
    24,
    bug(
      "a command without effect is forgotten",
      edit(
        "src/core/respond/respond.ts",
        'close(turn, sent, "failed", "the plant showed no effect in time");',
        "sent.detail = turn.response.id;",
      ),
    ),
  ),
  foundBy(
    34,
    bug(
      "what another step needs is undone before that step",
      edit("src/core/respond/undo.ts", "!progress.holding.some(({ needs }) => needs.includes(step.id))", "true"),
    ),
  ),
];

/** Bugs of the Modbus framing, which late replies are to find. */
export const lateReplyBugs: readonly PlantedBug[] = [
  bug(
    "a late reply is taken for the answer to the next request",
    edit("src/collect/modbus/framing.ts", " || !isTransactionOf(frame, this.#request)", ""),
  ),
];

/** Bugs of the spool, which spooled lines are to find. */
export const spoolBugs: readonly PlantedBug[] = [
  bug(
    "a spool calls delivered what its database has not taken",
    edit("src/store/spool.ts", "if (!(await deliver(", "this.#backlog.acknowledge(until);\n    if (!(await deliver("),
  ),
];
