import "uplot/dist/uPlot.min.css";
import "./wall.css";
import { render } from "preact";
import { viewingOf } from "./legibility.ts";
import { palette } from "./palette.ts";
import { Wall } from "./parts/wall.tsx";
import { Session } from "./session.ts";
import { languageOf } from "./text.ts";

for (const [name, color] of Object.entries(palette)) document.documentElement.style.setProperty(`--${name}`, color);

const query = new URLSearchParams(location.search);
const session = new Session();
session.start();
render(
  <Wall session={session} viewing={viewingOf(query)} language={languageOf(query)} />,
  document.getElementById("wall")!,
);
