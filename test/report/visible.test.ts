import { visible } from '../../src/report/visible';

test('what a terminal obeys, or does not show, is written out', () => {
  expect(visible('a\u001b[2Jb\u0007\u0000\u007f\u009b')).toBe('a\\u001b[2Jb\\u0007\\u0000\\u007f\\u009b');
  expect(visible('web\u202egpj.\u2066x\u200f')).toBe('web\\u202egpj.\\u2066x\\u200f');
  expect(visible('one\rtwo\u2028three')).toBe('one\\u000dtwo\\u2028three');
});

test('halves of characters are written out, and whole ones stay', () => {
  expect(visible('\ud83d\ude00 \ud83d x \ude00')).toBe('\ud83d\ude00 \\ud83d x \\ude00');
});

test('texts of many lines stay texts of many lines', () => {
  expect(visible('a\n\tb: ä, 漢字')).toBe('a\n\tb: ä, 漢字');
});
