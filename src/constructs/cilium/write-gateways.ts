import type { EgressGatewayNode } from './egress-gateway';
import { distinct, labelSelector } from '../../dialects/dialect';
import { isCovered } from '../../dialects/outside';
import { isBefore } from '../../dialects/versions';
import { compareCidrs, containsCidr, familyOf, isAddress, parseCidr } from '../../model/cidr';
import { LabelRequirement } from '../../model/endpoint';
import { labelKeyProblem, labelValueProblem } from '../../model/labels';
import { inConstruct, Json } from '../native-object';
import { stated, wrong } from './context';

/** @param inside the ranges of pods and nodes, to which Cilium never redirects */
export function writeDestinations(destinations: readonly string[], except: readonly string[] | undefined, inside: readonly string[]): Json {
  const ranges = cidrs(destinations, 'destinations', 'state 0.0.0.0/0 and ::/0 for all that is outside');
  const holes = except === undefined ? [] : cidrs(except, 'except', 'leave it out');
  const useless = holes.find(hole => !ranges.some(range => containsCidr(range, hole)));
  if (useless) { throw wrong('except', `${useless} is not a part of a destination, and would have no effect; leave it out, or correct it`); }
  const excluded = ranges.find(range => isCovered(range, holes));
  if (excluded) { throw wrong('except', `nothing of ${excluded} is left, so that it would have no effect as a destination; leave it out of destinations, or except less`); }
  const own = ranges.find(range => isCovered(range, inside));
  if (own) { throw wrong('destinations', `${own} is inside the cluster by the facts podCidrs and nodeCidrs, and Cilium redirects nothing that stays there; state addresses outside`); }
  return { destinationCIDRs: ranges, ...(holes.length > 0 ? { excludedCIDRs: holes } : {}) };
}

const cidrs = (list: readonly string[], where: string, instead: string): string[] =>
  [...new Set(stated(list, where, instead).map((cidr, i) => inConstruct(`${where}[${i}]`, () => parseCidr(String(cidr)))))].sort(compareCidrs);

/** With several gateways Cilium looks at `egressGateways` alone, but the API server wants `egressGateway` too. */
export function writeGateways(gateways: readonly EgressGatewayNode[], destinations: readonly string[], version: string | undefined): Json {
  const written = distinct(stated(gateways, 'gateways', 'state the nodes').map((gateway, i) => writeGateway(gateway, destinations, version, `gateways[${i}]`)));
  return { egressGateway: written[0], ...(written.length > 1 ? { egressGateways: written } : {}) };
}

/** IFNAMSIZ of the kernel, less the byte that ends a name. */
const LONGEST_INTERFACE = 15;

function writeGateway(gateway: EgressGatewayNode, destinations: readonly string[], version: string | undefined, where: string): Json {
  const { nodeLabels, nodeExpressions = [], networkInterface, egressIp } = gateway;
  if (networkInterface !== undefined && egressIp !== undefined) { throw wrong(where, 'Cilium ignores a policy with both networkInterface and egressIp; state one of them'); }
  if (networkInterface !== undefined && (networkInterface.length > LONGEST_INTERFACE || /[/\s]/.test(networkInterface))) {
    throw wrong(`${where}.networkInterface`, `${JSON.stringify(networkInterface)} is the name of no interface of Linux: at most ${LONGEST_INTERFACE} characters, without spaces and "/"`);
  }
  if (networkInterface === '') { throw wrong(`${where}.networkInterface`, 'names no interface; leave it out for that of the default route'); }
  if (egressIp !== undefined) { checkAddress(egressIp, destinations, version, `${where}.egressIp`); }
  const requirements = [
    ...Object.entries(nodeLabels ?? {}).map(([key, value]): LabelRequirement => {
      const problem = labelKeyProblem(key) ?? labelValueProblem(key, value);
      if (problem) { throw wrong(`${where}.nodeLabels`, problem); }
      return { key, operator: 'In', values: [value] };
    }),
    ...nodeExpressions.map(({ _requirement }) => _requirement),
  ];
  if (requirements.length === 0) { throw wrong(`${where}.nodeLabels`, 'without labels every node is meant, and Cilium would take the first by name; label the gateway nodes'); }
  return {
    nodeSelector: labelSelector(requirements),
    ...(networkInterface === undefined ? {} : { interface: networkInterface }),
    ...(egressIp === undefined ? {} : { egressIP: egressIp }),
  };
}

function checkAddress(address: string, destinations: readonly string[], version: string | undefined, where: string): void {
  if (!isAddress(address)) { throw wrong(where, `${JSON.stringify(address)} is no IP address`); }
  const family = familyOf(address);
  if (family === 6 && isBefore(version, '1.20')) { throw wrong(where, 'an IPv6 address is possible since Cilium 1.20; state networkInterface instead'); }
  const other = destinations.find(destination => familyOf(destination) !== family);
  if (other) {
    throw wrong(where, `an IPv${family} address cannot be the source of packets to ${other}, which would be dropped; state networkInterface, which has addresses of both IP versions, or an EgressGateway for each`);
  }
}
