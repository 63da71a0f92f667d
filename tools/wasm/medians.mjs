#!/usr/bin/env node
// Write the medians of a few first differences as straight-line AssemblyScript, so that all values of two pixels stay in registers:
//   node tools/wasm/medians.mjs > packages/math/ramp/assembly/generated/medians.ts
// The exchanges are those of packages/math/ramp/src/ols/network.ts, less the halves whose result nothing depends on.
import { medianNetwork } from "../../packages/math/ramp/dist/ols/network.js";

/** Differences up to which the code is worth its size. */
const UP_TO = 12;

/** The exchanges as [lower, upper, whether the smaller value is needed, whether the larger one is]. */
function exchanges(n) {
  const pairs = medianNetwork(n);
  const needed = new Set(n % 2 ? [n >> 1] : [n >> 1, (n >> 1) - 1]);
  const out = [];
  for (let c = pairs.length - 2; c >= 0; c -= 2) {
    const [a, b] = [pairs[c], pairs[c + 1]];
    out.push([a, b, needed.has(a), needed.has(b)]);
    needed.add(a).add(b);
  }
  return out.reverse();
}

function median(n) {
  const lines = [`function median${n}(p: usize, row: usize): v128 {`, "  const v0 = widen(p);"];
  for (let g = 1; g <= n; g++) {
    lines.push("  p += row;", `  const v${g} = widen(p);`, `  let d${g - 1} = f64x2.sub(v${g}, v${g - 1});`);
  }
  if (n > 1) lines.push("  let t = d0;");
  for (const [a, b, low, high] of exchanges(n)) {
    if (low && high)
      lines.push(`  t = f64x2.pmin(d${a}, d${b});`, `  d${b} = f64x2.pmax(d${a}, d${b});`, `  d${a} = t;`);
    else lines.push(low ? `  d${a} = f64x2.pmin(d${a}, d${b});` : `  d${b} = f64x2.pmax(d${a}, d${b});`);
  }
  const [mid, below] = [n >> 1, n % 2 ? n >> 1 : (n >> 1) - 1];
  lines.push(`  return f64x2.mul(f64x2.add(d${mid}, d${below}), f64x2.splat(0.5));`, "}", "");
  return lines.join("\n");
}

const all = Array.from({ length: UP_TO - 1 }, (_, i) => i + 2);
console.log(`// Written by tools/wasm/medians.mjs; do not edit.

/** First differences up to which there is a median here; there are at least 2. */
export const MEDIANS_UP_TO: i32 = ${UP_TO};

function widen(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/**
 * Add the median first difference of each pixel.
 * @param data - f32 rows, n + 1 of them, \`row\` bytes apart; @param width - columns, even
 * @param medians - f64 row
 */
export function addFewMedians(data: usize, row: usize, width: i32, n: i32, medians: usize): void {
  const end = data + ((<usize>width) << 2);
  switch (n) {
${all
  .map(
    (n) => `    case ${n}:
      for (; data < end; data += 8, medians += 16)
        v128.store(medians, f64x2.add(v128.load(medians), median${n}(data, row)));
      break;`,
  )
  .join("\n")}
  }
}

${all.map(median).join("\n")}`);
