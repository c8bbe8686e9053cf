import { isWildcard } from '../../model/fqdn';
import { HttpMatch, HttpRequest, TextMatch } from '../../model/http';
import { L7, PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';
import { sentTexts } from '../explain/traffic-text';

/** The traffic that a statement is about: all that is in one of the boxes, each with the request where one is stated. */
export interface AskedTraffic {
  /** Such as `TCP 8080 GET /api`. */
  readonly text: string;
  readonly boxes: readonly AskedBox[];
}

export interface AskedBox {
  /** Without layer 7. */
  readonly box: TrafficBox;
  readonly request: AskedRequest;
}

/** What is sent, exactly; what is absent is not known. */
export interface AskedRequest {
  readonly http?: HttpRequest;
  readonly dnsName?: string;
  readonly serverName?: string;
}

export const trafficText = (traffic: AskedTraffic | undefined): string => traffic?.text ?? 'all traffic';

/**
 * Traffic of which each box with a condition on requests becomes those very requests.
 * @throws when a condition stands for many requests: which of them pass would be another answer for each
 */
export function askedTraffic(text: string, boxes: readonly TrafficBox[], request: AskedRequest = {}): AskedTraffic {
  const asked = boxes.flatMap(({ l7, serverNames, ...box }) => {
    const requests = l7 === undefined ? [{}] : requestsOf(text, l7);
    const names = serverNames === undefined ? [{}] : serverNames.map(serverName => ({ serverName: exactName(text, 'server name', serverName) }));
    return requests.flatMap(one => names.map(name => ({ box, request: joined(text, { ...one, ...name }, request) })));
  });
  for (const { box, request: { http } } of asked) {
    if (http !== undefined && !isTcp(box)) { throw new Error(`${text}: an HTTP request travels over TCP; state a TCP port, such as 8080/tcp`); }
  }
  return { text: [text, ...sentTexts(request)].join(' '), boxes: asked };
}

const isTcp = ({ protocols }: TrafficBox): boolean => protocols.every(([first, last]) => first === PROTOCOL_NUMBERS.TCP && last === first);

function joined(text: string, own: AskedRequest, more: AskedRequest): AskedRequest {
  for (const key of ['http', 'dnsName', 'serverName'] as const) {
    if (own[key] !== undefined && more[key] !== undefined) { throw new Error(`${text}: the request is stated twice; state it with the port, or beside it`); }
  }
  return { ...own, ...more };
}

function requestsOf(text: string, l7: L7): AskedRequest[] {
  if ('http' in l7) { return l7.http.map(match => ({ http: exactRequest(text, match) })); }
  if ('dns' in l7) { return l7.dns.map(dnsName => ({ dnsName: exactName(text, 'DNS name', dnsName) })); }
  throw new Error(`${text}: requests of ${l7.opaque} cannot be asked about; state the port alone`);
}

function exactRequest(text: string, match: HttpMatch): HttpRequest {
  if (match.notMethods || match.notPaths || match.notHosts || match.conditions) { throw manyRequests(text, 'a condition'); }
  const method = exactly(text, 'method', match.methods);
  const path = exactly(text, 'path', match.paths);
  const host = exactly(text, 'host', match.hosts);
  return {
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(host === undefined ? {} : { host }),
    ...(match.headers === undefined ? {} : {
      headers: Object.fromEntries(match.headers.map(({ name, values }) => [name, exactly(text, `header ${name}`, values) ?? ''])),
    }),
  };
}

function exactly(text: string, what: string, matches: readonly TextMatch[] | undefined): string | undefined {
  if (matches === undefined) { return undefined; }
  if (matches.length !== 1 || !('exact' in matches[0])) { throw manyRequests(text, `its ${what}`); }
  return matches[0].exact;
}

const manyRequests = (text: string, what: string): Error =>
  new Error(`${text}: ${what} stands for many requests, and some of them may pass while others do not; state an exact one, such as method "GET" and path "/api/v1/users"`);

function exactName(text: string, what: string, name: string): string {
  if (isWildcard(name)) { throw new Error(`${text}: the ${what} ${JSON.stringify(name)} stands for many names; state an exact one`); }
  return name;
}
