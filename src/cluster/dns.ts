import { Dialect } from './dialect';
import { DnsScope } from './dns-scope';
import { PodsAt, podsAt } from './place';
import { hostRange, isAddress } from '../model/cidr';
import { address, allOf, EndpointExpr, EXTERNAL } from '../model/endpoint';

/** A place where names are resolved: pods, or an address. */
interface Resolver {
  readonly pods?: PodsAt;
  readonly address?: string;
  /** The address belongs to a process on the node, not to something outside. */
  readonly onNode?: boolean;
  readonly port: number;
}

/** Options of `Dns.nodeLocalCache`. */
export interface NodeLocalCacheOptions {
  /**
   * The link-local address on which the cache listens.
   * @default "169.254.20.10"
   */
  readonly localAddress?: string;
  /**
   * The cluster IP of the DNS Service, on which the cache listens too where kube-proxy uses iptables.
   * @default - only the link-local address
   */
  readonly serviceAddress?: string;
}

/**
 * How pods of the cluster resolve names.
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export class Dns {
  /**
   * CoreDNS or kube-dns: pods labelled `k8s-app: kube-dns` in kube-system, port 53. So do kubeadm, EKS, AKS, K3s, RKE2 and others.
   * @see https://kubernetes.io/docs/tasks/administer-cluster/coredns/
   */
  public static coreDns(): Dns {
    return new Dns('coredns', [CORE_DNS]);
  }

  /**
   * NodeLocal DNSCache beside CoreDNS. The cache runs on the host network, so that a policy must allow an address of the node; where Cilium
   * redirects to it with a CiliumLocalRedirectPolicy it is pods instead. Both are allowed.
   * @throws when an address is not one
   * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
   * @see https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/
   */
  public static nodeLocalCache(options: NodeLocalCacheOptions = {}): Dns {
    const addresses = [options.localAddress ?? '169.254.20.10', ...(options.serviceAddress === undefined ? [] : [options.serviceAddress])];
    for (const text of addresses) {
      if (!isAddress(text)) { throw new Error(`DNS address ${JSON.stringify(text)} is not an IP address`); }
    }
    return new Dns('nodelocal', [
      ...addresses.map(cacheAt),
      { pods: { namespace: 'kube-system', labels: { 'k8s-app': 'node-local-dns' } }, port: 53 },
      CORE_DNS,
    ]);
  }

  /**
   * LocalDNS of AKS beside CoreDNS: a cache on each node, at 169.254.10.10 and 169.254.10.11.
   * @see https://learn.microsoft.com/azure/aks/localdns-custom
   */
  public static aksLocalDns(): Dns {
    return new Dns('aks-localdns', [...['169.254.10.10', '169.254.10.11'].map(cacheAt), CORE_DNS]);
  }

  /**
   * Cloud DNS for GKE: the resolver is the metadata address 169.254.169.254, port 53.
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns
   */
  public static gkeCloudDns(): Dns {
    return new Dns('gke-cloud-dns', [{ address: '169.254.169.254', port: 53 }]);
  }

  /**
   * OpenShift: pods of openshift-dns, which listen on 5353.
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/networking_operators/dns-operator
   */
  public static openShift(): Dns {
    return new Dns('openshift', [{ pods: { namespace: 'openshift-dns', labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' } }, port: 5353 }]);
  }

  /**
   * DNS pods of your own.
   * @param pods where they are
   * @param port the port on which the pods listen, 1 to 65535; not the Service's. Default: 53
   * @throws when the place or the port is not valid
   */
  public static pods(pods: PodsAt, port: number = 53): Dns {
    podsAt(pods);
    if (!Number.isInteger(port) || port < 1 || port > 65535) { throw new Error(`DNS port ${port} is not in 1 to 65535`); }
    return new Dns('custom', [{ pods, port }]);
  }

  /**
   * Several at once: pods may ask each of them.
   * @throws when there is none
   */
  public static several(...kinds: Dns[]): Dns {
    if (kinds.length === 0) { throw new Error('no DNS is stated; name at least one, such as Dns.coreDns()'); }
    const all = kinds.flatMap(({ resolvers }) => resolvers);
    const texts = all.map(resolver => JSON.stringify(resolver));
    return new Dns([...new Set(kinds.map(({ name }) => name))].join('+'), all.filter((_, i) => texts.indexOf(texts[i]) === i));
  }

  /**
   * A kind of DNS by name, or several joined by "+", as in the environment variable: "coredns+nodelocal".
   * @throws when there is none of that name
   */
  public static parse(text: string): Dns {
    const kinds = text.split('+').map(name => {
      if (!Object.hasOwn(PARSED, name.trim())) { throw new Error(`DNS ${JSON.stringify(name)} is not known; use one of ${Object.keys(PARSED).join(', ')}`); }
      return PARSED[name.trim()]();
    });
    return kinds.length === 1 ? kinds[0] : Dns.several(...kinds);
  }

  private readonly servers = new Map<string, { readonly peer: EndpointExpr; readonly port: number }[]>();

  private constructor(
    /** The name of this kind of DNS. */
    public readonly name: string,
    private readonly resolvers: Resolver[],
  ) {}

  /** The name. */
  public toString(): string {
    return this.name;
  }

  /**
   * The pods that serve DNS, with the port on which they listen. None where only addresses do.
   * @internal
   */
  public _pods(): { readonly pods: PodsAt; readonly port: number }[] {
    return this.resolvers.flatMap(({ pods, port }) => (pods ? [{ pods, port }] : []));
  }

  /**
   * The addresses that serve DNS, where these are not known as pods.
   * @internal
   */
  public _addresses(): { readonly address: string; readonly onNode: boolean; readonly port: number }[] {
    return this.resolvers.flatMap(({ address: text, onNode = false, port }) => (text === undefined ? [] : [{ address: text, onNode, port }]));
  }

  /**
   * Where DNS requests go, by port.
   * @internal
   */
  public _servers(dialect: Dialect, scope: DnsScope = DnsScope.PODS): { readonly peer: EndpointExpr; readonly port: number }[] {
    const key = `${dialect} ${scope}`;
    let known = this.servers.get(key);
    if (!known) {
      const resolvers = scope === DnsScope.PODS ? this.resolvers : this.resolvers.map(withoutLabels);
      this.servers.set(key, known = resolvers.map(resolver => ({ peer: peerOf(resolver, dialect), port: resolver.port })));
    }
    return known;
  }
}

const PARSED: Readonly<Record<string, () => Dns>> = {
  'coredns': () => Dns.coreDns(),
  'nodelocal': () => Dns.nodeLocalCache(),
  'aks-localdns': () => Dns.aksLocalDns(),
  'gke-cloud-dns': () => Dns.gkeCloudDns(),
  'openshift': () => Dns.openShift(),
};

const cacheAt = (text: string): Resolver => ({ address: text, onNode: true, port: 53 });

const withoutLabels = (resolver: Resolver): Resolver =>
  (resolver.pods ? { ...resolver, pods: { namespace: resolver.pods.namespace } } : resolver);

const CORE_DNS: Resolver = { pods: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }, port: 53 };

function peerOf({ pods, address: text, onNode }: Resolver, dialect: Dialect): EndpointExpr {
  if (pods) { return podsAt(pods); }
  // Cilium knows an address on the node as the node, and never by its range.
  if (onNode) { return dialect === Dialect.CILIUM ? { entity: 'host' } : address(hostRange(text!)); }
  return allOf(EXTERNAL, address(hostRange(text!)));
}
