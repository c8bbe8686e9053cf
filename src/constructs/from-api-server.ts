import { Namespaces } from './namespaces';
import { Peer } from './peer';
import { apiServerOf } from '../cluster/api-server';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';

/** Who a statement lets in, as far as a CNI can be told. */
export interface Callers {
  readonly peer: Peer;
  /** Why it is more than was meant. */
  readonly wider?: string;
}

/** A peer, and how a program says it. */
interface Said {
  readonly peer: Peer;
  readonly text: string;
}

/** Where connections of the API server come from: its own address, that of its node, or pods through which it connects. */
export function apiServerCallers(facts: ResolvedFacts): Callers {
  const itself = serverItself(facts);
  return itself.length > 0
    ? { peer: Peer.oneOf(...[...itself, ...agentsOf(facts)].map(({ peer }) => peer)) }
    : { peer: Peer.any(), wider: `the API server ${whyNotItself(facts)}, so that anything may connect` };
}

/** These as the peers of a rule. Agents are enough where the server itself cannot be selected. */
export function apiServerCallersText(facts: ResolvedFacts): string {
  return [...serverItself(facts), ...agentsOf(facts)].map(({ text }) => text).join(', ') || 'Peer.any()';
}

const SERVER: Said = { peer: Peer.kubeApiServer(), text: 'Peer.kubeApiServer()' };
const OTHER_NODES: Said = { peer: Peer.remoteNodes(), text: 'Peer.remoteNodes()' };
const OWN_NODE: Said = { peer: Peer.host(), text: 'Peer.host()' };

/** None where it cannot be selected. One that a provider runs is no node. */
function serverItself(facts: ResolvedFacts): Said[] {
  const { managed = false } = apiServerOf(facts.distribution.name);
  // Where it is the process of a node, Cilium may know it as that node.
  if (facts.dialect === Dialect.CILIUM) { return managed ? [SERVER] : [SERVER, OWN_NODE, OTHER_NODES]; }
  if (!managed && !nodesAreSelectable(facts)) { return []; }
  if (facts.apiServerCidrs.length > 0) { return [SERVER]; }
  return !managed && facts.nodeCidrs.length > 0 ? [OTHER_NODES] : [];
}

function agentsOf({ distribution }: ResolvedFacts): Said[] {
  const { agents } = apiServerOf(distribution.name);
  return agents ? [{
    peer: Peer.pods({ namespaces: Namespaces.named('kube-system'), labels: { ...agents.labels } }),
    text: `Peer.pods({ namespaces: Namespaces.named('kube-system'), labels: ${JSON.stringify(agents.labels)} })`,
  }] : [];
}

const whyNotItself = (facts: ResolvedFacts): string => (apiServerOf(facts.distribution.name).managed
  ? 'cannot be selected without the fact apiServerCidrs'
  : cannotBeSelected(facts, 'apiServerCidrs or nodeCidrs'));

/** Every pod and every node of the cluster. */
export function clusterCallers(facts: ResolvedFacts): Callers {
  return facts.dialect === Dialect.CILIUM || (nodesAreSelectable(facts) && facts.nodeCidrs.length > 0)
    ? { peer: Peer.cluster() }
    : { peer: Peer.any(), wider: `nodes ${cannotBeSelected(facts, 'nodeCidrs')}, so that anything may connect` };
}

const nodesAreSelectable = ({ cni }: ResolvedFacts): boolean => cni._profile.cidrMatchesNodes;

const cannotBeSelected = (facts: ResolvedFacts, fact: string): string => (nodesAreSelectable(facts)
  ? `cannot be selected without the fact ${fact}`
  : `cannot be selected in the ${facts.dialect} dialect, since ${facts.cni.name} never matches it by address; use another dialect`);
