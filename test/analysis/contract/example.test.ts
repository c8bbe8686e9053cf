import { exampleOf } from '../../../src/analysis/contract/example';
import { partsText } from '../../../src/analysis/contract/parts-text';
import { TrafficPart } from '../../../src/analysis/contract/traffic-parts';

const nobody = { text: 'x', variants: [] };
const part = (first: number, last: number, more: Partial<TrafficPart> = {}): TrafficPart =>
  ({ protocols: [first, last], traffic: { protocol: first }, ...more });

test('an example is of a protocol that people know, where there is one', () => {
  expect(exampleOf([part(0, 0), part(2, 5), part(18, 57)], nobody)).toEqual({ protocol: 47 });
  expect(exampleOf([part(0, 0), part(1, 1, { messages: '', traffic: { protocol: 1, icmp: { type: 0, code: 0 } } })], nobody)).toEqual({ protocol: 1, icmp: { type: 0, code: 0 } });
  expect(exampleOf([part(2, 5)], nobody)).toEqual({ protocol: 2 });
});

test('all protocols that have no name here are said in one word', () => {
  expect(partsText([part(0, 0), part(2, 5), part(7, 16), part(18, 57), part(59, 131), part(133, 135), part(137, 255)])).toBe('every other protocol');
  expect(partsText([part(2, 5)])).toBe('protocol 2-5');
});
