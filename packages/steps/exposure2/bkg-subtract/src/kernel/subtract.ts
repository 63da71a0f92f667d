/** Subtract one plane from every plane of the data, in place, float32. */
export function subtractPlane(data: Float32Array, plane: Float32Array): void {
  const n = plane.length;
  for (let at = 0; at < data.length; at += n) for (let i = 0; i < n; i++) data[at + i] -= plane[i];
}

/** OR one plane of flags into every plane of flags, in place. */
export function orPlane(dq: Uint32Array, plane: Uint32Array): void {
  const n = plane.length;
  for (let at = 0; at < dq.length; at += n) for (let i = 0; i < n; i++) dq[at + i] |= plane[i];
}
