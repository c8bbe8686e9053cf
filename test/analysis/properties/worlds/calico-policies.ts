import * as fc from 'fast-check';
import { networkPolicySpecs, PolicyOptions } from './kubernetes-policies';
import { Manifest, optional } from './manifest';
import { blocks } from './selectors';

/** projectcalico.org/v3 policies, enforced and staged, in tiers; and what they refer to. */

const V3 = 'projectcalico.org/v3';

export const CALICO_OBJECTS: readonly Manifest[] = [
  // Felix drops by itself what pods send to their own node; the published manifests state this.
  { apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: { defaultEndpointToHostAction: 'Accept' } },
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'security' }, spec: { order: 100 } },
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'platform' }, spec: { order: 500, defaultAction: 'Pass' } },
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'last' }, spec: { order: 2_000_000, defaultAction: 'Deny' } },
  { apiVersion: V3, kind: 'GlobalNetworkSet', metadata: { name: 'partners', labels: { app: 'web', role: 'partner' } }, spec: { nets: ['203.0.113.64/26', '2001:db8::/48'] } },
  { apiVersion: V3, kind: 'NetworkSet', metadata: { name: 'others', namespace: 'shop', labels: { app: 'api', role: 'partner' } }, spec: { nets: ['198.51.100.7', '203.0.113.10/32'] } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'a', port: 8000, targetPort: 80 }, { name: 'b', port: 53, targetPort: 'metrics', protocol: 'UDP' }] },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside', namespace: 'data' }, spec: { ports: [{ port: 80 }] } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'outside-1', namespace: 'data', labels: { 'kubernetes.io/service-name': 'outside' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['203.0.113.10'] }],
    ports: [{ port: 443, protocol: 'TCP' }],
  },
];

/** Some of the grammar, in the forms that it has: in tests of its own it is tried in full. */
const SELECTORS = [
  'all()', "app == 'web'", 'app == "api"', "app != 'web'", 'has(app)', '!has(tier)', "app in {'web', 'api'}", "app not in {'web'}", "app contains 'e'", "app starts with 'w'",
  "app ends with 'i'", "app == 'web' && has(tier)", "app == 'api' || has(tier)", "!(app == 'web' || has(tier))", "!app == 'web'", 'has(role)', "role == 'partner'",
  "projectcalico.org/namespace == 'shop'", "projectcalico.org/serviceaccount == 'robot'", "projectcalico.org/orchestrator == 'k8s'", '',
];
const NAMESPACE_SELECTORS = ["team == 'red'", 'has(audited)', '!has(team)', "projectcalico.org/name == 'data'", "kubernetes.io/metadata.name in {'shop', 'ops'}", 'all()'];
const ACCOUNT_SELECTORS = ["duty == 'robot'", '!has(duty)', 'all()'];

const PORTS: readonly Manifest[] = [80, 443, '8080:8090', 'http', 'metrics', 53, '1:65535'];

type Family = 4 | 6 | undefined;

function nets(family: Family, options: PolicyOptions): fc.Arbitrary<string[]> {
  const own = blocks(options).map(({ cidr }) => cidr).filter(cidr => family === undefined || cidr.includes(':') === (family === 6));
  return fc.array(own, { minLength: 1, maxLength: 2 });
}

/** What a rule asks of one end. Networks of a rule are all of one family. */
function entities(family: 4 | 6, service: boolean, options: PolicyOptions): fc.Arbitrary<Manifest> {
  const who = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...SELECTORS).map(selector => ({ selector })) },
    { weight: 2, arbitrary: fc.constantFrom(...SELECTORS.filter(each => each !== '')).map(notSelector => ({ notSelector })) },
    { weight: 2, arbitrary: fc.constantFrom(...NAMESPACE_SELECTORS).map(namespaceSelector => ({ namespaceSelector })) },
    {
      weight: 2,
      arbitrary: fc.record({ selector: fc.constantFrom(...SELECTORS), namespaceSelector: fc.constantFrom(...NAMESPACE_SELECTORS, 'global()') }),
    },
    { weight: 1, arbitrary: fc.constantFrom({ names: ['robot'] }, { selector: ACCOUNT_SELECTORS[0] }, { names: ['default', 'robot'], selector: ACCOUNT_SELECTORS[1] }).map(serviceAccounts => ({ serviceAccounts })) },
    { weight: 3, arbitrary: nets(family, options).map(some => ({ nets: some })) },
    { weight: 1, arbitrary: nets(family, options).filter(some => !some.some(net => net.endsWith('/0'))).map(notNets => ({ notNets })) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...SELECTORS), nets(family, options)).map(([selector, some]) => ({ selector, nets: some })) },
    ...(service ? [{
      weight: 1,
      arbitrary: fc.constantFrom({ name: 'web', namespace: 'shop' }, { name: 'outside', namespace: 'data' }).map(services => ({ services })),
    }] : []),
  );
  return who;
}

const protocols: fc.Arbitrary<string | number> = fc.constantFrom('TCP', 'TCP', 'UDP', 'SCTP', 6);

function traffic(): fc.Arbitrary<{ rule: Manifest; source?: Manifest; destination?: Manifest }> {
  const some = fc.array(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 2 });
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant({ rule: {} }) },
    { weight: 3, arbitrary: fc.tuple(protocols, some).map(([protocol, ports]) => ({ rule: { protocol }, destination: { ports } })) },
    { weight: 1, arbitrary: fc.tuple(protocols, some).map(([protocol, notPorts]) => ({ rule: { protocol }, destination: { notPorts } })) },
    { weight: 1, arbitrary: fc.constantFrom({ rule: {}, destination: { ports: ['http'] } }, { rule: { protocol: 'TCP' }, source: { ports: [40000] } }, { rule: { protocol: 'UDP' }, source: { notPorts: ['30000:50000'] } }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Manifest>(
        { protocol: 'ICMP' }, { protocol: 'ICMP', icmp: { type: 8 } }, { protocol: 'ICMP', icmp: { type: 8, code: 1 } }, { protocol: 'ICMP', notICMP: { type: 8 } }, { protocol: 'ICMPv6', icmp: { type: 128 } },
        { notProtocol: 'TCP' }, { notProtocol: 'UDP' }, { protocol: 47 }, { protocol: 'UDPLite' }, { ipVersion: 4 }, { ipVersion: 6 }, { protocol: 'TCP', ipVersion: 6 },
      ).map(rule => ({ rule })),
    },
  );
}

const HTTP: readonly Manifest[] = [{ methods: ['GET'] }, { methods: ['GET', 'POST'], paths: [{ exact: '/orders' }] }, { paths: [{ prefix: '/orders' }, { exact: '/' }] }];

function rules(direction: 'ingress' | 'egress', options: PolicyOptions): fc.Arbitrary<Manifest> {
  return fc.constantFrom<4 | 6>(4, 4, 6).chain(family => fc.record({
    action: fc.constantFrom('Allow', 'Allow', 'Deny', 'Deny', 'Pass', 'Pass', 'Log'),
    source: mostly(direction === 'ingress', entities(family, direction === 'ingress', options)),
    destination: mostly(direction === 'egress', entities(family, direction === 'egress', options)),
    what: traffic(),
    http: fc.constantFrom(undefined, undefined, ...HTTP),
  })).map(({ action, source, destination, what, http }) => {
    const ownPorts = destination?.services ? undefined : what.destination;
    const requests = http && direction === 'ingress' && action === 'Allow' && (what.rule.protocol ?? 'TCP') === 'TCP' ? http : undefined;
    const families = [source, destination].flatMap(end => [...end?.nets ?? [], ...end?.notNets ?? []]).map(net => (net.includes(':') ? 6 : 4));
    const version = families.length > 0 && what.rule.ipVersion !== undefined ? { ipVersion: families[0] } : {};
    return {
      action,
      // A port needs its protocol, and ICMP its family.
      ...(ownPorts === undefined && what.destination ? {} : what.rule),
      ...version,
      ...optional('source', joined(source, what.source)),
      ...optional('destination', joined(destination, ownPorts)),
      ...optional('http', requests),
    };
  });
}

const rarely = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some });

/** Rules with many conditions decide about nobody. */
const mostly = (often: boolean, some: fc.Arbitrary<Manifest>): fc.Arbitrary<Manifest | undefined> =>
  fc.oneof({ weight: 1, arbitrary: some }, { weight: often ? 1 : 6, arbitrary: fc.constant(undefined) });

const joined = (one: Manifest | undefined, other: Manifest | undefined): Manifest | undefined => (one || other ? { ...one, ...other } : undefined);

const TYPES: readonly (readonly string[] | undefined)[] = [undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress'], ['Ingress', 'Egress']];
const TIERS = ['default', 'security', 'platform', 'last'] as const;

const sides = (direction: 'ingress' | 'egress', options: PolicyOptions): fc.Arbitrary<Manifest[] | undefined> => fc.oneof(
  { weight: 4, arbitrary: fc.array(rules(direction, options), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<Manifest[] | undefined>(undefined, []) },
);

export function calicoPolicies(options: PolicyOptions, { maxLength = 5, staged = true } = {}): fc.Arbitrary<Manifest[]> {
  const policies = (tiers: readonly string[]) => fc.boolean().chain(namespaced => fc.record({
    namespace: namespaced ? fc.constantFrom('shop', 'shop', 'shop', 'data') : fc.constant(undefined),
    tier: fc.constantFrom(...tiers),
    staged: staged ? fc.nat({ max: 6 }).map(dice => dice === 0) : fc.constant(false),
    spec: fc.record({
      order: fc.constantFrom(undefined, 10, 10.5, 1000, 2000),
      selector: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(undefined, 'all()') }, { weight: 1, arbitrary: fc.constantFrom(...SELECTORS.slice(0, -1)) }),
      serviceAccountSelector: rarely(fc.constantFrom(...ACCOUNT_SELECTORS)),
      namespaceSelector: namespaced ? fc.constant(undefined) : fc.oneof(fc.constant(undefined), fc.constantFrom(...NAMESPACE_SELECTORS)),
      types: fc.constantFrom(...TYPES),
      ingress: sides('ingress', options),
      egress: sides('egress', options),
    }),
  }));
  const stagedPlain = networkPolicySpecs(options).map((spec): Manifest => (
    { apiVersion: V3, kind: 'StagedKubernetesNetworkPolicy', metadata: { name: 'staged-plain', namespace: 'shop' }, spec }));
  // Of few tiers, so that policies meet.
  const tiersOfWorld = fc.oneof(fc.constantFrom(...TIERS).map(tier => [tier]), fc.subarray([...TIERS], { minLength: 2, maxLength: 2 }));
  const all = tiersOfWorld.chain(tiers => fc.array(policies(tiers), { minLength: 3, maxLength }));
  return fc.tuple(all, fc.option(stagedPlain, { nil: undefined, freq: 4 })).map(([some, plain]) => [
    ...some.map(({ namespace, tier, staged: isStaged, spec }, i): Manifest => ({
      apiVersion: V3,
      kind: `${isStaged ? 'Staged' : ''}${namespace === undefined ? 'Global' : ''}NetworkPolicy`,
      // Against the order of the list, so that the name decides where the order does not.
      metadata: { name: `${tier === 'default' ? '' : `${tier}.`}calico-${9 - i}`, ...optional('namespace', namespace) },
      spec: { ...optional('tier', tier === 'default' ? undefined : tier), ...Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) },
    })),
    ...(plain && staged ? [plain] : []),
  ]);
}
