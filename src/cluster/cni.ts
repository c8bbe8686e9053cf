import { isOlder } from './cni-capabilities';
import { CNI_PROFILES, CniProfile } from './cni-profiles';
import { Distribution } from './distribution';

/** What the operator of a Cilium has switched on. Statements that need one of these are refused without it. */
export interface CiliumOptions {
  /**
   * Whether ClusterNetworkPolicy is enforced (`--enable-k8s-cluster-network-policy`, Cilium 1.20 and later). Policies of tiers are
   * then written as such.
   * @default false
   * @see https://docs.cilium.io/en/latest/security/policy/
   */
  readonly clusterNetworkPolicy?: boolean;
  /**
   * Whether policies can select nodes by their labels (`--enable-node-selector-labels`).
   * @default false
   */
  readonly nodeSelectorLabels?: boolean;
  /**
   * Whether policies know protocols such as VRRP, IGMP and GRE (`--enable-extended-ip-protocols`).
   * @default false
   */
  readonly extendedProtocols?: boolean;
  /**
   * Whether policies for nodes are enforced (`--enable-host-firewall`).
   * @default false
   * @see https://docs.cilium.io/en/stable/security/host-firewall/
   */
  readonly hostFirewall?: boolean;
  /**
   * Whether mutual authentication with SPIRE runs (`authentication.mutual.spire.enabled` of the Helm chart). Without it, a connection that needs
   * it never passes.
   * @default false
   * @see https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/
   */
  readonly mutualAuthentication?: boolean;
}

/** What the operator of a Calico has switched on. Statements that need one of these are refused without it. */
export interface CalicoOptions {
  /**
   * Whether application layer policy runs (`policySyncPathPrefix` of the FelixConfiguration, and Dikastes beside Istio's sidecars).
   * Without it, conditions on HTTP requests are stored and not enforced.
   * @default false
   * @see https://docs.tigera.io/calico/latest/network-policy/istio/app-layer-policy
   */
  readonly applicationLayerPolicy?: boolean;
}

/** What the operator of another CNI has switched on. Statements that need it are refused without it. */
export interface ClusterNetworkPolicyOptions {
  /**
   * Whether cluster-wide policies of policy.networking.k8s.io are enforced. Where a CNI has them, a flag, a feature gate or an image
   * switches them on.
   * @default false
   * @see https://network-policy-api.sigs.k8s.io/implementations/
   */
  readonly clusterNetworkPolicy?: boolean;
}

/** What the VPC CNI of AWS does with a pod that has just started. */
export enum AwsVpcMode {
  /** Everything passes until the policies of the pod are programmed. */
  STANDARD = 'standard',
  /** Nothing passes until the policies of the pod are programmed. Every pod then needs a policy. */
  STRICT = 'strict',
}

/** How the VPC CNI of AWS is set up. */
export interface AwsVpcOptions {
  /**
   * The value of `NETWORK_POLICY_ENFORCING_MODE` of the DaemonSet `aws-node`.
   * @default AwsVpcMode.STANDARD
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md
   */
  readonly mode?: AwsVpcMode;
}

/** Where Azure Network Policy Manager runs. */
export interface AzureOptions {
  /**
   * Whether there are nodes that run Windows, on which it does less.
   * @default false
   */
  readonly windows?: boolean;
}

/** How kube-router is set up. */
export interface KubeRouterOptions {
  /**
   * Whether nothing passes until the policies of a pod are programmed (`--netpol-default-deny=true`, kube-router 2.10 and later).
   * @default false
   * @see https://github.com/cloudnativelabs/kube-router/blob/master/docs/troubleshoot.md
   */
  readonly defaultDeny?: boolean;
}

/** The network plugin of a cluster, which decides what a policy means there. */
export class Cni {
  /**
   * Cilium.
   * @param version major and minor version, such as "1.18". Default: the oldest that is supported, 1.18
   * @param options what is switched on
   * @throws when the version is not one that this library writes policies for, or has no such option
   * @see https://docs.cilium.io/en/stable/security/policy/
   */
  public static cilium(version?: string, options: CiliumOptions = {}): Cni {
    return new Cni('cilium', version, switchedOn('cilium', options));
  }

  /**
   * Calico (open source).
   * @param version major and minor version, such as "3.30". Default: the oldest that is supported, 3.30
   * @param options what is switched on
   * @throws when the version is not one that this library writes policies for
   * @see https://docs.tigera.io/calico/latest/network-policy/
   */
  public static calico(version?: string, options: CalicoOptions = {}): Cni {
    return new Cni('calico', version, switchedOn('calico', options));
  }

  /**
   * Any CNI that enforces networking.k8s.io/v1 NetworkPolicy as Kubernetes describes it, and nothing else.
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  public static kubernetes(): Cni {
    return new Cni('kubernetes');
  }

  /**
   * Antrea. Policies of tiers are ClusterNetworkPolicies from 2.7, AdminNetworkPolicies before.
   * @param version major and minor version, such as "2.7". Default: the oldest that is supported, 1.13
   * @param options what is switched on
   * @throws when the version is not one that this library writes policies for
   * @see https://antrea.io/docs/main/docs/cluster-network-policy/
   */
  public static antrea(version?: string, options: ClusterNetworkPolicyOptions = {}): Cni {
    return new Cni('antrea', version, switchedOn('antrea', options));
  }

  /**
   * OVN-Kubernetes. Policies of tiers are AdminNetworkPolicies.
   * @param options what is switched on
   * @see https://ovn-kubernetes.io/features/network-security-controls/admin-network-policy/
   */
  public static ovnKubernetes(options: ClusterNetworkPolicyOptions = {}): Cni {
    return new Cni('ovn-kubernetes', undefined, switchedOn('ovn-kubernetes', options));
  }

  /**
   * Kube-OVN. Policies of tiers are ClusterNetworkPolicies from 1.15, AdminNetworkPolicies before.
   * @param version major and minor version, such as "1.15". Default: the oldest that is supported, 1.14
   * @param options what is switched on
   * @throws when the version is not one that this library writes policies for
   * @see https://network-policy-api.sigs.k8s.io/implementations/
   */
  public static kubeOvn(version?: string, options: ClusterNetworkPolicyOptions = {}): Cni {
    return new Cni('kube-ovn', version, switchedOn('kube-ovn', options));
  }

  /**
   * kube-network-policies, beside a CNI without policies of its own. Policies of tiers are ClusterNetworkPolicies from 1.0, AdminNetworkPolicies before.
   * @param version major and minor version, such as "1.0". Default: the oldest that is supported, 0.8
   * @param options what is switched on
   * @throws when the version is not one that this library writes policies for
   * @see https://github.com/kubernetes-sigs/kube-network-policies
   */
  public static kubeNetworkPolicies(version?: string, options: ClusterNetworkPolicyOptions = {}): Cni {
    return new Cni('kube-network-policies', version, switchedOn('kube-network-policies', options));
  }

  /**
   * The network of OpenShift, which is OVN-Kubernetes. OpenShift SDN came before it and is no longer developed.
   * @param options what is switched on
   * @see https://ovn-kubernetes.io/features/network-security-controls/admin-network-policy/
   */
  public static openShift(options: ClusterNetworkPolicyOptions = {}): Cni {
    return new Cni(ALIASES.openshift, undefined, switchedOn(ALIASES.openshift, options), 'openshift');
  }

  /**
   * The VPC CNI of AWS with its own network policies, as on Amazon EKS.
   * @param options how it is set up
   * @throws when the mode is not known
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
   */
  public static awsVpc(options: AwsVpcOptions = {}): Cni {
    const { mode = AwsVpcMode.STANDARD } = options;
    if (!Object.values(AwsVpcMode).includes(mode)) { throw new Error(`mode ${JSON.stringify(mode)} of aws-vpc is not known; use one of ${Object.values(AwsVpcMode).join(', ')}`); }
    return new Cni('aws-vpc', undefined, mode === AwsVpcMode.STRICT ? ['strict'] : []);
  }

  /**
   * Azure Network Policy Manager, the option "azure" of Azure Kubernetes Service. Azure CNI powered by Cilium is `Cni.cilium(...)`.
   * @param options where it runs
   * @see https://github.com/Azure/azure-container-networking/blob/master/docs/npm.md
   */
  public static azure(options: AzureOptions = {}): Cni {
    return new Cni('azure', undefined, switchedOn('azure', options));
  }

  /**
   * GKE Dataplane V2, which is made of Cilium and takes NetworkPolicy. Address ranges never match pods.
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
   */
  public static gkeDataplaneV2(): Cni {
    return new Cni('gke-dataplane-v2');
  }

  /**
   * kube-router, also as it enforces the policies of K3s.
   * @param options how it is set up
   * @see https://github.com/cloudnativelabs/kube-router
   */
  public static kubeRouter(options: KubeRouterOptions = {}): Cni {
    return new Cni('kube-router', undefined, switchedOn('kube-router', options));
  }

  /**
   * kindnet, the network of kind.
   * @see https://github.com/kubernetes-sigs/kind
   */
  public static kindnet(): Cni {
    return new Cni('kindnet');
  }

  /**
   * Weave Net, which is no longer developed.
   * @see https://github.com/weaveworks/weave
   */
  public static weave(): Cni {
    return new Cni('weave');
  }

  /**
   * Flannel, which enforces no policy at all: a program with policies fails on it. With `netpol.enabled` of its chart it is
   * `Cni.kubeNetworkPolicies(...)`.
   * @see https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md
   */
  public static flannel(): Cni {
    return new Cni('flannel');
  }

  /**
   * A CNI by name, as in the environment variable: "cilium", "cilium@1.18", "calico@3.30", "antrea", "aws-vpc", "azure", "gke-dataplane-v2",
   * "ovn-kubernetes", "openshift" (which is ovn-kubernetes), "kube-router", "kindnet", "weave", "kube-ovn", "kube-network-policies", "kubernetes",
   * "flannel". What is switched on follows with "+": "cilium@1.20+clusterNetworkPolicy+hostFirewall", "aws-vpc+strict".
   * @throws when there is no such CNI, version or option
   */
  public static parse(text: string): Cni {
    const [plugin, ...options] = text.trim().split('+');
    const [name, version, ...rest] = plugin.split('@');
    if (rest.length > 0) {
      throw new Error(`CNI ${JSON.stringify(text)} is not understood; write NAME or NAME@VERSION, such as cilium@1.18, with +OPTION for what is switched on`);
    }
    const alias = Object.hasOwn(ALIASES, name);
    return new Cni(alias ? ALIASES[name] : name, version, options.map(option => option.trim()), alias ? name : undefined);
  }

  /** The version that policies are written for; undefined where they do not depend on one. */
  public readonly version?: string;
  /** What is switched on, by the names of the options, sorted. */
  public readonly options: string[];

  private constructor(
    /** The CNI's name, such as "cilium". */
    public readonly name: string,
    version?: string,
    options: readonly string[] = [],
    private readonly soldAs?: string,
  ) {
    if (!Object.hasOwn(CNI_PROFILES, name)) {
      throw new Error(`CNI ${JSON.stringify(name)} is not known; use one of ${[...Object.keys(CNI_PROFILES), ...Object.keys(ALIASES)].join(', ')}`);
    }
    const profile = CNI_PROFILES[name];
    this.version = supportedVersion(profile, version);
    this.options = [...new Set(options)].sort();
    for (const option of this.options) { checkOption(profile, option, this.version); }
  }

  /** The name, with the version and what is switched on, such as "cilium@1.20+clusterNetworkPolicy". */
  public toString(): string {
    const name = this.soldAs ?? this.name;
    return [this.version === undefined ? name : `${name}@${this.version}`, ...this.options].join('+');
  }

  /**
   * The distribution that it comes with; undefined where it runs anywhere.
   * @internal
   */
  public get _distribution(): Distribution | undefined {
    const name = this.soldAs ?? this.name;
    return Object.hasOwn(COMES_WITH, name) ? COMES_WITH[name] : undefined;
  }

  /** @internal */
  public get _profile(): CniProfile {
    return CNI_PROFILES[this.name];
  }
}

/** Names under which a CNI is sold. */
const ALIASES: Readonly<Record<string, string>> = { openshift: 'ovn-kubernetes' };

/** CNIs that a provider ships with its own clusters. */
const COMES_WITH: Readonly<Record<string, Distribution>> = {
  'aws-vpc': Distribution.EKS,
  'gke-dataplane-v2': Distribution.GKE,
  'azure': Distribution.AKS,
  'openshift': Distribution.OPENSHIFT,
};

/** The names of the options that are true. */
function switchedOn(name: string, options: object): string[] {
  return Object.entries(options).flatMap(([option, on]: [string, unknown]) => {
    if (on !== undefined && typeof on !== 'boolean') { throw new Error(`option ${option} of ${name} is ${JSON.stringify(on)}; state true or false`); }
    return on ? [option] : [];
  });
}

function checkOption({ name, options = {} }: CniProfile, option: string, version: string | undefined): void {
  if (!Object.hasOwn(options, option)) {
    const known = Object.keys(options);
    throw new Error(`${name} has no option ${JSON.stringify(option)}; ${known.length > 0 ? `use one of ${known.join(', ')}` : 'there is none to switch on'}`);
  }
  const { since, flag } = options[option];
  if (since !== undefined && version !== undefined && isOlder(version, since)) {
    throw new Error(`option ${option} (${flag}) is there since ${name} ${since}, and the cluster runs ${version}; leave it out, or state the newer version`);
  }
}

function supportedVersion(profile: CniProfile, stated?: string): string | undefined {
  const { name, versions } = profile;
  if (stated === undefined) { return versions[0]; }
  if (versions.length === 0) { throw new Error(`${name} takes no version, got ${JSON.stringify(stated)}`); }
  const match = /^v?(\d+)\.(\d+)(\.\d+)?$/.exec(stated);
  if (!match) { throw new Error(`version ${JSON.stringify(stated)} of ${name} is not understood; write it like ${JSON.stringify(versions[0])}`); }
  const version = `${Number(match[1])}.${Number(match[2])}`;
  if (isOlder(version, versions[0])) {
    throw new Error(`version ${JSON.stringify(stated)} of ${name} is older than the oldest supported one, ${versions[0]}`);
  }
  return version;
}
