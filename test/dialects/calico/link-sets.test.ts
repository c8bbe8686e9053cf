import { globalNetworkPolicy, networkPolicy } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { Answer, evaluate } from '../../../src/model/evaluate';
import { Endpoint } from '../../../src/model/match';

const V3 = 'projectcalico.org/v3';
const globalSet = (name: string, labels: object, nets: readonly unknown[]) => ({ apiVersion: V3, kind: 'GlobalNetworkSet', metadata: { name, labels }, spec: { nets } });
const set = (namespace: string, name: string, labels: object, nets: readonly unknown[]) => (
  { apiVersion: V3, kind: 'NetworkSet', metadata: { name, namespace, labels }, spec: { nets } });
const namespaceOf = (name: string, labels: object) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

const POD: Endpoint = { kind: 'pod', namespace: 'shop', labels: { app: 'web' }, namespaceLabels: {}, serviceAccount: 'default', address: '10.244.0.1' };
const outside = (address: string): Endpoint => ({ kind: 'external', address });
const host = (labels: Record<string, string>): Endpoint => ({ kind: 'hostEndpoint', labels, address: '192.168.7.1' });

/** Whether a pod in shop, whose egress is closed otherwise, may go there. */
function egress(destination: object, documents: readonly unknown[], to: Endpoint, policy: (spec: unknown) => unknown = networkPolicy): Answer {
  const policies = calico.read(policy({ types: ['Egress'], egress: [{ action: 'Allow', destination }] }));
  return evaluate(calico.link(policies, documents), { source: POD, destination: to, protocol: 6, port: 80 }, { cidrMatches: ['pod', 'node', 'hostEndpoint', 'external'] });
}

const PARTNERS = [
  globalSet('partners', { role: 'partner' }, ['203.0.113.0/24', '198.51.100.7', '2001:db8::1', '192.0.2.77/26']),
  set('shop', 'own', { role: 'partner' }, ['198.18.0.0/24']),
  set('data', 'theirs', { role: 'partner' }, ['198.19.0.0/24']),
];

describe('a selector finds network sets by their labels', () => {
  test.each([
    ['in a global policy: all', { selector: 'role == "partner"' }, globalNetworkPolicy, ['203.0.113.9', '198.18.0.9', '198.19.0.9']],
    ['in a namespaced policy: its own', { selector: 'role == "partner"' }, networkPolicy, ['198.18.0.9']],
    ['of another namespace', { selector: 'role == "partner"', namespaceSelector: 'projectcalico.org/name == "data"' }, networkPolicy, ['198.19.0.9']],
    ['of every namespace', { selector: 'role == "partner"', namespaceSelector: 'all()' }, networkPolicy, ['198.18.0.9', '198.19.0.9']],
    ['of none', { selector: 'role == "partner"', namespaceSelector: 'global()' }, networkPolicy, ['203.0.113.9']],
    ['but not as pods', { selector: 'role == "partner" && projectcalico.org/orchestrator == "k8s"' }, globalNetworkPolicy, []],
    ['by what they are not', { selector: 'role != "partner"' }, globalNetworkPolicy, []],
    ['by what they lack', { selector: '!has(team)' }, globalNetworkPolicy, ['203.0.113.9', '198.18.0.9', '198.19.0.9']],
    ['by a beginning', { selector: 'role starts with "part"' }, globalNetworkPolicy, ['203.0.113.9', '198.18.0.9', '198.19.0.9']],
    ['whatever they are', { selector: 'all()' }, networkPolicy, ['198.18.0.9']],
  ] as const)('%s', (_, destination, policy, open) => {
    for (const address of ['203.0.113.9', '198.18.0.9', '198.19.0.9', '192.0.2.1']) {
      expect([address, egress(destination, PARTNERS, outside(address), policy)]).toEqual([address, (open as readonly string[]).includes(address) ? 'allowed' : 'denied']);
    }
  });

  test('and leaves them out', () => {
    const but = { notSelector: 'role == "partner"' };
    expect(egress(but, PARTNERS, outside('192.0.2.1'), globalNetworkPolicy)).toBe('allowed');
    expect(egress(but, PARTNERS, outside('203.0.113.9'), globalNetworkPolicy)).toBe('denied');
  });

  test('together with addresses: both must hold', () => {
    const half = { selector: 'role == "partner"', nets: ['203.0.113.0/25'] };
    expect(egress(half, PARTNERS, outside('203.0.113.9'), globalNetworkPolicy)).toBe('allowed');
    expect(egress(half, PARTNERS, outside('203.0.113.200'), globalNetworkPolicy)).toBe('denied');
    expect(egress(half, [], outside('203.0.113.9'), globalNetworkPolicy)).toBe('denied');
  });

  test('beside pods and host endpoints with the same labels', () => {
    const partners = { selector: 'role == "partner"' };
    expect(egress(partners, [], { ...POD, labels: { role: 'partner' } })).toBe('allowed');
    expect(egress(partners, [], { ...POD, namespace: 'data', labels: { role: 'partner' } })).toBe('denied');
    expect(egress(partners, [], host({ role: 'partner' }))).toBe('denied');
    expect(egress(partners, [], host({ role: 'partner' }), globalNetworkPolicy)).toBe('allowed');
    expect(egress(partners, [], host({}), globalNetworkPolicy)).toBe('denied');
  });

  test('a pod that has an address of a set is found with it', () => {
    expect(egress({ selector: 'role == "partner"' }, [globalSet('x', { role: 'partner' }, ['10.244.0.0/16'])], { ...POD, address: '10.244.0.9' }, globalNetworkPolicy)).toBe('allowed');
  });
});

describe('the addresses of a set', () => {
  test('may be single ones, and ranges that are not masked', () => {
    const all = { selector: 'role == "partner"' };
    for (const [address, answer] of [['198.51.100.7', 'allowed'], ['198.51.100.8', 'denied'], ['192.0.2.64', 'allowed'], ['192.0.2.127', 'allowed'], ['192.0.2.128', 'denied']]) {
      expect([address, egress(all, PARTNERS, outside(address), globalNetworkPolicy)]).toEqual([address, answer]);
    }
  });

  test('may be none', () => {
    expect(egress({ selector: 'role == "partner"' }, [globalSet('x', { role: 'partner' }, [])], outside('192.0.2.1'), globalNetworkPolicy)).toBe('denied');
    expect(calico.link([], [{ apiVersion: V3, kind: 'GlobalNetworkSet', metadata: { name: 'x' } }]).policies).toEqual([]);
  });

  test('may be many', () => {
    const many = Array.from({ length: 70_000 }, (_, i) => `10.${Math.floor(i / 256) % 256}.${i % 256}.${i % 7}`);
    expect(egress({ selector: 'role == "partner"' }, [globalSet('x', { role: 'partner' }, many)], outside('10.0.1.1'), globalNetworkPolicy)).toBe('allowed');
  });
});

describe('a set of a namespace has the labels of the namespace', () => {
  const sets = [set('shop', 'own', { role: 'partner' }, ['198.18.0.0/24'])];
  const red = { namespaceSelector: 'team == "red"' };

  test('where its Namespace is stated', () => {
    expect(egress(red, [...sets, namespaceOf('shop', { team: 'red' })], outside('198.18.0.9'))).toBe('allowed');
    expect(egress(red, [...sets, namespaceOf('shop', { team: 'blue' })], outside('198.18.0.9'))).toBe('denied');
  });

  test('which are not known where it is not', () => {
    expect(egress(red, sets, outside('198.18.0.9'))).toBe('unknown');
    expect(egress(red, sets, outside('198.19.0.9'))).toBe('denied');
    expect(egress({ namespaceSelector: 'kubernetes.io/metadata.name == "shop"' }, sets, outside('198.18.0.9'))).toBe('allowed');
  });

  test('and a global one has none', () => {
    expect(egress(red, [globalSet('x', {}, ['198.18.0.0/24'])], outside('198.18.0.9'))).toBe('denied');
    expect(egress({ namespaceSelector: 'team != "red"' }, [globalSet('x', {}, ['198.18.0.0/24'])], outside('198.18.0.9'))).toBe('allowed');
  });

  test('which nobody may state twice differently', () => {
    expect(() => calico.link([], [namespaceOf('a', { x: '1' }), namespaceOf('a', {})])).toThrow('another document states this Namespace with other labels');
  });
});

test.each([
  ['an address that is none', globalSet('x', {}, ['300.1.1.1']), 'spec.nets[0]: "300.1.1.1"'],
  ['a range that is none', globalSet('x', {}, ['10.0.0.0/33']), 'spec.nets[0]'],
  ['text that is no address', globalSet('x', {}, ['example.com']), 'spec.nets[0]'],
  ['a number', globalSet('x', {}, [5]), 'spec.nets[0]: must be a string'],
  ['the label that Calico keeps for itself', set('shop', 'x', { 'projectcalico.org/namespace': 'data' }, []), 'Calico refuses this label on a set'],
  ['a label that would make it a pod', globalSet('x', { 'projectcalico.org/orchestrator': 'k8s' }, []), 'would be taken for a pod'],
  ['a label that would give it a namespace', globalSet('x', { 'pcns.team': 'red' }, []), 'would be taken for a pod, a namespace or a service account'],
  ['a label that is no text', globalSet('x', { a: 1 }, []), 'metadata.labels[a]: must be a string'],
  ['domains, which Calico Enterprise has', { apiVersion: V3, kind: 'NetworkSet', metadata: { name: 'x' }, spec: { allowedEgressDomains: ['x.com'] } }, 'Calico Enterprise'],
  ['an unknown field', { apiVersion: V3, kind: 'NetworkSet', metadata: { name: 'x' }, spec: { cidrs: [] } }, 'spec.cidrs: this field is not known here'],
  ['a namespace of a global one', { apiVersion: V3, kind: 'GlobalNetworkSet', metadata: { name: 'x', namespace: 'shop' } }, 'a GlobalNetworkSet has no namespace'],
])('a set with %s is refused', (_, document, said) => {
  expect(() => calico.link([], [document])).toThrow(UnreadableDocument);
  expect(() => calico.link([], [document])).toThrow(said);
});

test('the same set may be stated twice, but not differently', () => {
  const again = globalSet('x', { a: 'b' }, ['10.0.0.0/8']);
  expect(() => calico.link([], [again, again])).not.toThrow();
  expect(() => calico.link([], [again, globalSet('x', { a: 'b' }, ['10.0.0.0/9'])])).toThrow('another document states this GlobalNetworkSet differently');
  expect(() => calico.link([], [set('shop', 'x', {}, []), set('data', 'x', {}, ['10.0.0.0/9'])])).not.toThrow();
});
