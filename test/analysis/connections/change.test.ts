import { changeOf } from '../../../src/analysis/connections/change';
import { ConnectionSet, NO_CONNECTIONS } from '../../../src/analysis/connections/connection-set';
import { Range } from '../../../src/model/traffic';

const tcp = (...ranges: Range[]): ConnectionSet => ({ ...NO_CONNECTIONS, allowed: { TCP: ranges } });

test.each<[string, ConnectionSet, ConnectionSet, boolean, boolean]>([
  ['nothing', tcp([1, 10], [20, 30]), tcp([1, 10], [20, 30]), false, false],
  ['a port more', tcp([1, 10]), tcp([1, 11]), true, false],
  ['a port less, in the middle', tcp([1, 10]), tcp([1, 4], [6, 10]), false, true],
  ['the last port', tcp([1, 65535]), tcp([1, 65534]), false, true],
  ['ports that moved', tcp([1, 10], [20, 30]), tcp([5, 15], [20, 30]), true, true],
  ['the port between two others', tcp([1, 1], [3, 3]), tcp([1, 3]), true, false],
  ['what is not known any more', tcp([1, 10]), { ...tcp([1, 4]), unknown: { TCP: [[5, 10]] } }, false, true],
])('%s is seen', (_, before, after, opened, closed) => {
  expect(changeOf(before, after)).toEqual({ opened, closed, requests: false });
});

test('other conditions on one of many ports are seen', () => {
  const set = (on: string): ConnectionSet => ({ ...NO_CONNECTIONS, partial: { TCP: [[80, 80], [90, 90]] }, conditions: { TCP: [{ ports: [80, 80], on: 'a' }, { ports: [90, 90], on }] } });
  expect(changeOf(set('b'), set('c'))).toEqual({ opened: true, closed: true, requests: true });
  expect(changeOf(set('b'), set('b'))).toEqual({ opened: false, closed: false, requests: false });
});
