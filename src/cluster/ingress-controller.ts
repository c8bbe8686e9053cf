import type { ResolvedFacts } from './cluster';
import { ingressPeer, IngressSource } from './ingress-source';
import { PodsAt, podsAt } from './place';
import { parseCidr } from '../model/cidr';
import { anyOf, EndpointExpr } from '../model/endpoint';

/** Options of `IngressController.openShiftRouter`. */
export interface OpenShiftRouterOptions {
  /**
   * Whether the router runs on the network of its nodes, as the endpoint publishing strategy HostNetwork has it.
   * @default false
   */
  readonly hostNetwork?: boolean;
}

/** Options of `IngressController.awsLoadBalancer`. */
export interface AwsLoadBalancerOptions {
  /** The ranges of the subnets in which the load balancers are. */
  readonly sourceCidrs: string[];
}

/** Options of `IngressController.gkeNeg`. */
export interface GkeNegOptions {
  /**
   * The ranges of the proxy-only subnets, from which regional and internal Application Load Balancers send.
   * @default - none: load balancers that are Google Front Ends
   */
  readonly proxyOnlySubnets?: string[];
}

/**
 * What brings requests from outside to the pods. Labels and namespaces are those of the manifests and charts of each controller; one that is
 * installed elsewhere is `IngressController.pods(...)`.
 */
export class IngressController {
  /**
   * ingress-nginx, as its chart installs it.
   * @param namespace where it is installed. Default: "ingress-nginx"
   * @throws when the namespace is not valid
   * @see https://kubernetes.github.io/ingress-nginx/deploy/
   */
  public static ingressNginx(namespace: string = 'ingress-nginx'): IngressController {
    return IngressController.at('ingress-nginx', { namespace, labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' } });
  }

  /**
   * NGINX Ingress Controller of F5 NGINX.
   * @param namespace where it is installed. Default: "nginx-ingress"
   * @throws when the namespace is not valid
   * @see https://github.com/nginx/kubernetes-ingress/blob/main/deployments/deployment/nginx-ingress.yaml
   */
  public static nginxIngress(namespace: string = 'nginx-ingress'): IngressController {
    return IngressController.at('nginx-ingress', { namespace, labels: { 'app.kubernetes.io/name': 'nginx-ingress' } });
  }

  /**
   * NGINX Gateway Fabric: the NGINX pods of one Gateway, which run in the namespace of the Gateway.
   * @param namespace the Gateway's namespace
   * @param gateway the Gateway's name. Default: every pod of the namespace
   * @throws when a name is not valid
   * @see https://github.com/nginx/nginx-gateway-fabric/blob/main/internal/framework/controller/labels.go
   */
  public static nginxGatewayFabric(namespace: string, gateway?: string): IngressController {
    return IngressController.at('nginx-gateway-fabric', { namespace, ...(gateway === undefined ? {} : { labels: { 'gateway.networking.k8s.io/gateway-name': gateway } }) });
  }

  /**
   * Traefik, as its chart installs it.
   * @param namespace where it is installed, "kube-system" on K3s. Default: "traefik"
   * @throws when the namespace is not valid
   * @see https://github.com/traefik/traefik-helm-chart/blob/master/EXAMPLES.md
   * @see https://github.com/k3s-io/k3s/blob/master/manifests/traefik.yaml
   */
  public static traefik(namespace: string = 'traefik'): IngressController {
    return IngressController.at('traefik', { namespace, labels: { 'app.kubernetes.io/name': 'traefik' } });
  }

  /**
   * The ingress gateway of Istio, as its chart or istioctl installs it. The chart makes its label of the name of the release, without "istio-".
   * @param namespace where it is installed, "istio-system" with istioctl. Default: "istio-ingress"
   * @param release the name of the release. Default: "istio-ingress" or "istio-ingressgateway", whichever it is
   * @throws when a name is not valid
   * @see https://istio.io/latest/docs/setup/additional-setup/gateway/
   * @see https://github.com/istio/istio/blob/master/manifests/charts/gateway/templates/_helpers.tpl
   */
  public static istioGateway(namespace: string = 'istio-ingress', release?: string): IngressController {
    const releases = release === undefined ? ['istio-ingressgateway', 'istio-ingress'] : [release];
    const pods = releases.map((name): PodsAt => ({ namespace, labels: { istio: name.replace(/^istio-/, '') } }));
    pods.forEach(podsAt);
    return new IngressController('istio', pods.map(each => ({ pods: each })), [namespace]);
  }

  /**
   * The pods that Istio makes for one Gateway of the Gateway API, which run in the namespace of the Gateway.
   * @param namespace the Gateway's namespace
   * @param gateway the Gateway's name
   * @throws when a name is not valid
   * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/
   * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml
   */
  public static istioGatewayApi(namespace: string, gateway: string): IngressController {
    return IngressController.at('istio-gateway-api', { namespace, labels: { 'gateway.networking.k8s.io/gateway-name': gateway } });
  }

  /**
   * Contour: the Envoy pods, which connect to the backends.
   * @param namespace where it is installed. Default: "projectcontour"
   * @throws when the namespace is not valid
   * @see https://github.com/projectcontour/contour/blob/main/examples/contour/03-envoy.yaml
   */
  public static contour(namespace: string = 'projectcontour'): IngressController {
    return IngressController.at('contour', { namespace, labels: { app: 'envoy' } });
  }

  /**
   * Envoy Gateway: the Envoy pods that it makes for Gateways.
   * @param namespace where they run. Default: "envoy-gateway-system"
   * @throws when the namespace is not valid
   * @see https://github.com/envoyproxy/gateway/blob/main/internal/infrastructure/kubernetes/proxy/resource.go
   */
  public static envoyGateway(namespace: string = 'envoy-gateway-system'): IngressController {
    return IngressController.at('envoy-gateway', {
      namespace,
      labels: { 'app.kubernetes.io/name': 'envoy', 'app.kubernetes.io/component': 'proxy', 'app.kubernetes.io/managed-by': 'envoy-gateway' },
    });
  }

  /**
   * HAProxy Kubernetes Ingress Controller of HAProxy Technologies.
   * @param namespace where it is installed
   * @throws when the namespace is not valid
   * @see https://github.com/haproxytech/helm-charts/blob/main/kubernetes-ingress/templates/_helpers.tpl
   */
  public static haproxyTech(namespace: string): IngressController {
    return IngressController.at('haproxytech', { namespace, labels: { 'app.kubernetes.io/name': 'kubernetes-ingress' } });
  }

  /**
   * HAProxy Ingress of the community.
   * @param namespace where it is installed
   * @throws when the namespace is not valid
   * @see https://github.com/haproxy-ingress/charts/blob/master/haproxy-ingress/templates/_helpers.tpl
   */
  public static haproxyIngress(namespace: string): IngressController {
    return IngressController.at('haproxy-ingress', { namespace, labels: { 'app.kubernetes.io/name': 'haproxy-ingress' } });
  }

  /**
   * Kong: the gateway of the chart kong/ingress.
   * @param namespace where it is installed. Default: "kong"
   * @throws when the namespace is not valid
   * @see https://github.com/Kong/charts/blob/main/charts/ingress/README.md
   */
  public static kong(namespace: string = 'kong'): IngressController {
    return IngressController.at('kong', { namespace, labels: { 'app.kubernetes.io/name': 'gateway', 'app.kubernetes.io/component': 'app' } });
  }

  /**
   * The router of OpenShift, by the label of its namespace. On the network of its nodes it is those, which OVN-Kubernetes knows by a label of
   * another namespace; other CNIs need them by address.
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_security/network-policy
   */
  public static openShiftRouter(options: OpenShiftRouterOptions = {}): IngressController {
    return options.hostNetwork
      ? new IngressController('openshift-host-network', [{ nodes: 'openshift' }])
      : new IngressController('openshift', [{ namespaceLabel: 'policy-group.network.openshift.io/ingress', namespace: 'openshift-ingress' }], ['openshift-ingress']);
  }

  /**
   * Cilium's own ingress and Gateway API. Only the Cilium dialect can name it.
   * @see https://docs.cilium.io/en/stable/network/servicemesh/ingress/
   */
  public static ciliumIngress(): IngressController {
    return new IngressController('cilium', [{ entity: 'ingress' }]);
  }

  /**
   * A controller on the network of its nodes: to a policy it is every node. Dialects without entities need the fact `nodeCidrs`.
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
   */
  public static hostNetwork(): IngressController {
    return new IngressController('host-network', [{ nodes: 'any' }]);
  }

  /**
   * Load balancers of AWS that send straight to pods, with target-type ip: the requests come from their private addresses. These are meant even where
   * pods and nodes have addresses of the same range; where the CNI matches pods or nodes by address, they are let in with them. A Network Load
   * Balancer that preserves the addresses of clients is none of these; say `Peer.any()` or the clients' ranges for it.
   * @throws when there is no range, or one is not valid
   * @see https://repost.aws/knowledge-center/security-group-load-balancer
   */
  public static awsLoadBalancer(options: AwsLoadBalancerOptions): IngressController {
    return new IngressController('aws-load-balancer', [{ cidrs: rangesOf(options.sourceCidrs), outside: false }]);
  }

  /**
   * Load balancers of Google Cloud that send straight to pods, through network endpoint groups: requests and health checks come from the
   * ranges of Google Front Ends.
   * @throws when a range is not valid
   * @see https://cloud.google.com/load-balancing/docs/firewall-rules
   */
  public static gkeNeg(options: GkeNegOptions = {}): IngressController {
    const { proxyOnlySubnets = [] } = options;
    return new IngressController('gke-neg', [
      { cidrs: GOOGLE_FRONT_ENDS, outside: true },
      ...(proxyOnlySubnets.length > 0 ? [{ cidrs: rangesOf(proxyOnlySubnets), outside: false }] : []),
    ]);
  }

  /**
   * Load balancers that send straight to pods, from these ranges, as said of `awsLoadBalancer`.
   * @throws when there is no range, or one is not valid
   */
  public static cidrs(cidrs: string[]): IngressController {
    return new IngressController('cidrs', [{ cidrs: rangesOf(cidrs), outside: false }]);
  }

  /**
   * A controller whose pods are at a known place.
   * @throws when the place is not valid
   */
  public static pods(pods: PodsAt): IngressController {
    return IngressController.at(pods.namespace, pods);
  }

  /**
   * Several at once: any of them may bring requests.
   * @throws when there is none
   */
  public static several(...controllers: IngressController[]): IngressController {
    if (controllers.length === 0) { throw new Error('no ingress controller is stated; name at least one, such as IngressController.ingressNginx()'); }
    return new IngressController(
      [...new Set(controllers.map(({ name }) => name))].join('+'),
      controllers.flatMap(({ sources }) => sources), controllers.flatMap(({ namespaces }) => namespaces));
  }

  /**
   * A controller by name, or several joined by "+", as in the environment variable. A namespace follows "@", such as "traefik@kube-system".
   * @throws when there is none of that name
   */
  public static parse(text: string): IngressController {
    const controllers = text.split('+').map(parseOne);
    return controllers.length === 1 ? controllers[0] : IngressController.several(...controllers);
  }

  private static at(name: string, pods: PodsAt): IngressController {
    podsAt(pods);
    return new IngressController(name, [{ pods }], [pods.namespace]);
  }

  private constructor(
    /** The name of the controller. */
    public readonly name: string,
    private readonly sources: readonly IngressSource[],
    private readonly namespaces: readonly string[] = [],
  ) {}

  /** The name. */
  public toString(): string {
    return this.name;
  }

  /**
   * The namespaces in which its pods are.
   * @internal
   */
  public _namespaces(): readonly string[] {
    return this.namespaces;
  }

  /**
   * Where requests come from, each on its own.
   * @internal
   */
  public _sources(): readonly IngressSource[] {
    return this.sources;
  }

  /**
   * Load balancers that send straight to pods, and so check the health of pods; undefined where there are none.
   * @internal
   */
  public _balancers(facts: ResolvedFacts): EndpointExpr | undefined {
    const balancers = this.sources.filter(source => 'cidrs' in source);
    return balancers.length === 0 ? undefined : anyOf(...balancers.map(source => ingressPeer(this.name, source, facts)));
  }

  /**
   * Where requests come from.
   * @throws when the dialect cannot name it, or a fact that it needs is not stated
   * @internal
   */
  public _peer(facts: ResolvedFacts): EndpointExpr {
    return anyOf(...this.sources.map(source => ingressPeer(this.name, source, facts)));
  }
}

const GOOGLE_FRONT_ENDS = ['35.191.0.0/16', '130.211.0.0/22', '2600:2d00:1:1::/64', '2600:2d00:1:b029::/64'];

function rangesOf(cidrs: readonly string[]): string[] {
  if (cidrs.length === 0) { throw new Error('no ranges of load balancers are stated, which never means all of them; name those of their subnets'); }
  return cidrs.map(parseCidr);
}

/** Those that are known without anything else being said, and those that are known once their namespace is. */
const IN_A_NAMESPACE: Readonly<Record<string, (namespace?: string) => IngressController>> = {
  'ingress-nginx': namespace => IngressController.ingressNginx(namespace),
  'nginx-ingress': namespace => IngressController.nginxIngress(namespace),
  'traefik': namespace => IngressController.traefik(namespace),
  'istio': namespace => IngressController.istioGateway(namespace),
  'contour': namespace => IngressController.contour(namespace),
  'envoy-gateway': namespace => IngressController.envoyGateway(namespace),
  'kong': namespace => IngressController.kong(namespace),
};
const ONLY_IN_A_NAMESPACE: Readonly<Record<string, (namespace: string) => IngressController>> = {
  'nginx-gateway-fabric': namespace => IngressController.nginxGatewayFabric(namespace),
  'haproxytech': namespace => IngressController.haproxyTech(namespace),
  'haproxy-ingress': namespace => IngressController.haproxyIngress(namespace),
};
const OF_THE_CLUSTER: Readonly<Record<string, () => IngressController>> = {
  'openshift': () => IngressController.openShiftRouter(),
  'openshift-host-network': () => IngressController.openShiftRouter({ hostNetwork: true }),
  'cilium': () => IngressController.ciliumIngress(),
  'host-network': () => IngressController.hostNetwork(),
  'gke-neg': () => IngressController.gkeNeg(),
};

function parseOne(text: string): IngressController {
  const [name, namespace, ...rest] = text.trim().split('@');
  const some = Object.hasOwn(IN_A_NAMESPACE, name) && rest.length === 0 ? IN_A_NAMESPACE[name](namespace) : undefined;
  const placed = Object.hasOwn(ONLY_IN_A_NAMESPACE, name) && rest.length === 0 && namespace !== undefined
    ? ONLY_IN_A_NAMESPACE[name](namespace) : undefined;
  const one = Object.hasOwn(OF_THE_CLUSTER, name) && namespace === undefined ? OF_THE_CLUSTER[name]() : undefined;
  const found = some ?? placed ?? one;
  if (!found) {
    const known = [...Object.keys(IN_A_NAMESPACE), ...Object.keys(ONLY_IN_A_NAMESPACE).map(each => `${each}@NAMESPACE`), ...Object.keys(OF_THE_CLUSTER)];
    throw new Error(`ingress controller ${JSON.stringify(text)} is not known; use one of ${known.join(', ')}`);
  }
  return found;
}
