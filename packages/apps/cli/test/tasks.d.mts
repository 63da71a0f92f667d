export function scale(args: { data: Float32Array; start: number; end: number; factor: number }): number;
export function fail(args: { message: string }): never;
export function slow(args: { ms: number }): Promise<number>;
