import * as fc from 'fast-check';
import { ruleOf } from './native-kubernetes';
import { blocks, FQDNS, namespaces, oneOrMore, podPeers, satisfiable, SERVICE_ACCOUNTS, subjectLabels, trafficBoxes } from './vocabulary';
import { address, allOf, ANY, EndpointExpr, inNamespace, not, POD } from '../../../src/model/endpoint';
import { Direction, DIRECTIONS, NORMAL, peerOf, Policy, Rule } from '../../../src/model/policy-set';
import { portRange } from '../../../src/model/traffic';

const accountTests: fc.Arbitrary<EndpointExpr> = fc.tuple(fc.constantFrom(...SERVICE_ACCOUNTS), fc.boolean())
  .map(([serviceAccount, negated]) => (negated ? not({ serviceAccount }) : { serviceAccount }));

const peers: fc.Arbitrary<EndpointExpr> = fc.oneof(
  {
    weight: 6,
    arbitrary: oneOrMore(fc.oneof(
      { weight: 4, arbitrary: podPeers },
      { weight: 2, arbitrary: fc.tuple(podPeers, accountTests).map(([pods, account]) => allOf(pods, account)) },
      { weight: 2, arbitrary: blocks.map(({ cidr, except }) => address(cidr, except)) },
      { weight: 1, arbitrary: fc.constantFrom('world', 'cluster').map((entity): EndpointExpr => ({ entity })) },
    )),
  },
  { weight: 1, arbitrary: fc.constant(ANY) },
);

const names: fc.Arbitrary<EndpointExpr> = oneOrMore(fc.constantFrom(...FQDNS).map((fqdn): EndpointExpr => ({ fqdn })));

function rules(direction: Direction): fc.Arbitrary<Rule> {
  const plain = fc.record({ action: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const), peer: peers, traffic: trafficBoxes() })
    .map(({ action, peer, traffic }) => ruleOf(action, direction, peer, traffic));
  if (direction === 'ingress') { return plain; }
  return fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 1, arbitrary: fc.record({ peer: names, traffic: trafficBoxes() }).map(({ peer, traffic }) => ruleOf('allow', direction, peer, traffic)) },
    {
      weight: 1,
      arbitrary: fc.record({ peer: podPeers, name: fc.constantFrom('*', ...FQDNS) })
        .map(({ peer, name }) => ruleOf('allow', direction, peer, [{ ...portRange('UDP', 53), l7: { dns: [name] } }])),
    },
  );
}

// A policy that does not isolate must say something: Cilium refuses one without an item.
const sides = (direction: Direction) => fc.option(fc.record({ isolates: fc.boolean(), rules: fc.array(rules(direction), { maxLength: 3 }) }), { nil: undefined })
  .map(side => side && { direction, ...side, isolates: side.isolates || !side.rules.some(({ match }) => satisfiable(peerOf(direction, match))) });

const subjects: fc.Arbitrary<{ readonly namespace?: string; readonly subject: EndpointExpr }> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(namespaces, subjectLabels).map(([namespace, labels]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), labels) })) },
  { weight: 1, arbitrary: fc.tuple(namespaces, accountTests).map(([namespace, account]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), account) })) },
  { weight: 2, arbitrary: podPeers.filter(satisfiable).map(subject => ({ subject })) },
);

const specs = fc.record({ scope: subjects, directions: fc.tuple(...DIRECTIONS.map(sides)) })
  .filter(({ directions }) => directions.some(side => side !== undefined));

/** Policies as cilium.io/v2 has them; those that follow one another in a namespace may be specs of one object. */
export const nativeCilium: fc.Arbitrary<Policy[]> = fc.tuple(fc.array(specs, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([all, together]) =>
  all.flatMap(({ scope: { namespace, subject }, directions }, i) => directions.filter(side => side !== undefined).map((side): Policy => ({
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
  }))));
