import { Analysis } from '../../analysis';
import { Known } from '../../find/known';
import { backendsOf } from '../../find/service-backends';
import { Party } from '../../party';
import { landmarks, isClusterDns } from '../../reach/landmarks';

export interface DnsServer {
  readonly party: Party;
  /** On which its pods listen. */
  readonly port: number;
  readonly text: string;
}

/** The Services of DNS, by the distributions that have them. */
const SERVICES = ['kube-system/kube-dns', 'kube-system/coredns', 'kube-system/rke2-coredns-rke2-coredns', 'openshift-dns/dns-default'];
const DNS_PORT = 53;

/** What resolves names in the cluster: the pods of its Service, else pods that are called so, else as every cluster has it. */
export function dnsServers(analysis: Analysis): DnsServer[] {
  const known = Known.of(analysis);
  const behind = SERVICES.flatMap(name => {
    const service = known.services.get(name);
    return service ? backendsOf(service, service.ports.filter(({ port }) => port === DNS_PORT), known) : [];
  }).flatMap(({ party, target }) => (target === undefined ? [] : [{ party, port: target, text: party.text }]));
  if (behind.length > 0) { return behind; }
  const pods = analysis.parties.filter(({ workload }) => workload && isClusterDns(workload));
  if (pods.length > 0) { return pods.map(party => ({ party, port: DNS_PORT, text: party.text })); }
  return landmarks(analysis).filter(({ kind }) => kind === 'dns')
    .map(({ party }) => ({ party, port: DNS_PORT, text: 'the DNS pods of kube-system (k8s-app=kube-dns, not in the input)' }));
}
