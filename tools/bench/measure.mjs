import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Run a command to its end and measure the whole process.
 * @returns {Promise<{ seconds: number, cpu: number, megabytes: number, status: number | null, output: string }>} wall clock,
 *   processor time of all threads (as of the last look, 20 ms), peak resident memory (kernel's high-water mark of the process),
 *   exit status, what it printed last
 */
export function measure(command, args, { env = {}, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let peak = 0;
    let cpu = 0;
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-4000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const look = () => {
      try {
        const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
        if (line) peak = Math.max(peak, Number(line[1]) / 1024);
        // Ticks of 10 ms in user and system mode, after the name in brackets.
        const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ");
        cpu = (Number(fields[11]) + Number(fields[12])) / 100;
      } catch {
        // The process has just ended; the last look holds.
      }
    };
    const timer = setInterval(look, 20);
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(timer);
      resolve({ seconds: Number(process.hrtime.bigint() - start) / 1e9, cpu, megabytes: peak, status, output });
    });
  });
}
