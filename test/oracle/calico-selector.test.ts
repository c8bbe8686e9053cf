import { parseSelector } from './calico-selector';

const labels = { a: 'b', app: 'web-1', empty: '' };

test.each([
  ['', true],
  ['  ', true],
  ['all()', true],
  ['all( )', true],
  ["a == 'b'", true],
  ['a=="b"', true],
  ["a == 'c'", false],
  ["x == 'b'", false],
  ["a != 'c'", true],
  ["a != 'b'", false],
  ["x != 'b'", true],
  ['has(a)', true],
  ['has( a )', true],
  ['has(empty)', true],
  ['has(x)', false],
  ["a in {'b', 'c'}", true],
  ["a in {'b',}", true],
  ["a in {'c'}", false],
  ['a in {}', false],
  ['a not in {}', true],
  ["a not in {'b'}", false],
  ["a notin {'c'}", true],
  ["x not in {'b'}", true],
  ["app contains 'b-1'", true],
  ["x contains 'b'", false],
  ["app starts with 'web'", true],
  ["app startswith 'web'", true],
  ["app ends with '-1'", true],
  ["app endswith 'web'", false],
  ["x starts with ''", false],
  ["!a == 'b'", false],
  ['!!has(a)', true],
  ['!has(a) || has(app)', true],
  ['!(has(a) || has(app))', false],
  ["has(x) && has(a) || a == 'b'", true],
  ["has(x) && (has(a) || a == 'b')", false],
  ["a == 'b'&&has(app)", true],
  ['a == "it\'s"', false],
  ["\ta == 'b'", true],
])('the selector %s holds of a="b", app="web-1", empty="": %s', (text, expected) => {
  expect(parseSelector(text)(labels)).toBe(expected);
});

test.each([
  'a', 'a == b', "a = 'b'", "a == 'b' & has(a)", "a == 'b' | has(a)", "'b' == a", "a in 'b'", "a in {'b'", "a == 'b", "(a == 'b'",
  "a == 'b'\n", 'has (a)', 'has()', 'all ()', "a == 'b')", '!', "a in {'b' 'c'}", 'a in {,}', "a not 'b'", 'global()', "a == 'b' &&",
])('%j is no selector', (text) => {
  expect(() => parseSelector(text)).toThrow(/selector/);
});
