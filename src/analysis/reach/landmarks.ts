import { CLOUD_ENDPOINTS } from '../../cluster/cloud-endpoints';
import { familyOf } from '../../model/cidr';
import { Analysis } from '../analysis';
import { mentionsIpv6 } from '../connections/outside';
import { podElsewhere } from '../contract/elsewhere';
import { Party } from '../party';
import { apiServer } from '../world/api-server-party';
import { addressParty } from '../world/external-parties';
import { Workload } from '../world/world';

/** What somebody who has got in would look for. */
export type LandmarkKind = 'dns' | 'metadata' | 'api-server';

/** A place of interest that the manifests need not hold. */
export interface Landmark {
  readonly kind: LandmarkKind;
  readonly party: Party;
  readonly protocol: 'TCP' | 'UDP';
  /** Any of these gets there. */
  readonly ports: readonly number[];
}

/** Whether a workload is the DNS of the cluster, through which data leaves as the names that are asked for. */
export const isClusterDns = ({ namespace, labels }: Workload): boolean =>
  namespace === 'kube-system' && Object.hasOwn(labels, 'k8s-app') && ['kube-dns', 'coredns'].includes(labels['k8s-app']);

export function landmarks(analysis: Analysis): Landmark[] {
  return [
    ...analysis.world.workloads.some(isClusterDns) ? [] : [{ kind: 'dns' as const, party: clusterDns(analysis), protocol: 'UDP' as const, ports: [53] }],
    ...metadataServices(analysis),
    { kind: 'api-server', party: apiServer(analysis), protocol: 'TCP', ports: apiServerPorts(analysis) },
  ];
}

/** Those that `reach` calls so: the DNS of the cluster is that of the input, where it is there. */
export function landmarksCalled(analysis: Analysis, text: string): readonly Party[] {
  const own = text === DNS ? analysis.parties.filter(({ workload }) => workload && isClusterDns(workload)) : [];
  return own.length > 0 ? own : landmarks(analysis).map(({ party }) => party).filter(party => party.text === text);
}

const DNS = '{cluster DNS}';

/** As every cluster has it, where it is not among the manifests. */
const clusterDns = (analysis: Analysis): Party => podElsewhere(analysis, DNS, {
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  openLabels: ['pod', 'namespace'],
  ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, protocol: 'TCP' }],
});

/** What hands out the credentials of the node, in every cloud: which one it is, the manifests do not say. */
function metadataServices(analysis: Analysis): Landmark[] {
  const sixToo = mentionsIpv6(analysis);
  const byAddress = new Map<string, { readonly clouds: string[]; readonly ports: Set<number> }>();
  for (const [cloud, endpoints] of Object.entries(CLOUD_ENDPOINTS)) {
    for (const { service, address, ports } of endpoints) {
      if (service !== 'metadata' || (familyOf(address) === 6 && !sixToo)) { continue; }
      const known = byAddress.get(address) ?? { clouds: [], ports: new Set() };
      byAddress.set(address, known);
      known.clouds.push(cloud);
      ports.forEach(port => known.ports.add(port));
    }
  }
  return [...byAddress].map(([address, { clouds, ports }]) => ({
    kind: 'metadata' as const,
    party: { text: `${address} {metadata of ${clouds.join(', ')}}`, variants: addressParty(address).variants.map(variant => ({ ...variant, names: [] })) },
    protocol: 'TCP' as const,
    ports: [...ports],
  }));
}

function apiServerPorts({ world }: Analysis): number[] {
  const stated = [...new Set(world.apiServers.flatMap(server => server.port ?? []))];
  return stated.length > 0 ? stated : [443, 6443];
}
