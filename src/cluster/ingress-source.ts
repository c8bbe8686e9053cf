import type { ResolvedFacts } from './cluster';
import { Dialect } from './dialect';
import { everyNode } from './nodes';
import { PodsAt, podsAt } from './place';
import { address, allOf, anyOf, EndpointExpr, EXTERNAL, labelIn, POD, sharedAddress } from '../model/endpoint';
import { HOST_NETWORK_GROUP } from '../model/labels';

/** Where requests from outside come from, as a pod sees it. */
export type IngressSource =
  | { readonly pods: PodsAt }
  /** Every pod of the namespaces that have this label, with an empty value; the controller's own is one of them. */
  | { readonly namespaceLabel: string; readonly namespace: string }
  /** Cilium's own proxy. */
  | { readonly entity: 'ingress' }
  /** A controller on the network of its node. */
  | { readonly nodes: 'any' | 'openshift' }
  /** Load balancers that send straight to pods. `outside`: addresses that neither pods nor nodes ever have. */
  | { readonly cidrs: readonly string[]; readonly outside: boolean };

/**
 * The source as an expression.
 * @param name of the controller, for messages
 * @throws when the dialect cannot name it, or a fact that it needs is not stated
 */
export function ingressPeer(name: string, source: IngressSource, facts: ResolvedFacts): EndpointExpr {
  if ('pods' in source) { return podsAt(source.pods); }
  if ('namespaceLabel' in source) { return allOf(POD, labelIn('namespace', source.namespaceLabel, '')); }
  if ('cidrs' in source) { return anyOf(...source.cidrs.map(cidr => balancer(cidr, source.outside, facts))); }
  if ('nodes' in source) {
    // Only OVN-Kubernetes keeps the addresses of nodes in such a namespace.
    return source.nodes === 'openshift' && facts.cni.name === 'ovn-kubernetes'
      ? allOf(POD, labelIn('namespace', HOST_NETWORK_GROUP, ''))
      : everyNode(`the ingress controller ${name}`, facts);
  }
  if (facts.dialect !== Dialect.CILIUM) {
    throw new Error(`the ingress controller ${name} is part of Cilium itself, which only the cilium dialect can name; state another ingressController, or another dialect`);
  }
  return source;
}

/** Balancers share subnets with nodes, so that an address is meant whoever holds it, where the CNI cannot tell them apart. */
export const balancer = (cidr: string, outside: boolean, { cni }: ResolvedFacts): EndpointExpr => {
  if (outside) { return allOf(EXTERNAL, address(cidr)); }
  return cni._profile.cidrMatchesPods ? address(cidr) : allOf(EXTERNAL, sharedAddress(cidr));
};
