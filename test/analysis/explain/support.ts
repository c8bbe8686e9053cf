import { Analysis } from '../../../src/analysis/analysis';
import { readText } from '../../../src/analysis/input/read-paths';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Party, Traffic } from '../../../src/analysis/party';
import { PROTOCOL_NUMBERS } from '../../../src/model/traffic';

export const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): string =>
  document({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

export const document = (value: unknown): string => `${JSON.stringify(value)}\n---\n`;

export interface Ports {
  readonly [name: string]: number;
}

export const deployment = (place: string, labels: Readonly<Record<string, string>>, ports: Ports = {}, more: object = {}): string => {
  const [ns, name] = place.split('/');
  return document({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: ns },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'x', ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })) }], ...more },
      },
    },
  });
};

/** web, api and db of the shop, and the DNS of the cluster. */
export const SHOP = [
  namespace('shop'),
  namespace('kube-system'),
  deployment('shop/web', { app: 'web' }),
  deployment('shop/api', { app: 'api' }, { http: 8080 }),
  deployment('shop/db', { app: 'db' }, { sql: 5432 }),
  deployment('kube-system/coredns', { 'k8s-app': 'kube-dns' }),
].join('');

export const service = (
  place: string, selector: Readonly<Record<string, string>> | undefined, ports: readonly object[], more: object = {},
): string => {
  const [ns, name] = place.split('/');
  return document({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: ns }, spec: { ...(selector ? { selector } : {}), ports, ...more } });
};

export const networkPolicy = (place: string, spec: object): string => {
  const [ns, name] = place.split('/');
  return document({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: ns }, spec });
};

export const analysisOf = (text: string, options: AnalysisOptions = {}): Analysis =>
  Analysis.of(readText(text, 'app.yaml'), { podCidrs: ['10.244.0.0/16'], ...options });

/** By its text without the kind. */
export function party(analysis: Analysis, place: string): Party {
  const found = analysis.parties.find(({ text }) => text.startsWith(`${place}[`));
  if (!found) { throw new Error(`no ${place}`); }
  return found;
}

export const outside = (address: string, names: readonly string[] = []): Party =>
  ({ text: address, variants: [{ kind: 'external', address, names, entities: ['all', 'world'], principal: '' }] });

export const tcp = (port: number, more: Partial<Traffic> = {}): Traffic => ({ protocol: PROTOCOL_NUMBERS.TCP, port, ...more });
export const udp = (port: number): Traffic => ({ protocol: PROTOCOL_NUMBERS.UDP, port });
