import { allOfMany, anyOf, anyOfMany, EndpointExpr, POD } from '../../model/endpoint';
import { TargetFeatures } from '../dialect';
import { isBefore } from '../versions';
import { OWN_CLUSTER_SINCE } from './clusters';

/**
 * Selectors that only leave out namespaces (NotIn, DoesNotExist). Cilium does not ask beside them that there is a namespace at all, so that what has
 * none is meant too: nodes, and everything outside (https://github.com/cilium/cilium/issues/46949). Where it asks for a cluster, only what has the
 * label of one is left: pods, and nodes where the operator gives these labels.
 */

/** The peer of a NetworkPolicy, as Cilium takes it: it asks for a namespace only where a namespaceSelector is empty, or there is none. */
export function withoutAskingForPods(expr: EndpointExpr): EndpointExpr {
  if ('anyOf' in expr) { return expr.anyOf.some(onlyLeavesOutPods) ? anyOfMany(expr.anyOf.map(withoutAskingForPods)) : expr; }
  return onlyLeavesOutPods(expr) ? allOfMany(partsOf(expr).filter(part => !isPod(part))) : expr;
}

const onlyLeavesOutPods = (expr: EndpointExpr): boolean => onlyLeavesOut(partsOf(expr).filter(part => !isPod(part)));

/** Those of such a selector that have the label of a cluster, where it asks for one. */
export function withCluster(expr: EndpointExpr, version: string | undefined, features: TargetFeatures | undefined): EndpointExpr {
  if ('anyOf' in expr) { return expr.anyOf.some(part => onlyLeavesOut(partsOf(part))) ? anyOfMany(expr.anyOf.map(part => withCluster(part, version, features))) : expr; }
  const parts = partsOf(expr);
  if (!onlyLeavesOut(parts)) { return expr; }
  const clusters = parts.filter(isOfCluster);
  const asks = clusters.length === 0 ? !isBefore(version, OWN_CLUSTER_SINCE) : clusters.some(part => !('not' in part));
  return asks ? allOfMany([labelled(version, features), ...parts]) : expr;
}

/** Who has the label of a cluster (nodeIdentityLabels in Cilium's pkg/node/manager): the own node does not before 1.20. */
function labelled(version: string | undefined, features: TargetFeatures | undefined): EndpointExpr {
  if (!features?.nodeSelectorLabels) { return POD; }
  const node: EndpointExpr = { kind: 'node' };
  return anyOf(POD, isBefore(version, '1.20') ? allOfMany([node, { entity: 'remote-node' }]) : node);
}

const partsOf = (expr: EndpointExpr): readonly EndpointExpr[] => ('allOf' in expr ? expr.allOf : [expr]);
const isPod = (expr: EndpointExpr): boolean => 'kind' in expr && expr.kind === 'pod';

const onlyLeavesOut = (parts: readonly EndpointExpr[]): boolean =>
  parts.some(leavesOutNamespaces) && parts.every(part => leavesOutPods(part) || isOfCluster(part));

const leavesOutNamespaces = (expr: EndpointExpr): boolean => 'not' in expr && ('label' in expr.not ? expr.not.of === 'namespace' : 'namespace' in expr.not);
const leavesOutPods = (expr: EndpointExpr): boolean => leavesOutNamespaces(expr)
  || ('not' in expr && ('label' in expr.not ? expr.not.of === 'pod' : 'serviceAccount' in expr.not));

function isOfCluster(expr: EndpointExpr): boolean {
  if ('anyOf' in expr) { return expr.anyOf.every(isOfCluster); }
  return 'not' in expr ? isOfCluster(expr.not) : 'cluster' in expr;
}
