// `npm test`: install, build, run every unit and truth test. Arguments go to vitest.
import { root, run, setup } from "./setup.mjs";

setup();
run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)], { cwd: root });
