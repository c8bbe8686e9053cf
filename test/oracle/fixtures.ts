import { Dialect, End, Flow, judge, JudgeOptions, Pod, Protocol, Request, World } from './index';

/** A small world for the judge's own tests. */

export const web: Pod = {
  namespace: 'shop',
  name: 'web',
  labels: { 'app': 'web', 'pod-template-hash': 'abc' },
  serviceAccount: 'web',
  ips: ['10.0.0.1', 'fd00::1'],
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
};
export const api: Pod = {
  namespace: 'shop',
  name: 'api',
  labels: { app: 'api', tier: 'back' },
  serviceAccount: 'api',
  ips: ['10.0.0.2', 'fd00::2'],
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }, { name: 'stats', port: 9000, protocol: 'UDP' }],
};
export const db: Pod = {
  namespace: 'data', name: 'db', labels: { app: 'db' }, ips: ['10.0.1.1', 'fd00::1:1'], ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
};
/** As api, in another namespace. */
export const otherApi: Pod = { ...api, namespace: 'data', name: 'api', ips: ['10.0.1.2', 'fd00::1:2'] };
export const dns: Pod = { namespace: 'kube-system', name: 'coredns', labels: { 'k8s-app': 'kube-dns' }, ips: ['10.0.2.1', 'fd00::2:1'] };
export const addressless: Pod = { namespace: 'shop', name: 'new', labels: { app: 'new' } };
/** A hostNetwork pod, on the node of web. */
export const agent: Pod = { namespace: 'shop', name: 'agent', labels: { app: 'agent' }, ips: ['192.168.0.10'], hostNetwork: true, node: 'n1' };

export const world: World = {
  namespaces: { 'shop': { team: 'red' }, 'data': { team: 'blue' }, 'kube-system': {} },
  pods: [{ ...web, node: 'n1' }, api, db, otherApi, dns, addressless, agent],
  podCidrs: ['10.0.0.0/16', 'fd00::/64'],
  nodeCidrs: ['192.168.0.0/24'],
};

export const outside: End = { address: '203.0.113.7' };
export const outside6: End = { address: '2001:db8::7' };
export const localNode: End = { node: 'local', address: '192.168.0.1' };
export const remoteNode: End = { node: 'remote', address: '192.168.0.2' };
export const controlPlane: End = { node: 'remote', address: '192.168.0.4', labels: { 'node-role.kubernetes.io/control-plane': '', 'zone': 'a' } };
/** A node with a host endpoint, whose labels are its own. */
export const gateway: End = { node: 'remote', address: '192.168.0.5', labels: { zone: 'a' }, hostEndpoint: { role: 'gateway' } };
/** As api, in another cluster of the mesh. */
export const remoteApi: Pod = { ...api, name: 'remote-api', ips: ['10.7.0.2'], cluster: 'mars' };
export const apiServerOutside: End = { entity: 'kube-apiserver', address: '203.0.113.99' };
export const apiServerOnNode: End = { entity: 'kube-apiserver', address: '192.168.0.3' };

export function named(name: string): End {
  return { address: '203.0.113.7', name };
}

/** A flow of a protocol without ports. */
export function packet(source: Pod | End, destination: Pod | End, protocol: Protocol): Flow {
  return { source: end(source), destination: end(destination), protocol };
}

function end(each: Pod | End): End {
  return 'namespace' in each ? { pod: each } : each;
}

export function flow(source: Pod | End, destination: Pod | End, protocol: Protocol = 'TCP', port?: number): Flow {
  return { source: end(source), destination: end(destination), protocol, port: protocol === 'ICMP' ? undefined : port ?? 8080 };
}

/** A flow that carries a request for `path`. */
export function request(source: Pod | End, destination: Pod | End, path: string, other: Partial<Request> = {}): Flow {
  return { ...flow(source, destination), http: { method: 'GET', path, host: 'api.shop', ...other } };
}

export function ping(source: Pod | End, destination: Pod | End): Flow {
  return flow(source, destination, 'ICMP');
}

/** A sentence about behaviour, the manifests, the flow, whether it is allowed. */
export type Case = [string, any[], Flow, boolean, JudgeOptions?];

export function check(dialect: Dialect, cases: Case[]): void {
  // Not test.each: it takes a last parameter without a value for the callback of an asynchronous test.
  for (const [sentence, manifests, each, allowed, options] of cases) {
    test(sentence, () => expect(judge(dialect, manifests, world, each, options).allowed).toBe(allowed));
  }
}

/** A sentence, manifests that are refused, and why. */
export type Refusal = [string, any[], RegExp, JudgeOptions?];

export function checkRefusals(dialect: Dialect, cases: Refusal[]): void {
  for (const [sentence, manifests, why, options] of cases) {
    test(sentence, () => expect(() => judge(dialect, manifests, world, flow(web, api), options)).toThrow(why));
  }
}

let count = 0;

export function networkPolicy(spec: object, namespace = 'shop'): any {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: `knp-${count++}`, namespace }, spec };
}

export function cnp(rule: object, namespace = 'shop'): any {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: `cnp-${count++}`, namespace }, spec: { endpointSelector: {}, ...rule } };
}

export function ccnp(rule: object): any {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: `ccnp-${count++}` }, spec: { endpointSelector: {}, ...rule } };
}

export function np(spec: object, name?: string, namespace = 'shop'): any {
  return { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: name ?? `np-${count++}`, namespace }, spec };
}

export function gnp(spec: object, name?: string): any {
  return { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: name ?? `gnp-${count++}` }, spec };
}

export function tier(name: string, order?: number, defaultAction?: string): any {
  return { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { order, defaultAction } };
}
