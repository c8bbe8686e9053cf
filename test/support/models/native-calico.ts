import * as fc from 'fast-check';
import { BLOCKS, blocks, namespaces, podPeers, satisfiable, SERVICE_ACCOUNTS, subjectLabels, trafficBoxes } from './vocabulary';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { Action, DIRECTIONS, Policy, PolicySet, Rule, tieredPipeline } from '../../../src/model/policy-set';
import { ALL_PORTS, ALL_TRAFFIC, allOfProtocol, complementRanges, portRange, TrafficBox } from '../../../src/model/traffic';

/** Tiers in their order, and whether their default action is Deny. */
const TIERS = [
  { name: 'security', order: 100, isolates: true },
  { name: 'netpol-deny', order: 500, isolates: false },
  { name: 'kube-admin', order: 1_000, isolates: false },
  { name: 'default', order: 1_000_000, isolates: true },
  { name: 'kube-baseline', order: 10_000_000, isolates: false },
];

/** The Tier objects of those that do not exist everywhere. */
export const TIER_DOCUMENTS = TIERS.slice(0, 2).map(({ name, order, isolates }) => (
  { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { order, defaultAction: isolates ? 'Deny' : 'Pass' } }));

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

function ends(namespace: string | undefined): fc.Arbitrary<EndpointExpr> {
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

const actions: fc.Arbitrary<Action> = fc.constantFrom('allow', 'allow', 'deny', 'pass', 'log');

/** Mostly with one condition, so that it decides something: of those with several few ever match. */
const rules = (namespace: string | undefined): fc.Arbitrary<Rule> => fc.tuple(actions, fc.oneof(
  ...([[true, false, false], [false, true, false], [false, false, true], [true, true, true]] as const)
    .map(([bySource, byDestination, byTraffic]) => fc.record({
      source: bySource ? ends(namespace) : fc.constant(ANY),
      destination: byDestination ? ends(namespace) : fc.constant(ANY),
      traffic: byTraffic ? traffic : fc.constant(ALL_TRAFFIC),
    })),
)).map(([action, match]) => ({ action, match }));

interface Scope {
  readonly namespace?: string;
  readonly subject: EndpointExpr;
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
  { weight: 1, arbitrary: somePods.map(subject => ({ subject: anyOf(subject, { kind: 'hostEndpoint' }) })) },
);

/** Policies of few tiers, so that they meet. */
const documents = (tiers: readonly string[]) => subjects.chain(scope => fc.record({
  scope: fc.constant(scope),
  tier: fc.constantFrom(...tiers),
  order: fc.constantFrom(undefined, 0, 10, 10.5, 1000),
  staged: fc.integer({ min: 0, max: 9 }).map(dice => dice === 0),
  sides: fc.tuple(...DIRECTIONS.map(() => fc.option(fc.array(rules(scope.namespace), { maxLength: 3 }), { nil: undefined, freq: 2 })))
    .filter(sides => sides.some(side => side !== undefined)),
}));

const documentsOfSomeTiers = fc.subarray(TIERS.map(({ name }) => name), { minLength: 1, maxLength: 2 })
  .chain(tiers => fc.array(documents(tiers), { minLength: 1, maxLength: 4 }));

/** Policies of projectcalico.org/v3 in their tiers. */
export const nativeCalico: fc.Arbitrary<PolicySet> = documentsOfSomeTiers.map(all => ({
  pipeline: tieredPipeline(TIERS.map(({ name }) => name)),
  policies: all.flatMap(({ scope: { namespace, subject }, tier, order, staged, sides }, i) => {
    const kind = `${staged ? 'Staged' : ''}${namespace === undefined ? 'Global' : ''}NetworkPolicy`;
    // Against the order of the list, so that the name decides where the order does not.
    const name = `${tier === 'default' ? '' : `${tier}.`}policy-${9 - i}`;
    return sides.flatMap((side, j): Policy[] => (side === undefined ? [] : [{
      origin: { apiVersion: 'projectcalico.org/v3', kind, name, ...(namespace === undefined ? {} : { namespace }) },
      stage: tier,
      order: [order ?? Infinity, `${name}/${namespace ?? ''}/${kind}`],
      mode: staged ? 'staged' : 'enforce',
      direction: DIRECTIONS[j],
      subject,
      isolates: TIERS.find(candidate => candidate.name === tier)!.isolates,
      rules: side,
    }]));
  }),
}));
