import { useEffect, useState } from "preact/hooks";
import { layoutOf, margin } from "../layout.ts";
import type { Viewing } from "../legibility.ts";
import { rootVh } from "../legibility.ts";
import type { Session } from "../session.ts";
import type { Language } from "../text.ts";
import { wordsIn } from "../text.ts";
import { Alarms } from "./banner.tsx";
import { Cards } from "./cards.tsx";
import { Header } from "./header.tsx";
import { OneLine } from "./one-line.tsx";
import { Overlay } from "./overlay.tsx";
import { Rooms } from "./rooms.tsx";

interface Props {
  readonly session: Session;
  readonly viewing: Viewing;
  readonly language: Language;
}

/** The whole screen. */
export function Wall({ session, viewing, language }: Props) {
  const size = useScreen();
  const remPx = (rootVh(viewing) / 100) * size.height;
  useEffect(() => {
    document.documentElement.style.fontSize = `${remPx}px`;
    document.documentElement.lang = language;
  }, [remPx, language]);
  const words = wordsIn(language, session.snapshot.value?.site.timezone ?? "UTC");
  const layout = layoutOf(size.width / remPx, size.height / remPx);
  const rows = `${layout.headerH}rem ${layout.mainH}rem ${layout.cardsH}rem auto`;
  return (
    <>
      <div class="screen" style={{ gridTemplateRows: rows, padding: `${margin}rem`, ...useShift() }}>
        <Header session={session} words={words} isNarrow={layout.isNarrow} />
        <main style={{ gridTemplateColumns: `${layout.diagramW}rem ${layout.roomsW}rem` }}>
          <OneLine session={session} words={words} width={layout.diagramW} height={layout.mainH} />
          <Rooms session={session} words={words} width={layout.roomsW} height={layout.mainH} />
        </main>
        <Cards session={session} words={words} count={layout.cards} />
        <Alarms session={session} words={words} lines={layout.alarmLines} />
      </div>
      <Overlay session={session} words={words} />
    </>
  );
}

function useScreen(): { readonly width: number; readonly height: number } {
  const read = () => ({ width: innerWidth, height: innerHeight });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const resized = (): void => setSize(read());
    addEventListener("resize", resized);
    return () => removeEventListener("resize", resized);
  }, []);
  return size;
}

const shiftMs = 60_000;
/** Around in eight steps, within 0.3 % of the screen: no edge burns in. */
const shifts = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;

function useShift(): { readonly transform: string } {
  const [step, setStep] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setStep((s) => (s + 1) % shifts.length), shiftMs);
    return () => clearInterval(timer);
  }, []);
  const [x, y] = shifts[step]!;
  return { transform: `translate(${x * 0.3}%, ${y * 0.3}%)` };
}
