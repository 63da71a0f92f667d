import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = new URL("../../../packages/apps/cli/dist/bin/", import.meta.url);
const PEAK = fileURLToPath(new URL("./peak.cjs", import.meta.url));

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** Lines of the standard error that are not the log: what a user reads first. */
  readonly message: string;
  /** Largest resident memory [MB]; 0 when the process was killed. */
  readonly peak: number;
}

export interface Surroundings {
  cwd: string;
  env?: Record<string, string>;
  /** Largest file that the process may write [bytes], as on a disk that is full. */
  fileLimit?: number;
  /** Send a signal as soon as `when` says so; it is asked every few milliseconds. */
  interrupt?: { signal: NodeJS.Signals; when: (err: string) => boolean };
}

let number = 0;

/** Run one of the built programs as a user does: a process of its own, its streams, its exit status. */
export function program(
  name: "strun" | "calwebb" | "stspec",
  argv: readonly string[],
  around: Surroundings,
): Promise<Ended> {
  const script = fileURLToPath(new URL(`${name}.js`, BIN));
  if (!existsSync(script)) throw new Error(`${script} is not there; run "npm run build" first`);
  const peakFile = join(around.cwd, `.peak-${process.pid}-${number++}`);
  const command = [process.execPath, `--require=${PEAK}`, script, ...argv];
  const limited =
    around.fileLimit === undefined
      ? command
      : ["prlimit", `--fsize=${around.fileLimit}:${around.fileLimit}`, ...command];
  return new Promise((resolve, reject) => {
    const child = spawn(limited[0], limited.slice(1), {
      cwd: around.cwd,
      env: { ...clean(process.env), CALWEBB_PEAK_FILE: peakFile, ...around.env },
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    const { interrupt } = around;
    const watch = interrupt
      ? setInterval(() => {
          if (interrupt.when(err)) {
            clearInterval(watch);
            child.kill(interrupt.signal);
          }
        }, 2)
      : undefined;
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearInterval(watch);
      const peak = existsSync(peakFile) ? Number(readFileSync(peakFile, "utf8")) : 0;
      rmSync(peakFile, { force: true });
      const message = err
        .split("\n")
        .filter((line) => line !== "" && !/^\d{4}-\d\d-\d\d /.test(line))
        .join("\n");
      resolve({ status, signal, out, err, message, peak });
    });
  });
}

/** The environment without what would change how the programs behave. */
function clean(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(CRDS_|CALWEBB_|NODE_OPTIONS|STPIPE)/.test(name)),
  );
}
