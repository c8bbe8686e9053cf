import { Judge, JudgedPod, Verdict } from './judged';
import { Analysis } from '../../../../src/analysis/analysis';
import { Party, Traffic } from '../../../../src/analysis/party';
import { Answer } from '../../../../src/model/evaluate';
import { End, Flow, Protocol } from '../../../oracle';
import { REQUEST_PROBES } from '../../../support/models/requests';
import { EXTERNAL_ADDRESSES, NAMES, Probe, PROBES } from '../../../support/models/vocabulary';

/** Every question about a small world, as the facade and as the naive judge take it. */

export interface Question {
  readonly source: Asked;
  readonly destination: Asked;
  readonly traffic: Traffic;
  readonly flow: Omit<Flow, 'source' | 'destination' | 'ipVersion'>;
}

/** One end of a question, and all that it is to the judge: the pods of a workload, or an address. */
export interface Asked {
  readonly party: Party;
  readonly ends: readonly End[];
}

/** The workloads of an analysis, each with its pods as the judge knows them; every pod belongs to one. */
export function askedWorkloads({ parties }: Analysis, { world }: Judge): Asked[] {
  const text = ({ namespace, owner }: JudgedPod): string => `${namespace}/${owner.name}[${owner.kind}]`;
  const asked = parties.filter(({ workload }) => workload !== undefined)
    .map(party => ({ party, ends: world.pods.filter(pod => text(pod) === party.text).map((pod): End => ({ pod })) }));
  const found = asked.flatMap(({ ends }) => ends).length;
  if (found !== world.pods.length || asked.some(({ ends }) => ends.length === 0)) {
    throw new Error(`${parties.map(party => party.text).join(', ')} are not the owners of ${world.pods.map(text).join(', ')}`);
  }
  return asked;
}

/** An address outside, with the name by which the source found it. */
export function askedOutside(address: string, name?: string): Asked {
  const entities = ['all', 'world', address.includes(':') ? 'world-ipv6' : 'world-ipv4'];
  return {
    party: { text: name === undefined ? address : `${name} at ${address}`, variants: [{ kind: 'external', address, entities, names: name === undefined ? [] : [name] }] },
    ends: [{ address, ...(name === undefined ? {} : { name }) }],
  };
}

export const OUTSIDE: readonly Asked[] = EXTERNAL_ADDRESSES.map(address => askedOutside(address));
export const BY_NAME: readonly Asked[] = Object.entries(NAMES).flatMap(([address, names]) => names.map(name => askedOutside(address, name)));

const PROTOCOLS: Readonly<Record<number, Protocol>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 58: 'ICMP', 132: 'SCTP', 136: 'UDPLite' };

export const PROBES_OF_PORTS: readonly Probe[] = [...PROBES, { protocol: 136, port: 80 }, { protocol: 47 }];
export const ALL_PROBES: readonly Probe[] = [...PROBES_OF_PORTS, ...REQUEST_PROBES];

export function questions(workloads: readonly Asked[], others: readonly Asked[], probes: readonly Probe[]): Question[] {
  const pairs = [
    ...workloads.flatMap(source => workloads.map(destination => [source, destination] as const)),
    ...workloads.flatMap(workload => others.flatMap(other => [[workload, other], [other, workload]] as const)),
  ];
  return pairs.flatMap(([source, destination]) => {
    const families = new Set(meetings(source, destination).map(([, , family]) => family));
    // Over both families there are two kinds of echo requests, which are two questions.
    return families.size === 0 ? [] : probes.filter(({ icmp }) => !icmp || families.size === 1).map(probe => question(source, destination, probe));
  });
}

export function question(source: Asked, destination: Asked, probe: Probe): Question {
  const { protocol, port, icmp, http, serverName, dnsName } = probe;
  const families = new Set(meetings(source, destination).map(([, , family]) => family));
  // An echo request between IPv6 addresses is one of another protocol.
  const ping = icmp && families.has(6) ? { protocol: 58, icmp: { type: 128, code: 0 } } : { protocol, ...(icmp ? { icmp } : {}) };
  const ports = port === undefined ? {} : { port, sourcePort: 40000 };
  const asks = { ...(http ? { http } : {}), ...(serverName === undefined ? {} : { serverName }) };
  return {
    source,
    destination,
    traffic: { ...ping, ...ports, ...asks, ...(dnsName === undefined ? {} : { dnsName }) },
    flow: {
      protocol: PROTOCOLS[ping.protocol],
      ...ports,
      ...(ping.icmp ? { icmp: { ...ping.icmp } } : {}),
      ...(dnsName === undefined ? {} : { dnsQuery: dnsName }),
      ...(serverName === undefined ? {} : { serverName }),
      ...(http ? { http: { method: http.method!, path: http.path!, host: http.host!, headers: { ...http.headers } } } : {}),
    },
  };
}

type Meeting = readonly [source: End, destination: End, family: 4 | 6];

const addressesOf = (end: End): readonly string[] => ('pod' in end ? end.pod.ips ?? [] : [end.address]);
const has = (end: End, family: 4 | 6): boolean => addressesOf(end).some(address => address.includes(':') === (family === 6));
const podName = (end: End): string | undefined => ('pod' in end ? `${end.pod.namespace}/${end.pod.name}` : undefined);

/** In which ways two ends can meet: each pod with each other one, over each family that both have. What a pod sends to itself meets nobody. */
function meetings({ ends: sources }: Asked, { ends: destinations }: Asked): Meeting[] {
  return sources.flatMap(source => destinations
    .filter(destination => podName(source) === undefined || podName(source) !== podName(destination))
    .flatMap(destination => ([4, 6] as const)
      .filter(family => has(source, family) && has(destination, family))
      .map((family): Meeting => [source, destination, family])));
}

/** What the judge says of each way in which the ends can meet. */
export function judged(judge: Judge, { source, destination, flow }: Question): ReadonlySet<Verdict> {
  return new Set(meetings(source, destination).map(([from, to, ipVersion]) => judge.verdict(from, to, { ...flow, ipVersion })));
}

/** What the facade should say where all is stated. What is left open beside a stated request is for want of a fact, not of the request. */
export function expected(verdicts: ReadonlySet<Verdict>, { traffic: { http, dnsName } }: Question): Answer {
  if (verdicts.size > 1) { return 'unknown'; }
  const [verdict] = verdicts;
  return verdict !== 'some' ? verdict : http === undefined && dnsName === undefined ? 'partial' : 'unknown';
}

export const ask = (analysis: Analysis, { source, destination, traffic }: Question): Answer =>
  analysis.answer(source.party, destination.party, traffic);

export const describe = ({ source, destination, traffic }: Question): string => `${source.party.text} -> ${destination.party.text} ${JSON.stringify(traffic)}`;
