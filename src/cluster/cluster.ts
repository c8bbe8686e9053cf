import { IConstruct } from 'constructs';
import { AcceptedRisk, riskProblem } from './accepted-risk';
import { Cloud } from './cloud';
import { Cni } from './cni';
import { distributionOf } from './cni-distribution';
import { Dialect } from './dialect';
import { Distribution } from './distribution';
import { Dns } from './dns';
import { ENVIRONMENT_VARIABLE, factsFromEnvironment } from './environment';
import { factTypeProblem } from './fact-types';
import { GitOps } from './git-ops';
import { IngressController } from './ingress-controller';
import { OLDEST_KUBERNETES, parseKubernetesVersion } from './kubernetes-version';
import { Mesh } from './mesh';
import { Monitoring } from './monitoring';
import { rootRecord } from './root-record';
import { addonProblem, systemNamespaces } from './system-namespaces';
import { containsCidr, parseCidr } from '../model/cidr';
import { dnsLabelProblem } from '../model/labels';

/** What is true of a cluster. */
export interface ClusterFacts {
  /**
   * The network plugin.
   * @default Cni.kubernetes()
   */
  readonly cni?: Cni;
  /**
   * The kind of manifests.
   * @default - follows from the CNI
   */
  readonly dialect?: Dialect;
  /**
   * How pods resolve names.
   * @default Dns.coreDns()
   */
  readonly dns?: Dns;
  /**
   * Where the nodes run.
   * @default Cloud.UNKNOWN
   */
  readonly cloud?: Cloud;
  /**
   * What brings requests from outside.
   * @default IngressController.ingressNginx()
   */
  readonly ingressController?: IngressController;
  /**
   * The service mesh in which the workloads of the app take part: a second layer, for which policies are written too.
   * @default Mesh.none()
   */
  readonly mesh?: Mesh;
  /**
   * What scrapes the metrics of pods.
   * @default Monitoring.prometheus()
   */
  readonly monitoring?: Monitoring;
  /**
   * The version of Kubernetes, such as "1.31". An older one than 1.29 is an error.
   * @default "1.29", the oldest that is supported
   */
  readonly kubernetes?: string;
  /**
   * What the cluster is, which decides the namespaces that belong to it, and where its API server is. One that the CNI cannot be part of is an error.
   * A cluster that you run yourself with `Cni.awsVpc()` is `Distribution.KUBERNETES`.
   * @default - EKS, GKE, AKS or OpenShift with the network of it (`Cni.awsVpc()`, `Cni.gkeDataplaneV2()`, `Cni.azure()`, `Cni.openShift()`);
   * otherwise Distribution.KUBERNETES
   */
  readonly distribution?: Distribution;
  /**
   * Further namespaces that belong to the cluster or to add-ons, which policies for every namespace leave alone.
   * @default - those of the distribution, of the CNI, of add-ons, and those in which the facts place DNS, the ingress controller, monitoring and the mesh
   */
  readonly systemNamespaces?: string[];
  /**
   * The add-ons that are installed, by the names of the table of system namespaces, such as "cert-manager". Policies for every namespace leave
   * the namespaces of these alone, and close those of the others; those of the CNI stay open without being named.
   * @default - any of the table may be installed, and the namespaces of all of them are left alone
   */
  readonly addons?: string[];
  /**
   * What the CNI does not enforce as stated, or is not known to enforce, and somebody has accepted. Without it the synth fails; with it, every object
   * that it is about carries the reason as an annotation.
   * @default - nothing
   */
  readonly acceptedRisks?: AcceptedRisk[];
  /**
   * The address ranges of Services, IPv4 and IPv6.
   * @default - not known
   */
  readonly serviceCidrs?: string[];
  /**
   * The address ranges of pods, IPv4 and IPv6.
   * @default - not known
   */
  readonly podCidrs?: string[];
  /**
   * The address ranges of nodes, IPv4 and IPv6.
   * @default - not known
   */
  readonly nodeCidrs?: string[];
  /**
   * The addresses of the Kubernetes API server: those behind the Service `default/kubernetes`, not the Service's own, which is refused where it
   * is inside `serviceCidrs`. The VPC CNI of AWS sees packets before the Service's address is replaced: state both there.
   * Not needed in the Cilium dialect.
   * @default - not known
   */
  readonly apiServerCidrs?: string[];
  /**
   * The name of a Calico tier for denies that exists already: its default action must be Pass and it must come before the tier "default".
   * Not one of Calico's own tiers.
   * @default - the app emits a Tier "netpol-deny" when a policy needs it
   */
  readonly calicoDenyTier?: string;
  /**
   * What applies the manifests, where it needs their order as annotations.
   * @default GitOps.NONE
   */
  readonly gitOps?: GitOps;
  /**
   * Whether a statement that can only be written wider than stated fails the synth, instead of being recorded on the object.
   * @default false
   */
  readonly strict?: boolean;
}

/**
 * The facts about the cluster that an app is written for. They decide the dialect and what symbolic peers
 * (DNS, ingress controller, API server) are.
 *
 * State them before the first policy: they are frozen when they are first read. The environment variable
 * `CDK8S_NETPOL_CLUSTER` overrides them, so that one program serves several clusters:
 * `CDK8S_NETPOL_CLUSTER=cni=cilium@1.18,cloud=aws cdk8s synth`.
 */
export class Cluster {
  /** The facts of the app that `scope` is in. */
  public static of(scope: IConstruct): Cluster {
    const record = rootRecord(scope);
    return (record.facts ??= new Cluster(scope.node.root)) as Cluster;
  }

  /**
   * Facts that are no app's, with their defaults; the environment variable has no say in them.
   * @internal
   */
  public static _resolve(facts: ClusterFacts): ResolvedFacts {
    checkFacts(facts);
    return resolveFacts(facts, undefined);
  }

  private stated: ClusterFacts = {};
  private resolved?: ResolvedFacts;
  private readBy?: string;

  private constructor(private readonly root: IConstruct) {}

  /**
   * States facts. It may be called several times, for different facts.
   * @throws when a fact is not valid, is already stated with another value, or was already read
   */
  public configure(facts: ClusterFacts): void {
    if (this.readBy !== undefined) {
      throw new Error(`facts about the cluster (${Object.keys(facts).join(', ')}) are stated too late: ${this.readBy} has already read them; state them before the first policy`);
    }
    const given: ClusterFacts = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null));
    checkFacts(given);
    for (const key of Object.keys(given) as (keyof ClusterFacts)[]) {
      const [before, now] = [this.stated[key], given[key]];
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(now)) {
        throw new Error(`fact ${key} is stated twice, as ${show(before)} and as ${show(now)}; state it once`);
      }
    }
    this.stated = { ...this.stated, ...given };
  }

  /** The dialect in which policies are written. Reading it freezes the facts. */
  public get dialect(): Dialect {
    return this._read(this.root).dialect;
  }

  /** The network plugin. Reading it freezes the facts. */
  public get cni(): Cni {
    return this._read(this.root).cni;
  }

  /** The namespaces that policies for every namespace leave alone, sorted. Reading them freezes the facts. */
  public get systemNamespaces(): string[] {
    return [...this._read(this.root).systemNamespaces];
  }

  /**
   * The facts, frozen from now on.
   * @internal
   */
  public _read(reader: IConstruct): ResolvedFacts {
    this.resolved ??= resolveFacts(this.stated, factsFromEnvironment());
    this.readBy ??= reader.node.path || 'the app';
    return this.resolved;
  }
}

/**
 * Facts with their defaults.
 * @internal
 */
export interface ResolvedFacts {
  readonly cni: Cni;
  readonly dialect: Dialect;
  readonly dns: Dns;
  readonly cloud: Cloud;
  readonly ingressController: IngressController;
  readonly mesh: Mesh;
  readonly monitoring: Monitoring;
  /** Major and minor version. */
  readonly kubernetes: string;
  readonly distribution: Distribution;
  /** All of them, sorted. */
  readonly systemNamespaces: readonly string[];
  readonly acceptedRisks: readonly AcceptedRisk[];
  readonly serviceCidrs: string[];
  readonly podCidrs: string[];
  readonly nodeCidrs: string[];
  readonly apiServerCidrs: string[];
  readonly calicoDenyTier: string;
  readonly calicoDenyTierExists: boolean;
  readonly gitOps: GitOps;
  readonly strict: boolean;
  /** What the environment variable said, where it was set. */
  readonly environment?: string;
}

function resolveFacts(stated: ClusterFacts, environment: ReturnType<typeof factsFromEnvironment>): ResolvedFacts {
  const facts: ClusterFacts = { ...stated, ...environment?.facts };
  // A program's dialect goes with its own CNI; another CNI from outside brings its own.
  const dialectStated = environment?.facts.cni && !environment.facts.dialect ? undefined : facts.dialect;
  if (environment) {
    process.stderr.write(`cdk8s-netpol: facts from the environment variable ${ENVIRONMENT_VARIABLE}: ${environment.text}\n`);
  }
  const cni = facts.cni ?? Cni.kubernetes();
  const distribution = distributionOf(cni, facts.distribution);
  const dns = facts.dns ?? Dns.coreDns();
  const ingressController = facts.ingressController ?? IngressController.ingressNginx();
  const mesh = facts.mesh ?? Mesh.none();
  const monitoring = facts.monitoring ?? Monitoring.prometheus();
  const placed = [
    ...dns._pods().map(({ pods }) => pods.namespace),
    ...ingressController._namespaces(),
    ...monitoring._pods().map(({ namespace }) => namespace),
    ...(mesh._facts ? [mesh._facts.namespace] : []),
  ];
  const problem = apiServerProblem(cni, facts);
  if (problem) { throw new Error(`fact apiServerCidrs: ${problem}`); }
  return {
    cni,
    dialect: dialectOf(cni, dialectStated),
    dns,
    cloud: facts.cloud ?? Cloud.UNKNOWN,
    ingressController,
    mesh,
    monitoring,
    kubernetes: parseKubernetesVersion(facts.kubernetes ?? OLDEST_KUBERNETES),
    distribution,
    systemNamespaces: systemNamespaces({
      distribution: distribution.name,
      cni: cni.name,
      addons: facts.addons,
      further: [...facts.systemNamespaces ?? [], ...placed],
    }),
    acceptedRisks: facts.acceptedRisks ?? [],
    serviceCidrs: (facts.serviceCidrs ?? []).map(parseCidr),
    podCidrs: (facts.podCidrs ?? []).map(parseCidr),
    nodeCidrs: (facts.nodeCidrs ?? []).map(parseCidr),
    apiServerCidrs: (facts.apiServerCidrs ?? []).map(parseCidr),
    calicoDenyTier: facts.calicoDenyTier ?? 'netpol-deny',
    calicoDenyTierExists: facts.calicoDenyTier !== undefined,
    gitOps: facts.gitOps ?? GitOps.NONE,
    strict: facts.strict ?? false,
    ...(environment ? { environment: environment.text } : {}),
  };
}

function dialectOf(cni: Cni, stated?: Dialect): Dialect {
  const { dialects } = cni._profile;
  // A CNI that enforces nothing has no dialect; the synth fails with its reason, not with this one.
  if (dialects.length === 0) { return stated ?? Dialect.KUBERNETES; }
  const chosen = stated ?? dialects[0];
  if (!dialects.includes(chosen)) {
    throw new Error(`dialect ${chosen} and CNI ${cni} disagree: ${cni.name} enforces ${dialects.join(' and ')}; change one of them`);
  }
  return chosen as Dialect;
}

function checkFacts(facts: ClusterFacts): void {
  const wrongType = factTypeProblem(facts);
  if (wrongType) { throw new Error(`fact ${wrongType}`); }
  for (const fact of ['podCidrs', 'nodeCidrs', 'serviceCidrs', 'apiServerCidrs'] as const) {
    for (const cidr of facts[fact] ?? []) {
      try { parseCidr(cidr); } catch (error) { throw new Error(`fact ${fact}: ${(error as Error).message}`); }
    }
  }
  for (const namespace of facts.systemNamespaces ?? []) {
    const wrong = dnsLabelProblem('namespace', namespace);
    if (wrong) { throw new Error(`fact systemNamespaces: ${wrong}`); }
  }
  const addons = addonProblem(facts.addons ?? []);
  if (addons) { throw new Error(`fact addons: ${addons}`); }
  if (facts.kubernetes !== undefined) {
    try { parseKubernetesVersion(facts.kubernetes); } catch (error) { throw new Error(`fact kubernetes: ${(error as Error).message}`); }
  }
  const risk = riskProblem(facts.acceptedRisks ?? []);
  if (risk) { throw new Error(`fact acceptedRisks: ${risk}`); }
  const problem = facts.calicoDenyTier === undefined ? undefined : tierProblem(facts.calicoDenyTier);
  if (problem) { throw new Error(`fact calicoDenyTier: ${problem}`); }
}

/**
 * On most CNIs policies see packets once the Service's address has become that of the server.
 * The VPC CNI sees them before: https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
 */
function apiServerProblem({ name }: Cni, { apiServerCidrs = [], serviceCidrs = [] }: ClusterFacts): string | undefined {
  if (name === 'aws-vpc') { return undefined; }
  for (const address of apiServerCidrs.map(parseCidr)) {
    const range = serviceCidrs.map(parseCidr).find(services => containsCidr(services, address));
    if (range !== undefined) {
      return `${address} is in the range of Services ${range} (serviceCidrs), and policies see the API server behind its Service; `
        + 'state the addresses that `kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes` lists';
    }
  }
  return undefined;
}

/** Tiers that every cluster with Calico has: policies of others stand in them, and what they do at their end is not Pass. */
const CALICO_TIERS = ['default', 'kube-admin', 'kube-baseline', 'adminnetworkpolicy', 'baselineadminnetworkpolicy'];

function tierProblem(tier: string): string | undefined {
  return CALICO_TIERS.includes(tier)
    ? `the tier ${JSON.stringify(tier)} is one of Calico's own; name a tier of your own, whose default action is Pass and which comes before "default", or leave the fact out`
    : dnsLabelProblem('Calico tier', tier);
}

const NAMED = [Cni, Cloud, Distribution, Dns, IngressController, Mesh, Monitoring];
const show = (value: unknown): string => (NAMED.some(named => value instanceof named) ? String(value) : JSON.stringify(value));
