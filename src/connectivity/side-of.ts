import { NamedEnd } from './named-end';
import { endOf } from '../analysis/contract/end-text';
import { End, Side } from '../analysis/contract/side';
import { ResolvedFacts } from '../cluster/cluster';
import { IPeer, Peer } from '../constructs/peer';
import { EndpointExpr } from '../model/endpoint';
import { isWildcard } from '../model/fqdn';

/** What a peer stands for in a question; of several alternatives, all of them. */
export const sideOf = (peers: readonly IPeer[], facts: ResolvedFacts): Side => peers.flatMap(peer =>
  (peer instanceof NamedEnd ? [endOf(peer.text)] : peer.toPeer()._parts.map(part => endOfPeer(part, facts))));

function endOfPeer(peer: Peer, facts: ResolvedFacts): End {
  const object = peer._workload?._object;
  if (object) {
    const name = `${peer._workload!.namespace}/${object.name}[${object.kind}]`;
    return { text: `${object.kind} ${object.name} (${object.node.path})`, name };
  }
  const expr = exprOf(peer, facts);
  if ('fqdn' in expr && isWildcard(expr.fqdn)) { throw new Error(`${peer} stands for many names, and some of them may be reached while others are not; name one of them`); }
  // A name may be that of a Service, as where it is written as a text.
  if ('fqdn' in expr) { return { text: peer.toString(), name: expr.fqdn }; }
  return { text: peer.toString(), expr, ...(peer._isFact || peer._workload?.isExternal ? { elsewhere: true } : {}) };
}

function exprOf(peer: Peer, facts: ResolvedFacts): EndpointExpr {
  try {
    return peer._expr({ facts });
  } catch (error) {
    throw new Error(`${peer}: ${(error as Error).message}`);
  }
}
