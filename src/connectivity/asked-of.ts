import { FlowRequest } from './flow-request';
import { AskedRequest, AskedTraffic, askedTraffic } from '../analysis/contract/asked-traffic';
import { exactNameProblem } from '../analysis/contract/exact-name';
import { Port } from '../constructs/port';

/**
 * What a question asks about: undefined for everything.
 * @throws when the port or the request stands for many requests, or the request is none
 */
export function askedOf(port: Port | undefined, request: FlowRequest = {}): AskedTraffic | undefined {
  const asked = requestOf(request);
  if (port === undefined) {
    if (Object.keys(asked).length > 0) { throw new Error('a request is stated without a port; state the port too, such as Port.tcp(8080)'); }
    return undefined;
  }
  return askedTraffic(port.toString(), port._traffic, asked);
}

/** @throws when a part of it is none */
export function requestOf({ method, path, host, headers, dnsName, serverName }: FlowRequest): AskedRequest {
  const http = Object.fromEntries(Object.entries({ method, path, host, headers }).filter(([, value]) => value !== undefined));
  if (method !== undefined && !/^[A-Z]+(-[A-Z]+)*$/.test(method)) { throw new Error(`method ${JSON.stringify(method)} is not valid; write it in upper-case letters, such as "GET"`); }
  if (path !== undefined && !/^\/[!-~]*$/.test(path)) { throw new Error(`path ${JSON.stringify(path)} is not valid; it begins with "/" and has no spaces, such as "/api/v1/users"`); }
  for (const [what, name] of [['dnsName', dnsName], ['serverName', serverName]] as const) {
    const problem = name === undefined ? undefined : exactNameProblem(name);
    if (problem !== undefined) { throw new Error(`${what}: ${problem}`); }
  }
  return {
    ...(Object.keys(http).length === 0 ? {} : { http }),
    ...(dnsName === undefined ? {} : { dnsName }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}
