import * as fs from 'fs';
import * as path from 'path';
import { folder } from './support';
import { writeAnswer } from '../../src/cli/output';

const root = folder({ 'old.txt': 'before' });
const nobody = { write: () => Promise.reject(new Error('nothing goes to stdout')) };
const file = (name: string): string => path.join(root, name);

test('without a file the answer goes to stdout, in large pieces', async () => {
  const pieces: string[] = [];
  const line = `${'x'.repeat(1023)}\n`;
  await writeAnswer(Array.from({ length: 100 }, () => line), { write: text => { pieces.push(text); return Promise.resolve(); } }, undefined);
  expect(pieces.map(({ length }) => length)).toEqual([65536, 36864]);
});

test('a file is written whole, and takes the place of another', async () => {
  await writeAnswer(['a', 'b'], nobody, file('old.txt'));
  expect(fs.readFileSync(file('old.txt'), 'utf8')).toBe('ab');
});

test('when the answer fails half-way the file stays as it was, and nothing is left beside it', async () => {
  fs.writeFileSync(file('kept.txt'), 'kept');
  function* failing(): Iterable<string> {
    yield 'half';
    throw new Error('broken');
  }
  await expect(writeAnswer(failing(), nobody, file('kept.txt'))).rejects.toThrow('broken');
  expect(fs.readFileSync(file('kept.txt'), 'utf8')).toBe('kept');
  expect(fs.readdirSync(root).filter(name => name.startsWith('.'))).toEqual([]);
});

test('a link stays a link', async () => {
  fs.writeFileSync(file('target.txt'), '');
  fs.symlinkSync(file('target.txt'), file('link.txt'));
  await writeAnswer('new', nobody, file('link.txt'));
  expect(fs.lstatSync(file('link.txt')).isSymbolicLink()).toBe(true);
  expect(fs.readFileSync(file('target.txt'), 'utf8')).toBe('new');
});

test('what is no file is written to, and not replaced', async () => {
  await writeAnswer('gone', nobody, '/dev/null');
  expect(fs.statSync('/dev/null').isFile()).toBe(false);
});

test.each([['into a folder that is not there', 'none/answer.txt'], ['over a folder', '']])('%s is refused in one sentence', async (_, name) => {
  await expect(writeAnswer('x', nobody, file(name))).rejects.toThrow(/^cannot write ".*": /);
});
