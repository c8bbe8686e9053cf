import { styleFor } from '../../src/cli/style';

const red = '\u001b[31mno\u001b[0m';

test.each<readonly [string, boolean | undefined, Record<string, string>, boolean, string]>([
  ['on a terminal', true, {}, true, red],
  ['not in a pipe', undefined, {}, true, 'no'],
  ['not where NO_COLOR is set', true, { NO_COLOR: '1' }, true, 'no'],
  ['where NO_COLOR is empty, which is as if it were not set', true, { NO_COLOR: '' }, true, red],
  ['not on a terminal that cannot', true, { TERM: 'dumb' }, true, 'no'],
  ['not with --no-color', true, {}, false, 'no'],
])('there are colours %s', (_, isTTY, env, wanted, text) => {
  expect(styleFor({ isTTY }, env, wanted).bad('no')).toBe(text);
});
