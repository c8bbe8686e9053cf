import { CiliumSelector } from './selector';

/**
 * Peers that Cilium knows by themselves.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#entities-based
 */
export enum CiliumEntity {
  /** Everything. */
  ALL = 'all',
  /** Everything outside the cluster. */
  WORLD = 'world',
  /** The pods and nodes of the own cluster. */
  CLUSTER = 'cluster',
  /** The pods and nodes of every cluster of the mesh; since Cilium 1.20. */
  CLUSTER_MESH = 'cluster-mesh',
  /** The node of the pod, with the pods on its host network. */
  HOST = 'host',
  /** Endpoints whose labels are not known yet. */
  INIT = 'init',
  /** Cilium's own ingress. */
  INGRESS = 'ingress',
  /** Pods that Cilium does not manage. */
  UNMANAGED = 'unmanaged',
  /** Every other node. */
  REMOTE_NODE = 'remote-node',
  /** Cilium's health endpoints. */
  HEALTH = 'health',
  /** Nothing. */
  NONE = 'none',
  /** The Kubernetes API server, wherever it runs. */
  KUBE_APISERVER = 'kube-apiserver',
}

/**
 * A range of addresses outside the cluster, or those of CiliumCIDRGroups. Exactly one of `cidr`, `cidrGroupRef` and `cidrGroupSelector`.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#cidr-based
 */
export interface CiliumCidrRule {
  /**
   * The range.
   * @default - a group
   */
  readonly cidr?: string;
  /**
   * Ranges inside of it that are not meant.
   * @default - none
   */
  readonly except?: string[];
  /**
   * The name of a CiliumCIDRGroup. One that does not exist is no address.
   * @default - a range, or groups by labels
   */
  readonly cidrGroupRef?: string;
  /**
   * CiliumCIDRGroups by their labels.
   * @default - a range, or a group by name
   */
  readonly cidrGroupSelector?: CiliumSelector;
}

/**
 * A DNS name, or a pattern of names. Exactly one of the two.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export interface CiliumFqdn {
  /**
   * The name.
   * @default - a pattern
   */
  readonly matchName?: string;
  /**
   * The pattern: `*` is any part of one label, a leading `**.` one or more labels (since Cilium 1.19), and `*` alone every name.
   * @default - a name
   */
  readonly matchPattern?: string;
}

/**
 * A Kubernetes Service by name, or Services by their labels: exactly one of `name` and `selector`. It stands for its pods, or for the
 * addresses outside the cluster of a Service without a selector. Not for `default/kubernetes`, which is the entity `KUBE_APISERVER`.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#services-based
 */
export interface CiliumServiceRef {
  /**
   * The name of the Service.
   * @default - by labels
   */
  readonly name?: string;
  /**
   * Services by their labels.
   * @default - by name
   */
  readonly selector?: CiliumSelector;
  /**
   * The namespace of the Service.
   * @default - the policy's; in a clusterwide policy every namespace for `selector`, while `name` needs it
   */
  readonly namespace?: string;
}

/**
 * Addresses of instances of AWS; at least one condition.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#aws-metadata-based
 */
export interface CiliumAwsGroup {
  /**
   * Tags of the instances.
   * @default - not asked for
   */
  readonly labels?: { [key: string]: string };
  /**
   * Ids of security groups.
   * @default - not asked for
   */
  readonly securityGroupIds?: string[];
  /**
   * Names of security groups.
   * @default - not asked for
   */
  readonly securityGroupNames?: string[];
  /**
   * The region.
   * @default - the cluster's
   */
  readonly region?: string;
}
