import { ConnectionSet, NO_CONNECTIONS } from '../../../src/analysis/connections/connection-set';
import { connectionText, connectionTexts } from '../../../src/analysis/connections/connection-text';
import { Range } from '../../../src/model/traffic';

const ALL: readonly Range[] = [[1, 65535]];
const set = (parts: Partial<ConnectionSet>): ConnectionSet => ({ ...NO_CONNECTIONS, ...parts });

test('protocols are sorted, and their ports follow them', () => {
  expect(connectionText(set({ allowed: { UDP: [[53, 53]], TCP: [[80, 80], [8000, 8080]] } }))).toBe('TCP 80,8000-8080,UDP 53');
});

test('three full protocols are all connections, and fewer are not', () => {
  expect(connectionText(set({ allowed: { SCTP: ALL, TCP: ALL, UDP: ALL } }))).toBe('All Connections');
  expect(connectionText(set({ allowed: { SCTP: ALL, TCP: ALL } }))).toBe('SCTP 1-65535,TCP 1-65535');
  expect(connectionText(set({ allowed: { SCTP: ALL, TCP: ALL, UDP: [[1, 65534]] } }))).not.toBe('All Connections');
});

test('what some requests may use is set apart, and is no protocol that anybody takes for allowed', () => {
  const text = connectionText(set({ allowed: { TCP: [[80, 80]] }, partial: { TCP: [[8080, 8081]], UDP: [[53, 53]] } }));
  expect(text).toBe('TCP 80,Some TCP 8080-8081,Some UDP 53');
  expect(text.split(/,(?=[A-Z])/)).toEqual(['TCP 80', 'Some TCP 8080-8081', 'Some UDP 53']);
});

test('what is not known is a text of its own', () => {
  expect(connectionTexts(set({ allowed: { TCP: [[80, 80]] }, unknown: { TCP: [[443, 443]], UDP: ALL } }))).toEqual(['TCP 80', 'Unknown TCP 443,Unknown UDP 1-65535']);
  expect(connectionTexts(set({ unknown: { SCTP: ALL, TCP: ALL, UDP: ALL } }))).toEqual(['Unknown All Connections']);
});

test('nothing is no connections', () => {
  expect(connectionText(NO_CONNECTIONS)).toBe('No Connections');
  expect(connectionTexts(NO_CONNECTIONS)).toEqual([]);
});

test('ports that have only a name stand behind those that have a number', () => {
  expect(connectionText(set({ allowed: { TCP: [[80, 80]] }, named: { TCP: ['http'], UDP: ['dns'] } }))).toBe('TCP 80,http,UDP dns');
});
