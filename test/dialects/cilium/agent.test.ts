import { ALL_FEATURES, allowFrom, answer, ccnp, cnp, OTHER_POD, OUTSIDE, policy, POD_OF_SHOP, REMOTE_NODE, TARGET, write, writeFor } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { ANY, EndpointExpr, labelIn, POD } from '../../../src/model/endpoint';
import { HttpMatch, HttpRequest } from '../../../src/model/http';
import { portRange } from '../../../src/model/traffic';

/** Where the agent's own code says something else than the schema, or than what one would think. */

const egress = (item: object): unknown => cnp({ endpointSelector: {}, egress: [item] });
const ingress = (item: object, more: object = {}): unknown => cnp({ endpointSelector: {}, ingress: [item], ...more });
const read = (document: unknown, version?: string) => () => cilium.read(document, undefined, version);
const port = (number: string, protocol: string = 'TCP') => ({ ports: [{ port: number, protocol }] });

describe('patterns of names that begin with stars', () => {
  const allows = (matchPattern: string, name: string, version: string) =>
    answer([egress({ toFQDNs: [{ matchPattern }] })], { destination: { ...OUTSIDE, names: [name] } }, version);

  test.each([
    // Since 1.19 stars alone are every name, also with a dot at the end; before, only one star alone is.
    ['*.', 'a.b.test', '1.20', 'allowed'],
    ['**.', 'a.b.test', '1.19', 'allowed'],
    ['**', 'a.b.test', '1.20', 'allowed'],
    ['**', 'a.b.test', '1.18', 'denied'],
    ['**', 'host', '1.18', 'allowed'],
    ['*.', 'a.b.test', '1.18', 'denied'],
    ['*', 'a.b.test', '1.18', 'allowed'],
    // Two stars or more before the first dot are one label or more.
    ['***.b.test', 'x.a.b.test', '1.20', 'allowed'],
    ['****.b.test', 'b.test', '1.20', 'denied'],
    ['***.b.test', 'x.a.b.test', '1.18', 'denied'],
    ['**a.b.test', 'x.ya.b.test', '1.20', 'denied'],
  ])('%s and %s in %s: %s', (pattern, name, version, wanted) => {
    expect(allows(pattern, name, version)).toBe(wanted);
  });

  test('a pattern of one label is written only where it is no pattern of every name', () => {
    const policies = cilium.read(egress({ toFQDNs: [{ matchPattern: '*.' }] }), undefined, '1.18');
    expect(cilium.write(policies, { ...TARGET, version: '1.18' })[0].spec).toMatchObject({ egress: [{ toFQDNs: [{ matchPattern: '*.' }] }] });
    expect(() => cilium.write(policies, TARGET)).toThrow('since Cilium 1.19 it is every name');
  });
});

describe('the label reserved:world', () => {
  const entity = (name: string): EndpointExpr => ({ entity: name });

  test('is on nothing in a cluster of both families, so that a selector on it is unreadable', () => {
    expect(read(ingress({ fromEndpoints: [{ matchLabels: { 'reserved:world': '' } }] }))).toThrow('fromEntities: [world]');
    expect(read(ingress({ fromEndpoints: [{ matchExpressions: [{ key: 'reserved:world', operator: 'DoesNotExist' }] }] }))).toThrow('world-ipv4');
  });

  test('is left out together with those of each family', () => {
    const written = write(policy('ingress', [allowFrom({ not: entity('world') })]));
    const [{ matchExpressions }] = written.spec.ingress[0].fromEndpoints;
    expect(matchExpressions.map(({ key }: { key: string }) => key)).toEqual(['reserved:world', 'reserved:world-ipv4', 'reserved:world-ipv6']);
    expect(answer([written], { source: OUTSIDE })).toBe('denied');
    expect(answer([written], { source: REMOTE_NODE })).toBe('allowed');
  });

  test('is not written beside another one', () => {
    expect(() => write(policy('ingress', [allowFrom({ allOf: [entity('world'), { not: entity('kube-apiserver') }] })]))).toThrow('world');
  });
});

describe('labels that are no part of an identity', () => {
  test.each(['pod-template-hash', 'topology.kubernetes.io/zone', 'io.kubernetes.pod.name'])('a selector of pods on %s is unreadable', key => {
    expect(read(ingress({ fromEndpoints: [{ matchLabels: { [key]: 'a' } }] }))).toThrow('never matches');
    expect(read(cnp({ endpointSelector: { matchExpressions: [{ key, operator: 'DoesNotExist' }] }, ingress: [{}] }))).toThrow('leaves');
  });

  test('labels of nodes are filtered where the node is the subject, and not where it is a peer', () => {
    const zone = { matchLabels: { 'topology.kubernetes.io/zone': 'a' } };
    expect(read(ingress({ fromNodes: [zone] }))).not.toThrow();
    expect(read(ccnp({ nodeSelector: zone, ingress: [{}] }))).toThrow('leaves');
    const near = allowFrom({ allOf: [{ kind: 'node' }, labelIn('node', 'topology.kubernetes.io/zone', 'a')] });
    expect(writeFor(ALL_FEATURES, policy('ingress', [near])).spec.ingress).toEqual([{ fromNodes: [zone] }]);
  });

  test('labels of nodes have the source node as a peer, and k8s as a subject', () => {
    expect(read(ingress({ fromNodes: [{ matchLabels: { 'k8s:pool': 'a' } }] }))).toThrow('source');
    expect(read(ingress({ fromNodes: [{ matchLabels: { 'node:pool': 'a' } }] }))).not.toThrow();
    expect(read(ccnp({ nodeSelector: { matchLabels: { 'node:pool': 'a' } }, ingress: [{}] }))).toThrow('source');
    expect(read(ccnp({ nodeSelector: { matchLabels: { 'k8s:pool': 'a' } }, ingress: [{}] }))).not.toThrow();
  });
});

describe('layer 7 rules without default deny', () => {
  const open = ingress({ toPorts: [{ ...port('80'), rules: { http: [{ method: 'GET' }] } }] }, { enableDefaultDeny: { ingress: false } });
  const closed = ingress({});
  const ask = (documents: readonly unknown[], method: string) => answer(documents, { source: OTHER_POD, http: { method } });

  test('restrict nothing where no policy isolates', () => {
    expect(ask([open], 'POST')).toBe('allowed');
  });

  test('restrict as they say where another policy isolates: the agent looks at the endpoint, not at the policy', () => {
    expect(ask([open, closed], 'GET')).toBe('allowed');
    expect(ask([open, closed], 'POST')).toBe('denied');
  });

  test('are written as they are stated', () => {
    const written = write(policy('ingress', [allowFrom(POD, { ...portRange('TCP', 80), l7: { http: [{ methods: [{ exact: 'GET' }] }] } })], { isolates: false }));
    expect(written.spec.enableDefaultDeny).toEqual({ ingress: false });
    expect(ask([written, closed], 'POST')).toBe('denied');
    expect(ask([written], 'POST')).toBe('allowed');
  });
});

describe('lists of layer 7 rules without a rule', () => {
  test.each([
    [ingress({ toPorts: [{ ports: [{ port: '0' }], rules: { http: [] } }] })],
    [ingress({ toPorts: [{ ...port('80', 'UDP'), rules: { dns: [] } }] })],
    [ingress({ toPorts: [{ ...port('443'), rules: { http: [] }, serverNames: ['a.test'] }] })],
    [ccnp({ nodeSelector: {}, ingress: [{ toPorts: [{ ...port('80'), rules: { http: [] } }] }] })],
  ])('are as if they were absent: %j', document => {
    expect(read(document)).not.toThrow();
  });
});

describe('a Service that is not there', () => {
  const missing = (more: object = {}) => egress({ toServices: [{ k8sService: { serviceName: 'gone', namespace: 'shop' } }], ...more });

  test('is nobody, in an item without ports', () => {
    expect(answer([missing()], { destination: OUTSIDE })).toBe('denied');
  });

  test('leaves an item without a peer, which since 1.19 is everybody on its ports', () => {
    expect(answer([missing({ toPorts: [port('80')] })], { destination: OUTSIDE }, '1.18')).toBe('denied');
    expect(answer([missing({ toPorts: [port('80')] })], { destination: OUTSIDE }, '1.19')).toBe('allowed');
    expect(answer([missing({ toPorts: [port('81')] })], { destination: OUTSIDE }, '1.20')).toBe('denied');
  });

  test('leaves those that are there', () => {
    const there = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { selector: { app: 'web' } } };
    const both = egress({ toServices: [{ k8sService: { serviceName: 'gone' } }, { k8sService: { serviceName: 'web' } }], toPorts: [port('80')] });
    expect(answer([both, there], { destination: POD_OF_SHOP }, '1.20')).toBe('allowed');
    expect(answer([both, there], { destination: OUTSIDE }, '1.20')).toBe('denied');
  });
});

test('a policy of the cluster about pods that are starting adds no namespace to its peers, which is not evaluated', () => {
  const init = (peer: object) => ccnp({ endpointSelector: { matchExpressions: [{ key: 'reserved:init', operator: 'Exists' }] }, ingress: [{ fromEndpoints: [peer] }] });
  expect(read(init({}))).toThrow('reserved:init');
  expect(read(init({ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] }))).not.toThrow();
});

describe('HTTP', () => {
  const rule = (http: object) => ingress({ toPorts: [{ ...port('80'), rules: { http: [http] } }] });
  const ask = (document: unknown, http: HttpRequest) => answer([document], { source: OTHER_POD, http: { method: 'GET', path: '/', host: 'a.test', headers: {}, ...http } });
  const stated = (match: HttpMatch) => write(policy('ingress', [allowFrom(ANY, { ...portRange('TCP', 80), l7: { http: [match] } })]));

  test('the end of a host is not that of its port', () => {
    expect(() => stated({ hosts: [{ suffix: '80' }] })).toThrow('80');
    expect(ask(rule({ host: '(?i:.*80)(:[0-9]+)?' }), { host: 'a.test:80' })).toBe('allowed');
    expect(ask(stated({ hosts: [{ suffix: '.test' }] }), { host: 'a.test:80' })).toBe('allowed');
  });

  test('the header Host is the host of the request', () => {
    expect(ask(rule({ headers: ['Host: a.test'] }), {})).toBe('allowed');
    expect(ask(rule({ headerMatches: [{ name: 'host', value: 'b.test' }] }), {})).toBe('denied');
  });

  test('headers that HTTP/2 begins with a colon are unreadable', () => {
    expect(read(rule({ headers: [':path /x'] }))).toThrow('path, method and host');
  });

  test.each([
    ['a very long one', 'a'.repeat(100_000)],
    ['repetitions that multiply', '(x{0,1000})'.repeat(90)],
    ['a repeated group', `(${'a'.repeat(900)}){1000}`],
    ['a repeated group with a bracket in it', `(${'a'.repeat(900)}[(]){1000}`],
  ])('a pattern that needs too much memory is unreadable: %s', (_, pattern) => {
    const start = process.hrtime.bigint();
    expect(read(rule({ path: pattern }))).toThrow('is larger than');
    expect(() => stated({ paths: [{ pattern }] })).toThrow('is larger than');
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(500);
  });

  test('ordinary patterns are not too large', () => {
    expect(read(rule({ path: '/api/v[0-9]+/[-a-z0-9_]{1,253}/(items|orders)(/[^/?]{1,64})?(\\?.*)?' }))).not.toThrow();
  });
});

test('lists may be longer than what one call takes as arguments', () => {
  const names = Array.from({ length: 150_000 }, (_, i) => ({ matchName: `a${i}.test` }));
  expect(answer([egress({ toFQDNs: names })], { destination: { ...OUTSIDE, names: ['a149999.test'] } })).toBe('allowed');
  expect(read(cnp({ endpointSelector: {}, egress: Array.from({ length: 150_000 }, () => ({ toEntities: ['world'] })) }))()[0].rules).toHaveLength(150_000);
  const namespaces = { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'In', values: Array.from({ length: 150_000 }, (_, i) => `n${i}`) }] };
  expect(answer([ingress({ fromEndpoints: [namespaces] })], { source: { ...OTHER_POD, namespace: 'n149999' } })).toBe('allowed');
});

test('a port with a zero before it is octal to the agent', () => {
  expect(read(ingress({ toPorts: [port('010')] }))).toThrow('octal');
});
