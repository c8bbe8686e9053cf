import { ResolvedFacts } from './cluster';
import { Dialect } from './dialect';
import { podsAt } from './place';
import { address, allOf, anyOf, EndpointExpr, EXTERNAL, POD } from '../model/endpoint';

/** Peers whose meaning depends on the cluster. */
export type Symbolic = 'cluster' | 'internet' | 'host' | 'remote-nodes' | 'kube-apiserver' | 'ingress-controller' | 'monitoring' | 'dns';

/**
 * What is not the public internet: private, shared, link-local, loopback, multicast and reserved ranges.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin
 */
const NOT_INTERNET_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4',
];
const NOT_INTERNET_V6 = ['::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/**
 * A symbolic peer as an expression.
 * @throws when a fact that it needs is not stated
 */
export function resolveSymbol(symbol: Symbolic, facts: ResolvedFacts): EndpointExpr {
  switch (symbol) {
    case 'internet': return anyOf(allOf(EXTERNAL, address('0.0.0.0/0', NOT_INTERNET_V4)), allOf(EXTERNAL, address('::/0', NOT_INTERNET_V6)));
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
