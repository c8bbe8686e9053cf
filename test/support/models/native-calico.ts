import * as fc from 'fast-check';
import { httpBoxes } from './requests';
import { BLOCKS, blocks, NAMESPACES, namespaces, podPeers, satisfiable, SERVICE_ACCOUNTS, subjectLabels, trafficBoxes } from './vocabulary';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, LabelScope, not, POD } from '../../../src/model/endpoint';
import { Action, Direction, DIRECTIONS, Hook, Policy, PolicySet, Rule, tieredPipeline } from '../../../src/model/policy-set';
import { ALL_PORTS, ALL_TRAFFIC, allOfProtocol, complementRanges, portRange, TrafficBox } from '../../../src/model/traffic';

export interface CalicoScope {
  readonly version: string;
  /** Without what leaves the answer open where a flow says no more than its port. */
  readonly certain?: boolean;
}

const hasFreeNames = ({ version }: CalicoScope): boolean => Number(version.split('.')[1]) >= 32;

interface NativeTier {
  readonly name: string;
  readonly order: number;
  readonly isolates: boolean;
}

/** Tiers in their order, and whether their default action is Deny. */
function tiersOf(scope: CalicoScope): readonly NativeTier[] {
  const [admin, baseline] = hasFreeNames(scope) ? ['kube-admin', 'kube-baseline'] : ['adminnetworkpolicy', 'baselineadminnetworkpolicy'];
  return [
    { name: 'security', order: 100, isolates: true },
    { name: 'netpol-deny', order: 500, isolates: false },
    { name: admin, order: 1_000, isolates: false },
    { name: 'default', order: 1_000_000, isolates: true },
    { name: baseline, order: 10_000_000, isolates: false },
  ];
}

const PROJECT_CALICO = 'projectcalico.org/v3';
const tierDocument = (name: string, order: number, defaultAction: string) => ({ apiVersion: PROJECT_CALICO, kind: 'Tier', metadata: { name }, spec: { order, defaultAction } });

/** The tiers of what is stated for the whole cluster. */
const STAGE_TIERS = [tierDocument('netpol-security', 100, 'Pass'), tierDocument('netpol-platform', 200, 'Pass'), tierDocument('netpol-baseline', 2_000_000, 'Pass')];

/** Tiers that do not exist everywhere, and the objects that selectors and references lead to. */
export const calicoSupport = (version: string): readonly unknown[] => [
  ...tiersOf({ version }).slice(0, 2).map(({ name, order, isolates }) => tierDocument(name, order, isolates ? 'Deny' : 'Pass')),
  ...STAGE_TIERS,
  { apiVersion: PROJECT_CALICO, kind: 'GlobalNetworkSet', metadata: { name: 'partners', labels: { app: 'web', role: 'partner' } }, spec: { nets: ['203.0.113.64/26', '2001:db8::/48'] } },
  { apiVersion: PROJECT_CALICO, kind: 'NetworkSet', metadata: { name: 'others', namespace: 'shop', labels: { app: 'api', role: 'partner' } }, spec: { nets: ['198.51.100.7'] } },
  ...Object.entries(NAMESPACES).map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'a', port: 8000, targetPort: 80, protocol: 'TCP' }, { name: 'b', port: 53, targetPort: 'metrics', protocol: 'UDP' }] },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside', namespace: 'data' }, spec: { ports: [{ port: 80, protocol: 'TCP' }] } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'outside-1', namespace: 'data', labels: { 'kubernetes.io/service-name': 'outside' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['203.0.113.10'] }],
    ports: [{ port: 443, protocol: 'TCP' }],
  },
];

const accounts: fc.Arbitrary<EndpointExpr> = fc.oneof(
  fc.constantFrom(...SERVICE_ACCOUNTS).map(serviceAccount => ({ serviceAccount })),
  fc.constantFrom(...SERVICE_ACCOUNTS).map(serviceAccount => not({ serviceAccount })),
  fc.constantFrom(labelIn('serviceAccount', 'duty', 'robot'), labelExists('serviceAccount', 'duty'), not(labelExists('serviceAccount', 'duty'))),
);

const operators: fc.Arbitrary<EndpointExpr> = fc.record({
  op: fc.constantFrom('contains' as const, 'startsWith' as const, 'endsWith' as const), value: fc.constantFrom('a', 'w', 'eb'), negated: fc.boolean(),
}).map(({ op, value, negated }) => {
  const test: EndpointExpr = { of: 'pod', label: 'app', op, values: [value] };
  return negated ? not(test) : test;
});

const pods: fc.Arbitrary<EndpointExpr> = fc.oneof(
  { weight: 4, arbitrary: podPeers },
  { weight: 1, arbitrary: fc.tuple(podPeers, accounts).map(([some, account]) => allOf(some, account)) },
  { weight: 1, arbitrary: operators.map(test => allOf(POD, test)) },
  { weight: 1, arbitrary: fc.constant(POD) },
);

/** A negation may hold both IP versions, or all of one. */
const notBlocks: fc.Arbitrary<EndpointExpr> = fc.subarray([...new Set(BLOCKS.map(({ cidr }) => cidr))], { minLength: 1, maxLength: 2 })
  .map(cidrs => allOf(...cidrs.map(cidr => not(address(cidr)))));

const ranges = blocks.map(({ cidr, except }) => address(cidr, except));

const HOST: EndpointExpr = { kind: 'hostEndpoint' };

const LABELS: readonly (readonly [string, string])[] = [['app', 'web'], ['app', 'api'], ['role', 'partner'], ['role', 'gateway']];

/** What a selector asks of the labels of whoever has some. */
const selectors: fc.Arbitrary<(of: LabelScope) => EndpointExpr> = fc.tuple(fc.subarray([...LABELS], { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([labels, negated]) => of => {
    const tests = labels.map(([label, value]) => labelIn(of, label, value));
    return negated ? allOf(...tests.map(not)) : anyOf(...tests);
  });

/** Pods, host endpoints and network sets: in a namespaced policy what is in the namespace, in a global one also what is in none. */
const anybody = (namespace: string | undefined): fc.Arbitrary<EndpointExpr> => selectors.map(selector => (namespace === undefined
  ? anyOf(allOf(POD, selector('pod')), allOf(HOST, selector('hostEndpoint')), { ref: 'addressSet', selector: selector('addressSet') })
  : anyOf(allOf(POD, inNamespace(namespace), selector('pod')), { ref: 'addressSet', namespace, selector: selector('addressSet') })));

/** One that is stated nowhere is not known, while the judge takes the world for complete. */
const services: fc.Arbitrary<EndpointExpr> = fc.constantFrom<EndpointExpr>(
  { ref: 'service', namespace: 'shop', name: 'web' }, { ref: 'service', namespace: 'data', name: 'outside' },
);

function ends(namespace: string | undefined, scope: CalicoScope): fc.Arbitrary<EndpointExpr> {
  const some = fc.oneof(
    { weight: 4, arbitrary: pods },
    { weight: 2, arbitrary: ranges },
    { weight: 1, arbitrary: notBlocks },
    { weight: 1, arbitrary: fc.tuple(pods, fc.oneof(notBlocks, ranges)).map(([who, where]) => allOf(who, where)) },
    // Everything but some pods.
    ...(namespace === undefined ? [{ weight: 1, arbitrary: fc.oneof(fc.constant(labelIn('pod', 'app', 'web')), namespaces.map(inNamespace)).map(not) }] : []),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(ANY) },
    { weight: 3, arbitrary: fc.array(some, { minLength: 1, maxLength: 2 }).map(list => anyOf(...list)) },
    ...(scope.certain ? [] : [{ weight: 1, arbitrary: anybody(namespace) }]),
  );
}

const but80 = complementRanges([[80, 80]], ALL_PORTS);
const OTHER_BOXES: readonly TrafficBox[] = [
  { protocols: [[0, 255]], ipVersion: 4 },
  { protocols: [[0, 255]], ipVersion: 6 },
  // notProtocol
  { protocols: [[0, 5], [7, 255]] },
  allOfProtocol('ICMP'),
  { ...allOfProtocol('ICMP'), icmp: [{ type: 8 }] },
  { ...allOfProtocol('ICMP'), icmp: [{ type: 8, code: 1 }, { type: 0 }] },
  // notPorts
  { ...allOfProtocol('TCP'), destinationPorts: { ranges: but80, names: [] } },
  { ...allOfProtocol('TCP'), destinationPorts: { ranges: but80, names: [], exceptNames: ['http'] } },
  { ...allOfProtocol('TCP'), destinationPorts: { ranges: [ALL_PORTS], names: [], exceptNames: ['http', 'metrics'] } },
  { ...allOfProtocol('TCP'), destinationPorts: { ranges: [[80, 80], [8080, 8090]], names: ['metrics'] } },
  { ...portRange('TCP', 80), sourcePorts: { ranges: [[40000, 40000]], names: [] } },
  { ...allOfProtocol('UDP'), sourcePorts: { ranges: [[1, 1024]], names: [] } },
  { ...portRange('TCP', 80, 443), ipVersion: 6 },
];

const traffic: fc.Arbitrary<readonly TrafficBox[]> = fc.oneof(
  { weight: 3, arbitrary: trafficBoxes() },
  { weight: 2, arbitrary: fc.subarray([...OTHER_BOXES], { minLength: 1, maxLength: 2 }) },
);

const rarely = <T>(value: T): fc.Arbitrary<T | undefined> => fc.integer({ min: 0, max: 5 }).map(dice => (dice === 0 ? value : undefined));

const actions: fc.Arbitrary<Action> = fc.constantFrom('allow', 'allow', 'deny', 'pass', 'log');

/** Mostly with one condition, so that it decides something: of those with several few ever match. */
const plainRules = (namespace: string | undefined, scope: CalicoScope): fc.Arbitrary<Rule> => fc.tuple(actions, fc.oneof(
  ...([[true, false, false], [false, true, false], [false, false, true], [true, true, true]] as const)
    .map(([bySource, byDestination, byTraffic]) => fc.record({
      source: bySource ? ends(namespace, scope) : fc.constant(ANY),
      destination: byDestination ? ends(namespace, scope) : fc.constant(ANY),
      traffic: byTraffic ? traffic : fc.constant(ALL_TRAFFIC),
    })),
), rarely({ annotations: { 'example.com/why': 'because' } }))
  .map(([action, match, effects]) => ({ action, match, ...(effects ? { effects } : {}) }));

/** Services are the other end, and bring their ports along; requests are asked for at ingress. */
function rules(namespace: string | undefined, direction: Direction, scope: CalicoScope): fc.Arbitrary<Rule> {
  const plain = plainRules(namespace, scope);
  if (scope.certain) { return plain; }
  const toService = fc.tuple(actions, services).map(([action, service]): Rule => ({
    action, match: direction === 'egress' ? { source: ANY, destination: service, traffic: ALL_TRAFFIC } : { source: service, destination: ANY, traffic: ALL_TRAFFIC },
  }));
  const http = fc.tuple(fc.oneof(fc.constant(ANY), ends(namespace, scope)), httpBoxes('methods-and-paths'))
    .map(([source, box]): Rule => ({ action: 'allow', match: { source, destination: ANY, traffic: [box] } }));
  return fc.oneof(
    { weight: 8, arbitrary: plain }, { weight: 1, arbitrary: toService }, ...(direction === 'ingress' ? [{ weight: 2, arbitrary: http }] : []),
  );
}

interface Scope {
  readonly namespace?: string;
  readonly subject: EndpointExpr;
  /** The host endpoints among it. */
  readonly hosts?: EndpointExpr;
}

const inOne = (labels: fc.Arbitrary<EndpointExpr>): fc.Arbitrary<Scope> =>
  fc.tuple(namespaces, labels).map(([namespace, some]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), some) }));
const somePods = pods.filter(satisfiable);

const subjects: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 2, arbitrary: inOne(subjectLabels) },
  { weight: 3, arbitrary: inOne(fc.constant(ANY)) },
  { weight: 1, arbitrary: inOne(accounts) },
  // A selector may be any expression of labels.
  { weight: 1, arbitrary: inOne(fc.tuple(subjectLabels, subjectLabels).map(both => anyOf(...both))) },
  { weight: 2, arbitrary: somePods.map(subject => ({ subject })) },
  { weight: 2, arbitrary: fc.constant({ subject: POD }) },
  { weight: 1, arbitrary: somePods.map(subject => ({ subject: anyOf(subject, HOST), hosts: HOST })) },
  { weight: 1, arbitrary: fc.constantFrom(HOST, allOf(HOST, labelIn('hostEndpoint', 'role', 'gateway'))).map(subject => ({ subject, hosts: subject })) },
);

const hostSubjects: fc.Arbitrary<Scope> = fc.constantFrom<EndpointExpr>(HOST, not(labelExists('hostEndpoint', 'app'))).map(some => ({ subject: allOf(HOST, some) }));

type Sides = readonly (readonly Rule[] | undefined)[];

const sidesOf = (namespace: string | undefined, scope: CalicoScope): fc.Arbitrary<Sides> =>
  fc.tuple(...DIRECTIONS.map(direction => fc.option(fc.array(rules(namespace, direction, scope), { maxLength: 3 }), { nil: undefined, freq: 2 })))
    .filter(sides => sides.some(side => side !== undefined));

interface NativeDocument {
  readonly scope: Scope;
  readonly tier: string;
  readonly order: number | undefined;
  readonly staged: boolean;
  readonly sides: Sides;
  readonly hook?: Hook;
  /** The host endpoints of the subject, where packets that are only forwarded are judged too. */
  readonly forwarded?: EndpointExpr;
  readonly effects?: Policy['effects'];
}

/** Policies of few tiers, so that they meet. */
function documents(tiers: readonly string[], scope: CalicoScope): fc.Arbitrary<NativeDocument> {
  const common = {
    tier: fc.constantFrom(...tiers),
    order: fc.constantFrom(undefined, 0, 10, 10.5, 1000),
    staged: fc.integer({ min: 0, max: 9 }).map(dice => dice === 0),
  };
  const plain = subjects.chain(one => fc.record({
    ...common,
    scope: fc.constant(one),
    sides: sidesOf(one.namespace, scope),
    effects: rarely({ performanceHints: ['AssumeNeededOnEveryNode'] }),
    forwarded: one.namespace === undefined && one.hosts ? rarely(one.hosts) : fc.constant(undefined),
  }));
  const hooked = fc.record({
    ...common, scope: hostSubjects, hook: fc.constantFrom<Hook>('untracked', 'pre-dnat'), sides: sidesOf(undefined, { ...scope, certain: true }),
  }).map(one => (one.hook === 'pre-dnat' ? { ...one, sides: [one.sides[DIRECTIONS.indexOf('ingress')] ?? one.sides[DIRECTIONS.indexOf('egress')]] } : one));
  return scope.certain ? plain : fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: hooked });
}

/** Policies of projectcalico.org/v3 in their tiers. */
export function nativeCalico(scope: CalicoScope): fc.Arbitrary<PolicySet> {
  const tiers = tiersOf(scope);
  const names = tiers.map(({ name }) => name);
  return fc.subarray(names, { minLength: 1, maxLength: 2 })
    .chain(some => fc.array(documents(some, scope), { minLength: 1, maxLength: 4 }))
    .map(all => ({ pipeline: tieredPipeline(names), policies: all.flatMap((document, i) => policiesOf(document, i, tiers)) }));
}

function policiesOf(document: NativeDocument, index: number, tiers: readonly NativeTier[]): Policy[] {
  const { scope: { namespace, subject }, tier, order, staged, sides, hook, forwarded, effects } = document;
  const kind = `${staged ? 'Staged' : ''}${namespace === undefined ? 'Global' : ''}NetworkPolicy`;
  // Against the order of the list, so that the name decides where the order does not.
  const name = `${tier === 'default' ? '' : `${tier}.`}policy-${9 - index}`;
  const policies = sides.flatMap((side, j): Policy[] => (side === undefined ? [] : [{
    origin: { apiVersion: PROJECT_CALICO, kind, name, ...(namespace === undefined ? {} : { namespace }) },
    stage: tier,
    order: [order ?? Infinity, `${name}/${namespace ?? ''}/${kind}`],
    mode: staged ? 'staged' : 'enforce',
    direction: DIRECTIONS[j],
    subject,
    isolates: !hook && tiers.find(candidate => candidate.name === tier)!.isolates,
    rules: side,
    ...(hook ? { hook } : {}),
    ...(effects ? { effects } : {}),
  }]));
  return forwarded ? [...policies, ...policies.map((policy): Policy => ({ ...policy, hook: 'forwarded', subject: forwarded }))] : policies;
}
