import { IoError } from "@calwebb/errors";

/** The error for compressed content that grows beyond its limit. */
export function tooLarge(name: string, limit: number): IoError {
  return new IoError(
    `refused to decompress ${name}: it grows beyond ${limit} bytes; if it is genuine, raise maxBytes or decompress it first`,
    { file: name, wanted: `at most ${limit} bytes` },
  );
}
