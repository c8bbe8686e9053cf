import * as fc from 'fast-check';
import type { Analysis } from '../../../src/analysis/analysis';
import type { PartyConnection } from '../../../src/analysis/connections/connections';
import { closure } from '../../../src/analysis/reach/closure';
import { strongComponents } from '../../../src/analysis/reach/strong-components';
import { transitiveReach } from '../../../src/analysis/reach/transitive-reach';

const sorted = (components: number[][]): number[][] => components.map(members => [...members].sort()).sort((a, b) => a[0] - b[0]);

test('groups that reach each other are found', () => {
  expect(sorted(strongComponents([[1], [2], [0, 3], [4], [3], []]))).toEqual([[0, 1, 2], [3, 4], [5]]);
  expect(strongComponents([])).toEqual([]);
});

test('a long chain and a long circle need no deep stack', () => {
  const chain = Array.from({ length: 100000 }, (_, i) => (i === 99999 ? [] : [i + 1]));
  expect(strongComponents(chain)).toHaveLength(100000);
  expect(strongComponents(chain.map((edges, i) => (i === 99999 ? [0] : edges)))).toHaveLength(1);
});

const connection = (source: number, destination: number, workloads = 99): PartyConnection => {
  const party = (number: number) => ({ text: `w${number}`, variants: [], ...(number < workloads ? { workload: {} } : {}) });
  return { source: `w${source}`, destination: `w${destination}`, from: party(source), to: party(destination) } as unknown as PartyConnection;
};

const sizes = (edges: readonly (readonly [number, number])[], workloads?: number) =>
  Object.fromEntries(transitiveReach({} as Analysis, edges.map(([a, b]) => connection(a, b, workloads))));

test('the number is that of all other workloads on the way, and who reaches nobody is not there', () => {
  expect(sizes([[0, 1], [1, 2], [2, 1], [3, 0]])).toEqual({ w0: 2, w1: 1, w2: 1, w3: 3 });
});

test('what is outside is no workload, and no way on', () => {
  expect(sizes([[0, 5], [5, 1], [1, 2]], 5)).toEqual({ w1: 1 });
});

test('it is as many as the closure of each has', () => {
  const edge = fc.tuple(fc.nat(9), fc.nat(9)).filter(([a, b]) => a !== b);
  fc.assert(fc.property(fc.array(edge, { maxLength: 30 }), edges => {
    const found = sizes(edges);
    for (let node = 0; node < 10; node++) {
      const from = (end: string) => edges.filter(([a]) => `w${a}` === end).map(([, b]) => ({ destination: `w${b}`, answer: 'allowed' as const }));
      expect(found[`w${node}`] ?? 0).toBe(closure(`w${node}`, from).size);
    }
  }));
});
