import * as fc from 'fast-check';
import { ruleOf } from './native-kubernetes';
import { httpBoxes, ICMP_TYPES, ICMPV6_TYPES, serverNameBoxes } from './requests';
import { blocks, FQDNS, namespaces, oneOrMore, podPeers, satisfiable, SERVICE_ACCOUNTS, subjectLabels, trafficBoxes } from './vocabulary';
import { TargetFeatures } from '../../../src/dialects/dialect';
import { disjunction } from '../../../src/model/dnf';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, not, OWN_CLUSTER, POD } from '../../../src/model/endpoint';
import { Action, Direction, DIRECTIONS, NORMAL, peerOf, Policy, Rule } from '../../../src/model/policy-set';
import { allOfProtocol, L7, portRange, TrafficBox } from '../../../src/model/traffic';

/** What a version of Cilium takes, and what its operator has switched on. */
export interface CiliumScope {
  readonly version: string;
  readonly features: TargetFeatures;
}

const since = ({ version }: CiliumScope, first: string): boolean => Number(version.split('.')[1]) >= Number(first.split('.')[1]);

/** Objects that references lead to. */
export const CILIUM_SUPPORT = [
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'partners', labels: { kind: 'partner' } }, spec: { externalCIDRs: ['203.0.113.64/26'] } },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'others', labels: { kind: 'other' } }, spec: { externalCIDRs: ['198.51.100.7/32', '2001:db8::/32'] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', labels: { kind: 'web' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP' }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside', namespace: 'data', labels: { kind: 'outside' } }, spec: { ports: [{ port: 80, protocol: 'TCP' }] } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'outside-1', namespace: 'data', labels: { 'kubernetes.io/service-name': 'outside' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['203.0.113.10'] }],
    ports: [{ port: 80, protocol: 'TCP' }],
  },
];

const accountTests: fc.Arbitrary<EndpointExpr> = fc.tuple(fc.constantFrom(...SERVICE_ACCOUNTS), fc.boolean())
  .map(([serviceAccount, negated]) => (negated ? not({ serviceAccount }) : { serviceAccount }));

const OWN: EndpointExpr = { cluster: OWN_CLUSTER };
const ANY_CLUSTER = anyOf(OWN, not(OWN));

/** Since 1.19 a selector that names no cluster is of the own one; before, of every cluster. */
function clusters(scope: CiliumScope): fc.Arbitrary<EndpointExpr> {
  const mars: EndpointExpr = { cluster: 'mars' };
  return since(scope, '1.19')
    ? fc.oneof({ weight: 8, arbitrary: fc.constant(OWN) }, { weight: 1, arbitrary: fc.constantFrom(mars, not(mars), ANY_CLUSTER) })
    : fc.oneof({ weight: 8, arbitrary: fc.constant(ANY) }, { weight: 1, arbitrary: fc.constantFrom(mars, not(mars)) });
}

const groups: fc.Arbitrary<EndpointExpr> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('partners', 'others', 'nobody').map((name): EndpointExpr => ({ ref: 'cidrGroup', name })) },
  { weight: 2, arbitrary: fc.constantFrom('partner', 'other').map((kind): EndpointExpr => ({ ref: 'cidrGroup', selector: labelIn('addressSet', 'kind', kind) })) },
  { weight: 1, arbitrary: fc.constant<EndpointExpr>({ ref: 'cloudGroup', value: { aws: { securityGroupsIds: ['sg-1'] } } }) },
);

/** One that is stated nowhere is not known, while the judge takes the world for complete. */
const services: fc.Arbitrary<EndpointExpr> = fc.constantFrom<EndpointExpr>(
  { ref: 'service', name: 'web', namespace: 'shop' },
  { ref: 'service', name: 'outside', namespace: 'data' },
  { ref: 'service', selector: labelIn('addressSet', 'kind', 'web') },
);

/** Other nodes than the own one. */
const nodes: fc.Arbitrary<EndpointExpr> = fc.constantFrom<EndpointExpr>(ANY, labelIn('node', 'zone', 'a'), not(labelExists('node', 'zone')), labelIn('node', 'zone', 'b'))
  .map(labels => allOf({ kind: 'node' }, labels, { entity: 'remote-node' }, OWN));

function entities(scope: CiliumScope): fc.Arbitrary<EndpointExpr> {
  const rare = ['all', 'host', 'remote-node', 'kube-apiserver', 'none', 'health', ...(since(scope, '1.20') ? ['cluster-mesh'] : [])];
  return fc.constantFrom('world', 'cluster', 'world', 'cluster', ...rare).map((entity): EndpointExpr => ({ entity }));
}

function peers(scope: CiliumScope, direction: Direction, action: Action = 'allow'): fc.Arbitrary<EndpointExpr> {
  const pods = fc.oneof(
    { weight: 4, arbitrary: podPeers },
    { weight: 2, arbitrary: fc.tuple(podPeers, accountTests).map(([some, account]) => allOf(some, account)) },
  );
  const some = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(pods, clusters(scope)).map(([who, cluster]) => allOf(who, cluster)) },
    { weight: 2, arbitrary: blocks.map(({ cidr, except }) => address(cidr, except)) },
    { weight: 1, arbitrary: entities(scope) },
    { weight: 1, arbitrary: groups },
    ...(scope.features.nodeSelectorLabels ? [{ weight: 1, arbitrary: nodes }] : []),
    // Cilium looks Services up in egress that is allowed only.
    ...(direction === 'egress' && action === 'allow' ? [{ weight: 1, arbitrary: services }] : []),
  );
  return fc.oneof({ weight: 6, arbitrary: oneOrMore(some) }, { weight: 1, arbitrary: fc.constant(ANY) });
}

const names = (scope: CiliumScope): fc.Arbitrary<string> => fc.constantFrom(...FQDNS.filter(name => since(scope, '1.19') || !name.startsWith('**.')));

const icmpBoxes: fc.Arbitrary<readonly TrafficBox[]> = fc.oneof(
  fc.subarray([...ICMP_TYPES], { minLength: 1 }).map(icmp => [{ ...allOfProtocol('ICMP'), icmp }]),
  fc.subarray([...ICMPV6_TYPES], { minLength: 1 }).map(icmp => [{ ...allOfProtocol('ICMPv6'), icmp }]),
);

function portlessBoxes(scope: CiliumScope): fc.Arbitrary<readonly TrafficBox[]> {
  const numbers = [112, 2, ...(since(scope, '1.20') ? [47, 50, 47] : [])];
  return fc.uniqueArray(fc.constantFrom(...numbers), { minLength: 1, maxLength: 2 })
    .map(all => all.map(number => ({ protocols: [[number, number] as const] })));
}

const traffic = (scope: CiliumScope): fc.Arbitrary<readonly TrafficBox[]> => fc.oneof(
  { weight: 8, arbitrary: trafficBoxes() },
  { weight: 1, arbitrary: icmpBoxes },
  { weight: 1, arbitrary: fc.tuple(trafficBoxes({ named: false }), icmpBoxes).map(([ports, icmp]) => [...ports, ...icmp]) },
  ...(scope.features.extendedProtocols && since(scope, '1.19') ? [{ weight: 1, arbitrary: portlessBoxes(scope) }] : []),
);

const withEffects = (rule: Rule, effects: Rule['effects']): Rule => (effects ? { ...rule, effects } : rule);

/** Effects that fit to every rule that allows. */
const authentication: fc.Arbitrary<Rule['effects']> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('required', 'disabled').map(mode => ({ authentication: mode })) },
);

const TLS = { terminatingTLS: { secret: { name: 'cert', namespace: 'shop' } }, originatingTLS: { secret: { name: 'ca' }, trustedCA: 'ca.crt' } };
const KAFKA: L7 = { opaque: 'kafka', value: [{ role: 'produce', topic: 'orders' }] };
const LISTENER = { listener: { name: 'proxy', envoyConfig: { name: 'proxy', kind: 'CiliumClusterwideEnvoyConfig' }, priority: 7 } };

const plainRules = (scope: CiliumScope, direction: Direction): fc.Arbitrary<Rule> => fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const)
  .chain(action => fc.record({ peer: peers(scope, direction, action), boxes: traffic(scope), effects: authentication })
    .map(({ peer, boxes, effects }) => withEffects(ruleOf(action, direction, peer, boxes), action === 'allow' ? effects : undefined)));

/** What restricts requests: without isolation Cilium lets every request through. */
function requestRules(scope: CiliumScope, direction: Direction): fc.Arbitrary<Rule> {
  const allow = (
    boxes: fc.Arbitrary<readonly TrafficBox[]>, effects: fc.Arbitrary<Rule['effects']> = authentication, peer: fc.Arbitrary<EndpointExpr> = peers(scope, direction),
  ): fc.Arbitrary<Rule> => fc.record({ peer, boxes, effects }).map(all => withEffects(ruleOf('allow', direction, all.peer, all.boxes), all.effects));
  // Somebody who could be a DNS server, since that is what the judge believes of whoever is named.
  const servers = fc.oneof(fc.constant(ANY), fc.tuple(podPeers.filter(satisfiable), clusters(scope)).map(parts => allOf(...parts)));
  const http = fc.array(httpBoxes('patterns'), { minLength: 1, maxLength: 2 });
  const serverNames = serverNameBoxes(since(scope, '1.20'));
  return fc.oneof(
    { weight: 4, arbitrary: allow(http) },
    { weight: 1, arbitrary: allow(fc.tuple(http, trafficBoxes()).map(([some, plain]) => [...some, ...plain])) },
    { weight: 2, arbitrary: allow(serverNames.map(box => [box])) },
    { weight: 1, arbitrary: allow(fc.tuple(serverNames, httpBoxes('patterns')).map(([named, { l7 }]) => [{ ...named, l7 }]), fc.constant(TLS)) },
    // Until 1.19 there are rules for requests of Kafka.
    ...(since(scope, '1.20') ? [] : [{ weight: 1, arbitrary: allow(fc.constant([{ ...portRange('TCP', 8080), l7: KAFKA }])) }]),
    ...(direction === 'egress' ? [
      { weight: 1, arbitrary: allow(fc.constantFrom([portRange('TCP', 443)], [portRange('TCP', 80)]), fc.constant(LISTENER)) },
      { weight: 2, arbitrary: allow(names(scope).map(name => [{ ...portRange('UDP', 53), l7: { dns: [name] } }]), authentication, servers) },
      { weight: 1, arbitrary: allow(fc.constant([...['TCP', 'UDP'] as const].map(protocol => ({ ...portRange(protocol, 53), l7: { dns: ['*'] } }))), authentication, servers) },
    ] : []),
  );
}

const nameRules = (scope: CiliumScope): fc.Arbitrary<Rule> => fc.record({
  peer: oneOrMore(names(scope).map((fqdn): EndpointExpr => ({ fqdn }))), boxes: trafficBoxes(),
}).map(({ peer, boxes }) => ruleOf('allow', 'egress', peer, boxes));

interface Side {
  readonly direction: Direction;
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
}

/** Whether a rule can match anybody: of one that cannot no item is written. */
const saysSomething = (peer: EndpointExpr): boolean =>
  disjunction(peer).some(conjunction => !conjunction.some(({ atom }) => 'entity' in atom && atom.entity === 'none'));

/** One that does not isolate must say something: Cilium refuses a policy without an item. */
function sides(scope: CiliumScope, direction: Direction, aboutNodes: boolean): fc.Arbitrary<Side> {
  const plain = plainRules(scope, direction);
  const open = fc.array(plain, { minLength: 1, maxLength: 3 });
  const closed = fc.array(aboutNodes ? plain : fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 3, arbitrary: requestRules(scope, direction) },
    ...(direction === 'egress' ? [{ weight: 2, arbitrary: nameRules(scope) }] : []),
  ), { maxLength: 3 });
  return fc.boolean().chain(isolates => (isolates ? closed : open).map(rules => ({
    direction, rules, isolates: isolates || !rules.some(({ match }) => saysSomething(peerOf(direction, match))),
  })));
}

interface Scope {
  readonly namespace?: string;
  readonly subject: EndpointExpr;
}

const inOne = (labels: fc.Arbitrary<EndpointExpr>): fc.Arbitrary<Scope> =>
  fc.tuple(namespaces, labels).map(([namespace, some]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), some) }));

const podSubjects: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 4, arbitrary: inOne(subjectLabels) },
  { weight: 1, arbitrary: inOne(accountTests) },
  { weight: 2, arbitrary: podPeers.filter(satisfiable).map(subject => ({ subject })) },
);

const nodeSubjects: fc.Arbitrary<Scope> = fc.constantFrom<EndpointExpr>(ANY, labelIn('node', 'zone', 'a'), not(labelExists('node', 'zone')))
  .map(labels => ({ subject: allOf({ kind: 'node' }, labels) }));

const policyEffects: fc.Arbitrary<Policy['effects']> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Policy['effects']>(
      { description: 'who may talk to whom' }, { labels: [{ key: 'team', value: 'red' }], log: 'audited' }, { description: '', labels: [{ key: 'a', value: 'b', source: 'k8s' }] },
    ),
  },
);

function specs(scope: CiliumScope): fc.Arbitrary<{ scope: Scope; directions: readonly Side[]; effects: Policy['effects'] }> {
  const of = (subjects: fc.Arbitrary<Scope>, nodesOnly: boolean) => fc.record({
    scope: subjects,
    directions: fc.tuple(...DIRECTIONS.map(direction => fc.option(sides(scope, direction, nodesOnly), { nil: undefined })))
      .map(both => both.filter(side => side !== undefined)).filter(both => both.length > 0),
    effects: policyEffects,
  });
  const aboutNodes = { weight: 1, arbitrary: of(nodeSubjects, true) };
  return fc.oneof({ weight: 9, arbitrary: of(podSubjects, false) }, ...(scope.features.hostFirewall ? [aboutNodes] : []));
}

/** Policies as cilium.io/v2 has them; those that follow one another in a namespace may be specs of one object. */
export const nativeCilium = (target: CiliumScope): fc.Arbitrary<Policy[]> =>
  fc.tuple(fc.array(specs(target), { minLength: 1, maxLength: 3 }), fc.boolean()).map(([all, together]) =>
    all.flatMap(({ scope: { namespace, subject }, directions, effects }, i) => directions.map((side): Policy => ({
      origin: {
        apiVersion: 'cilium.io/v2',
        kind: namespace === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
        name: together ? 'together' : `policy-${i}`,
        ...(namespace === undefined ? {} : { namespace }),
        ...(together ? { part: `specs[${i}]` } : {}),
      },
      stage: NORMAL,
      order: [],
      mode: 'enforce',
      subject,
      ...side,
      ...(effects ? { effects } : {}),
    }))));
