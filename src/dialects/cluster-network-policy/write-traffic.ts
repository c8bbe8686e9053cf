import { ALL_PORTS, coversEveryProtocol, isAllTraffic, mergeRanges, portProtocols, PortSet, ProtocolName, Range, TrafficBox } from '../../model/traffic';
import { distinct } from '../dialect';
import { Feature, refuse as refuseIn } from '../refusals';
import { Form } from './kinds';

type Json = Record<string, unknown>;
const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cluster-network-policy', feature, statement, detail);

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

interface WrittenTraffic {
  readonly numbers: readonly Json[];
  /** Of pods only. */
  readonly names: readonly Json[];
}

/** Undefined: all traffic. Nothing in it: none. */
export function writeTraffic(traffic: readonly TrafficBox[], form: Form, experimental: boolean, statement: string): WrittenTraffic | undefined {
  if (isAllTraffic(traffic)) { return undefined; }
  const numbers: Json[] = [];
  const named = new Map<string, Set<ProtocolName>>();
  for (const box of traffic) {
    for (const protocol of protocolsOf(box, statement)) {
      numbers.push(...writeNumbers(protocol, box.destinationPorts, form));
      for (const name of box.destinationPorts?.names ?? []) { named.set(name, (named.get(name) ?? new Set()).add(protocol)); }
    }
  }
  return { numbers: distinct(numbers), names: [...named].map(([name, protocols]) => writeName(name, protocols, form, experimental, statement)) };
}

function protocolsOf(box: TrafficBox, statement: string): readonly ProtocolName[] {
  if (box.l7) { throw refuse('http' in box.l7 ? 'http' : 'l7', statement); }
  if (box.serverNames) { throw refuse('server-name', statement, box.serverNames.join(', ')); }
  if (box.sourcePorts) { throw refuse('source-port', statement); }
  if (box.icmp) { throw refuse('icmp', statement); }
  const protocols = portProtocols(box);
  if (!protocols || box.ipVersion) {
    throw refuse('protocol', statement, coversEveryProtocol(box) ? 'ports of every protocol' : box.protocols.map(range => range.join('-')).join(', '));
  }
  if (box.destinationPorts?.exceptNames) { throw refuse('negated-peer', statement, `all ports except ${box.destinationPorts.exceptNames.join(', ')}`); }
  return protocols;
}

function writeNumbers(protocol: ProtocolName, ports: PortSet | undefined, form: Form): Json[] {
  // Nothing travels on port 0, and the API server refuses it.
  const ranges = mergeRanges(ports?.ranges ?? [ALL_PORTS])
    .map(([first, last]): Range => [Math.max(first, 1), last])
    .filter(([first, last]) => first <= last);
  return ranges.map(([start, end]): Json => {
    if (form.version === 'v1alpha1') { return start === end ? { portNumber: { protocol, port: start } } : { portRange: { protocol, start, end } }; }
    return { [protocol.toLowerCase()]: { destinationPort: start === end ? { number: start } : { range: { start, end } } } };
  });
}

/** A name has no protocol there, so that the name of a TCP port would be that of a UDP port too. */
function writeName(name: string, protocols: ReadonlySet<ProtocolName>, form: Form, experimental: boolean, statement: string): Json {
  if (form.version === 'v1alpha1' && !experimental) { throw refuse('named-port', statement, name); }
  if (!PROTOCOLS.every(protocol => protocols.has(protocol))) { throw refuse('named-port', statement, `${[...protocols].join(' and ')} ${name}`); }
  return form.version === 'v1alpha1' ? { namedPort: name } : { destinationNamedPort: name };
}
