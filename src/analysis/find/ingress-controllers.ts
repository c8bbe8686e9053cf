import type { IngressSource } from '../../cluster/ingress-source';
import { podsAt } from '../../cluster/place';
import { allOf, EndpointExpr, inNamespace, labelIn, POD } from '../../model/endpoint';
import { matchesEndpoint, YES } from '../../model/match';
import type { Analysis } from '../analysis';
import { elsewhereParties } from '../contract/elsewhere';
import { INGRESS_CONTROLLER, Party } from '../party';
import { rangeParty } from '../world/external-parties';
import { someNode } from '../world/node-variants';

/**
 * What brings requests from outside: the workloads of the input that the facts mean, else pods at the place that the facts state, of which nothing
 * else is known, or the nodes or addresses that requests come from. Where nothing is stated it is a pod that may be anywhere.
 */
export function ingressControllers(analysis: Analysis): readonly Party[] {
  const { options: { ingressController: stated } } = analysis;
  if (stated === undefined) { return [anyPod(analysis)]; }
  const found = stated._sources().flatMap(source => partiesOf(analysis, source));
  const [only, ...others] = found;
  return others.length === 0 && only.workload === undefined ? [{ ...only, text: INGRESS_CONTROLLER }] : found;
}

/** As one end. */
export function ingressController(analysis: Analysis): Party {
  return { text: INGRESS_CONTROLLER, variants: ingressControllers(analysis).flatMap(({ variants }) => variants) };
}

/** A pod of which nothing is known; in a closed world one without labels in a namespace that no policy names. */
function anyPod({ cluster }: Analysis): Party {
  const unknown = { kind: 'pod', entities: ['all', 'cluster', 'cluster-mesh'], names: [] } as const;
  const closed = { namespace: '', namespaceLabels: {}, labels: {}, serviceAccount: '', serviceAccountLabels: {}, ports: [], addressIn: [] } as const;
  return { text: INGRESS_CONTROLLER, variants: [cluster.closed ? { ...unknown, ...closed } : unknown] };
}

function partiesOf(analysis: Analysis, source: IngressSource): readonly Party[] {
  if ('nodes' in source) { return [{ text: 'node/{ingress-controller}', variants: someNode(analysis.world, analysis.cluster) }]; }
  if ('cidrs' in source) { return source.cidrs.map(rangeParty); }
  if ('entity' in source) { return elsewhereParties(analysis, source); }
  const expr = 'pods' in source ? podsAt(source.pods) : allOf(POD, inNamespace(source.namespace), labelIn('namespace', source.namespaceLabel, ''));
  const own = workloadsOf(analysis, expr);
  return own.length > 0 ? own : elsewhereParties(analysis, expr);
}

const workloadsOf = ({ parties, cluster: { profile } }: Analysis, expr: EndpointExpr): readonly Party[] =>
  parties.filter(({ variants }) => variants.length > 0 && variants.every(variant => matchesEndpoint(expr, variant, profile) === YES));
