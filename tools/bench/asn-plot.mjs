import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/**
 * Processor time and memory over the number of exposures, on logarithmic scales: a straight line of slope one is linear growth.
 * @param {{ rows: number, cores: number, cpu: number, megabytes: number }[]} growth
 * @returns {string} SVG
 */
export function plotGrowth(growth) {
  const { document } = parseHTML("<html><body></body></html>");
  const points = growth
    .filter((g) => g.cores === growth[0].cores)
    .flatMap((g) => [
      { x: g.rows, y: g.cpu, panel: "processor time (s)" },
      { x: g.rows, y: g.megabytes, panel: "peak memory (MB)" },
    ]);
  const last = growth.findLast((g) => g.cores === growth[0].cores);
  // What linear growth from the largest program backwards would be.
  const linear = growth
    .filter((g) => g.cores === growth[0].cores)
    .flatMap((g) => [{ x: g.rows, y: (last.cpu * g.rows) / last.rows, panel: "processor time (s)" }]);
  const svg = Plot.plot({
    document,
    width: 760,
    height: 320,
    marginLeft: 50,
    x: { type: "log", label: "exposures", grid: true, tickFormat: "~s" },
    y: { type: "log", label: null, grid: true, tickFormat: "~s" },
    fx: { label: null },
    marks: [
      Plot.line(linear, { x: "x", y: "y", fx: "panel", stroke: "#999", strokeDasharray: "4 4" }),
      Plot.line(points, { x: "x", y: "y", fx: "panel", stroke: "#4269d0" }),
      Plot.dot(points, { x: "x", y: "y", fx: "panel", fill: "#4269d0", r: 4 }),
      Plot.text([{ ...linear[0], text: "linear" }], { x: "x", y: "y", fx: "panel", text: "text", dx: 22, dy: 4 }),
    ],
  });
  const picture = svg.tagName.toLowerCase() === "svg" ? svg : svg.querySelector("svg");
  picture.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return picture.outerHTML;
}
