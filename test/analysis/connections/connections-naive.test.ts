import * as fc from 'fast-check';
import { linesOf, naiveLines } from './naive';
import { analysisOf, documentsOf } from './worlds';
import { numberOf } from '../../../src/analysis/connections/address-ranges';
import { connections } from '../../../src/analysis/connections/connections';
import { ConnectionEnd, outsideOf } from '../../../src/analysis/connections/outside';
import { familyOf } from '../../../src/model/cidr';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';
import { CALICO, CILIUM, CILIUM_1_18, KUBERNETES, KUBERNETES_ON_CALICO, KUBERNETES_ON_CILIUM } from '../../support/models/places';
import { runs } from '../../support/models/runs';
import { EXTERNAL_ADDRESSES } from '../../support/models/vocabulary';

test.each([KUBERNETES, KUBERNETES_ON_CILIUM, KUBERNETES_ON_CALICO, CILIUM_1_18, CILIUM, CALICO].map(place => ({ name: place.name, place })))(
  'the connections of $name are those of every pair, port by port', ({ place }) => {
    fc.assert(fc.property(documentsOf(place), documents => {
      const analysis = analysisOf(documents);
      expect(linesOf(connections(analysis))).toEqual(naiveLines(analysis));
    }), runs(30));
  });

test.each([KUBERNETES, CILIUM, CALICO].map(place => ({ name: place.name, place })))('every address outside fares in $name as the range that it is in', ({ place }) => {
  fc.assert(fc.property(documentsOf(place, fc.constant(false)), documents => {
    const analysis = analysisOf(documents);
    const { sources, destinations } = outsideOf(analysis);
    const holding = (ranges: readonly ConnectionEnd[], address: string) => ranges.find(({ range }) =>
      range?.family === familyOf(address) && range.first <= numberOf(address) && numberOf(address) <= range.last);
    for (const address of EXTERNAL_ADDRESSES) {
      for (const pod of analysis.parties) {
        for (const port of [53, 80, 443, 8085]) {
          const flow = { protocol: PROTOCOL_NUMBERS.TCP, port };
          const [from, to] = [holding(sources, address), holding(destinations, address)];
          const single = (range: ConnectionEnd) => ({ ...range, variants: range.variants.map(variant => ({ ...variant, address })) });
          if (from) { expect(analysis.answer(single(from), pod, flow)).toBe(analysis.answer(from, pod, flow)); }
          if (to) { expect(analysis.answer(pod, single(to), flow)).toBe(analysis.answer(pod, to, flow)); }
        }
      }
    }
  }), runs(20));
});

test('no two lines are about the same two ends', () => {
  fc.assert(fc.property(documentsOf(KUBERNETES), documents => {
    const pairs = connections(analysisOf(documents)).map(({ source, destination }) => `${source} => ${destination}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect([...pairs].sort()).toEqual(pairs);
  }), runs(30));
});
