import * as fc from 'fast-check';
import { blocks, namespaces, oneOrMore, podPeers, subjectLabels, trafficBoxes } from './vocabulary';
import { address, allOf, ANY, EndpointExpr, inNamespace, POD } from '../../../src/model/endpoint';
import { Direction, DIRECTIONS, NORMAL, Policy, Rule } from '../../../src/model/policy-set';
import { TrafficBox } from '../../../src/model/traffic';

const peers: fc.Arbitrary<EndpointExpr> = fc.oneof(
  {
    weight: 4,
    arbitrary: oneOrMore(fc.oneof(
      { weight: 3, arbitrary: podPeers },
      { weight: 1, arbitrary: blocks.map(({ cidr, except }) => address(cidr, except)) },
    )),
  },
  { weight: 1, arbitrary: fc.constant(ANY) },
);

/** A rule whose own end is the subject. */
export function ruleOf(action: Rule['action'], direction: Direction, peer: EndpointExpr, traffic: readonly TrafficBox[]): Rule {
  return { action, match: direction === 'ingress' ? { source: peer, destination: ANY, traffic } : { source: ANY, destination: peer, traffic } };
}

const sides = (direction: Direction) => fc.option(fc.record({
  direction: fc.constant(direction),
  rules: fc.array(fc.record({ peer: peers, traffic: trafficBoxes() }).map(({ peer, traffic }) => ruleOf('allow', direction, peer, traffic)), { maxLength: 3 }),
}), { nil: undefined });

const specs = fc.record({ namespace: namespaces, labels: subjectLabels, directions: fc.tuple(...DIRECTIONS.map(sides)) })
  .map(({ directions, ...rest }) => ({ ...rest, directions: directions.filter(side => side !== undefined) }))
  .filter(({ directions }) => directions.length > 0);

/** Policies as networking.k8s.io/v1 has them. */
export const nativeKubernetes: fc.Arbitrary<Policy[]> = fc.array(specs, { minLength: 1, maxLength: 3 })
  .map(all => all.flatMap(({ namespace, labels, directions }, i) => directions.map((side): Policy => ({
    origin: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name: `policy-${i}` },
    stage: NORMAL,
    order: [],
    mode: 'enforce',
    subject: allOf(POD, inNamespace(namespace), labels),
    isolates: true,
    ...side,
  }))));
