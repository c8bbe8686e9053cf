import { Construct } from 'constructs';
import { apiBackendsOf, BackendPods, podsBehind } from './api-backends';
import { AppObjects } from './app-objects';
import { selects, servicesOf } from './app-services';
import { DefaultDeny } from './default-deny';
import { apiServerCallers, Callers, clusterCallers } from './from-api-server';
import { Justification, justificationIn } from './justification';
import { LabelExpression } from './label-expression';
import { NetworkPolicy, pathOf } from './network-policy';
import { IPeer, Peer } from './peer';
import { Port } from './port';
import { namesAreEnforced, numbersOfName } from './port-numbers';
import { checkProps, FLAG, LABELS, PEERS, PORT, REASON, TEXT } from './prop-kinds';
import { struct } from './props';
import { Statements } from './statements';
import { Workload } from './workload';
import { Distribution } from '../cluster/distribution';
import type { IngressController } from '../cluster/ingress-controller';
import type { PodsAt } from '../cluster/place';
import { dnsLabelProblem } from '../model/labels';

/** Pods that the API server calls: behind an APIService, or behind a webhook. */
export interface ApiServerBackend extends Justification {
  /** The name of their Service, which its policy takes. */
  readonly service: string;
  /** The labels of the pods; at least one. */
  readonly labels: { [key: string]: string };
  /** The port of the pods, not that of their Service. */
  readonly port: Port;
}

/** Properties of `ProtectSystemNamespace`. */
export interface ProtectSystemNamespaceProps extends Justification {
  /**
   * The namespace.
   * @default "kube-system"
   */
  readonly namespace?: string;
  /**
   * Pods of the namespace that the API server calls, beside those that are found in the app.
   * @default - none
   */
  readonly backends?: ApiServerBackend[];
  /**
   * Whether metrics-server runs in the namespace: pods labelled `k8s-app: metrics-server`, which serve the API server on their port "https".
   * One with other labels, such as that of its Helm chart, is stated as a backend.
   * @default - in kube-system, unless a backend with the service "metrics-server" is stated or found
   * @see https://github.com/kubernetes-sigs/metrics-server
   */
  readonly metricsServer?: boolean;
  /**
   * The port on which metrics-server listens, where it runs in the namespace.
   * @default - the port named "https"; where the CNI does not enforce names, its number in the pods of the app, else Port.tcp(10250)
   * @see https://github.com/kubernetes-sigs/metrics-server/blob/master/manifests/base/deployment.yaml
   */
  readonly metricsServerPort?: Port;
  /**
   * The port on which the DNS pods serve their metrics.
   * @default - Port.tcp(9153); of the cache on each node (node-local-dns) Port.tcp(9253)
   * @see https://coredns.io/plugins/metrics/
   * @see https://github.com/kubernetes/kubernetes/blob/master/cluster/addons/dns/nodelocaldns/nodelocaldns.yaml
   */
  readonly dnsMetricsPort?: Port;
  /**
   * The ports of the pods on which the ingress controller takes requests. Required where the fact `ingressController` places it in the namespace.
   * @default - none: the ingress controller is elsewhere
   */
  readonly ingressPort?: Port;
  /**
   * Who sends these requests, such as the ranges of load balancers. On K3s these are also who reaches the pods of its load balancer.
   * @default - anyone
   */
  readonly ingressPeers?: IPeer[];
  /**
   * Whether egress is closed too, save the cluster's DNS. What the pods need otherwise, such as the API server, must then be stated.
   * @default false
   */
  readonly egress?: boolean;
}

const BACKEND = struct<ApiServerBackend>({ service: TEXT, labels: LABELS, port: PORT }, REASON);
const PROPS = struct<ProtectSystemNamespaceProps>({}, {
  ...REASON,
  namespace: TEXT,
  backends: [BACKEND],
  metricsServer: FLAG,
  metricsServerPort: PORT,
  dnsMetricsPort: PORT,
  ingressPort: PORT,
  ingressPeers: PEERS,
  egress: FLAG,
});

/**
 * Closes ingress of the pods of a system namespace for all that is not stated, save what a cluster stops without: DNS from every pod and node, the
 * metrics of DNS for monitoring, the API server's own calls to metrics-server, to other APIServices and to webhooks, and requests to an ingress
 * controller that the facts place there.
 *
 * State it after the APIServices, webhooks and Services of the app. Pods on the host network, such as kube-proxy, are not closed: no policy selects them.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/addons/
 */
export class ProtectSystemNamespace extends Construct {
  /** The namespace. */
  public readonly namespace: string;
  private readonly statements: Statements;

  /**
   * @throws when the namespace is not valid, a service is stated twice or without labels, an APIService or webhook of the app has its Service in the
   * namespace and the app does not say which pods are behind it, or the ingress controller is in the namespace and its ports are not stated
   */
  public constructor(scope: Construct, id: string, private readonly props: ProtectSystemNamespaceProps = {}) {
    super(scope, id);
    checkProps(pathOf(scope, id), PROPS, props);
    this.namespace = props.namespace ?? 'kube-system';
    const problem = dnsLabelProblem('namespace', this.namespace);
    if (problem) { throw new Error(`${pathOf(scope, id)}: ${problem}`); }
    this.statements = Statements.of(this);

    this.openDns();
    this.openIngress();
    for (const backend of this.backends()) { this.openToApiServer(backend); }
    new DefaultDeny(this, 'deny', { namespace: this.namespace, egress: props.egress ?? false, ...justificationIn(props) });
  }

  /** DNS pods of another namespace are not closed by this. */
  private openDns(): void {
    const facts = this.statements.factsFor(this);
    facts.dns._pods().filter(({ pods }) => pods.namespace === this.namespace).forEach(({ pods: { labels }, port }, i) => {
      const name = i === 0 ? 'allow-dns-clients' : `allow-dns-clients-${i + 1}`;
      this.allow(name, labels, clusterCallers(facts), Port.oneOf(Port.udp(port), Port.tcp(port)));
      this.allow(`${name}-metrics`, labels, { peer: Peer.monitoring() }, this.props.dnsMetricsPort ?? Port.tcp(labels?.['k8s-app'] === NODE_LOCAL ? 9253 : 9153));
    });
  }

  /** Which ports its pods listen on, no fact says: the port of its Service is another. */
  private openIngress(): void {
    const { ingressPort: port, ingressPeers } = this.props;
    const { ingressController, distribution } = this.statements.factsFor(this);
    const places = placesOf(ingressController).filter(({ namespace }) => namespace === this.namespace);
    const hasBalancer = distribution.name === Distribution.K3S.name && this.namespace === 'kube-system';
    if (places.length > 0 && !port) {
      throw new Error(`${this.node.path}: the ingress controller ${ingressController} is in ${this.namespace}, and would be closed; state the ports of its pods, such as ingressPort: Port.oneOf(Port.tcp(8000), Port.tcp(8443)), or correct the fact ingressController`);
    }
    if (places.length === 0 && (port || (ingressPeers && !hasBalancer))) {
      throw new Error(`${this.node.path}: ${port ? 'ingressPort' : 'ingressPeers'} is stated, but the ingress controller ${ingressController} is not in ${this.namespace}; leave it out, or state the fact ingressController`);
    }
    const peers = ingressPeers ?? [Peer.any()];
    places.forEach(({ labels }, i) => this.write(`allow-ingress-controller-clients${i === 0 ? '' : `-${i + 1}`}`, this.podsWith(labels), peers, port!));
    if (hasBalancer) {
      const balancer = Workload.external(this, { namespace: this.namespace, labels: {}, expressions: [LabelExpression.exists(K3S_BALANCER)] });
      this.write('allow-service-lb-clients', balancer, peers, Port.all());
    }
  }

  private openToApiServer({ service, labels, port, ...why }: ApiServerBackend): void {
    this.allow(`allow-api-server-to-${service.replace(/\./g, '-')}`, labels, apiServerCallers(this.statements.factsFor(this)), port, why);
  }

  private allow(name: string, labels: { [key: string]: string } | undefined, { peer, wider }: Callers, port: Port, why: Justification = {}): void {
    const policy = this.write(name, this.podsWith(labels), [peer], port, why);
    if (wider !== undefined) { policy._recordWider(`${pathOf(this, name)}: ${wider} on ${port}`); }
  }

  private write(name: string, subject: Workload | undefined, peers: IPeer[], port: Port, why: Justification = {}): NetworkPolicy {
    return new NetworkPolicy(this, name, {
      name,
      namespace: this.namespace,
      ...(subject ? { subject } : {}),
      ingress: [{ peers, ports: [port], ...why }],
      ...justificationIn(this.props),
    });
  }

  /** Undefined is every pod of the namespace, as facts without labels mean it. */
  private podsWith(labels: { [key: string]: string } = {}): Workload | undefined {
    return Object.keys(labels).length > 0 ? Workload.external(this, { namespace: this.namespace, labels }) : undefined;
  }

  private backends(): ApiServerBackend[] {
    const stated = this.props.backends ?? [];
    const everyPod = stated.find(({ labels }) => Object.keys(labels).length === 0);
    if (everyPod) { throw new Error(`${this.node.path}: the backend ${everyPod.service} has no labels, which would open every pod of ${this.namespace}; state the labels of its pods`); }
    const twice = stated.find(({ service }, i) => stated.findIndex(other => other.service === service) !== i);
    if (twice) { throw new Error(`${this.node.path}: the backend ${twice.service} is stated twice; state all its ports in one, by Port.oneOf(...)`); }
    const all = [...stated, ...this.found(stated.map(({ service }) => service))];
    const isKnown = all.some(({ service }) => service === METRICS_SERVER.service);
    const wanted = this.props.metricsServer ?? (this.namespace === 'kube-system' && !isKnown);
    if (wanted && isKnown) { throw new Error(`${this.node.path}: metricsServer is stated beside a backend of that name; leave it out`); }
    if (!wanted && this.props.metricsServerPort) {
      throw new Error(`${this.node.path}: metricsServerPort is stated, but ${isKnown ? 'a backend of the name metrics-server has a port of its own' : `metrics-server is not said to be in ${this.namespace}`}; leave it out${isKnown ? '' : ', or state metricsServer: true'}`);
    }
    return wanted ? [...all, { ...METRICS_SERVER, port: this.metricsServerPort() }] : all;
  }

  private metricsServerPort(): Port {
    const { labels, port } = METRICS_SERVER;
    if (this.props.metricsServerPort) { return this.props.metricsServerPort; }
    return namesAreEnforced(this.statements.factsFor(this)) ? Port.named(port) : Port.tcp(this.numberOf(port, labels) ?? 10250);
  }

  /** The number of a port of pods that the app holds. */
  private numberOf(name: string, labels: Readonly<Record<string, string>>): number | undefined {
    const pods = new AppObjects(this.statements).pods.filter(each => each.namespace === this.namespace && selects(labels, each.labels ?? {}));
    const numbers = numbersOfName(name, pods);
    return numbers.length === 1 ? numbers[0] : undefined;
  }

  /** What the app declares so far; what it declares later fails the synth, unless it is stated. */
  private found(stated: readonly string[]): ApiServerBackend[] {
    const app = new AppObjects(this.statements);
    const services = servicesOf(app);
    const byService = new Map<string, ApiServerBackend>();
    for (const backend of apiBackendsOf(app).filter(({ namespace, service }) => namespace === this.namespace && !stated.includes(service))) {
      const pods = podsBehind(backend, services);
      if (!pods) {
        throw new Error(`${this.node.path}: the API server calls Service ${backend.service} of ${this.namespace} on port ${backend.port} for ${backend.text}, and the app does not say which pods are behind it; state backends: [{ service: '${backend.service}', labels: ..., port: ... }]`);
      }
      const { service } = backend;
      const port = this.portOf(pods, service);
      const known = byService.get(service)?.port;
      byService.set(service, { service, labels: { ...pods.labels }, port: known && String(known) !== String(port) ? Port.oneOf(known, port) : port });
    }
    return [...byService.values()];
  }

  private portOf({ port, labels }: BackendPods, service: string): Port {
    if (typeof port === 'number') { return Port.tcp(port); }
    const facts = this.statements.factsFor(this);
    if (namesAreEnforced(facts)) { return Port.named(port); }
    const number = this.numberOf(port, labels);
    if (number === undefined) {
      throw new Error(`${this.node.path}: Service ${service} names the port ${JSON.stringify(port)}, ${facts.cni.name} does not enforce names of ports, and the app does not say which number it has; state backends: [{ service: '${service}', labels: ${JSON.stringify(labels)}, port: Port.tcp(...) }]`);
    }
    return Port.tcp(number);
  }
}

const METRICS_SERVER = { service: 'metrics-server', labels: { 'k8s-app': 'metrics-server' }, port: 'https' };
/** The label of the DNS cache on each node. */
const NODE_LOCAL = 'node-local-dns';
/**
 * The label of the pods that K3s makes for each Service of type LoadBalancer. They listen on nothing themselves, and forward its ports only.
 * @see https://docs.k3s.io/security/hardening-guide
 */
const K3S_BALANCER = 'svccontroller.k3s.cattle.io/svcname';

/** Where the pods of an ingress controller are. */
const placesOf = (controller: IngressController): PodsAt[] => controller._sources().flatMap((source): PodsAt[] =>
  ('pods' in source ? [source.pods] : 'namespaceLabel' in source ? [{ namespace: source.namespace }] : []));
