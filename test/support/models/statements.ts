import * as fc from 'fast-check';
import { ruleOf } from './native-kubernetes';
import { httpBoxes, HttpForms } from './requests';
import { BLOCKS, FQDNS, namespaces, oneOrMore, outside, podPeers, satisfiable, SERVICE_ACCOUNTS, subjectLabels, trafficBoxes } from './vocabulary';
import { address, allOf, ANY, EndpointExpr, inNamespace, labelIn, not, POD } from '../../../src/model/endpoint';
import { ADMIN, BASELINE, Direction, DIRECTIONS, NORMAL, Policy, Rule, SECURITY } from '../../../src/model/policy-set';
import { portRange, TrafficBox } from '../../../src/model/traffic';

/** What a set of statements may use. The more it may, the fewer dialects express it. */
export interface Vocabulary {
  readonly deny?: boolean;
  readonly serviceAccounts?: boolean;
  readonly fqdn?: 'one-label' | 'any-depth';
  /** Addresses, whoever holds them. */
  readonly addresses?: boolean;
  readonly clusterScope?: boolean;
  readonly entities?: boolean;
  readonly namedPorts?: boolean;
  /** Conditions on requests, in rules that allow ingress. */
  readonly http?: HttpForms;
  /** What stages before and after the normal one may say: in some dialects only a deny, before. */
  readonly upper?: 'deny' | 'any';
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
    ...(fqdn && direction === 'egress' ? [{ weight: 3, arbitrary: names(fqdn).map((name): EndpointExpr => ({ fqdn: name })) }] : []),
    { weight: 1, arbitrary: fc.constant(ANY) },
    { weight: 1, arbitrary: fc.constant(POD) },
  );
}

const names = (depth: 'one-label' | 'any-depth'): fc.Arbitrary<string> => fc.constantFrom(...FQDNS.filter(name => depth === 'any-depth' || !name.startsWith('**.')));

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
  const { http } = vocabulary;
  if (!http || direction === 'egress') { return fc.array(one, { maxLength: 3 }).map(withDns); }
  const request = fc.tuple(peers(vocabulary, direction), httpBoxes(http)).map(([peer, box]) => ruleOf('allow', direction, peer, [box]));
  return fc.array(fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: request }), { maxLength: 3 });
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

interface Upper {
  readonly stage: string;
  readonly priority: number;
  readonly subject: EndpointExpr;
  readonly direction: Direction;
  readonly rules: readonly Rule[];
}

/** What a stage says for the whole cluster: it isolates nobody. */
const upperOf = (vocabulary: Vocabulary): fc.Arbitrary<Upper> => {
  const actions = vocabulary.upper === 'any' ? ['allow', 'deny', 'pass'] as const : ['deny'] as const;
  const plain = { ...vocabulary, fqdn: undefined, http: undefined };
  return fc.record({
    stage: fc.constantFrom(SECURITY, ADMIN, ...(vocabulary.upper === 'any' ? [BASELINE] : [])),
    priority: fc.constantFrom(0, 7, 499),
    subject: fc.oneof(podPeers.filter(satisfiable), fc.constant(POD)),
    direction: fc.constantFrom(...DIRECTIONS),
  }).chain(where => fc.array(
    fc.record({
      action: fc.constantFrom(...actions), peer: peers(plain, where.direction), boxes: trafficBoxes({ named: vocabulary.namedPorts ?? false }),
    }).map(({ action, peer, boxes }) => ruleOf(action, where.direction, peer, boxes)),
    { minLength: 1, maxLength: 2 },
  ).map(all => ({ ...where, rules: all })));
};

export const upperPolicies = (vocabulary: Vocabulary): fc.Arbitrary<Policy[]> => fc.array(upperOf(vocabulary), { minLength: 1, maxLength: 3 })
  .map(all => all.map(({ priority, ...rest }, i): Policy => ({
    origin: { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name: `upper-${9 - i}` }, order: [priority, `upper-${9 - i}`], mode: 'enforce', isolates: false, ...rest,
  })));

/** Policy sets in the reference pipeline, as constructs state them. */
export const statementsOf = (vocabulary: Vocabulary): fc.Arbitrary<Policy[]> => (vocabulary.upper
  ? fc.tuple(normalStatementsOf(vocabulary), fc.option(upperPolicies(vocabulary), { nil: [] })).map(([normal, upper]) => [...normal, ...upper])
  : normalStatementsOf(vocabulary));

function normalStatementsOf(vocabulary: Vocabulary): fc.Arbitrary<Policy[]> {
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

/** Without conditions on requests, so that a flow needs no more than its port to be judged. */
export const plainStatements: fc.Arbitrary<Policy[]> = fc.oneof(
  statementsOf({}), statementsOf({ deny: true, serviceAccounts: true, clusterScope: true, namedPorts: true, upper: 'any' }),
);

/** From what every dialect expresses to what none does alone. */
export const statements: fc.Arbitrary<Policy[]> = fc.oneof(
  { weight: 6, arbitrary: statementsOf({}) },
  { weight: 1, arbitrary: statementsOf({ namedPorts: true, addresses: true }) },
  { weight: 2, arbitrary: statementsOf({ deny: true, serviceAccounts: true, clusterScope: true }) },
  { weight: 1, arbitrary: statementsOf({ fqdn: 'any-depth', entities: true }) },
  { weight: 1, arbitrary: statementsOf({ http: 'methods-and-paths' }) },
  { weight: 1, arbitrary: statementsOf({ upper: 'deny', deny: true, clusterScope: true }) },
  { weight: 1, arbitrary: statementsOf({ upper: 'any' }) },
  {
    weight: 1,
    arbitrary: statementsOf({
      deny: true,
      serviceAccounts: true,
      clusterScope: true,
      fqdn: 'any-depth',
      entities: true,
      addresses: true,
      namedPorts: true,
      http: 'patterns',
      upper: 'any',
    }),
  },
);
