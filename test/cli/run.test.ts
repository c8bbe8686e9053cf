import { EventEmitter } from 'events';
import { folder, SHOP } from './support';
import { Io } from '../../src/cli/io';
import { run } from '../../src/cli/run';
import { sink } from '../../src/cli/standard-io';

const shop = folder(SHOP);

async function withBrokenStdout(error: unknown, ...options: string[]): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  const io: Io = {
    stdout: { write: () => Promise.reject(error) },
    stderr: { write: text => { stderr += text; return Promise.resolve(); } },
    env: {},
  };
  const code = await run(['list', shop, ...options], io);
  return { code, stderr };
}

test('what nobody has foreseen is one sentence, with how to report it, and no stack', async () => {
  const { code, stderr } = await withBrokenStdout(new TypeError('x is not a function'));
  expect(code).toBe(2);
  expect(stderr).toBe('error: this is a mistake of the program, not of its input (TypeError: x is not a function); '
    + 'please report it with the command and, if you may, the input; --debug shows where it happened\n');
});

test('--debug shows where it happened', async () => {
  const { code, stderr } = await withBrokenStdout(new TypeError('x is not a function'), '--debug');
  expect(code).toBe(2);
  expect(stderr).toMatch(/\n {4}at .*run\.test\.ts/);
});

test('not even what is no error gets out', async () => {
  expect(await withBrokenStdout('thrown')).toMatchObject({ code: 2, stderr: expect.stringContaining('(thrown)') });
});

/** A pipe of which the reader goes after the first text. */
class Pipe extends EventEmitter {
  public readonly isTTY = false;
  public readonly taken: string[] = [];

  public write(text: string, done: () => void): boolean {
    this.taken.push(text);
    if (this.taken.length === 2) { this.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })); }
    done();
    return true;
  }
}

test('a reader that goes, as head does, is no error', async () => {
  const pipe = new Pipe();
  const { write } = sink(pipe as never);
  for (const text of ['a', 'b', 'c']) { await write(text); }
  expect(pipe.taken).toEqual(['a', 'b']);
});
