import { peerTerms, PeerTerms, speaksOfPods } from '../../dialects/peer-terms';
import { disjunction } from '../../model/dnf';
import { EndpointExpr, LabelScope } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';
import { Endpoint } from '../../model/match';
import { Analysis } from '../analysis';
import { Party } from '../party';
import { fqdnParty } from '../world/external-parties';
import { placesIn } from '../world/places';
import { podRangesOf } from '../world/pod-ranges';

/** Ends that the input does not hold, made of what an expression says of them: all else about them is not known. */
export function elsewhereParties(analysis: Analysis, expr: EndpointExpr): Party[] {
  return disjunction(expr).map(peerTerms).flatMap(terms => {
    if (speaksOfPods(terms)) { return podsOf(analysis, terms); }
    const [entity] = terms.entities;
    if (terms.fqdns.length > 0) { return [fqdnParty(terms.fqdns[0])]; }
    return entity === undefined ? [] : [entityParty(analysis, entity)];
  });
}

function podsOf(analysis: Analysis, { namespaces: [namespace], labels, serviceAccounts: [serviceAccount] }: PeerTerms): Party[] {
  const known = labels.filter(({ test, negated }) => !negated && test.op === 'in' && test.values.length === 1);
  const stated = (of: LabelScope): Record<string, string> =>
    Object.fromEntries(known.filter(({ test }) => test.of === of).map(({ test }) => [test.label, test.values[0]]));
  const own = stated('pod');
  const place = namespace ?? 'of some namespace';
  const text = Object.entries(own).map(([key, value]) => `${key}=${value}`).join(',');
  return [podElsewhere(analysis, `${place}/{${text || 'pods'}}`, {
    ...(namespace === undefined ? {} : { namespace }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    labels: own,
    namespaceLabels: stated('namespace'),
    openLabels: ['pod', 'namespace'],
  })];
}

/** A pod that is not in the input. */
export function podElsewhere(analysis: Analysis, text: string, pod: Partial<Endpoint>): Party {
  const { cluster, cluster: { closed }, world } = analysis;
  const declared = pod.namespace === undefined ? undefined : world.namespaces.get(pod.namespace);
  const endpoint: Endpoint = {
    kind: 'pod',
    entities: ['all', 'cluster', 'cluster-mesh'],
    names: [],
    ...pod,
    ...(pod.namespace === undefined ? {} : {
      namespaceLabels: { ...pod.namespaceLabels, ...declared?.labels, [NAMESPACE_NAME]: pod.namespace },
    }),
    ...(declared?.declared || closed ? { openLabels: pod.openLabels?.filter(scope => scope !== 'namespace') ?? [] } : {}),
  };
  if (closed) { return { text, variants: [{ ...endpoint, addressIn: [] }] }; }
  return { text, variants: placesIn(podRangesOf(world, cluster).map(({ cidr }) => cidr)).map(place => ({ ...endpoint, ...place })) };
}

/** Entities that are no nodes. */
const PODS: readonly string[] = ['ingress', 'health', 'init', 'unmanaged'];

function entityParty({ cluster: { nodeCidrs } }: Analysis, entity: string): Party {
  return {
    text: `{${entity}}`,
    variants: [{
      kind: PODS.includes(entity) ? 'pod' : 'node',
      labels: {},
      ...(PODS.includes(entity) ? { namespace: '', namespaceLabels: {} } : {}),
      entities: ['all', 'cluster', 'cluster-mesh', entity],
      names: [],
      ...(nodeCidrs.length > 0 ? { addressIn: nodeCidrs } : {}),
    }],
  };
}
