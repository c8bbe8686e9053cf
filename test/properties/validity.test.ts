import * as fc from 'fast-check';
import { judgeAt } from '../support/models/oracle';
import { CALICO, CILIUM, lowered, Place, PLACES, written } from '../support/models/places';
import { runs } from '../support/models/runs';
import { statements } from '../support/models/statements';
import { externalOf, podOf } from '../support/models/worlds';
import { schemaErrorsOf } from '../support/schemas';

const WORLD = [podOf({ namespace: 'shop', labels: {}, serviceAccount: 'default', ports: [] }, 0), externalOf('192.0.2.1')];
const FLOW = { source: WORLD[0], destination: WORLD[1], protocol: 6, port: 80 };

/** Nothing that the API server refuses, and nothing that only the CNI refuses: such a policy would be stored and not enforced. */
function expectValid(place: Place, documents: readonly unknown[]): void {
  expect(schemaErrorsOf([...documents], place.target.version)).toEqual([]);
  expect(() => judgeAt(place, documents, WORLD).judge(FLOW)).not.toThrow();
}

describe.each(PLACES)('$name', place => {
  test('what is written of its own policies is accepted, and enforced', () => {
    fc.assert(fc.property(place.native, set => expectValid(place, written(place, set.policies))), runs(40));
  });

  test('what is written of statements is accepted, and enforced', () => {
    let valid = 0;
    fc.assert(fc.property(statements, stated => {
      const policies = lowered(place, stated);
      if (!policies) { return; }
      expectValid(place, written(place, policies));
      valid++;
    }), runs(40));
    expect(valid).toBeGreaterThanOrEqual(10);
  });
});

test('what is not valid would be seen', () => {
  const metadata = { name: 'x', namespace: 'shop' };
  const cilium = (item: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { endpointSelector: {}, ingress: [item] } });
  const calico = (rule: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata, spec: { types: ['Ingress'], ingress: [rule] } });
  const refused: [Place, object, object][] = [
    // By the schema, and by the CNI only.
    [CILIUM, cilium({ fromEntity: ['world'] }), cilium({ fromEntities: ['world'], fromCIDR: ['10.0.0.0/8'] })],
    [CALICO, calico({ action: 'Reject' }), calico({ action: 'Allow', destination: { ports: [80] } })],
  ];
  for (const [place, bySchema, byCni] of refused) {
    expect(schemaErrorsOf([bySchema], place.target.version)).not.toEqual([]);
    expect(schemaErrorsOf([byCni], place.target.version)).toEqual([]);
    expect(() => expectValid(place, [bySchema])).toThrow();
    expect(() => expectValid(place, [byCni])).toThrow();
  }
});
