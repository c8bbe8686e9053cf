import { apiServerOf } from './api-server';
import { ResolvedFacts } from './cluster';
import { Dialect } from './dialect';
import { INTERNET } from './internet';
import { nodesByAddress } from './nodes';
import { address, allOf, anyOf, EndpointExpr, EXTERNAL, POD, sharedAddress } from '../model/endpoint';

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
    case 'ingress-controller': return facts.ingressController._peer(facts);
    case 'monitoring': return facts.monitoring._peer(facts);
    default: return facts.dialect === Dialect.CILIUM ? entity(symbol) : byAddress(symbol, facts);
  }
}

function entity(symbol: 'cluster' | 'host' | 'remote-nodes' | 'kube-apiserver'): EndpointExpr {
  return { entity: symbol === 'remote-nodes' ? 'remote-node' : symbol };
}

/** Dialects without entities know nodes and the API server only by their addresses. One that a provider runs is outside, and no node. */
function byAddress(symbol: 'cluster' | 'host' | 'remote-nodes' | 'kube-apiserver', facts: ResolvedFacts): EndpointExpr {
  if (symbol === 'kube-apiserver') {
    if (facts.apiServerCidrs.length === 0) { throw new Error(`Peer.kubeApiServer() needs the fact apiServerCidrs in the ${facts.dialect} dialect; state Cluster.of(app).configure({ apiServerCidrs: [...] })`); }
    const outside = apiServerOf(facts.distribution.name).managed && !facts.cni._profile.cidrMatchesPods;
    return anyOf(...facts.apiServerCidrs.map(cidr => (outside ? allOf(EXTERNAL, sharedAddress(cidr)) : address(cidr))));
  }
  const name = { 'cluster': 'cluster', 'host': 'host', 'remote-nodes': 'remoteNodes' }[symbol];
  const nodes = nodesByAddress(`Peer.${name}()`, facts, symbol === 'cluster' ? ', or say Peer.namespaces(Namespaces.all()) for pods only' : '');
  return symbol === 'cluster' ? anyOf(POD, nodes) : nodes;
}
