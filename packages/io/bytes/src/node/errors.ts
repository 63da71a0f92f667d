import { IoError } from "@calwebb/errors";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder; check the path",
  EACCES: "permission denied; check the permissions of the file and its folder",
  EPERM: "the operation is not permitted; check the permissions of the file and its folder",
  EROFS: "the file system is read-only; choose another folder",
  EISDIR: "it is a folder; name a file",
  ENOTDIR: "a part of the path is not a folder; check the path",
  ENOSPC: "the disk is full; free some space or choose another folder",
  EDQUOT: "the disk quota is used up; free some space or choose another folder",
  EFBIG: "the file would be larger than the file system allows; choose another folder",
  EMFILE: "too many files are open; close some",
  EIO: "the device reported an error; check the disk",
};

/** An IoError for a failed system call: what was wanted, the file, why, what to do. */
export function systemError(action: string, file: string, cause: unknown): IoError {
  const { code, message } = cause as { code?: string; message?: string };
  const reason = (code !== undefined && REASONS[code]) || `the system says ${message ?? String(cause)}`;
  return new IoError(`cannot ${action} ${file}: ${reason}`, { file, got: code, cause });
}
