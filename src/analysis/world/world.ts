import type { ContainerPort, PodShape } from './pod-shape';
import { Redirect } from './redirect';
import type { Rule } from '../../model/policy-set';

export type { ContainerPort, PodShape } from './pod-shape';

/** What a cluster holds beside its policies, as far as the documents say. */
export interface World {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** Pods of one owner are one workload. In the order of their text. */
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  /** What an ingress controller or a gateway sends requests to. */
  readonly routes: readonly Route[];
  readonly nodes: ReadonlyMap<string, Node>;
  readonly hostEndpoints: readonly HostEndpoint[];
  /** Of Calico, by name. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** From which pods get their addresses, where objects state it. */
  readonly podRanges: readonly PodRange[];
  /** Where the API server answers, where the endpoints of its Service are among the documents. */
  readonly apiServers: readonly ApiServer[];
  /** Services that the API server calls. */
  readonly calls: readonly Call[];
  /** Services whose traffic goes to pods of the own node in place of the backends. */
  readonly redirects: readonly Redirect[];
  /** What Felix does with traffic of pods to their own node, where a FelixConfiguration says it. */
  readonly hostAction?: HostAction;
  /** Objects of kinds that are known and decide no verdict: how many of each kind. */
  readonly seen: ReadonlyMap<string, number>;
}

export interface Namespace {
  readonly name: string;
  /** With `kubernetes.io/metadata.name`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether there is a Namespace object: without one it may have other labels. */
  readonly declared: boolean;
  readonly at?: string;
}

/** Where its pods differ, the fields of a shape are those of the first of them, with the addresses and nodes of all. */
export interface Workload extends PodShape {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  /** The names of its pods, where known. */
  readonly pods: readonly string[];
  /** Where its pods are not all alike: all that they are. */
  readonly shapes?: readonly PodShape[];
  readonly at?: string;
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly headless: boolean;
  /** Of an ExternalName: what its name stands for. */
  readonly externalName?: string;
  /** Absent where it selects no pods: its endpoints are made by somebody else. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  /** Its own: of the cluster, of load balancers, and external ones. */
  readonly addresses: readonly string[];
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** Absent: none are among the documents. */
  readonly endpoints?: readonly ServiceEndpoints[];
  readonly at?: string;
}

export type PortProtocol = 'TCP' | 'UDP' | 'SCTP';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: PortProtocol;
  /** A number, or the name of a container port. */
  readonly target: number | string;
  readonly nodePort?: number;
}

/** One EndpointSlice, or one subset of Endpoints: addresses that listen on the same ports. */
export interface ServiceEndpoints {
  readonly addresses: readonly string[];
  /** The names of pods of the Service's namespace. */
  readonly pods: readonly string[];
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: PortProtocol }[];
  readonly at: string;
}

export interface Route {
  /** Of the object that states it, such as `Ingress shop/web`. */
  readonly text: string;
  /** The backend. */
  readonly namespace: string;
  readonly service: string;
  /** Absent: every port of the Service. */
  readonly port?: number | string;
  /** Whether the port may also be one of the backend's: OpenShift names either. */
  readonly orTarget?: true;
  readonly at?: string;
}

export interface Node {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly podCidrs: readonly string[];
  readonly at: string;
}

/** An interface of a node that Calico polices. */
export interface HostEndpoint {
  readonly name: string;
  readonly node?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly ports: readonly ContainerPort[];
  readonly profiles: readonly string[];
  readonly at: string;
}

/** What host endpoints name: rules that decide after all policies, and labels. */
export interface Profile {
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface PodRange {
  readonly cidr: string;
  /** The node whose pods have it; absent: any. */
  readonly node?: string;
  /** Whose allocation of addresses goes by it. */
  readonly by: 'Node' | 'IPPool';
  readonly at: string;
}

export interface ApiServer {
  readonly address: string;
  readonly port?: number;
  readonly at: string;
}

export interface Call {
  /** Such as `ValidatingWebhookConfiguration cert-manager-webhook`. */
  readonly text: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly at: string;
}

export interface HostAction {
  readonly action: 'Accept' | 'Drop' | 'Return';
  readonly at: string;
}

/** Such as `shop/web[Deployment]`. */
export const workloadText = ({ namespace, name, kind }: Pick<Workload, 'namespace' | 'name' | 'kind'>): string => `${namespace}/${name}[${kind}]`;
