import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { orderAnnotations } from '../cluster/git-ops';
import { AllowDns } from '../constructs/allow-dns';
import { AllowExternal, ExternalDestination } from '../constructs/allow-external';
import { AllowIngressController } from '../constructs/allow-ingress-controller';
import { BlockCloudMetadata } from '../constructs/block-cloud-metadata';
import { withoutChartNamespace } from '../constructs/cluster-scoped';
import { DefaultDeny } from '../constructs/default-deny';
import { firstSaid, Justification, justificationIn } from '../constructs/justification';
import { NetworkPolicy, pathOf } from '../constructs/network-policy';
import { IPeer, Peer } from '../constructs/peer';
import { Port } from '../constructs/port';
import { Statements } from '../constructs/statements';
import type { Workload } from '../constructs/workload';
import { dnsLabelProblem, labelKeyProblem, labelValueProblem } from '../model/labels';

/**
 * How much pods of a namespace may do on their node. A pod on the host network is out of reach of network policy.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export enum PodSecurityLevel {
  /** Everything. Policies of the namespace can then be bypassed. */
  PRIVILEGED = 'privileged',
  /** No host network, no host ports, no privileged containers: what network policy needs. */
  BASELINE = 'baseline',
  /** Hardened pods. */
  RESTRICTED = 'restricted',
}

/** What the ingress controller may reach in a namespace. */
export interface ZeroTrustIngress extends Justification {
  /** The port of the pods. */
  readonly port: Port;
  /**
   * The pods.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
}

/** Properties of `ZeroTrustNamespace`. A reason goes with each of its policies. */
export interface ZeroTrustNamespaceProps extends Justification {
  /** The name of the namespace, at most 63 characters. */
  readonly name: string;
  /**
   * Whether the Namespace object is written. Decline when something else makes it.
   * @default true
   */
  readonly create?: boolean;
  /**
   * Further labels of the Namespace object.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * The Pod Security level that is enforced. The level "restricted" is warned about and audited in any case.
   * @default PodSecurityLevel.BASELINE
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * What the ingress controller may reach.
   * @default - nothing
   */
  readonly ingress?: ZeroTrustIngress;
  /**
   * The port of every pod that monitoring may scrape.
   * @default - monitoring may reach nothing
   */
  readonly monitoring?: Port;
  /**
   * Where every pod may connect to outside the cluster.
   * @default - nowhere
   */
  readonly egress?: ExternalDestination[];
  /**
   * Whether cloud metadata is closed.
   * @default true
   */
  readonly blockCloudMetadata?: boolean;
  /**
   * Workloads that keep the metadata service where a statement allows it.
   * @default - none
   */
  readonly metadataExcept?: Workload[];
}

/**
 * A namespace in which nothing may talk to anything until it is stated: the Namespace object with Pod Security labels,
 * DNS, no cloud metadata, and everything else closed in both directions; optionally open to the ingress controller and to monitoring, and
 * to a list of places outside.
 */
export class ZeroTrustNamespace extends Construct {
  /** The name of the namespace. */
  public readonly name: string;

  /**
   * @throws when the name, a label or the Pod Security level is not valid, or a label disagrees with the level
   */
  public constructor(scope: Construct, id: string, props: ZeroTrustNamespaceProps) {
    super(scope, id);
    const namespace = this.name = props.name;
    const problem = dnsLabelProblem('namespace', namespace)
      ?? Object.entries(props.labels ?? {}).map(([key, value]) => labelKeyProblem(key) ?? labelValueProblem(key, value))
        .find(found => found !== undefined);
    if (problem) { throw new Error(`${pathOf(scope, id)}: ${problem}`); }
    checkPodSecurity(pathOf(scope, id), props);

    if (props.create ?? true) { this.makeNamespace(props); }
    const all = { namespace, ...justificationIn(props) };
    new AllowDns(this, 'dns', all);
    if (props.ingress) {
      new AllowIngressController(this, 'ingress', { namespace, name: 'allow-ingress-controller', ...props.ingress, ...firstSaid(props.ingress, props) });
    }
    if (props.monitoring) {
      const ingress = [{ peers: [Peer.monitoring()], ports: [props.monitoring] }];
      new NetworkPolicy(this, 'monitoring', { ...all, name: 'allow-monitoring', ingress });
    }
    if (props.egress && props.egress.length > 0) { new AllowExternal(this, 'egress', { ...all, name: 'allow-external', destinations: props.egress }); }
    if (props.blockCloudMetadata ?? true) { new BlockCloudMetadata(this, 'metadata', { ...all, except: props.metadataExcept }); }
    new DefaultDeny(this, 'deny', { ...all, dns: false });
  }

  private makeNamespace({ name, labels, podSecurity = PodSecurityLevel.BASELINE }: ZeroTrustNamespaceProps): void {
    const object = new ApiObject(this, 'Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        annotations: orderAnnotations(Statements.of(this).factsFor(this).gitOps, 'namespace'),
        labels: { ...labels, ...podSecurityLabels(podSecurity) },
      },
    });
    withoutChartNamespace(object);
    Statements.of(this).namespaceMade(object);
  }
}

const podSecurityLabels = (level: PodSecurityLevel): Record<string, string> => ({
  'pod-security.kubernetes.io/enforce': level,
  'pod-security.kubernetes.io/audit': PodSecurityLevel.RESTRICTED,
  'pod-security.kubernetes.io/warn': PodSecurityLevel.RESTRICTED,
});

/** A level that Kubernetes does not know is refused by it, or, as a label of a namespace that stands, ignored. */
function checkPodSecurity(path: string, { labels = {}, podSecurity = PodSecurityLevel.BASELINE }: ZeroTrustNamespaceProps): void {
  if (!Object.values(PodSecurityLevel).includes(podSecurity)) {
    throw new Error(`${path}: podSecurity ${JSON.stringify(podSecurity)} is not known; use one of ${Object.values(PodSecurityLevel).join(', ')}`);
  }
  for (const [key, value] of Object.entries(podSecurityLabels(podSecurity))) {
    if (Object.hasOwn(labels, key) && labels[key] !== value) {
      const fix = key.endsWith('/enforce') ? 'leave the label out, and state podSecurity' : 'leave the label out';
      throw new Error(`${path}: label ${key} is stated as ${JSON.stringify(labels[key])}, but the namespace has ${JSON.stringify(value)} there; ${fix}`);
    }
  }
}
