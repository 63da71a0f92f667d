// Tasks for the tests of the pool; workers import this file by its address.
export function scale({ data, start, end, factor }) {
  for (let i = start; i < end; i++) data[i] *= factor;
  return end - start;
}
export function fail({ message }) {
  throw new Error(message);
}
export async function slow({ ms }) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
}
