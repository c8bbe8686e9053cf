import * as fc from 'fast-check';
import { clusterNetworkPolicy } from '../../../src/dialects/cluster-network-policy';
import { Document, Refusal, Target } from '../../../src/dialects/dialect';
import { allOf, ANY, anyOf, EndpointExpr, address, POD } from '../../../src/model/endpoint';
import { Endpoint, Flow, Profile } from '../../../src/model/match';
import { Action, ADMIN, BASELINE, Direction, DIRECTIONS, Policy, PolicySet, Rule, SECURITY } from '../../../src/model/policy-set';
import { PROTOCOL_NUMBERS, TrafficBox } from '../../../src/model/traffic';
import { End, Flow as JudgedFlow, Pod, Protocol, World as JudgedWorld } from '../../oracle';
import { judgeClusterNetworkPolicy, Nodes } from '../../oracle/cluster-network-policy';
import { ruleOf } from '../../support/models/native-kubernetes';
import {
  blocks, labelTests, NAMESPACES, NODE_CIDRS, oneOrMore, outside, POD_CIDRS, podPeers, PORT_BOXES, satisfiable, trafficBoxes,
} from '../../support/models/vocabulary';
import { World } from '../../support/models/worlds';

// --- places

const TARGET: Target = {
  cni: 'antrea',
  cidrMatchesPods: true,
  cidrMatchesNodes: true,
  clusterCidrs: [...POD_CIDRS, ...NODE_CIDRS],
  clusterCidrsComplete: true,
  denyTier: 'netpol-deny',
};

/** A cluster that does as the API says. */
export const V1ALPHA2: Target = { ...TARGET, clusterNetworkPolicy: { version: 'v1alpha2', experimental: true } };
export const STANDARD: Target = { ...TARGET, clusterNetworkPolicy: { version: 'v1alpha2', experimental: false } };
export const V1ALPHA1: Target = { ...TARGET, clusterNetworkPolicy: { version: 'v1alpha1', experimental: true } };
export const STANDARD_V1ALPHA1: Target = { ...TARGET, clusterNetworkPolicy: { version: 'v1alpha1', experimental: false } };
export const CILIUM: Target = { ...V1ALPHA2, cni: 'cilium', version: '1.20', cidrMatchesPods: false, cidrMatchesNodes: false };

export const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };
export const OUTSIDE_ONLY: Profile = { cidrMatches: ['external'] };

// --- documents

/** As YAML would hold them. */
export const written = (policies: readonly Policy[], target: Target): Document[] =>
  JSON.parse(JSON.stringify(clusterNetworkPolicy.write(policies, target)));

export const readAll = (documents: readonly unknown[]): Policy[] => documents.flatMap(document => clusterNetworkPolicy.read(document));

export const linked = (documents: readonly unknown[]): PolicySet => clusterNetworkPolicy.link(readAll(documents), documents);

export function refusalOf(run: () => unknown): Refusal {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) { return error; }
    throw error;
  }
  throw new Error('nothing was refused');
}

const SUBJECT = { namespaces: {} };

export const cnp = (spec: object, name = 'web'): any => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name }, spec: { tier: 'Admin', priority: 10, subject: SUBJECT, ...spec },
});
export const anp = (spec: object, name = 'web'): any => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name }, spec: { priority: 10, subject: SUBJECT, ...spec },
});
export const banp = (spec: object, name = 'default'): any => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', metadata: { name }, spec: { subject: SUBJECT, ...spec },
});

// --- policies

export interface Stated {
  readonly name?: string;
  readonly stage?: string;
  readonly priority?: number;
  readonly subject?: EndpointExpr;
}

export function policy(direction: Direction, rules: readonly Rule[], stated: Stated = {}): Policy {
  const { name = 'web', stage = ADMIN, priority = 10, subject = POD } = stated;
  const origin = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', name };
  return { origin, stage, order: [priority, name], mode: 'enforce', direction, subject, isolates: false, rules };
}

export const rule = ruleOf;

/** A port's name, as the API has it: of every protocol. */
export const anyNamed = (name: string): TrafficBox =>
  ({ protocols: [[6, 6], [17, 17], [132, 132]], destinationPorts: { ranges: [], names: [name] } });

export interface Vocabulary {
  readonly version: 'v1alpha1' | 'v1alpha2';
  readonly experimental: boolean;
  readonly everything: boolean;
}

const podsOf = oneOrMore(podPeers);
const nodes: fc.Arbitrary<EndpointExpr> = fc.oneof(
  fc.constant<EndpointExpr>({ kind: 'node' }),
  fc.constantFrom('linux', 'windows').map(os => allOf({ kind: 'node' }, { label: 'kubernetes.io/os', of: 'node', op: 'in', values: [os] })),
);
const names: fc.Arbitrary<EndpointExpr> = oneOrMore(fc.constantFrom('api.example.com', '**.example.com').map((fqdn): EndpointExpr => ({ fqdn })));
const ranges: fc.Arbitrary<EndpointExpr> = blocks.map(({ cidr, except }) => address(cidr, except));
const namedBoxes = fc.uniqueArray(fc.constantFrom(...PORT_BOXES, anyNamed('http'), anyNamed('metrics')), { minLength: 1, maxLength: 3 });
const plainBoxes = trafficBoxes({ named: false });

type Boxes = fc.Arbitrary<readonly TrafficBox[]>;
const ACTIONS: readonly Action[] = ['allow', 'deny', 'pass'];

const make = (direction: Direction, peers: fc.Arbitrary<EndpointExpr>, traffic: Boxes, actions = ACTIONS): fc.Arbitrary<Rule> =>
  fc.tuple(fc.constantFrom(...actions), peers, traffic).map(([action, peer, boxes]) => ruleOf(action, direction, peer, boxes));

function rulesIn(direction: Direction, { version, experimental, everything }: Vocabulary, own: fc.Arbitrary<EndpointExpr>): fc.Arbitrary<Rule> {
  const named = version === 'v1alpha2' || experimental ? namedBoxes : plainBoxes;
  if (direction === 'ingress') { return make(direction, podsOf, fc.oneof(plainBoxes, named)); }
  const nodesAndPods = fc.tuple(nodes, podPeers).map(parts => anyOf(...parts));
  return fc.oneof(
    { weight: 4, arbitrary: make(direction, podsOf, fc.oneof(plainBoxes, named)) },
    { weight: 4, arbitrary: make(direction, oneOrMore(fc.oneof(podPeers, own)), plainBoxes) },
    ...(everything ? [{ weight: 1, arbitrary: make(direction, fc.constant(ANY), fc.oneof(plainBoxes, named)) }] : []),
    ...(experimental && everything ? [{ weight: 1, arbitrary: make(direction, nodesAndPods, fc.oneof(plainBoxes, named)) }] : []),
    ...(experimental ? [{ weight: 1, arbitrary: make(direction, names, fc.oneof(plainBoxes, named), ['allow']) }] : []),
  );
}

const says = (expr: EndpointExpr): boolean => !JSON.stringify(expr).includes('fqdn');

/** Policies of the given stages, each with a priority of its own; `own` are the ranges that egress rules may name. */
function policiesOf(stages: readonly string[], vocabulary: Vocabulary, own: fc.Arbitrary<EndpointExpr>, last: number): fc.Arbitrary<Policy[]> {
  const side = (direction: Direction) => fc.option(fc.array(rulesIn(direction, vocabulary, own), { minLength: 1, maxLength: 3 }), { nil: undefined });
  const one = fc.record({
    stage: fc.constantFrom(...stages),
    priority: fc.integer({ min: 0, max: last }),
    subject: fc.oneof(podPeers.filter(satisfiable), fc.constant(POD), labelTests('pod').map(test => allOf(POD, test))),
    directions: fc.tuple(...DIRECTIONS.map(side)),
  });
  const single = vocabulary.version === 'v1alpha1';
  const placeOf = ({ stage, priority }: { stage: string; priority: number }) => (single && stage === BASELINE ? stage : `${stage} ${priority}`);
  return fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: placeOf })
    .map(all => all.flatMap(({ stage, priority, subject, directions }, i) => directions.flatMap((rules, d): Policy[] => {
      const older = single && stage === BASELINE;
      // The older baseline has no names.
      const kept = rules?.filter(({ match }) => !older || says(match.destination)) ?? [];
      if (kept.length === 0) { return []; }
      return [policy(DIRECTIONS[d], kept, { name: older ? 'default' : `policy-${i}`, stage, priority: older ? 0 : priority, subject })];
    })));
}

/** Policies as the API has them. */
export const native = (target: Target): fc.Arbitrary<Policy[]> =>
  policiesOf([ADMIN, BASELINE], { ...target.clusterNetworkPolicy!, everything: target.cidrMatchesNodes }, ranges, 1000);

/** What constructs state, of which a dialect may refuse some. */
export const statements = (target: Target): fc.Arbitrary<Policy[]> =>
  policiesOf([SECURITY, ADMIN, BASELINE], { ...target.clusterNetworkPolicy!, everything: true }, blocks.map(outside), 499);

// --- the judge's view of a world

const NODE_LABELS: Nodes = Object.fromEntries([1, 2].map(i => [`192.168.7.${i}`, { 'kubernetes.io/os': 'linux' }]));

const podOf = ({ namespace, labels, serviceAccount, address: ip, ports }: Endpoint, index: number): Pod => ({
  namespace: namespace!,
  name: `pod-${index}`,
  labels: { ...labels },
  serviceAccount: serviceAccount!,
  ips: [ip!],
  ports: ports!.map(({ name, port, protocol }) => ({ port, protocol: protocol as 'TCP' | 'UDP' | 'SCTP', ...(name === undefined ? {} : { name }) })),
});

function protocolOf(number: number): Protocol {
  const [name] = Object.entries(PROTOCOL_NUMBERS).find(([, known]) => known === number)!;
  return name === 'ICMPv6' ? 'ICMP' : name as Protocol;
}

export function judgeOf(documents: readonly unknown[], world: World): (flow: Flow) => 'allowed' | 'denied' {
  const pods = new Map(world.filter(({ kind }) => kind === 'pod').map((endpoint, i) => [endpoint, podOf(endpoint, i)]));
  const namespaces = Object.fromEntries(Object.entries(NAMESPACES).map(([name, labels]) => [name, { ...labels }]));
  const judged: JudgedWorld = { namespaces, pods: [...pods.values()], podCidrs: [...POD_CIDRS], nodeCidrs: [...NODE_CIDRS] };
  const endOf = (endpoint: Endpoint, name?: string): End => {
    const pod = pods.get(endpoint);
    if (pod) { return { pod }; }
    return endpoint.kind === 'node' ? { node: 'remote', address: endpoint.address! } : { address: endpoint.address!, ...(name === undefined ? {} : { name }) };
  };
  return ({ source, destination, protocol, port, icmp }) => {
    const flow = (name?: string): JudgedFlow => ({
      source: endOf(source),
      destination: endOf(destination, name),
      protocol: protocolOf(protocol),
      ...(port === undefined ? {} : { port }),
      ...(icmp ? { icmp: { ...icmp } } : {}),
    });
    // Rules with names only accept: an address that has several is open when it is by one of them.
    const found: readonly (string | undefined)[] = destination.names?.length ? destination.names : [undefined];
    return found.some(name => judgeClusterNetworkPolicy([...documents], judged, flow(name), NODE_LABELS).allowed) ? 'allowed' : 'denied';
  };
}
