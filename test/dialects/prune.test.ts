import { CALICO_FIELDS } from '../../src/dialects/calico/fields';
import { CILIUM_FIELDS } from '../../src/dialects/cilium/fields';
import { checkFields, FieldTree, prune } from '../../src/dialects/field-tree';

const calico = (egress: unknown) =>
  ({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: { types: ['Egress'], egress } });
const cilium = (spec: object) =>
  ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: { endpointSelector: {}, ...spec } });

test('a condition that the API does not know is dropped, and what is left may be everything', () => {
  const { value, dropped } = prune(CALICO_FIELDS.NetworkPolicy, calico([{ action: 'Allow', destination: { domains: ['api.example.com'] } }]));
  expect(value).toEqual(calico([{ action: 'Allow', destination: {} }]));
  expect(dropped).toEqual(['spec.egress[0].destination.domains']);
});

test('or nothing at all', () => {
  const toPorts = [{ port: '80', protocol: 'TCP' }];
  expect(prune(CILIUM_FIELDS.CiliumNetworkPolicy, cilium({ egress: [{ toPorts }] }))).toEqual({
    value: cilium({ egress: [{ toPorts: [{}] }] }),
    dropped: ['spec.egress[0].toPorts[0].port', 'spec.egress[0].toPorts[0].protocol'],
  });
});

test('what a version has, it keeps', () => {
  const document = cilium({ ingress: [{ toPorts: [{ ports: [{ port: '9092', protocol: 'TCP' }], rules: { kafka: [{ role: 'produce' }] } }] }] });
  expect(prune(CILIUM_FIELDS.CiliumNetworkPolicy, document, '1.19')).toEqual({ value: document, dropped: [] });
  expect(prune(CILIUM_FIELDS.CiliumNetworkPolicy, document, '1.20').dropped).toEqual(['spec.ingress[0].toPorts[0].rules.kafka']);
});

test('what was pruned has no unknown field left', () => {
  const document = cilium({ colour: 'red', egress: [{ toPlanets: [], toEntities: ['world'], toPorts: [{ ports: [{ port: '80', name: 'http' }] }] }] });
  const { value, dropped } = prune(CILIUM_FIELDS.CiliumNetworkPolicy, document);
  expect(dropped).toHaveLength(3);
  expect(checkFields(CILIUM_FIELDS.CiliumNetworkPolicy, document)).toHaveLength(3);
  expect(checkFields(CILIUM_FIELDS.CiliumNetworkPolicy, value)).toEqual([]);
});

test('what has another type is as it was, for the API server refuses that', () => {
  const document = calico('none');
  expect(prune(CALICO_FIELDS.NetworkPolicy, document)).toEqual({ value: document, dropped: [] });
  expect(prune(CALICO_FIELDS.NetworkPolicy, null)).toEqual({ value: null, dropped: [] });
});

test('a document is not changed', () => {
  const document = calico([{ action: 'Allow', colour: 'red' }]);
  const before = JSON.stringify(document);
  prune(CALICO_FIELDS.NetworkPolicy, document);
  expect(JSON.stringify(document)).toBe(before);
});

test('names that every object inherits are unknown fields, and pollute nothing', () => {
  const tree: FieldTree = { type: 'object', fields: { labels: { type: 'map', of: { type: 'string' } }, peer: { type: 'object', fields: { cidr: { type: 'any' } } } } };
  const { value, dropped } = prune(tree, JSON.parse('{ "__proto__": { "polluted": 1 }, "peer": { "constructor": 1, "cidr": "x" }, "labels": { "__proto__": "x" } }'));
  expect(dropped).toEqual(['__proto__', 'peer.constructor']);
  expect(JSON.stringify(value)).toBe('{"peer":{"cidr":"x"},"labels":{"__proto__":"x"}}');
  expect(({} as any).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('a value deeper than its tree, or one that holds itself, ends', () => {
  const tree: FieldTree = { type: 'object', fields: { raw: { type: 'any' }, rules: { type: 'array', of: { type: 'object', fields: { to: { type: 'any' } } } } } };
  const circle: any = {};
  circle.raw = circle;
  circle.deeper = circle;
  expect(prune(tree, circle).dropped).toEqual(['deeper']);
  const deep = JSON.parse('[{"to":'.repeat(20_000) + '1' + '}]'.repeat(20_000));
  expect(prune(tree, { rules: deep }).dropped).toEqual([]);
});
