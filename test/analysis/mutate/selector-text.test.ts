import { conjuncts } from '../../../src/analysis/mutate/selector-text';

test.each([
  ['all()', ['all()']],
  ["app == 'web' && tier == 'front'", ["app == 'web'", "tier == 'front'"]],
  ["has(a)&&!has(b) && c in {'x', 'y'}", ['has(a)', '!has(b)', "c in {'x', 'y'}"]],
  ["a == ' && ' && b == \"x' && y\"", ["a == ' && '", "b == \"x' && y\""]],
  ["(a == 'x' && b == 'y') && c == 'z'", ["(a == 'x' && b == 'y')", "c == 'z'"]],
  ["a == 'x' && b == 'y' || c == 'z'", ["a == 'x' && b == 'y' || c == 'z'"]],
])('%s', (selector, expected) => {
  expect(conjuncts(selector)).toEqual(expected);
});
