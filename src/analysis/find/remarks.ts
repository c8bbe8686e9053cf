import { clientRemark, isOutside } from './client-of-service';
import { Known } from './known';
import { backendsOf } from './service-backends';
import { PROTOCOL_NUMBERS } from '../../model/traffic';
import type { Analysis } from '../analysis';
import { isSamePod, Party, Traffic } from '../party';
import { isExternal } from '../world/read-services';
import { Service, World } from '../world/world';

/** What to know of a question beyond its answer: how the two really meet. */
export function remarks(analysis: Analysis, source: Party, destination: Party, traffic: Traffic): string[] {
  const { world } = analysis;
  return [
    ...selfRemarks(source, destination),
    ...[...new Set([source, destination])].flatMap(hostNetworkRemarks),
    ...(isOutside(source) ? [...serviceRemarks(analysis, destination, traffic), ...hostPortRemarks(destination, traffic)] : []),
    ...hostActionRemarks(world, source, destination),
    ...(source.workload ? [] : callRemarks(analysis, destination, traffic)),
  ];
}

function selfRemarks(source: Party, destination: Party): string[] {
  if (source.workload === undefined || source.workload !== destination.workload) { return []; }
  return [isSamePod(source, destination)
    ? 'what a pod sends to itself never leaves it, and no policy is asked'
    : 'what a pod sends to itself never leaves it; this is about two pods of the workload'];
}

function hostNetworkRemarks({ text, workload }: Party): string[] {
  return workload?.hostNetwork ? [`${text} is on the network of its nodes: to the CNI it is a node, and policies about pods neither select nor match it`] : [];
}

function serviceRemarks(analysis: Analysis, destination: Party, traffic: Traffic): string[] {
  return servicesTo(analysis, destination, traffic).filter(isExternal).map(clientRemark);
}

/** The Services that lead to a workload on a port. */
function servicesTo(analysis: Analysis, { workload }: Party, { protocol, port }: Traffic): Service[] {
  if (!workload) { return []; }
  const known = Known.of(analysis);
  return known.servicesIn(workload.namespace).filter(service => backendsOf(service, service.ports, known).some(mapping =>
    mapping.party.workload === workload && PROTOCOL_NUMBERS[mapping.protocol] === protocol && (port === undefined || mapping.target === port)));
}

function hostPortRemarks({ workload }: Party, { protocol, port }: Traffic): string[] {
  const found = workload?.ports.find(own => own.hostPort !== undefined && own.port === port && PROTOCOL_NUMBERS[own.protocol] === protocol);
  return found ? [`port ${found.hostPort} of its nodes leads to it (hostPort): whether the address of a client stays what it is depends on the CNI`] : [];
}

function hostActionRemarks({ hostAction }: World, source: Party, { variants }: Party): string[] {
  const toNode = source.workload !== undefined && variants.some(({ kind }) => kind === 'node' || kind === 'hostEndpoint');
  if (!hostAction || !toNode) { return []; }
  return [`${hostAction.at}: defaultEndpointToHostAction ${hostAction.action} of Felix decides what pods may send to their own node, after their egress policies; an environment variable of calico-node overrides it`];
}

function callRemarks(analysis: Analysis, destination: Party, traffic: Traffic): string[] {
  const { calls } = analysis.world;
  if (calls.length === 0 || !destination.workload) { return []; }
  const services = servicesTo(analysis, destination, traffic);
  return calls.filter(({ namespace, service }) => services.some(own => own.namespace === namespace && own.name === service))
    .map(({ text, at }) => `${at}: the API server calls it for ${text}`);
}
