import { istio } from '../../../src/dialects/istio';
import { Answer, evaluate } from '../../../src/model/evaluate';
import { HttpRequest } from '../../../src/model/http';
import { Endpoint, Flow } from '../../../src/model/match';
import { Policy } from '../../../src/model/policy-set';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';
import { MeshFlow } from '../../oracle/istio';

/** Addresses in a mesh are whoever holds them, whatever a CNI does: its profile has no say. */
const PROFILE = { cidrMatches: [] };

export const document = (spec: unknown, metadata: object = {}): any =>
  ({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec });

export const read = (spec: unknown, metadata: object = {}): Policy => istio.read(document(spec, metadata))[0];

export const answer = (policies: readonly Policy[], flow: Flow, documents: readonly unknown[] = []): Answer =>
  evaluate(istio.link(policies, documents), flow, PROFILE);

/** A caller with the identity of its service account. */
export function caller(account: string, namespace: string, address: string = '10.0.0.9'): Endpoint {
  return { ...plaintext(namespace, address), serviceAccount: account, principal: `cluster.local/ns/${namespace}/sa/${account}` };
}

/** A caller that is not in the mesh, or whose traffic is not taken into it. */
export const plaintext = (namespace: string, address: string = '10.0.0.9'): Endpoint =>
  ({ kind: 'pod', namespace, address, labels: {}, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, serviceAccount: 'default', principal: '' });

export const WEB: Endpoint = {
  kind: 'pod',
  namespace: 'shop',
  labels: { app: 'web' },
  address: '10.0.0.1',
  serviceAccount: 'web',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
  principal: 'cluster.local/ns/shop/sa/web',
};

export const to = (source: Endpoint, port: number, http?: HttpRequest, destination: Endpoint = WEB): Flow =>
  ({ source, destination, port, protocol: PROTOCOL_NUMBERS.TCP, ...(http ? { http } : {}) });

export const get = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', path, host: 'web.shop', headers: {}, ...more });

/** The flow as the judge takes it. */
export function judged({ source, destination, port, protocol, http }: Flow): MeshFlow {
  return {
    source: { ...(source.principal ? { principal: source.principal } : {}), address: source.address! },
    destination: { namespace: destination.namespace!, labels: { ...destination.labels }, address: destination.address! },
    port: port!,
    protocol: protocol === PROTOCOL_NUMBERS.UDP ? 'UDP' : 'TCP',
    ...(http ? { http: { method: http.method!, path: http.path!, host: http.host!, headers: { ...http.headers } } } : {}),
  };
}
