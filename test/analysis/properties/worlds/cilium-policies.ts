import * as fc from 'fast-check';
import { PolicyOptions } from './kubernetes-policies';
import { Manifest, optional } from './manifest';
import { blocks, podSelectors } from './selectors';

/** cilium.io/v2 policies, in the forms that people write; and what they refer to. */

export const CILIUM_OBJECTS: readonly Manifest[] = [
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'partners', labels: { kind: 'partner' } }, spec: { externalCIDRs: ['203.0.113.64/26'] } },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'others', labels: { kind: 'other' } }, spec: { externalCIDRs: ['198.51.100.7/32', '2001:db8::/32'] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', labels: { kind: 'web' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside', namespace: 'data', labels: { kind: 'outside' } }, spec: { ports: [{ port: 80 }] } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'outside-1', namespace: 'data', labels: { 'kubernetes.io/service-name': 'outside' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['203.0.113.10'] }],
    ports: [{ port: 80, protocol: 'TCP' }],
  },
];

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels';

/** What a selector of peers asks beside the labels of pods, with and without the source of the label. */
const beside: fc.Arbitrary<Manifest> = fc.constantFrom<Manifest>(
  {}, {}, {},
  { matchLabels: { [`k8s:${NAMESPACE}`]: 'data' } },
  { matchLabels: { [NAMESPACE]: 'shop' } },
  { matchExpressions: [{ key: `k8s:${NAMESPACE}`, operator: 'Exists' }] },
  { matchExpressions: [{ key: NAMESPACE, operator: 'NotIn', values: ['data'] }, { key: NAMESPACE, operator: 'Exists' }] },
  { matchLabels: { [`k8s:${NAMESPACE_LABELS}.team`]: 'red' } },
  { matchExpressions: [{ key: `${NAMESPACE_LABELS}.team`, operator: 'Exists' }] },
  { matchExpressions: [{ key: `${NAMESPACE_LABELS}.audited`, operator: 'DoesNotExist' }, { key: NAMESPACE, operator: 'Exists' }] },
  { matchExpressions: [{ key: `${NAMESPACE_LABELS}.audited`, operator: 'DoesNotExist' }] },
  { matchExpressions: [{ key: `k8s:${NAMESPACE}`, operator: 'NotIn', values: ['data'] }] },
  { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'robot' } },
  { matchExpressions: [{ key: 'k8s:io.cilium.k8s.policy.serviceaccount', operator: 'NotIn', values: ['robot'] }] },
);

const merged = (one: Manifest, other: Manifest): Manifest => ({
  ...optional('matchLabels', one.matchLabels || other.matchLabels ? { ...one.matchLabels, ...other.matchLabels } : undefined),
  ...optional('matchExpressions', one.matchExpressions || other.matchExpressions ? [...one.matchExpressions ?? [], ...other.matchExpressions ?? []] : undefined),
});

const withSource = (selector: Manifest, source: string): Manifest => ({
  ...selector,
  ...optional('matchLabels', selector.matchLabels && Object.fromEntries(Object.entries(selector.matchLabels).map(([key, value]) => [`${source}:${key}`, value]))),
});

const endpoints: fc.Arbitrary<Manifest> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(podSelectors, beside).map(([some, more]) => merged(some, more)) },
  { weight: 1, arbitrary: fc.tuple(podSelectors, fc.constantFrom('k8s', 'any')).map(([some, source]) => withSource(some, source)) },
  { weight: 1, arbitrary: fc.constantFrom({ matchLabels: { 'reserved:host': '' } }, { matchLabels: { 'reserved:remote-node': '' } }) },
);

type Peer = readonly [field: string, value: Manifest];

function peers(direction: 'ingress' | 'egress', deny: boolean, options: CiliumOptions): fc.Arbitrary<Peer | undefined> {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const list = (field: string, one: fc.Arbitrary<Manifest>, weight: number) => (
    { weight, arbitrary: fc.array(one, { minLength: 1, maxLength: 2 }).map((all): Peer => [prefix + field, all]) });
  const some = blocks(options);
  const rules = fc.oneof(
    { weight: 3, arbitrary: some },
    { weight: 1, arbitrary: fc.constantFrom({ cidrGroupRef: 'partners' }, { cidrGroupRef: 'nobody' }, { cidrGroupSelector: { matchLabels: { kind: 'other' } } }) },
  );
  return fc.oneof(
    list('Endpoints', endpoints, 8),
    list('CIDR', some.map(({ cidr }) => cidr), 2),
    list('CIDRSet', rules, 5),
    list('Entities', fc.constantFrom('all', 'world', 'cluster', 'host', 'remote-node', 'kube-apiserver', 'none', 'health'), 3),
    { weight: 1, arbitrary: fc.constantFrom('Endpoints', 'CIDR', 'Entities').map((field): Peer => [prefix + field, []]) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    ...(direction === 'egress' && !deny ? [
      list('Services', fc.constantFrom(
        { k8sService: { serviceName: 'web', namespace: 'shop' } }, { k8sService: { serviceName: 'outside', namespace: 'data' } },
        { k8sServiceSelector: { selector: { matchLabels: { kind: 'web' } }, namespace: 'shop' } },
      ), 1),
      list('FQDNs', fc.constantFrom<Manifest>(
        { matchName: 'api.example.com' }, { matchPattern: '*.example.com' }, { matchPattern: '*' }, ...(options.version === '1.18' ? [] : [{ matchPattern: '**.example.com' }]),
      ), 2),
    ] : []),
  );
}

const PORTS: readonly Manifest[] = [
  { port: '80', protocol: 'TCP' }, { port: '443' }, { port: '8080', endPort: 8090, protocol: 'TCP' }, { port: '80', endPort: 53, protocol: 'TCP' }, { port: 'http', protocol: 'TCP' },
  { port: 'metrics', protocol: 'UDP' }, { port: 'http' }, { port: '53', protocol: 'UDP' }, { port: '53', protocol: 'ANY' }, { port: '0', protocol: 'TCP' }, { port: '0' }, { port: '80', protocol: 'SCTP' },
];

const HTTP: readonly Manifest[] = [
  { method: 'GET' }, { path: '/orders' }, { method: 'GET|POST', path: '/orders.*' }, { host: 'api\\.shop' }, { headers: ['X-Team: red'] }, { headers: ['X-Team red'] }, { headers: ['X-Team'] },
  { headers: ['X-Team:red'] }, { headerMatches: [{ name: 'x-team', value: 'blue' }] }, { headerMatches: [{ name: 'X-Team', value: 'red', mismatch: 'LOG' }] }, {},
];

const portRules = (direction: 'ingress' | 'egress', deny: boolean, named: boolean): fc.Arbitrary<Manifest> => {
  const plain = fc.array(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 2 }).map(ports => ({ ports }));
  if (deny) { return plain; }
  return fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 4, arbitrary: fc.array(fc.constantFrom(...HTTP), { minLength: 1, maxLength: 2 }).map(http => ({ ports: [{ port: '80', protocol: 'TCP' }], rules: { http } })) },
    ...(named ? [{ weight: 1, arbitrary: fc.subarray(['api.example.com', '*.example.com', 'other.test'], { minLength: 1 }).map(serverNames => ({ ports: [{ port: '443', protocol: 'TCP' }], serverNames })) }] : []),
    ...(direction === 'egress' ? [{
      weight: 1,
      arbitrary: fc.constantFrom({ matchPattern: '*' }, { matchName: 'api.example.com' }, { matchPattern: '*.example.com' })
        .map(name => ({ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [name] } })),
    }] : []),
    { weight: 1, arbitrary: fc.constant({}) },
  );
};

const icmps = fc.constantFrom<Manifest>({ fields: [{ type: 8 }] }, { fields: [{ type: 'EchoRequest', family: 'IPv6' }] }, { fields: [{ type: 'EchoReply' }, { type: 128, family: 'IPv6' }] });

/** Whose names are looked up in an item is learned by the item that stands beside it: see `withLookups`. */
function items(direction: 'ingress' | 'egress', deny: boolean, named: boolean, options: CiliumOptions): fc.Arbitrary<Manifest> {
  const traffic = fc.oneof(
    { weight: 4, arbitrary: fc.array(portRules(direction, deny, named), { minLength: 1, maxLength: 2 }).map(toPorts => ({ toPorts })) },
    { weight: 1, arbitrary: icmps.map(one => ({ icmps: [one] })) },
    { weight: 2, arbitrary: fc.constant({}) },
  );
  const authentication = fc.nat({ max: 9 }).map(dice => (dice === 0 ? { mode: 'test-always-fail' } : undefined));
  return fc.record({ peer: peers(direction, deny, options), traffic, authentication: deny ? fc.constant(undefined) : authentication })
    .map(({ peer, traffic: some, authentication: mode }) => ({ ...(peer ? { [peer[0]]: peer[1] } : {}), ...some, ...optional('authentication', mode) }));
}

const LOOKUPS: Manifest = {
  toEndpoints: [{ matchLabels: { [`k8s:${NAMESPACE}`]: 'ops' } }],
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
};

/** Cilium knows the addresses of names only by the lookups that it sees: mostly it sees them. */
const withLookups = (all: Manifest[], dice: number): Manifest[] => (dice > 0 && all.some(({ toFQDNs }) => toFQDNs) ? [...all, LOOKUPS] : all);

const defaultDenies: fc.Arbitrary<Manifest | undefined> = fc.constantFrom(
  undefined, undefined, undefined, { ingress: false }, { egress: false }, { ingress: false, egress: false }, { ingress: true },
);

function specs(options: CiliumOptions): fc.Arbitrary<Manifest> {
  return defaultDenies.chain(enableDefaultDeny => {
    const side = (direction: 'ingress' | 'egress', deny: boolean) => fc.option(
      // What server names do where nothing is denied is written down nowhere.
      fc.tuple(fc.array(items(direction, deny, !enableDefaultDeny, options), { minLength: 1, maxLength: 2 }), fc.nat({ max: 3 }))
        .map(([all, dice]) => (direction === 'egress' && !deny ? withLookups(all, dice) : all)),
      { nil: undefined, freq: deny ? 2 : 4 });
    return fc.record({
      endpointSelector: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: podSelectors }),
      ingress: side('ingress', false),
      ingressDeny: side('ingress', true),
      egress: side('egress', false),
      egressDeny: side('egress', true),
    })
      .filter(({ endpointSelector: _selector, ...rest }) => Object.values(rest).some(each => each !== undefined))
      .map(spec => ({ ...Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)), ...optional('enableDefaultDeny', enableDefaultDeny) }));
  });
}

export interface CiliumOptions extends PolicyOptions {
  readonly version: string;
}

export function ciliumPolicies(options: CiliumOptions, { maxLength = 3 } = {}): fc.Arbitrary<Manifest[]> {
  const policy = fc.record({
    namespace: fc.constantFrom('shop', 'shop', 'shop', 'data', undefined),
    specs: fc.oneof(
      { weight: 4, arbitrary: specs(options).map(spec => ({ spec })) },
      { weight: 1, arbitrary: fc.array(specs(options), { minLength: 1, maxLength: 2 }).map(all => ({ specs: all })) },
    ),
  });
  return fc.array(policy, { minLength: 1, maxLength }).map(all => all.map(({ namespace, specs: some }, i) => ({
    apiVersion: 'cilium.io/v2',
    kind: namespace === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: { name: `cilium-${i}`, ...optional('namespace', namespace) },
    ...some,
  })));
}
