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

interface Side {
  readonly direction: Direction;
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
}

/** One that does not isolate must say something: Cilium refuses a policy without an item. */
const sides = (direction: Direction): fc.Arbitrary<Side> =>
  fc.record({ direction: fc.constant(direction), isolates: fc.boolean(), rules: fc.array(rules(direction), { maxLength: 3 }) })
    .map(side => ({ ...side, isolates: side.isolates || !side.rules.some(({ match }) => satisfiable(peerOf(direction, match))) }));

interface Scope {
  readonly namespace?: string;
  readonly subject: EndpointExpr;
}

const inOne = (labels: fc.Arbitrary<EndpointExpr>): fc.Arbitrary<Scope> =>
  fc.tuple(namespaces, labels).map(([namespace, some]) => ({ namespace, subject: allOf(POD, inNamespace(namespace), some) }));

const subjects: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 4, arbitrary: inOne(subjectLabels) },
  { weight: 1, arbitrary: inOne(accountTests) },
  { weight: 2, arbitrary: podPeers.filter(satisfiable).map(subject => ({ subject })) },
);

const specs = fc.record({ scope: subjects, directions: fc.tuple(...DIRECTIONS.map(direction => fc.option(sides(direction), { nil: undefined }))) })
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
