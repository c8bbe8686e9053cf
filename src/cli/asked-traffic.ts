import { ExplainOptions } from './commands/explain';
import { UsageError } from './usage-error';
import { exactNameProblem } from '../analysis/contract/exact-name';
import { parsePortText } from '../analysis/contract/port-text';
import { parseHttpText } from '../analysis/contract/read-request';
import { FoundParty, trafficTo } from '../analysis/find-party';
import { Party, Traffic } from '../analysis/party';
import { PROTOCOL_NUMBERS, TrafficBox } from '../model/traffic';

/** A port without a protocol is one of TCP, as in a Service. */
const BARE = /^[^/]+$/;
const PROTOCOLS_ALONE = ['icmp', 'icmpv6', 'tcp', 'udp', 'sctp'];

/** What travels to one of the parties, as the options ask; none where nothing answers there. */
export function trafficAsked(options: ExplainOptions, found: FoundParty, party: Party): Traffic[] {
  const request = requestAsked(options);
  if (options.port !== undefined) { return trafficOf(options.port, party).flatMap(traffic => trafficTo(found, party, { ...traffic, ...request })); }
  if (found.ports) {
    return found.ports.filter(mapping => mapping.party === party).flatMap(({ protocol, target }) =>
      (target === undefined ? [] : [{ protocol: PROTOCOL_NUMBERS[protocol], port: target, ...request }]));
  }
  if (options.dns !== undefined) { return [{ protocol: PROTOCOL_NUMBERS.UDP, port: 53, ...request }]; }
  const ports = party.workload?.ports ?? [];
  if (ports.length === 1) { return [{ protocol: PROTOCOL_NUMBERS[ports[0].protocol], port: ports[0].port, ...request }]; }
  const some = ports.map(({ port, protocol }) => `${port}/${protocol.toLowerCase()}`);
  throw new UsageError(`state --port: ${party.text} ${some.length === 0 ? 'states no port' : `has the ports ${some.join(', ')}`}`);
}

function requestAsked({ http, host, dns }: ExplainOptions): Partial<Traffic> {
  const request = http === undefined ? {} : attempt('--http', () => parseHttpText(http));
  const problem = dns === undefined ? undefined : exactNameProblem(dns);
  if (problem !== undefined) { throw new UsageError(`--dns: ${problem}`); }
  return {
    ...(http === undefined && host === undefined ? {} : { http: { ...request, ...(host === undefined ? {} : { host }) } }),
    ...(dns === undefined ? {} : { dnsName: dns }),
  };
}

function trafficOf(text: string, party: Party): Traffic[] {
  const lower = text.toLowerCase();
  const asked = BARE.test(lower) && !PROTOCOLS_ALONE.includes(lower) ? `${lower}/tcp` : lower;
  const icmp = /^(icmp|icmpv6)\/(\d{1,3})(?:\/(\d{1,3}))?$/.exec(asked);
  if (icmp) { return [{ protocol: PROTOCOL_NUMBERS[icmp[1] === 'icmp' ? 'ICMP' : 'ICMPv6'], icmp: { type: Number(icmp[2]), code: Number(icmp[3] ?? 0) } }]; }
  return flowsOf(text, attempt('--port', () => parsePortText(asked)).box, party);
}

function flowsOf(text: string, { protocols: [[protocol]], destinationPorts }: TrafficBox, party: Party): Traffic[] {
  if (!destinationPorts) { return [{ protocol }]; }
  const { ranges: [range], names: [name] } = destinationPorts;
  if (range !== undefined) {
    if (range[0] !== range[1]) { throw new UsageError(`--port ${text}: ask about one port; "describe" and "list" show ranges`); }
    return [{ protocol, port: range[0] }];
  }
  const found = (party.workload?.ports ?? []).filter(port => port.name === name && PROTOCOL_NUMBERS[port.protocol] === protocol);
  if (found.length === 0) { throw new UsageError(`--port ${text}: ${party.text} has no port of that name`); }
  return [...new Set(found.map(({ port }) => port))].map(port => ({ protocol, port }));
}

function attempt<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
}
