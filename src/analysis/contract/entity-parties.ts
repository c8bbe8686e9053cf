import { peerTerms, speaksOfPods } from '../../dialects/peer-terms';
import { disjunction } from '../../model/dnf';
import { EndpointExpr } from '../../model/endpoint';
import { Analysis } from '../analysis';
import { Party, Variant } from '../party';
import { apiServer } from '../world/api-server-party';
import { someNode } from '../world/node-variants';

/** What every cluster has, as an expression names it by its entity: its nodes, and its API server with all that it may be. */
export function entityParties(analysis: Analysis, expr: EndpointExpr): Party[] {
  const entities = disjunction(expr).map(peerTerms).filter(terms => !speaksOfPods(terms)).flatMap(terms => terms.entities);
  return [...new Set(entities)].flatMap(entity => {
    if (entity === 'kube-apiserver') { return [apiServer(analysis)]; }
    return NODES.includes(entity) ? [nodesParty(analysis, entity)] : [];
  });
}

/** Whether it names the API server, and nothing else. */
export const isApiServer = (expr: EndpointExpr): boolean => 'entity' in expr && expr.entity === 'kube-apiserver';

const NODES: readonly string[] = ['host', 'remote-node', 'cluster'];

function nodesParty({ world, cluster }: Analysis, entity: string): Party {
  const nodes = someNode(world, cluster).filter(({ entities = [] }) => entities.includes(entity));
  return { text: entity === 'cluster' ? '{nodes}' : `{${entity}}`, variants: entity === 'cluster' ? nodes.map(whenReached) : nodes };
}

/** The own node always reaches its pods, whatever a policy says: those that must be let in are the others. */
const whenReached = (variant: Variant): Variant => (variant.entities?.includes('host') ? { ...variant, onlyDestination: true } : variant);
