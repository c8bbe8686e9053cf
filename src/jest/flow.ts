import { FlowRequest } from '../connectivity/flow-request';
import { IPeer } from '../constructs/peer';
import { Port } from '../constructs/port';

/** An end: a construct's workload, a peer, or a name such as "shop/web", "svc/shop/api:80", "203.0.113.0/24" or "internet". */
export type FlowEnd = string | IPeer;

/** A request in parts; what is left out is not known. */
export type ExpectedHttp = Pick<FlowRequest, 'method' | 'path' | 'host' | 'headers'>;

/** What `toAllow` and `toDeny` are about: all flows between each two of the ends. */
export interface ExpectedFlow {
  readonly from: FlowEnd | readonly FlowEnd[];
  readonly to: FlowEnd | readonly FlowEnd[];
  /** A `Port`, or a text such as "8080/tcp". Left out: everything, ICMP too. */
  readonly port?: string | Port;
  /** One request, such as "GET /api/v1/users" or `{ method: 'GET', path: '/api/v1/users', host: 'shop.example.com' }`. */
  readonly http?: string | ExpectedHttp;
  /** The name that a DNS request asks for. */
  readonly dns?: string;
  /** The server name of a TLS handshake. */
  readonly serverName?: string;
}
