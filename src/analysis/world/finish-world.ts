import { Draft } from './draft';
import { grantKey } from './read-routes';
import { Namespace, Route, Service, Workload, World } from './world';

/** What the documents say together. */
export function finishWorld(draft: Draft): { world: World; notes: string[] } {
  const { nodes, hostEndpoints, profiles, podRanges, calls, redirects, hostAction, seen, accounts } = draft;
  const notes = [...draft.notes];
  const workloads = draft.pods.workloads(accounts, notes);
  const world: World = {
    namespaces: allNamespaces(draft, workloads),
    workloads,
    services: [...draft.services.values()].map(service => withEndpoints(service, draft)).sort(byName),
    routes: grantedRoutes(draft, notes),
    nodes,
    hostEndpoints,
    profiles,
    podRanges,
    apiServers: draft.apiServers(),
    calls,
    redirects,
    ...(hostAction ? { hostAction } : {}),
    seen,
  };
  return { world, notes };
}

/** Those that are only named by what is in them are there too, with labels of which one is known. */
function allNamespaces({ namespaces, interner, services }: Draft, workloads: readonly Workload[]): Map<string, Namespace> {
  const all = new Map(namespaces);
  for (const { namespace: name } of [...workloads, ...services.values()]) {
    if (!all.has(name)) { all.set(name, { name, labels: interner.labels({ 'kubernetes.io/metadata.name': name }), declared: false }); }
  }
  return all;
}

function withEndpoints(service: Service, { endpoints }: Draft): Service {
  const own = endpoints.get(`${service.namespace}/${service.name}`);
  return own ? { ...service, endpoints: own } : service;
}

function byName(a: Service, b: Service): number {
  if (a.namespace !== b.namespace) { return a.namespace < b.namespace ? -1 : 1; }
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** A route of the Gateway API reaches a backend of another namespace only where that one grants it. */
function grantedRoutes({ routes, grants }: Draft, notes: string[]): Route[] {
  return routes.filter(({ text, namespace, service, at }) => {
    const [kind, place] = text.split(' ');
    const [from] = place.split('/');
    if (from === namespace || [undefined, service].some(name => grants.has(grantKey(kind, from, namespace, name)))) { return true; }
    notes.push(`${at}: ${text} names the Service ${namespace}/${service} of another namespace, and no ReferenceGrant among the documents lets it; `
      + 'it is left out');
    return false;
  });
}
