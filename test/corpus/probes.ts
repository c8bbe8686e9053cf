import { spell } from './ends';
import { HttpMatch, HttpRequest, TextMatch } from '../../src/model/http';
import { Endpoint, Flow } from '../../src/model/match';
import { Policy } from '../../src/model/policy-set';
import { IcmpType, PortSet, TrafficBox } from '../../src/model/traffic';

/** What travels between two ends: for each box of traffic its edges, its requests and names, and what lies beyond them. */

export type Probe = Omit<Flow, 'source' | 'destination'>;

export const USUAL: readonly Probe[] = [
  { protocol: 6, sourcePort: 40000, port: 31999 },
  { protocol: 17, sourcePort: 40000, port: 53, dnsName: 'www.example.net' },
  { protocol: 1, icmp: { type: 8, code: 0 } },
  { protocol: 47 },
];

export function probesOf(box: TrafficBox): Probe[] {
  const protocols = [...new Set(box.protocols.flatMap(([first, last]) => [first, last]))].filter(each => each > 0 && each < 255);
  return (protocols.length > 0 ? protocols : [6])
    .flatMap(protocol => ends(box, protocol).flatMap(end => contents(box).map(content => ({ protocol, ...end, ...content }))));
}

const HAS_PORTS: readonly number[] = [6, 17, 132, 136];

function ends({ sourcePorts, destinationPorts, icmp }: TrafficBox, protocol: number): Partial<Probe>[] {
  if (protocol === 1 || protocol === 58) {
    const types: readonly IcmpType[] = [...(icmp ?? []), { type: 77 }];
    return types.map(({ type, code = 0 }) => ({ icmp: { type, code } }));
  }
  if (!HAS_PORTS.includes(protocol)) { return [{}]; }
  return portsOf(destinationPorts, 8).flatMap(port => portsOf(sourcePorts, 3, 40000).map(sourcePort => ({ port, sourcePort })));
}

function portsOf(set: PortSet | undefined, most: number, otherwise = 31998): number[] {
  if (!set) { return [otherwise]; }
  const edges = set.ranges.slice(0, most).flatMap(([first, last]) => [first, last, last + 1, first - 1]);
  const named = [...set.names, ...set.exceptNames ?? []].map(portOfName);
  return [...new Set([...edges, ...named, otherwise])].filter(port => port > 0 && port < 65536);
}

/** A name stands for the same number everywhere. */
const portOfName = (name: string): number => 20000 + [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9000, 7);

export const portNames = (policies: readonly Policy[]): string[] => [...new Set(policies
  .flatMap(({ rules }) => rules.flatMap(({ match }) => match.traffic))
  .flatMap(({ sourcePorts, destinationPorts }) => [sourcePorts, destinationPorts])
  .flatMap(set => [...set?.names ?? [], ...set?.exceptNames ?? []]))];

export const withPorts = (endpoint: Endpoint, names: readonly string[]): Endpoint => (endpoint.kind !== 'pod' ? endpoint : {
  ...endpoint,
  ports: names.flatMap(name => ['TCP', 'UDP', 'SCTP'].map(protocol => ({ name, port: portOfName(name), protocol }))),
});

/** Requests and names. Of what only some requests may do, nothing is known where no request is stated. */
function contents({ l7, serverNames }: TrafficBox): Partial<Probe>[] {
  const names: Partial<Probe>[] = serverNames ? [...serverNames.map(name => ({ serverName: spell(name) })), { serverName: 'www.example.net' }] : [{}];
  const requests: Partial<Probe>[] = !l7 ? [{}]
    : 'dns' in l7 ? [...l7.dns.map(name => ({ dnsName: spell(name) })), { dnsName: 'www.example.net' }]
      : 'http' in l7 ? l7.http.flatMap(requestsOf).map(http => ({ http })) : [{}];
  return names.flatMap(name => requests.map(request => ({ ...name, ...request })));
}

function requestsOf(match: HttpMatch): HttpRequest[] {
  const headers = Object.fromEntries((match.headers ?? []).map(({ name, values }) => [name, values?.length ? texts(values[0])[0] : 'anything']));
  const [methods, paths, hosts] = [match.methods, match.paths, match.hosts].map((list, i) => [...(list ?? []).flatMap(texts), ['GET', '/', 'www.example.net'][i]]);
  const request = (method: string, path: string, host: string, more = headers): HttpRequest => ({ method, path, host, headers: more });
  return [
    ...paths.flatMap(path => [path, `${path}?q=1`, `${path}/more`]).map(path => request(methods[0], path, hosts[0])),
    ...methods.slice(1).concat('PATCH').map(method => request(method, paths[0], hosts[0])),
    ...hosts.slice(1).concat(`${hosts[0]}:8080`).map(host => request(methods[0], paths[0], host)),
    ...Object.keys(headers).flatMap(name => {
      const { [name]: _gone, ...rest } = headers;
      return [request(methods[0], paths[0], hosts[0], rest), request(methods[0], paths[0], hosts[0], { ...rest, [name]: 'another' })];
    }),
  ];
}

/** Texts that a condition matches, as far as that can be seen. */
function texts(match: TextMatch): string[] {
  if ('exact' in match) { return [match.exact]; }
  if ('prefix' in match) { return [match.prefix, `${match.prefix}x`]; }
  if ('suffix' in match) { return [match.suffix, `x${match.suffix}`]; }
  return 'present' in match ? ['x'] : [match.pattern, ...spellings(match.pattern)];
}

const spellings = (pattern: string): string[] => ['', 'x7'].map(filler => pattern
  .replace(/\(\?[a-z]*:?/g, '(')
  .replace(/\(([^()|]*)(\|[^()]*)?\)\??/g, '$1')
  .replace(/\\?\.[*+]|\[[^\]]*\][*+]?|\\[dw][*+]?/g, filler || '7')
  .replace(/[\^$?\\]/g, ''));
