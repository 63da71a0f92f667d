// `npm start`: install, build, simulate an exposure, calibrate it, draw the result.
import { run, setup } from "./setup.mjs";

setup();
run(process.execPath, ["packages/apps/simulator/dist/bin/demo.js", ...process.argv.slice(2)]);
