import * as fc from 'fast-check';
import { ruleOf } from './native-kubernetes';
import { BLOCKS, FQDNS, namespaces, oneOrMore, outside, podPeers, satisfiable, SERVICE_ACCOUNTS, subjectLabels, trafficBoxes } from './vocabulary';
import { address, allOf, ANY, EndpointExpr, inNamespace, labelIn, not, POD } from '../../../src/model/endpoint';
import { Direction, DIRECTIONS, NORMAL, Policy, Rule } from '../../../src/model/policy-set';
import { portRange, TrafficBox } from '../../../src/model/traffic';

/** What a set of statements may use. The more it may, the fewer dialects express it. */
export interface Vocabulary {
  readonly deny?: boolean;
  readonly serviceAccounts?: boolean;
  readonly fqdn?: boolean;
  /** Addresses, whoever holds them. */
  readonly addresses?: boolean;
  readonly clusterScope?: boolean;
  readonly entities?: boolean;
  readonly namedPorts?: boolean;
}

/** With the namespace beside, for who states a policy of that namespace. */
const accountsOf = fc.tuple(namespaces, fc.constantFrom(...SERVICE_ACCOUNTS))
  .map(([namespace, serviceAccount]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), { serviceAccount }) }));

function peers({ serviceAccounts, addresses, entities, fqdn }: Vocabulary, direction: Direction): fc.Arbitrary<EndpointExpr> {
  return fc.oneof(
    {
      weight: 5,
      arbitrary: oneOrMore(fc.oneof(
        { weight: 5, arbitrary: podPeers.filter(satisfiable) },
        { weight: 2, arbitrary: fc.constantFrom(...BLOCKS).map(outside) },
        ...(serviceAccounts ? [{ weight: 2, arbitrary: accountsOf.map(({ subject }) => subject) }] : []),
        ...(entities ? [{ weight: 1, arbitrary: fc.constantFrom('world', 'cluster').map((entity): EndpointExpr => ({ entity })) }] : []),
        ...(addresses ? [{ weight: 1, arbitrary: fc.constantFrom(...BLOCKS).map(({ cidr, except }) => address(cidr, except)) }] : []),
      )),
    },
    ...(fqdn && direction === 'egress' ? [{ weight: 3, arbitrary: fc.constantFrom(...FQDNS).map((name): EndpointExpr => ({ fqdn: name })) }] : []),
    { weight: 1, arbitrary: fc.constant(ANY) },
    { weight: 1, arbitrary: fc.constant(POD) },
  );
}

const isName = (peer: EndpointExpr): boolean => 'fqdn' in peer;

/** As `PolicyStatement` adds it where a rule has names: Cilium learns their addresses from the lookups. */
function withDns(stated: readonly Rule[]): Rule[] {
  if (!stated.some(({ match }) => isName(match.destination))) { return [...stated]; }
  const lookups: TrafficBox[] = [{ ...portRange('UDP', 53), l7: { dns: ['*'] } }, { ...portRange('TCP', 53), l7: { dns: ['*'] } }];
  return [...stated, ruleOf('allow', 'egress', allOf(POD, inNamespace('ops'), labelIn('pod', 'app', 'web')), lookups)];
}

function rules(vocabulary: Vocabulary, direction: Direction): fc.Arbitrary<Rule[]> {
  const one = fc.record({
    // Names can only be allowed.
    action: vocabulary.deny ? fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const) : fc.constant('allow' as const),
    peer: peers(vocabulary, direction),
    traffic: trafficBoxes({ named: vocabulary.namedPorts ?? false }),
  }).map(({ action, peer, traffic }) => ruleOf(isName(peer) ? 'allow' : action, direction, peer, traffic));
  return fc.array(one, { maxLength: 3 }).map(withDns);
}

interface Stated {
  readonly direction: Direction;
  readonly rules: readonly Rule[];
  /** An allow isolates; a deny by itself does so only when asked to. */
  readonly isolates: boolean;
}

function side(vocabulary: Vocabulary, direction: Direction): fc.Arbitrary<Stated | undefined> {
  return fc.tuple(rules(vocabulary, direction), fc.boolean()).map(([all, asked]) => {
    const isolates = all.some(({ action }) => action === 'allow') || asked;
    return all.length === 0 && !isolates ? undefined : { direction, rules: all, isolates };
  });
}

interface Scope {
  readonly namespace?: string;
  readonly subject: EndpointExpr;
}

function subjects({ clusterScope, serviceAccounts }: Vocabulary): fc.Arbitrary<Scope> {
  const namespaced = fc.tuple(namespaces, subjectLabels)
    .map(([namespace, labels]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), labels) }));
  return fc.oneof(
    { weight: 6, arbitrary: namespaced },
    ...(clusterScope ? [{ weight: 3, arbitrary: podPeers.filter(satisfiable).map(subject => ({ subject })) }] : []),
    ...(serviceAccounts ? [{ weight: 1, arbitrary: accountsOf }] : []),
    // Every pod but those of a workload.
    { weight: 1, arbitrary: namespaces.map(namespace => ({ namespace, subject: allOf(POD, inNamespace(namespace), not(labelIn('pod', 'app', 'web'))) })) },
  );
}

/** One statement, as a construct makes it: a policy for each direction that it speaks of. */
const statementOf = (vocabulary: Vocabulary) => fc.record({
  scope: subjects(vocabulary),
  sides: fc.tuple(...DIRECTIONS.map(direction => side(vocabulary, direction))),
});

/** Policy sets in the reference pipeline, as constructs state them. */
export function statementsOf(vocabulary: Vocabulary): fc.Arbitrary<Policy[]> {
  return fc.array(statementOf(vocabulary), { minLength: 1, maxLength: 3 }).map(all => all.flatMap(({ scope: { subject, ...where }, sides }, i) => {
    const origin = { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name: `statement-${i}`, ...where };
    return sides.filter(one => one !== undefined)
      .map((one): Policy => ({ origin, stage: NORMAL, order: [], mode: 'enforce', subject, ...one }));
  })).filter(policies => policies.length > 0);
}

/** One rule, as it may be added to a policy. */
export const ruleStatements = (action: 'allow' | 'deny', direction: Direction): fc.Arbitrary<Rule> =>
  fc.record({ peer: peers({}, direction), traffic: trafficBoxes({ named: false }) })
    .map(({ peer, traffic }) => ruleOf(action, direction, peer, traffic));

/** From what every dialect expresses to what none does alone. */
export const statements: fc.Arbitrary<Policy[]> = fc.oneof(
  { weight: 4, arbitrary: statementsOf({}) },
  { weight: 1, arbitrary: statementsOf({ namedPorts: true, addresses: true }) },
  { weight: 2, arbitrary: statementsOf({ deny: true, serviceAccounts: true, clusterScope: true }) },
  { weight: 1, arbitrary: statementsOf({ fqdn: true, entities: true }) },
  {
    weight: 1,
    arbitrary: statementsOf({ deny: true, serviceAccounts: true, clusterScope: true, fqdn: true, entities: true, addresses: true, namedPorts: true }),
  },
);
