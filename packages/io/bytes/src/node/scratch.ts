import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IoError } from "@calwebb/errors";
import type { ScratchFile } from "../types.js";
import { forget, remember } from "./cleanup.js";
import { systemError } from "./errors.js";
import { randomDigits } from "./stale.js";

const MAX_CALL = 2 ** 30;

/**
 * A temporary file to put aside what does not fit in memory. It has no name where the system allows that, so that nothing is
 * left of it however the program ends.
 * @param folder - where; default: the system's folder for temporary files
 * @throws {IoError} when the folder cannot be written to
 */
export function scratchFile(folder: string = tmpdir()): ScratchFile {
  const path = join(folder, `calwebb-${process.pid}-${randomDigits()}.tmp`);
  let fd: number | undefined;
  try {
    fd = openSync(path, "wx+", 0o600);
  } catch (cause) {
    throw systemError("write", path, cause);
  }
  remember(path);
  const remove = (): void => {
    rmSync(path, { force: true });
    forget(path);
  };
  try {
    remove();
  } catch {
    // Some systems keep a name as long as the file is open; it is removed on close.
  }
  const opened = (): number => {
    if (fd === undefined) throw new IoError(`the scratch file ${path} is closed`, { file: path });
    return fd;
  };
  return {
    write: async (bytes, position) => {
      const handle = opened();
      try {
        for (let done = 0; done < bytes.length; )
          done += writeSync(handle, bytes, done, Math.min(MAX_CALL, bytes.length - done), position + done);
      } catch (cause) {
        throw systemError("write", path, cause);
      }
    },
    readInto: async (target, position) => {
      const handle = opened();
      for (let done = 0; done < target.length; ) {
        const n = readSync(handle, target, done, Math.min(MAX_CALL, target.length - done), position + done);
        if (n === 0)
          throw new IoError(`the scratch file ${path} ends before byte ${position + target.length}`, { file: path });
        done += n;
      }
    },
    close: async () => {
      if (fd === undefined) return;
      closeSync(fd);
      fd = undefined;
      remove();
    },
  };
}
