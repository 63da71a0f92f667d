import { group } from "@calwebb/dqflags";
import * as Plot from "@observablehq/plot";
import { Resvg } from "@resvg/resvg-js";
import { parseHTML } from "linkedom";

/** One pixel's ramp with what was fitted to it. */
export interface RampPlot {
  title: string;
  /** Time of each group [s]. */
  time: ArrayLike<number>;
  /** Calibrated counts [DN]. */
  counts: ArrayLike<number>;
  /** GROUPDQ of each group. */
  flags: ArrayLike<number>;
  /** Fitted rate [DN/s]. */
  slope: number;
}

interface Point {
  t: number;
  dn: number;
  kind: "used" | "cosmic ray" | "left out";
  /** Stretch of the ramp between jumps. */
  segment: number;
}

/** Groups with their role: a jump begins a new stretch, saturated and bad groups are left out. */
function points({ time, counts, flags }: RampPlot): Point[] {
  let segment = 0;
  return Array.from({ length: time.length }, (_, g) => {
    const jump = (flags[g] & group.JUMP_DET) !== 0;
    const out = (flags[g] & (group.SATURATED | group.DO_NOT_USE)) !== 0;
    if (jump || out) segment++;
    return { t: time[g], dn: counts[g], kind: out ? "left out" : jump ? "cosmic ray" : "used", segment };
  });
}

/** The fitted slope drawn through the mean of each stretch. */
function lines(all: readonly Point[], slope: number): { t: number; dn: number; segment: number }[] {
  const out: { t: number; dn: number; segment: number }[] = [];
  for (const segment of new Set(all.map((p) => p.segment))) {
    const used = all.filter((p) => p.segment === segment && p.kind !== "left out");
    if (used.length < 2) continue;
    const t = used.reduce((sum, p) => sum + p.t, 0) / used.length;
    const dn = used.reduce((sum, p) => sum + p.dn, 0) / used.length;
    for (const end of [used[0].t, used[used.length - 1].t]) out.push({ t: end, dn: dn + slope * (end - t), segment });
  }
  return out;
}

/** Draw a ramp and its fitted line as PNG. */
export function drawRamp(ramp: RampPlot): Uint8Array {
  const all = points(ramp);
  const { document } = parseHTML("<html><body></body></html>");
  const svg = Plot.plot({
    document,
    width: 800,
    height: 500,
    marginLeft: 70,
    marginTop: 40,
    x: { label: "time (s)", grid: true },
    y: { label: "signal (DN)", grid: true },
    marks: [
      Plot.line(lines(all, ramp.slope), { x: "t", y: "dn", z: "segment", stroke: "#d62728", strokeWidth: 2 }),
      Plot.dot(all, {
        x: "t",
        y: "dn",
        r: 5,
        stroke: (p: Point) => (p.kind === "cosmic ray" ? "#ff7f0e" : "#1f77b4"),
        fill: (p: Point) => (p.kind === "used" ? "#1f77b4" : p.kind === "cosmic ray" ? "#ff7f0e" : "white"),
        strokeWidth: 2,
      }),
      Plot.text([ramp.title], { frameAnchor: "top-left", dx: 12, dy: 8, fontSize: 15 }),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new Resvg(svg.outerHTML, { background: "white", font: { loadSystemFonts: true } }).render().asPng();
}
