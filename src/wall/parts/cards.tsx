import type { Bar, Big, Card } from "../cards/card.ts";
import { cardsOf } from "../cards/cards.ts";
import { countdownText } from "../format.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";

interface Props {
  readonly session: Session;
  readonly words: Words;
  readonly count: number;
}

/** On a calm day the margins; in an event what runs out, what runs, and what begins when. */
export function Cards({ session, words, count }: Props) {
  const snapshot = session.snapshot.value;
  if (!snapshot) return null;
  const style = { gridTemplateColumns: `repeat(${count}, 1fr)` };
  return (
    <section class="cards" style={style} aria-label={words.t("aria.cards")}>
      {cardsOf(snapshot, count, words, session.gate.value).map((card) => (
        <CardView key={card.key} card={card} now={session.now.value} />
      ))}
    </section>
  );
}

function CardView({ card, now }: { card: Card; now: number }) {
  return (
    <div class={card.marked ? "panel card marked" : "panel card"}>
      <h2>{card.title}</h2>
      <BigText big={card.big} now={now} />
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {card.bar && <BarShape bar={card.bar} />}
      </svg>
      <p>{card.line}</p>
    </div>
  );
}

function BarShape({ bar }: { bar: Bar }) {
  return (
    <>
      <rect class="track" width="100" height="6" />
      <rect class="fill" width={100 * Math.min(1, Math.max(0, bar.ratio))} height="6" />
      {bar.mark !== null && <rect class="mark" x={100 * bar.mark - 0.4} width="0.8" height="6" />}
    </>
  );
}

function BigText({ big, now }: { big: Big; now: number }) {
  switch (big.kind) {
    case "countdown":
      return <strong role="timer">{countdownText(big.until - now)}</strong>;
    case "text":
      return <strong>{big.text}</strong>;
    case "unknown":
      return (
        <strong class="hatched">
          – <small>{big.text}</small>
        </strong>
      );
  }
}
