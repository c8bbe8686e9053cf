import { ResolvedFacts } from './cluster';
import { Dialect } from './dialect';
import { INTERNET } from './internet';
import { podsAt } from './place';
import { address, anyOf, EndpointExpr, POD } from '../model/endpoint';

/** Peers whose meaning depends on the cluster. */
export type Symbolic = 'cluster' | 'internet' | 'host' | 'remote-nodes' | 'kube-apiserver' | 'ingress-controller' | 'monitoring' | 'dns';

/**
 * A symbolic peer as an expression.
 * @throws when a fact that it needs is not stated
 */
export function resolveSymbol(symbol: Symbolic, facts: ResolvedFacts): EndpointExpr {
  switch (symbol) {
    case 'internet': return INTERNET;
    case 'dns': return anyOf(...facts.dns._servers(facts.dialect).map(({ peer }) => peer));
    case 'ingress-controller': return ingressController(facts);
    case 'monitoring': return podsAt(facts.monitoring);
    default: return facts.dialect === Dialect.CILIUM ? entity(symbol) : byAddress(symbol, facts);
  }
}

function ingressController({ ingressController: controller, dialect }: ResolvedFacts): EndpointExpr {
  const peer = controller._peer();
  if ('entity' in peer && dialect !== Dialect.CILIUM) {
    throw new Error(`the ingress controller ${controller} is part of Cilium itself, which only the cilium dialect can name; state another ingressController, or another dialect`);
  }
  return peer;
}

function entity(symbol: 'cluster' | 'host' | 'remote-nodes' | 'kube-apiserver'): EndpointExpr {
  return { entity: symbol === 'remote-nodes' ? 'remote-node' : symbol };
}

/** Dialects without entities know nodes and the API server only by their addresses. */
function byAddress(symbol: 'cluster' | 'host' | 'remote-nodes' | 'kube-apiserver', facts: ResolvedFacts): EndpointExpr {
  if (symbol === 'kube-apiserver') {
    if (facts.apiServerCidrs.length === 0) { throw new Error(`Peer.kubeApiServer() needs the fact apiServerCidrs in the ${facts.dialect} dialect; state Cluster.of(app).configure({ apiServerCidrs: [...] })`); }
    return anyOf(...facts.apiServerCidrs.map(cidr => address(cidr)));
  }
  if (facts.nodeCidrs.length === 0) {
    const name = { 'cluster': 'cluster', 'host': 'host', 'remote-nodes': 'remoteNodes' }[symbol];
    throw new Error(`Peer.${name}() needs the fact nodeCidrs in the ${facts.dialect} dialect, which knows nodes only by address; state Cluster.of(app).configure({ nodeCidrs: [...] })${symbol === 'cluster' ? ', or say Peer.namespaces(Namespaces.all()) for pods only' : ''}`);
  }
  const nodes = anyOf(...facts.nodeCidrs.map(cidr => address(cidr)));
  return symbol === 'cluster' ? anyOf(POD, nodes) : nodes;
}
