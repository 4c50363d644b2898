/**
 * Time of day and the outdoor air. Over a day the temperature and the work of servers follow a flat-topped curve that is
 * highest at three in the afternoon and lowest at three in the night, made of two parabolas so that no two machines differ
 * in it. A heat wave is a mean and a swing of its own: London had 40 °C on 2022-07-19.
 */
export interface Weather {
  /** Seconds since midnight. */
  timeS: number;
  meanC: number;
  swingC: number;
  outdoorC: number;
}

const dayS = 86_400;
const startS = 9 * 3600;
const usualMeanC = 16;
const usualSwingC = 5;

export const makeWeather = (): Weather => ({
  timeS: startS,
  meanC: usualMeanC,
  swingC: usualSwingC,
  outdoorC: usualMeanC,
});

/** A second of the day. */
export function runWeather(weather: Weather): void {
  weather.timeS = (weather.timeS + 1) % dayS;
  weather.outdoorC = weather.meanC + weather.swingC * daily(weather.timeS);
}

/** From -1 at three in the night to 1 at three in the afternoon; 0 at nine. */
export function daily(timeS: number): number {
  const turn = ((timeS - startS + dayS) % dayS) / (dayS / 2);
  const part = turn % 1;
  const bump = 4 * part * (1 - part);
  return turn < 1 ? bump : -bump;
}
