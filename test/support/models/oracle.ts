import { BY_ADDRESS, Place } from './places';
import { NAMESPACE_NAMES, NAMESPACES, NODE_CIDRS, POD_CIDRS } from './vocabulary';
import { World } from './worlds';
import { disjunction } from '../../../src/model/dnf';
import { OWN_CLUSTER } from '../../../src/model/endpoint';
import { Answer } from '../../../src/model/evaluate';
import { fqdnMatches } from '../../../src/model/fqdn';
import { HttpRequest } from '../../../src/model/http';
import { Endpoint, Flow, matchesEndpoint, YES } from '../../../src/model/match';
import { Policy } from '../../../src/model/policy-set';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';
import { Dialect, End, Flow as JudgedFlow, judge, JudgeOptions, Pod, Protocol, Request, Verdict, World as JudgedWorld } from '../../oracle';

/** The naive judge's view of a world of this vocabulary, and the other way round. */

/** The labels of service accounts are objects for the judge. */
const SERVICE_ACCOUNT_OBJECTS = NAMESPACE_NAMES.map(namespace => (
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace, labels: { duty: 'robot' } } }));

export interface Judge {
  readonly judge: (flow: Flow, options?: JudgeOptions) => Answer;
}

export function judgeOf(dialect: Dialect, manifests: readonly unknown[], world: World, options: JudgeOptions = {}): Judge {
  const pods = new Map(world.filter(({ kind }) => kind === 'pod').map((endpoint, i) => [endpoint, podOf(endpoint, i)]));
  const judged: JudgedWorld = { namespaces: mutable(NAMESPACES), pods: [...pods.values()], podCidrs: [...POD_CIDRS], nodeCidrs: [...NODE_CIDRS] };
  const all = [...manifests, ...SERVICE_ACCOUNT_OBJECTS];
  const endOf = (endpoint: Endpoint, name?: string): End => {
    const pod = pods.get(endpoint);
    return pod ? { pod } : otherEnd(endpoint, name);
  };
  return {
    judge: ({ source, destination, protocol, port, sourcePort, icmp, http, serverName, dnsName }, more = {}) => {
      const flow = (name?: string): JudgedFlow => ({
        source: endOf(source),
        destination: endOf(destination, name),
        protocol: protocolOf(protocol),
        ...(port === undefined ? {} : { port }),
        ...(sourcePort === undefined ? {} : { sourcePort }),
        ...(icmp ? { icmp: { ...icmp } } : {}),
        ...(http ? { http: requestOf(http) } : {}),
        ...(serverName === undefined ? {} : { serverName }),
        ...(dnsName === undefined ? {} : { dnsQuery: dnsName }),
      });
      // Names only ever allow: an address that has several is open when it is by one of them.
      const names: readonly (string | undefined)[] = destination.names?.length ? destination.names : [undefined];
      const stated = http !== undefined || dnsName !== undefined;
      const verdicts = names.map(name => answerOf(judge(dialect, all, judged, flow(name), { ...options, ...more }), stated));
      return MOST_OPEN_FIRST.find(answer => verdicts.includes(answer))!;
    },
  };
}

/** With what stands beside the documents of a place, and the options of its CNI. */
export function judgeAt({ enforcedBy, beside = [], target: { version, features } }: Place, documents: readonly unknown[], world: World): Judge {
  return judgeOf(enforcedBy, [...beside, ...documents], world, { ...(version ? { version } : {}), ...(features ? { features } : {}) });
}

function otherEnd({ kind, address, labels, entities }: Endpoint, name: string | undefined): End {
  if (kind === 'node') { return { node: entities!.includes('host') ? 'local' : 'remote', address: address!, labels: { ...labels } }; }
  if (kind === 'hostEndpoint') { return { node: 'remote', address: address!, labels: {}, hostEndpoint: { ...labels } }; }
  if (entities!.includes('kube-apiserver')) { return { entity: 'kube-apiserver', address: address! }; }
  return { address: address!, ...(name === undefined ? {} : { name }) };
}

/** What depends on more than a stated request is unknown. */
function answerOf({ allowed, l7 }: Verdict, stated: boolean): Answer {
  if (!allowed) { return 'denied'; }
  if (!l7) { return 'allowed'; }
  return stated ? 'unknown' : 'partial';
}

const MOST_OPEN_FIRST: readonly Answer[] = ['allowed', 'unknown', 'partial', 'denied'];

const requestOf = ({ method, path, host, headers }: HttpRequest): Request => ({ method: method!, path: path!, host: host!, headers: { ...headers } });

const mutable = (namespaces: typeof NAMESPACES): Record<string, Record<string, string>> =>
  Object.fromEntries(Object.entries(namespaces).map(([name, labels]) => [name, { ...labels }]));

function podOf({ namespace, labels, serviceAccount, address, ports, cluster }: Endpoint, index: number): Pod {
  return {
    namespace: namespace!,
    name: `pod-${index}`,
    labels: { ...labels },
    serviceAccount: serviceAccount!,
    ips: [address!],
    ports: ports!.map(({ name, port, protocol }) => ({ port, protocol: protocol as 'TCP' | 'UDP' | 'SCTP', ...(name === undefined ? {} : { name }) })),
    ...(cluster === undefined || cluster === OWN_CLUSTER ? {} : { cluster }),
  };
}

const OTHER_PROTOCOLS: Readonly<Record<number, Protocol>> = { 2: 'IGMP', 47: 'GRE', 50: 'ESP', 112: 'VRRP' };

function protocolOf(number: number): Protocol {
  const name = Object.entries(PROTOCOL_NUMBERS).find(([, known]) => known === number)?.[0];
  if (name === undefined) { return OTHER_PROTOCOLS[number]; }
  return name === 'ICMPv6' ? 'ICMP' : name as Protocol;
}

/**
 * The flow with only those names that Cilium's DNS proxy saw the source ask for: the model is told by which names an address was found,
 * the judge works it out from the DNS rules of the source's policies. A policy that does not isolate lets every question through.
 */
export function asObserved(policies: readonly Policy[], flow: Flow): Flow {
  const { source, destination } = flow;
  if (!destination.names?.length) { return flow; }
  const patterns = policies
    .filter(({ direction, subject }) => direction === 'egress' && matchesEndpoint(subject, source, BY_ADDRESS) === YES)
    .flatMap(({ rules, isolates }) => rules
      .filter(({ action, match }) => action === 'allow' && disjunction(match.destination).length > 0)
      .flatMap(({ match }) => match.traffic.flatMap(({ l7 }) => (l7 && 'dns' in l7 ? isolates ? l7.dns : ['*'] : []))));
  return { ...flow, destination: { ...destination, names: destination.names.filter(name => patterns.some(pattern => fqdnMatches(pattern, name))) } };
}
