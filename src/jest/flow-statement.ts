import { ExpectedFlow, ExpectedHttp, FlowEnd } from './flow';
import { AskedRequest, askedTraffic, AskedTraffic } from '../analysis/contract/asked-traffic';
import { parsePortText } from '../analysis/contract/port-text';
import { parseHttpText } from '../analysis/contract/read-request';
import { FlowStatement } from '../analysis/contract/statement';
import { ResolvedFacts } from '../cluster/cluster';
import { requestOf } from '../connectivity/asked-of';
import { NamedEnd } from '../connectivity/named-end';
import { sideOf } from '../connectivity/side-of';
import { IPeer } from '../constructs/peer';

const FIELDS = ['from', 'to', 'port', 'http', 'dns', 'serverName'];

/**
 * The flow as a statement.
 * @throws when a part of it is not valid
 */
export function flowStatement(says: 'allow' | 'deny', flow: ExpectedFlow, facts: ResolvedFacts): FlowStatement {
  const stray = Object.keys(flow).find(name => !FIELDS.includes(name));
  if (stray !== undefined) { throw new Error(`a flow has no ${JSON.stringify(stray)}; it has ${FIELDS.join(', ')}`); }
  const traffic = trafficOf(flow);
  return { says, source: sideOf(peers('from', flow.from), facts), destination: sideOf(peers('to', flow.to), facts), ...(traffic ? { traffic } : {}) };
}

function peers(name: string, ends: FlowEnd | readonly FlowEnd[]): IPeer[] {
  const all: readonly FlowEnd[] = Array.isArray(ends) ? ends : [ends as FlowEnd];
  if (all.length === 0 || all.some(end => end === undefined || end === null)) { throw new Error(`${name} names nobody, which never means everybody; name a workload, such as "shop/web", or say "*"`); }
  return all.map(end => (typeof end === 'string' ? new NamedEnd(end) : end));
}

const HTTP_FIELDS = ['method', 'path', 'host', 'headers'];

function httpOf(http: ExpectedHttp): ExpectedHttp {
  const stray = Object.keys(http).find(name => !HTTP_FIELDS.includes(name));
  if (stray !== undefined) { throw new Error(`http has no ${JSON.stringify(stray)}; it has ${HTTP_FIELDS.join(', ')}`); }
  if (Object.keys(http).length === 0) { throw new Error('http states no part of a request; state a method and a path, such as "GET /api/v1/users"'); }
  return http;
}

function trafficOf({ port, http, dns, serverName }: ExpectedFlow): AskedTraffic | undefined {
  const request: AskedRequest = {
    ...requestOf({ ...(typeof http === 'object' ? httpOf(http) : {}), dnsName: dns, serverName }),
    ...(typeof http === 'string' ? { http: parseHttpText(http) } : {}),
  };
  if (port === undefined) {
    if (Object.keys(request).length > 0) { throw new Error('a request is stated without a port; state the port too, such as port: "8080/tcp"'); }
    return undefined;
  }
  if (typeof port !== 'string') { return askedTraffic(port.toString(), port._traffic, request); }
  const { text, box } = parsePortText(port);
  return askedTraffic(text, [box], request);
}
