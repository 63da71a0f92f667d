import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Run a command to its end and measure the whole process.
 * @returns {Promise<{ seconds: number, megabytes: number, status: number | null, output: string }>} wall clock, peak
 *   resident memory (kernel's high-water mark of the process), exit status, what it printed last
 */
export function measure(command, args, { env = {}, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let peak = 0;
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
      } catch {
        // The process has just ended; the last look holds.
      }
    };
    const timer = setInterval(look, 20);
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(timer);
      resolve({ seconds: Number(process.hrtime.bigint() - start) / 1e9, megabytes: peak, status, output });
    });
  });
}
