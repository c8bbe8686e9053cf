import * as fc from 'fast-check';
import { Port } from '../../src';
import { containsAddress, overlaps, parseCidr } from '../../src/model/cidr';
import { Cidr } from '../../src/model/endpoint';
import { inRanges, PROTOCOL_NUMBERS, TrafficBox } from '../../src/model/traffic';
import { holds, remainingAddresses, shareAddresses } from '../../src/patterns/remaining-addresses';
import { remainingPorts, Spans, spansOf } from '../../src/patterns/remaining-ports';
import { runs } from '../support/models/runs';

/** A few bits, so that ranges nest. */
const address = fc.nat({ max: 255 }).map(bits => `10.0.0.${bits}`);
const bits = fc.tuple(fc.nat({ max: 255 }), fc.integer({ min: 24, max: 32 })).map(([number, prefix]) => parseCidr(`10.0.0.${number - number % 2 ** (32 - prefix)}/${prefix}`));
const range: fc.Arbitrary<Cidr> = fc.tuple(fc.oneof({ weight: 1, arbitrary: fc.constantFrom('0.0.0.0/0', '10.0.0.0/8') }, { weight: 4, arbitrary: bits }), fc.array(bits, { maxLength: 3 }))
  .map(([cidr, holes]) => ({ cidr, except: holes.filter(hole => hole !== cidr && overlaps(hole, cidr) && Number(hole.split('/')[1]) > Number(cidr.split('/')[1])) }));
const inRange = ({ cidr, except }: Cidr, text: string): boolean => containsAddress(cidr, text) && !except.some(hole => containsAddress(hole, text));

describe('of addresses', () => {
  test('what remains is what no range holds', () => {
    fc.assert(fc.property(fc.array(range, { maxLength: 4 }), address, (ranges, text) => {
      expect(remainingAddresses(ranges).some(rest => inRange(rest, text))).toBe(!ranges.some(each => inRange(each, text)));
    }), runs(2000));
  });

  test('without ranges everything of both families remains', () => {
    expect(remainingAddresses([])).toEqual([{ cidr: '0.0.0.0/0', except: [] }, { cidr: '::/0', except: [] }]);
  });

  test('what one range holds of another is never guessed', () => {
    fc.assert(fc.property(range, range, address, (outer, inner, text) => {
      if (holds(outer, inner)) { expect(inRange(inner, text) && !inRange(outer, text)).toBe(false); }
      if (!shareAddresses(outer, inner)) { expect(inRange(inner, text) && inRange(outer, text)).toBe(false); }
    }), runs(2000));
  });
});

describe('of ports', () => {
  const port = fc.oneof(
    fc.constantFrom(Port.all(), Port.allTcp(), Port.allUdp(), Port.tcp(1), Port.tcp(65535)),
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 4 })).map(([first, more]) => Port.tcpRange(first, first + more)),
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 4 })).map(([first, more]) => Port.oneOf(Port.udp(first + more), Port.sctp(first))),
  );
  const has = ({ protocols, destinationPorts, icmp }: TrafficBox, protocol: number, number: number): boolean => inRanges(protocols, protocol)
    && (icmp ? icmp.some(({ type }) => type === number) : !destinationPorts || inRanges(destinationPorts.ranges, number));
  const opens = (stated: Port, protocol: number, number: number): boolean => stated._traffic.some(box => has(box, protocol, number));

  test('what remains is what a port does not open, each piece once, with who else opens it', () => {
    const { TCP, UDP, SCTP } = PROTOCOL_NUMBERS;
    const asked = fc.tuple(fc.constantFrom(TCP, UDP, SCTP), fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 13, 14, 65534, 65535));
    fc.assert(fc.property(port, fc.array(port, { maxLength: 3 }), asked, (own, others, [protocol, number]) => {
      const remaining = remainingPorts(spansOf(own) as Spans, others.map(other => spansOf(other) as Spans));
      const pieces = remaining.filter(piece => opens(piece.port, protocol, number));
      expect(pieces.length).toBe(opens(own, protocol, number) ? 0 : 1);
      if (pieces.length === 1) { expect(pieces[0].openedBy).toEqual(others.flatMap((other, i) => (opens(other, protocol, number) ? [i] : []))); }
    }), runs(2000));
  });

  test('requests of ICMP remain where ports are stated, and nothing where all traffic is', () => {
    const { ICMP, ICMPv6 } = PROTOCOL_NUMBERS;
    const pings = remainingPorts(spansOf(Port.tcp(80))!, []).filter(piece => opens(piece.port, ICMP, 8) && opens(piece.port, ICMPv6, 128));
    expect(pings.length).toBe(1);
    expect(remainingPorts(spansOf(Port.all())!, [])).toEqual([]);
  });

  test.each([Port.named('http'), Port.ping(), Port.HTTP.http({ path: '/' }), Port.oneOf(Port.HTTP, Port.icmp(8))])('%s is not known by numbers', stated => {
    expect(spansOf(stated)).toBeUndefined();
  });
});
