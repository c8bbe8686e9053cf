import type { ResolvedFacts } from './cluster';
import { Dialect } from './dialect';
import { address, anyOf, EndpointExpr } from '../model/endpoint';

/**
 * Every node, where nodes are known by their addresses only.
 * @param what needs them, for the message
 * @param alternative what could be said instead
 * @throws when the addresses are not stated
 */
export function nodesByAddress(what: string, { nodeCidrs, dialect }: ResolvedFacts, alternative: string = ''): EndpointExpr {
  if (nodeCidrs.length === 0) {
    throw new Error(`${what} needs the fact nodeCidrs in the ${dialect} dialect, which knows nodes only by address; state Cluster.of(app).configure({ nodeCidrs: [...] })${alternative}`);
  }
  return anyOf(...nodeCidrs.map(cidr => address(cidr)));
}

/**
 * Every node, and with it whatever runs on its network.
 * @throws when the dialect knows nodes by address, and the addresses are not stated
 */
export function everyNode(what: string, facts: ResolvedFacts): EndpointExpr {
  return facts.dialect === Dialect.CILIUM ? anyOf({ entity: 'host' }, { entity: 'remote-node' }) : nodesByAddress(what, facts);
}
