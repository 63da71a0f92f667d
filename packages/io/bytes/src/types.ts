/** How another thread opens the same source: it imports `module` and calls the function exported as `name` with `argument`. */
export interface SourceHandle {
  readonly module: string;
  readonly name: string;
  readonly argument: string;
}

/** Bytes that can be read at any position: a file, a blob, a URL, memory. */
export interface ByteSource {
  /** File name or URL, for messages. */
  readonly name: string;
  /** Number of bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`. @throws {IoError} when they cannot be had */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The same at once; only sources that can (files of Node, memory) have it. */
  readSync?(offset: number, length: number): Uint8Array;
  /** Fill `target`, which may lie in shared memory, from `offset`. */
  readInto?(target: Uint8Array, offset: number): Promise<void>;
  readIntoSync?(target: Uint8Array, offset: number): void;
  /** Only sources that other threads can open too have it; undefined also once another file has taken the name. */
  readonly handle?: SourceHandle;
  close(): Promise<void>;
}

/** A place to write to at any position. What was written appears whole on `commit` and not at all after `abort`. */
export interface ByteSink {
  /** File name, for messages. */
  readonly name: string;
  write(bytes: Uint8Array, position: number): Promise<void>;
  writeSync?(bytes: Uint8Array, position: number): void;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** A sink that keeps the bytes. */
export interface MemorySink extends ByteSink {
  /** What has been written so far; gaps are zero. A view, valid until the next write. */
  bytes(): Uint8Array;
}

/** A temporary place for data that does not fit in memory. Nothing of it is left after `close`. */
export interface ScratchFile {
  /** Keep bytes; positions may be written in any order. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Fill `target`, which may lie in shared memory, with what was written at `position`. */
  readInto(target: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}
