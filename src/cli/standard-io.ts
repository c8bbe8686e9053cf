import { Io, Sink } from './io';

export const standardIo = (): Io => ({ stdout: sink(process.stdout), stderr: sink(process.stderr), env: process.env });

/** Once nobody reads any more, as after `| head`, what is written is lost without a word. */
export function sink(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'on' | 'write'>): Sink {
  let closed = false;
  stream.on('error', () => { closed = true; });
  return {
    isTTY: stream.isTTY,
    write: text => (closed ? Promise.resolve() : new Promise(resolve => stream.write(text, () => resolve()))),
  };
}
