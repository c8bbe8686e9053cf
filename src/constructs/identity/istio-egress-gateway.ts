import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { istioEgressObjects } from './istio-egress-objects';
import type { ResolvedFacts } from '../../cluster/cluster';
import { orderAnnotations } from '../../cluster/git-ops';
import type { Mesh } from '../../cluster/mesh';
import { fqdnProblem, isWildcard } from '../../model/fqdn';
import { dnsLabelProblem, labelKeyProblem, labelValueProblem } from '../../model/labels';
import { Namespaces } from '../namespaces';
import { checkGiven, inConstruct } from '../native-object';
import { nameOf, namespaceOf, pathOf } from '../network-policy';
import { Peer } from '../peer';
import { Port } from '../port';
import { anyOf, checkShape, LIST, struct } from '../props';
import { Statements } from '../statements';
import { Workload } from '../workload';

/** How applications speak to a host. */
export enum IstioEgressProtocol {
  /** TLS that the application itself begins; the gateway passes it on by its server name. */
  TLS = 'TLS',
  /** Plain HTTP. */
  HTTP = 'HTTP',
}

/** Properties of `IstioEgressGateway`. */
export interface IstioEgressGatewayProps {
  /** The DNS name of the host outside, without wildcards. */
  readonly host: string;
  /**
   * The workloads that connect to the host. Their egress is isolated, and only the gateway and DNS stay open: without that they could go
   * past the gateway.
   */
  readonly clients: Workload[];
  /**
   * How they speak to it.
   * @default IstioEgressProtocol.TLS
   */
  readonly protocol?: IstioEgressProtocol;
  /**
   * The port of the host, which is also that of the gateway's Service.
   * @default - 443, for HTTP 80
   */
  readonly port?: number;
  /**
   * The port of the gateway's pods behind that of its Service.
   * @default - 8443, for HTTP 8080, as Istio installs it
   */
  readonly gatewayPort?: number;
  /**
   * The name of the gateway's Service.
   * @default "istio-egressgateway"
   */
  readonly gatewayService?: string;
  /**
   * The namespace of the gateway.
   * @default "istio-system"
   */
  readonly gatewayNamespace?: string;
  /**
   * The labels of the gateway's pods.
   * @default - `istio: egressgateway`
   */
  readonly gatewayLabels?: { [key: string]: string };
  /**
   * The namespace of the objects, which must be that of the clients.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * The name of the objects.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

const PROPS = struct<IstioEgressGatewayProps>({ host: 'any', clients: LIST }, anyOf(
  'protocol', 'port', 'gatewayPort', 'gatewayService', 'gatewayNamespace', 'gatewayLabels', 'namespace', 'name',
));

/**
 * Workloads reach a host outside through an egress gateway of Istio: a ServiceEntry, a Gateway, a DestinationRule and a VirtualService, and
 * the policies that close every other way out for them.
 *
 * For meshes with sidecars. Istio directs what goes through a sidecar, and nothing else: what keeps a workload from going past it is the
 * network policy, in which only the gateway is open.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 */
export class IstioEgressGateway extends Construct {
  /**
   * @throws when the host, a port or a name is not valid, a client is in another namespace, or the fact `mesh` is not Istio with sidecars
   */
  public constructor(scope: Construct, id: string, props: IstioEgressGatewayProps) {
    super(scope, id);
    const path = pathOf(scope, id);
    inConstruct(path, () => {
      checkGiven(props);
      checkShape(PROPS, props);
    });
    const { protocol = IstioEgressProtocol.TLS, gatewayNamespace = 'istio-system', gatewayLabels = { istio: 'egressgateway' } } = props;
    const http = protocol === IstioEgressProtocol.HTTP;
    const namespace = namespaceOf(scope, path, props.namespace);
    const port = props.port ?? (http ? 80 : 443);
    inConstruct(path, () => checkProps(props, namespace, gatewayNamespace, gatewayLabels, port));
    const facts: ResolvedFacts & { readonly mesh?: Mesh } = Statements.of(scope).factsFor(scope);
    checkMesh(path, facts.mesh);
    const objects = istioEgressObjects({
      name: nameOf(scope, id, props.name),
      namespace,
      host: props.host.toLowerCase().replace(/\.$/, ''),
      protocol,
      port,
      service: `${props.gatewayService ?? 'istio-egressgateway'}.${gatewayNamespace}.svc.cluster.local`,
      gatewayNamespace,
      labels: gatewayLabels,
      annotations: orderAnnotations(facts.gitOps, 'policy'),
    });
    for (const object of objects) { new ApiObject(this, object.kind, object as never); }
    const gateway = Peer.pods({ namespaces: Namespaces.named(gatewayNamespace), labels: gatewayLabels });
    for (const client of props.clients) { client.connections.allowTo(gateway, Port.tcp(props.gatewayPort ?? (http ? 8080 : 8443))); }
  }
}

/** Routes of sidecars; ambient mode has waypoints for the same. Without the fact nobody would leave open what a sidecar needs to start. */
function checkMesh(path: string, mesh: Mesh | undefined): void {
  const kind = mesh?._facts?.kind;
  if (kind === undefined) {
    throw new Error(`${path}: IstioEgressGateway closes the egress of its clients, and without the fact mesh also that of their sidecars to istiod (TCP 15012), which then never start; state it: Cluster.of(app).configure({ mesh: Mesh.istioSidecar() })`);
  }
  if (kind !== 'istio-sidecar') {
    throw new Error(`${path}: IstioEgressGateway directs what goes through sidecars of Istio, and the fact mesh is ${mesh}; ${kind === 'istio-ambient' ? 'in ambient mode make the gateway a waypoint of the ServiceEntry' : 'use an egress gateway of that mesh'}`);
  }
}

function checkProps(
  { host, clients, protocol = IstioEgressProtocol.TLS, gatewayService = 'istio-egressgateway' }: IstioEgressGatewayProps, namespace: string, gatewayNamespace: string,
  gatewayLabels: Readonly<Record<string, string>>, port: number,
): void {
  if (typeof host !== 'string') { throw new Error(`host: must be a DNS name, got ${JSON.stringify(host)}`); }
  if (protocol !== 'TLS' && protocol !== 'HTTP') { throw new Error(`protocol: must be IstioEgressProtocol.TLS or IstioEgressProtocol.HTTP, got ${JSON.stringify(protocol)}`); }
  const problem = fqdnProblem(host) ?? dnsLabelProblem('namespace', gatewayNamespace) ?? dnsLabelProblem('Service', gatewayService)
    ?? Object.entries(gatewayLabels).map(([key, value]) => labelKeyProblem(key) ?? labelValueProblem(key, value)).find(found => found !== undefined);
  if (problem) { throw new Error(problem); }
  if (isWildcard(host)) { throw new Error(`host: ${JSON.stringify(host)} has a wildcard, and the gateway must look the name up; state each host`); }
  if (Object.keys(gatewayLabels).length === 0) { throw new Error('gatewayLabels: without labels every pod of the namespace would be the gateway; state those of its pods'); }
  if (!Number.isInteger(port) || port < 1 || port > 65535) { throw new Error(`port: must be a port from 1 to 65535, got ${port}`); }
  if (clients.length === 0) { throw new Error('clients: nobody is meant; state the workloads that connect to the host'); }
  const strange = clients.findIndex(client => !(client instanceof Workload));
  if (strange >= 0) { throw new Error(`clients[${strange}]: must be a Workload, got ${JSON.stringify(clients[strange])}`); }
  const elsewhere = clients.find(client => client.namespace !== namespace);
  if (elsewhere) {
    throw new Error(`clients: ${elsewhere} is in namespace ${elsewhere.namespace}, and its sidecar does not look for the DestinationRule in ${namespace}; make an IstioEgressGateway for each namespace`);
  }
}
