import { randomBytes } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { Sink } from './io';
import { UsageError } from './usage-error';

/** Enough for a pipe to be kept busy. */
const CHUNK = 64 * 1024;

/** Writes an answer to stdout, or to a file: all of it, or none. */
export async function writeAnswer(text: string | Iterable<string>, stdout: Sink, file: string | undefined): Promise<void> {
  if (file === undefined) { return writeChunks(text, stdout); }
  try {
    writeFile(text, fs.existsSync(file) ? fs.realpathSync(file) : file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) { throw error; }
    throw new UsageError(`cannot write ${JSON.stringify(file)}: ${message}`);
  }
}

async function writeChunks(text: string | Iterable<string>, stdout: Sink): Promise<void> {
  if (typeof text === 'string') { return stdout.write(text); }
  let chunk = '';
  for (const part of text) {
    chunk += part;
    if (chunk.length < CHUNK) { continue; }
    await stdout.write(chunk);
    chunk = '';
  }
  if (chunk !== '') { await stdout.write(chunk); }
}

/** Written beside it first: whoever reads the file never sees half of an answer. */
function writeFile(text: string | Iterable<string>, file: string): void {
  if (fs.existsSync(file) && !fs.statSync(file).isFile()) {
    fs.writeFileSync(file, typeof text === 'string' ? text : [...text].join(''));
    return;
  }
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const descriptor = fs.openSync(beside, 'wx');
    try {
      for (const part of typeof text === 'string' ? [text] : text) { fs.writeSync(descriptor, part); }
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(beside, file);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw error;
  }
}
