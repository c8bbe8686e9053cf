import { closeSync, openSync, readSync } from 'node:fs';

const SIZE = 256 * 1024;
/** How long to wait for a pipe that has nothing yet. */
const PAUSE_MS = 10;

/** The bytes of a file, or of an open one, piece by piece. A piece is valid until the next one is asked for. */
export function* readChunks(file: string | number): Iterable<Buffer> {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(SIZE);
    for (let size = readSome(descriptor, buffer); size > 0; size = readSome(descriptor, buffer)) {
      yield buffer.subarray(0, size);
    }
  } finally {
    if (typeof file !== 'number') { closeSync(descriptor); }
  }
}

function readSome(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer);
    } catch (error) {
      switch ((error as NodeJS.ErrnoException).code) {
        // A pipe whose other end is slower, and on Windows the end of one.
        case 'EAGAIN': Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS); break;
        case 'EOF': return 0;
        default: throw error;
      }
    }
  }
}
