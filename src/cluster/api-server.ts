/** What is known of the API server of each distribution. Every row names the page that it rests on. */

interface ApiServerRow {
  /** The port behind the Service `default/kubernetes`: what a policy sees, after translation. */
  readonly port: number | 'unknown';
  readonly source: string;
  /** Whether it runs on no node of the cluster. */
  readonly managed?: true;
  /** Pods of kube-system through which the API server connects to others, where it does. */
  readonly agents?: { readonly labels: Readonly<Record<string, string>>; readonly source: string };
}

const KONNECTIVITY = 'https://github.com/tigera/operator/pull/5212';
const KUBERNETES = 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/';

export const API_SERVERS: Readonly<Record<string, ApiServerRow>> = {
  kubernetes: { port: 6443, source: KUBERNETES },
  eks: { port: 443, managed: true, source: 'https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html' },
  gke: {
    port: 443,
    managed: true,
    source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules',
    agents: { labels: { 'k8s-app': 'konnectivity-agent' }, source: KONNECTIVITY },
  },
  aks: {
    port: 443,
    managed: true,
    source: 'https://learn.microsoft.com/en-us/azure/aks/outbound-rules-control-egress',
    agents: { labels: { app: 'konnectivity-agent' }, source: KONNECTIVITY },
  },
  openshift: { port: 6443, source: 'https://github.com/openshift/openshift-docs/blob/enterprise-4.16/snippets/network-flow-matrix.csv' },
  k3s: { port: 6443, source: 'https://docs.k3s.io/installation/requirements' },
  rke2: { port: 6443, source: 'https://docs.rke2.io/install/requirements' },
  // Of clusters that it manages, it depends on what they are made of.
  rancher: { port: 'unknown', source: KUBERNETES },
  digitalocean: { port: 'unknown', source: KUBERNETES },
  ibm: { port: 'unknown', source: KUBERNETES },
  microk8s: { port: 'unknown', source: KUBERNETES },
  talos: { port: 6443, source: 'https://docs.siderolabs.com/talos/v1.13/learn-more/talos-network-connectivity' },
};

export const apiServerOf = (distribution: string): ApiServerRow => API_SERVERS[distribution] ?? { port: 'unknown', source: KUBERNETES };
