import { peerTerms, speaksOfPods } from '../../dialects/peer-terms';
import { containsCidr, overlaps } from '../../model/cidr';
import { disjunction } from '../../model/dnf';
import { EndpointExpr } from '../../model/endpoint';
import { Analysis } from '../analysis';
import { Party } from '../party';

/** The nodes at the addresses that an expression names: other ones than a pod's own, which always reaches it. */
export function nodesAt({ cluster: { nodeCidrs } }: Analysis, expr: EndpointExpr): Party[] {
  if (nodeCidrs.length === 0) { return []; }
  const ranges = disjunction(expr).map(peerTerms).filter(terms => !speaksOfPods(terms) && terms.kinds.every(kind => kind === 'node')).flatMap(({ cidrs }) => cidrs);
  const found = ranges.flatMap(({ cidr, except }) => nodeCidrs
    .filter(nodes => overlaps(cidr, nodes))
    .map(nodes => (containsCidr(cidr, nodes) ? nodes : cidr))
    .filter(range => !except.some(hole => containsCidr(hole, range))));
  return [...new Set(found)].map(range => ({
    text: `{nodes at ${range}}`,
    variants: [{ kind: 'node', labels: {}, addressIn: [range], entities: ['all', 'cluster', 'cluster-mesh', 'remote-node'], names: [], principal: '' }],
  }));
}
