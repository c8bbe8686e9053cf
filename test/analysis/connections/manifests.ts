/** Short ways to write documents of Kubernetes. */

type Labels = Readonly<Record<string, string>>;

export interface PortOf {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

export const namespace = (name: string, labels: Labels = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

export const deployment = (place: string, labels: Labels = { app: place.split('/')[1] }, ports: readonly PortOf[] = []) => {
  const [space, name] = place.split('/');
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: space },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image', ports }] } } },
  };
};

export const policy = (place: string, spec: object) => {
  const [space, name] = place.split('/');
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: space }, spec };
};

export const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });
