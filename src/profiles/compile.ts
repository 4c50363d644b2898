/** Run by the build: compiles devices/ for {@link loadLibrary}. Profiles that do not hold together stay as they are. */
import { compileLibrary } from "./library.ts";

compileLibrary();
