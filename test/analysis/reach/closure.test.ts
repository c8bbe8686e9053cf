import { closure, Edge, Passing } from '../../../src/analysis/reach/closure';

const SHORT: Readonly<Record<string, Passing>> = { '>': 'allowed', '~': 'partial', '?': 'unknown' };

/** Of edges such as `a>b` (allowed), `a~b` (some requests) and `a?b` (unknown); answers are such as `a>b>c`. */
function reached(start: string, edges: readonly string[], hops?: number): Record<string, string> {
  const bySource = (end: string): Edge[] => edges.filter(edge => edge[0] === end).map(edge => ({ destination: edge[2], answer: SHORT[edge[1]] }));
  return Object.fromEntries([...closure(start, bySource, hops)].map(([end, { answer, path }]) =>
    [end, `${answer} ${path().map(({ source, edge }) => `${source}-${edge.destination}`).join(' ')}`]));
}

test('what is reached is reached by the shortest path', () => {
  expect(reached('a', ['a>b', 'b>c', 'c>d', 'a>c'])).toEqual({ b: 'allowed a-b', c: 'allowed a-c', d: 'allowed a-c c-d' });
});

test('the start is not reached, not even over a circle', () => {
  expect(reached('a', ['a>b', 'b>a'])).toEqual({ b: 'allowed a-b' });
});

test('hops are bounded', () => {
  const chain = ['a>b', 'b>c', 'c>d'];
  expect(Object.keys(reached('a', chain, 1))).toEqual(['b']);
  expect(Object.keys(reached('a', chain, 2))).toEqual(['b', 'c']);
  expect(Object.keys(reached('a', chain))).toEqual(['b', 'c', 'd']);
});

test('a sure path goes before a shorter one that is not sure', () => {
  expect(reached('a', ['a?c', 'a>b', 'b>c'])).toEqual({ b: 'allowed a-b', c: 'allowed a-b b-c' });
  expect(reached('a', ['a?c', 'a~b', 'b>c'])).toEqual({ b: 'partial a-b', c: 'partial a-b b-c' });
});

test('a path is as sure as its least sure connection', () => {
  expect(reached('a', ['a~b', 'b>c', 'c?d', 'd>e'])).toEqual({
    b: 'partial a-b', c: 'partial a-b b-c', d: 'unknown a-b b-c c-d', e: 'unknown a-b b-c c-d d-e',
  });
});

test('within few hops the shorter path counts, though it is not sure', () => {
  expect(reached('a', ['a?c', 'a>b', 'b>c'], 1)).toEqual({ b: 'allowed a-b', c: 'unknown a-c' });
});

test('a chain of a hundred thousand takes no more than its ends, and the end of a path can be had without the path', () => {
  const found = closure('0', end => (end === '100000' ? [] : [{ destination: String(Number(end) + 1), answer: 'allowed' as const }]));
  expect(found.size).toBe(100000);
  expect(found.get('100000')!.hops).toBe(100000);
  expect(found.get('100000')!.path(2).map(({ source }) => source)).toEqual(['99998', '99999']);
});
