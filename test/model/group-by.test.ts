import { groupBy } from '../../src/model/group-by';

test('groups stand in the order of first appearance, and so do the items of each', () => {
  expect([...groupBy(['b1', 'a1', 'b2', 'constructor', 'a2'], text => text[0])]).toEqual([['b', ['b1', 'b2']], ['a', ['a1', 'a2']], ['c', ['constructor']]]);
});

test('keys may be anything', () => {
  const key = {};
  expect([...groupBy([1, 2, 3], item => (item === 2 ? undefined : key))]).toEqual([[key, [1, 3]], [undefined, [2]]]);
});
