import type { Traffic } from '../../../src/analysis/party';
import type { End, Flow, Pod, Protocol, World } from '../../oracle';
import { Manifest, RANGES } from '../../support/apps';

/** The cluster in which the tutorials' manifests are tried, once for the naive judge and once as documents for the analysis. */

const pod = (name: string, namespace: string, labels: Record<string, string>, at: number, serviceAccount = 'default'): Pod =>
  ({ name, namespace, labels, serviceAccount, ips: [`10.244.0.${at}`] });

const PODS: readonly Pod[] = [
  pod('web', 'shop', { app: 'web' }, 1),
  pod('api', 'shop', { app: 'api' }, 2),
  pod('database', 'shop', { app: 'database' }, 3),
  pod('neighbour', 'shop', { app: 'neighbour' }, 4),
  pod('gateway', 'shop', { app: 'gateway' }, 5, 'api-gateway'),
  pod('processor', 'shop', { app: 'processor' }, 6, 'payment-processor'),
  /** With the label of the cluster's DNS, in a namespace where anybody may set it. */
  pod('decoy', 'shop', { 'k8s-app': 'kube-dns' }, 7),
  pod('intruder', 'other', { app: 'web' }, 8),
  pod('storefront', 'storefront', { app: 'web' }, 9),
  pod('vault', 'cardholder-data', { app: 'vault' }, 10),
  pod('coredns', 'kube-system', { 'k8s-app': 'kube-dns' }, 11),
  pod('metrics-server', 'kube-system', { 'k8s-app': 'metrics-server' }, 12),
  pod('controller', 'ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }, 13),
  pod('admission', 'ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'admission-webhook' }, 14),
  pod('prometheus', 'monitoring', { 'app.kubernetes.io/name': 'prometheus' }, 15),
  pod('issuer', 'cert-manager', { app: 'webhook' }, 16),
];

const NAMESPACES: readonly string[] = [...new Set(PODS.map(({ namespace }) => namespace))];

/** What names outside resolve to. */
const ADDRESS_OF_NAMES = '203.0.113.80';

export const TUTORIAL_WORLD: World = {
  namespaces: Object.fromEntries(NAMESPACES.map(name => [name, {}])),
  pods: [...PODS],
  podCidrs: RANGES.podCidrs,
  nodeCidrs: RANGES.nodeCidrs,
};

export const TUTORIAL_DOCUMENTS: readonly Manifest[] = [
  ...NAMESPACES.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...PODS.map(({ name, namespace, labels, serviceAccount, ips }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { serviceAccountName: serviceAccount, containers: [{ name: 'main', image: 'image' }] },
    status: { podIP: ips![0], podIPs: ips!.map(ip => ({ ip })) },
  })),
];

/** `web -> api TCP 8080`, with `GET /path` or `asks name` where a request decides; headers as `X-A=1`. */
const FLOW = /^(\S+) -> (\S+) (TCP|UDP) (\d+)(?: asks (\S+)| ([A-Z]+) (\/\S*)((?: \S+=\S+)*))?$/;

function parsed(text: string) {
  const match = FLOW.exec(text);
  if (!match) { throw new Error(`no flow: ${text}`); }
  const [, source, destination, protocol, port, dnsName, method, path, headers = ''] = match;
  const fields = headers.trim().split(' ').filter(Boolean).map(each => each.split('=') as [string, string]);
  const http = method ? { method, path, host: 'api', headers: Object.fromEntries(fields) } : undefined;
  return { source, destination, protocol: protocol as Protocol, port: Number(port), dnsName, http };
}

export function flowOf(text: string): Flow {
  const { source, destination, dnsName, http, ...rest } = parsed(text);
  return { source: endOf(source), destination: endOf(destination), ...rest, ...(dnsName ? { dnsQuery: dnsName } : {}), ...(http ? { http } : {}) };
}

function endOf(name: string): End {
  const found = PODS.find(each => each.name === name);
  if (found) { return { pod: found }; }
  if (/^[\d.]+$/.test(name)) { return { address: name }; }
  if (!name.includes('.')) { throw new Error(`nobody is called ${name}`); }
  return { address: ADDRESS_OF_NAMES, name };
}

/** The same for the analysis: the names of the ends, and what travels. */
export function askedOf(text: string): { readonly source: string; readonly destination: string; readonly traffic: Traffic } {
  const { source, destination, protocol, port, dnsName, http } = parsed(text);
  return { source, destination, traffic: { protocol: protocol === 'UDP' ? 17 : 6, port, ...(dnsName ? { dnsName } : {}), ...(http ? { http } : {}) } };
}
