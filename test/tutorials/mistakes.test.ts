import * as fs from 'fs';
import * as path from 'path';
import { EXAMPLES } from './examples';
import { MISTAKES } from './mistakes';

const NUMBERS = Array.from({ length: 49 }, (_, i) => i + 1);

/** The numbers that tests of a file name, such as 6 and 15 in "(6, 15) two items are alternatives". */
function numbersIn(file: string): Set<number> {
  const text = fs.readFileSync(path.join(__dirname, file), 'utf8');
  const lists = [...text.matchAll(/['"`](?:the right form of )?\((\d+(?:, \d+)*)\)/g)].map(([, numbers]) => numbers.split(', ').map(Number));
  return new Set(lists.flat());
}

const HELD = {
  written: numbersIn('never-written.test.ts'),
  read: new Set([...numbersIn('read-by-analysis.test.ts'), ...numbersIn('tutorial-errors.test.ts')]),
  examples: new Set(EXAMPLES.flatMap(({ verdict }) => (verdict === 'equal' ? [] : verdict.numbers))),
  facts: numbersIn('facts.test.ts'),
  docs: numbersIn('pages.test.ts'),
};

test('every mistake from 1 to 49 is held somewhere, or is said to come', () => {
  expect(Object.keys(MISTAKES).map(Number)).toEqual(NUMBERS);
  for (const [number, { here = [], later }] of Object.entries(MISTAKES)) {
    expect([number, here.length > 0 || later !== undefined]).toEqual([number, true]);
  }
});

test.each(Object.keys(HELD) as (keyof typeof HELD)[])('the tests that hold a mistake, as the list says, are there: %s', kind => {
  const listed = NUMBERS.filter(number => MISTAKES[number].here?.includes(kind));
  expect([...HELD[kind]].sort((a, b) => a - b)).toEqual(listed);
});
