import {
  chmodSync,
  closeSync,
  openSync,
  realpathSync,
  rename as renameWithCallback,
  rmSync,
  statSync,
  writeSync as writeNow,
  write as writeWithCallback,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { IoError } from "@calwebb/errors";
import { checkTarget } from "../range.js";
import type { ByteSink } from "../types.js";
import { forget, remember } from "./cleanup.js";
import { systemError } from "./errors.js";
import { partName, removeStaleParts } from "./stale.js";

const MAX_CALL = 2 ** 30;

function writeOnce(fd: number, bytes: Uint8Array, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    writeWithCallback(fd, bytes, at, length, position, (error, n) => (error ? reject(error) : resolve(n)));
  });
}

function rename(from: string, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    renameWithCallback(from, to, (error) => (error ? reject(error) : resolve()));
  });
}

/** Where the bytes shall end up: the file that a symbolic link points to, or the path itself. */
function destination(path: string): { file: string; mode?: number } {
  try {
    const file = realpathSync(path);
    const stat = statSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    return { file, mode: stat.mode & 0o777 };
  } catch (cause) {
    if ((cause as { code?: string }).code === "ENOENT") return { file: path };
    throw systemError("write", path, cause);
  }
}

/**
 * A sink that writes to a temporary file in the folder of `path` and gives it its name on `commit`. The kernel writes the data to the
 * disk in its own time: waiting for it would double the time of large products. `abort` and every failure remove the temporary file; a file of that name that was there before stays as it was until then.
 * Temporary files that killed processes left in the folder are removed.
 * @throws {IoError} when the folder cannot be written to
 */
export function atomicFileSink(path: string): ByteSink {
  const { file, mode } = destination(path);
  const folder = dirname(file);
  removeStaleParts(folder);
  const temp = join(folder, partName(basename(file)));
  let fd: number | undefined;
  try {
    fd = openSync(temp, "wx");
  } catch (cause) {
    throw systemError("write", path, cause);
  }
  remember(temp);

  const discard = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    rmSync(temp, { force: true });
    forget(temp);
  };
  const opened = (): number => {
    if (fd === undefined) throw new IoError(`cannot write ${path}: it is already finished`, { file: path });
    return fd;
  };
  const failed = (cause: unknown): IoError => {
    discard();
    return systemError("write", path, cause);
  };

  return {
    name: path,
    writeSync: (bytes, position) => {
      const handle = opened();
      checkTarget(path, position);
      try {
        for (let done = 0; done < bytes.length; )
          done += writeNow(handle, bytes, done, Math.min(MAX_CALL, bytes.length - done), position + done);
      } catch (cause) {
        throw failed(cause);
      }
    },
    write: async (bytes, position) => {
      const handle = opened();
      checkTarget(path, position);
      try {
        for (let done = 0; done < bytes.length; )
          done += await writeOnce(handle, bytes, done, Math.min(MAX_CALL, bytes.length - done), position + done);
      } catch (cause) {
        throw failed(cause);
      }
    },
    commit: async () => {
      const handle = opened();
      try {
        if (mode !== undefined) chmodSync(temp, mode);
        // Network file systems report a full disk here. A descriptor is gone even when closing it fails.
        fd = undefined;
        closeSync(handle);
        // Where a file of that name is there, this takes as long as beginning to write the data to the disk.
        await rename(temp, file);
        forget(temp);
      } catch (cause) {
        throw failed(cause);
      }
    },
    abort: async () => {
      if (fd !== undefined) discard();
    },
  };
}
