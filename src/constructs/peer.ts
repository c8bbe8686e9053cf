import { LabelExpression, selectionExpr } from './label-expression';
import { Namespaces } from './namespaces';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { resolveSymbol, Symbolic } from '../cluster/symbols';
import { containsCidr, parseCidr } from '../model/cidr';
import { address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, POD } from '../model/endpoint';
import { fqdnProblem } from '../model/fqdn';
import { dnsSubdomainProblem } from '../model/labels';

/** Whatever can be at the other end of a connection: a `Peer`, a `Workload`. */
export interface IPeer {
  /** This, as a peer. */
  toPeer(): Peer;
}

/** Which pods are meant. Everything that is stated must hold. */
export interface PodSelection {
  /**
   * Labels of the pods, with their values.
   * @default - no label must have a given value
   */
  readonly labels?: { [key: string]: string };
  /**
   * Further requirements on the pods' labels.
   * @default - none
   */
  readonly expressions?: LabelExpression[];
  /**
   * The namespaces of the pods.
   * @default Namespaces.same()
   */
  readonly namespaces?: Namespaces;
  /**
   * The service account that the pods run as.
   * @default - any
   */
  readonly serviceAccount?: string;
}

/** Options of a range of addresses. */
export interface CidrOptions {
  /**
   * Parts of the range that are not meant.
   * @default - none
   */
  readonly except?: string[];
}

/**
 * What a peer needs to become an expression.
 * @internal
 */
export interface PeerContext {
  readonly facts: ResolvedFacts;
  /** The namespace of the policy; undefined in a cluster-wide one. */
  readonly namespace?: string;
}

/**
 * The other end of a connection, as a value.
 */
export class Peer implements IPeer {
  /** Anything: pods, nodes, and whatever is outside. */
  public static any(): Peer {
    return new Peer('any', () => ANY);
  }

  /**
   * Everything inside the cluster: all pods and all nodes. Dialects without entities need the fact `nodeCidrs`.
   * For pods only, say `Peer.namespaces(Namespaces.all())`.
   */
  public static cluster(): Peer {
    return Peer.symbolic('cluster', 'cluster');
  }

  /**
   * The public internet, IPv4 and IPv6: every address except private, shared, link-local, loopback, multicast
   * and reserved ranges. Where the CNI matches pods and nodes by address, the ranges `podCidrs`, `nodeCidrs` and `serviceCidrs` are left out
   * too; when they are not stated, `::/0` may hold pods, as said of `Peer.cidr`.
   * @see https://www.iana.org/assignments/iana-ipv4-special-registry
   */
  public static internet(): Peer {
    return Peer.symbolic('internet', 'internet');
  }

  /**
   * The node that the pod runs on. Dialects without entities need the fact `nodeCidrs`, and then mean every node.
   * A node can always reach its own pods, whatever a policy says.
   */
  public static host(): Peer {
    return Peer.symbolic('host', 'host');
  }

  /** The other nodes. Dialects without entities need the fact `nodeCidrs`. */
  public static remoteNodes(): Peer {
    return Peer.symbolic('remote-nodes', 'remote nodes');
  }

  /** The Kubernetes API server. Dialects without entities need the fact `apiServerCidrs`. */
  public static kubeApiServer(): Peer {
    return Peer.symbolic('kube-apiserver', 'kube-apiserver');
  }

  /** The ingress controller that is stated as a fact. */
  public static ingressController(): Peer {
    return Peer.symbolic('ingress-controller', 'ingress controller');
  }

  /** The monitoring that is stated as a fact. */
  public static monitoring(): Peer {
    return Peer.symbolic('monitoring', 'monitoring');
  }

  /** The cluster's DNS, as stated in the facts. */
  public static dns(): Peer {
    return Peer.symbolic('dns', 'dns');
  }

  /**
   * Addresses outside the cluster. Where the CNI matches pods by address, the ranges `podCidrs`, `nodeCidrs` and `serviceCidrs`
   * that overlap are left out; when these facts are not stated and the range may hold pods, the
   * policy is annotated as wider than stated, and fails with the fact `strict`.
   * @param cidr such as "203.0.113.0/24"
   * @throws when a range is not valid, or an exception is not a part of it
   */
  public static cidr(cidr: string, options: CidrOptions = {}): Peer {
    const range = cidrExpr(cidr, options);
    return new Peer(cidrText(cidr, options), () => allOf(EXTERNAL, range));
  }

  /**
   * Addresses, whoever holds them: pods and nodes too. Refused where the CNI matches ranges outside the cluster only.
   * @param cidr such as "10.0.0.0/8"
   * @throws when a range is not valid, or an exception is not a part of it
   */
  public static addresses(cidr: string, options: CidrOptions = {}): Peer {
    const range = cidrExpr(cidr, options);
    return new Peer(`addresses ${cidrText(cidr, options)}`, () => range);
  }

  /**
   * A name outside the cluster, for egress, where the CNI knows names (Cilium).
   * @param name such as "api.example.com", or with wildcards: "*.example.com" is one label, "**.example.com" one or more
   * @throws when the name is not valid
   * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
   */
  public static fqdn(name: string): Peer {
    const problem = fqdnProblem(name);
    if (problem) { throw new Error(problem); }
    return new Peer(name, () => ({ fqdn: name.toLowerCase().replace(/\.$/, '') }));
  }

  /**
   * Pods, by labels, namespaces and service account.
   * @throws when a label or a name is not valid
   */
  public static pods(selection: PodSelection = {}): Peer {
    const labels = selectionExpr('pod', selection);
    const account = accountExpr(selection.serviceAccount);
    const namespaces = selection.namespaces ?? Namespaces.same();
    return new Peer(podsText(selection, namespaces),
      ({ namespace }) => allOf(POD, namespaces._expr(namespace), labels, account));
  }

  /** Every pod of the namespaces. */
  public static namespaces(namespaces: Namespaces): Peer {
    return Peer.pods({ namespaces });
  }

  /**
   * Pods that run as a service account. Not in plain Kubernetes.
   * @param name the service account
   * @param namespaces where. Default: the policy's own namespace
   * @throws when the name is not valid
   */
  public static serviceAccount(name: string, namespaces?: Namespaces): Peer {
    return Peer.pods({ serviceAccount: name, namespaces });
  }

  /**
   * Any of several peers.
   * @throws when there is none: no peers never means all of them
   */
  public static oneOf(...peers: IPeer[]): Peer {
    if (peers.length === 0) { throw new Error('no peers are stated, which never means all of them; name at least one, or say Peer.any()'); }
    const all = peers.map(peer => peer.toPeer());
    return new Peer(all.join(' or '), context => anyOf(...all.map(peer => peer._expr(context))), all.flatMap(peer => peer._workloads), undefined, all);
  }

  /**
   * A peer that only this library makes.
   * @internal
   */
  public static _ofExpr(text: string, expr: EndpointExpr): Peer {
    return new Peer(text, () => expr);
  }

  /** @internal */
  public static _ofWorkload(workload: Workload): Peer {
    return new Peer(workload.toString(), () => workload._expr(), [workload], workload);
  }

  private static symbolic(symbol: Symbolic, text: string): Peer {
    return new Peer(text, ({ facts }) => resolveSymbol(symbol, facts), [], undefined, undefined, true);
  }

  private constructor(
    private readonly text: string,
    /** @internal */
    public readonly _expr: (context: PeerContext) => EndpointExpr,
    /**
     * The workloads that are meant, for the other end's policy.
     * @internal
     */
    public readonly _workloads: readonly Workload[] = [],
    /**
     * The workload that this is, and nothing else.
     * @internal
     */
    public readonly _workload?: Workload,
    private readonly parts?: readonly Peer[],
    /**
     * Whether it is a fact about the cluster, which is there though the app does not hold it.
     * @internal
     */
    public readonly _isFact: boolean = false,
  ) {}

  /**
   * The alternatives of which this is made: itself, where it is not made of any.
   * @internal
   */
  public get _parts(): readonly Peer[] {
    return this.parts?.flatMap(part => part._parts) ?? [this];
  }

  /**
   * Whether it is workloads that were named, and nothing else.
   * @internal
   */
  public get _onlyWorkloads(): boolean {
    return this.parts?.every(part => part._onlyWorkloads) ?? this._workload !== undefined;
  }

  /**
   * The same where a policy has no namespace: the own one is this.
   * @internal
   */
  public _seenFrom(own: string): Peer {
    const parts = this.parts?.map(part => part._seenFrom(own));
    const expr = (context: PeerContext) => this._expr({ ...context, namespace: context.namespace ?? own });
    return new Peer(this.text, expr, this._workloads, this._workload, parts, this._isFact);
  }

  /** This. */
  public toPeer(): Peer {
    return this;
  }

  /** Such as "internet" or "203.0.113.0/24". Two peers that mean different things have different texts. */
  public toString(): string {
    return this.text;
  }
}

function cidrExpr(cidr: string, { except = [] }: CidrOptions): EndpointExpr {
  const range = parseCidr(cidr);
  return address(range, except.map(text => {
    const hole = parseCidr(text);
    if (hole === range || !containsCidr(range, hole)) { throw new Error(`except ${JSON.stringify(text)} is not a part of ${JSON.stringify(cidr)}`); }
    return hole;
  }));
}

function accountExpr(name: string | undefined): EndpointExpr {
  if (name === undefined) { return ANY; }
  const problem = dnsSubdomainProblem('service account', name);
  if (problem) { throw new Error(problem); }
  return { serviceAccount: name };
}

const cidrText = (cidr: string, { except = [] }: CidrOptions): string => (except.length > 0 ? `${cidr} except ${except.join(', ')}` : cidr);

function podsText({ labels = {}, expressions = [], serviceAccount }: PodSelection, namespaces: Namespaces): string {
  const wanted = [...Object.entries(labels).map(([key, value]) => `${key}=${value}`), ...expressions.map(expression => expression.toString())];
  return [
    wanted.length > 0 ? `pods with ${wanted.join(', ')}` : 'pods',
    ...(serviceAccount === undefined ? [] : [`of service account ${serviceAccount}`]),
    `in namespace ${namespaces}`,
  ].join(' ');
}
