import type { TypedArray } from "@calwebb/array";
import { giveBench, RUN, takeBench } from "./bench.js";
import { CHUNK } from "./const.js";
import { isDirect, isWidened, nativeInto, type Storage } from "./convert.js";
import type { Plan } from "./plan.js";
import { bytesOf } from "./swap.js";

/** Fill an array with elements that are stored one after the other from byte `start` of a source. */
export function* fillStored(s: Storage, target: TypedArray, start: number): Plan<void> {
  const direct = isDirect(s, target);
  if (direct && s.size === 1 && !s.flip) {
    const bytes = bytesOf(target);
    for (let at = 0; at < bytes.length; at += CHUNK)
      yield { target: bytes.subarray(at, Math.min(bytes.length, at + CHUNK)), offset: start + at };
    return;
  }
  const total = target.length * s.size;
  const bench = takeBench(total);
  for (let at = 0; at < total; at += RUN) {
    const length = Math.min(RUN, total - at);
    const part = bench.bytes.subarray(0, length);
    yield { target: part, offset: start + at };
    if (isWidened(s, target)) {
      bench.widen(length, target, at / s.size);
      continue;
    }
    bench.toNative(length, s.size, s.flip);
    if (direct) bytesOf(target).set(part, at);
    else nativeInto(part, s, target, at / s.size);
  }
  giveBench(bench);
}
