import { Check, Question } from './diagnosis';
import { containsAddress, familyOf } from '../../../model/cidr';
import { matchesEndpoint, NO } from '../../../model/match';
import { peerOf, Policy } from '../../../model/policy-set';
import { Analysis } from '../../analysis';
import { atomsOf } from '../../connections/expression-atoms';
import { policyText } from '../policy-text';

/** What a network does that the rules do not show. */
export function caveats(analysis: Analysis, question: Question): Check[] {
  return [...byAddress(analysis, question), ...nodePorts(question)].map(text => ({ topic: 'network', outcome: 'note', text }));
}

/** Rules about addresses where the other end is a pod, or is asked for by way of a Service. */
function byAddress(analysis: Analysis, { source, destination, found }: Question): string[] {
  const { cluster } = analysis;
  const sentences: string[] = [];
  if (!cluster.profile.cidrMatches.includes('pod') && destination.workload && source.workload) {
    const policy = policiesOf(analysis, source, 'egress').find(each => hasRanges(each)) ?? policiesOf(analysis, destination, 'ingress').find(each => hasRanges(each));
    if (policy) { sentences.push(`${policyText(policy)} has rules about address ranges: ${cluster.cni === 'cilium' ? 'Cilium' : cluster.cni} matches them outside the cluster only, never pods; select pods by labels`); }
  }
  const addresses = found?.service?.addresses ?? [];
  if (addresses.length > 0) {
    const policy = policiesOf(analysis, source, 'egress').find(each => each.rules.some(({ match }) => atomsOf(peerOf('egress', match))
      .some(atom => 'cidr' in atom && addresses.some(address => narrow(atom.cidr) && familyOf(atom.cidr) === familyOf(address) && containsAddress(atom.cidr, address)))));
    if (policy) { sentences.push(`${policyText(policy)} names the address of the Service (${addresses.join(', ')}): policies see the pods behind it, so that such a rule matches nothing; select the pods`); }
  }
  return sentences;
}

/** A range of everything is not meant for a Service. */
const narrow = (cidr: string): boolean => Number(cidr.split('/')[1]) >= 12;

const hasRanges = (policy: Policy): boolean => policy.rules.some(({ match }) => atomsOf(peerOf(policy.direction, match)).some(atom => 'cidr' in atom && !atom.anyone));

const policiesOf = ({ set, cluster: { profile } }: Analysis, { variants }: Question['source'], direction: Policy['direction']): Policy[] =>
  set.policies.filter(policy => policy.direction === direction && policy.mode === 'enforce' && variants.some(variant => matchesEndpoint(policy.subject, variant, profile) !== NO));

/** From outside by way of nodes the source may be hidden. */
function nodePorts({ source, found }: Question): string[] {
  const { service } = found ?? {};
  if (!service || !['NodePort', 'LoadBalancer'].includes(service.type) || service.externalTrafficPolicy === 'Local') { return []; }
  if (!source.variants.some(({ kind }) => kind === 'external')) { return []; }
  return [`Service ${service.namespace}/${service.name} is a ${service.type} with externalTrafficPolicy Cluster: what comes by another node has that node's address as its source; with Local it keeps its own`];
}
