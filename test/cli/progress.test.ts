import { Progress } from '../../src/cli/progress';

function at(terminal: boolean, wanted: boolean, ...times: number[]): string {
  let [written, now] = ['', 0];
  const progress = new Progress({ isTTY: terminal, write: text => { written += text; return Promise.resolve(); } }, wanted, () => now);
  for (const time of times) {
    now = time;
    progress.at(`at ${time}`);
  }
  void progress.clear();
  return written;
}

const WIPE = '\r\u001b[2K';

test('short work is not talked about', () => {
  expect(at(true, true, 0, 500, 999)).toBe('');
});

test('long work says how far it is, not too often, and wipes what it said', () => {
  expect(at(true, true, 0, 1000, 1100, 1200, 1399, 1400)).toBe(`${WIPE}at 1000...${WIPE}at 1200...${WIPE}at 1400...${WIPE}`);
});

test('only when it is wanted', () => {
  expect(at(true, false, 0, 5000)).toBe('');
  expect(at(false, false, 0, 50000)).toBe('');
});

test('in a log it says so on lines of their own, every ten seconds', () => {
  expect(at(false, true, 0, 5000)).toBe('');
  expect(at(false, true, 0, 9999, 10000, 15000, 19999, 20500)).toBe('at 10000...\nat 20500...\n');
});
