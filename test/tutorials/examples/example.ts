import type { App, Chart } from 'cdk8s';
import type { Workload } from '../../../src';
import type { Dialect } from '../../oracle';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests are plain JSON */
export type Manifest = any;

export const EVERY_CLUSTER: readonly Dialect[] = ['kubernetes', 'cilium', 'calico'];

/** Where the program of an example stands: as the fragments of docs/ do. */
export interface Shop {
  readonly app: App;
  /** In namespace "shop". */
  readonly chart: Chart;
  readonly web: Workload;
  readonly api: Workload;
  readonly database: Workload;
}

/** A manifest of a tutorial, rebuilt with names of our own, and what its author meant. */
export interface Example {
  /** The tutorial, the name of the manifest there. */
  readonly id: string;
  /** What the YAML is said to do. */
  readonly title: string;
  /** Whose policies the original is. Default: kubernetes. */
  readonly cni?: Dialect;
  readonly original: readonly Manifest[];
  /** What the tutorial applies along with it. Default: nothing. */
  readonly beside?: readonly Manifest[];
  /** For which clusters the program is written. Default: all. */
  readonly clusters?: readonly Dialect[];
  readonly program: (shop: Shop) => void;
  /** Flows that are meant to pass, such as `web -> api TCP 8080`. */
  readonly pass: readonly string[];
  /** Flows that are meant to be stopped. */
  readonly stop: readonly string[];
  readonly verdict: 'equal' | Mistake;
}

export interface Mistake {
  /** In the list of mistakes. */
  readonly numbers: readonly number[];
  readonly mistake: string;
  readonly rightForm: string;
  /** Of `stop`: what passes with the original. */
  readonly opens?: readonly string[];
  /** Of `pass`: what is stopped with the original. */
  readonly closes?: readonly string[];
  /** The original cannot be read: what the problem says. */
  readonly refused?: readonly RegExp[];
  /** The original is of a kind that decides nothing. */
  readonly decidesNothing?: string;
  /** The original with its syntax repaired, where something else is wrong too: `opens` and `closes` are then of this. */
  readonly mended?: readonly Manifest[];
}

const policy = (apiVersion: string, kind: string) => (name: string, spec: Manifest, namespace: string | undefined = 'shop'): Manifest =>
  ({ apiVersion, kind, metadata: { name, namespace }, spec });
export const netpol = policy('networking.k8s.io/v1', 'NetworkPolicy');
export const ciliumPolicy = policy('cilium.io/v2', 'CiliumNetworkPolicy');
export const calicoPolicy = policy('projectcalico.org/v3', 'NetworkPolicy');

/** A policy whose author left the namespace to kubectl. */
export const withoutNamespace = ({ metadata: { name }, ...rest }: Manifest): Manifest => ({ ...rest, metadata: { name } });

export const podsOf = (name: string): Manifest => ({ matchLabels: { app: name } });
export const namespaceCalled = (name: string): Manifest => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
export const tcp = (port: number): Manifest => ({ protocol: 'TCP', port });
export const udp = (port: number): Manifest => ({ protocol: 'UDP', port });

/** Closes a namespace in the directions. */
export const denyAll = (policyTypes: readonly string[] = ['Ingress', 'Egress'], namespace?: string): Manifest =>
  netpol('deny-all', { podSelector: {}, policyTypes }, namespace);
/** DNS as most tutorials open it: to every pod of kube-system. */
export const dnsToKubeSystem: Manifest = netpol('allow-dns', {
  podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: namespaceCalled('kube-system') }], ports: [udp(53), tcp(53)] }],
});
/** Ingress of `subject` from pods of its own namespace. */
export const ingressFrom = (name: string, subject: string, source: string, port: number): Manifest =>
  netpol(name, { podSelector: podsOf(subject), policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: podsOf(source) }], ports: [tcp(port)] }] });

export const WITHOUT_EGRESS = 'egress at the source as well as ingress at the destination: `allowFrom` and `allowTo` write both ends';
export const WITH_DNS = 'DNS to the cluster\'s resolver, UDP and TCP, with whatever isolates egress: constructs bring it along';
