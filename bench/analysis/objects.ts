/** Objects of Kubernetes, as `kubectl get -o json` has them, shortened. */

export type Labels = Readonly<Record<string, string>>;
export type Json = Readonly<Record<string, unknown>>;

export const namespaceObject = (name: string, labels: Labels = {}): Json => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

export const podObject = (namespace: string, name: string, labels: Labels, more: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 80 }, { name: 'metrics', containerPort: 9000 }] }] },
  ...more,
});

export const deploymentObject = (namespace: string, name: string, labels: Labels): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 8080 }] }] } },
  },
});

export const networkPolicy = (namespace: string, name: string, spec: Json): Json =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec });

export const tcp = (port: number): Json => ({ protocol: 'TCP', port });
export const podsWith = (matchLabels: Labels): Json => ({ podSelector: { matchLabels } });
