import { Json } from '../native-object';

/** What the objects of an egress gateway are made of. */
export interface IstioEgress {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly protocol: 'TLS' | 'HTTP' | string;
  readonly port: number;
  /** The full name of the gateway's Service. */
  readonly service: string;
  readonly gatewayNamespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const API = 'networking.istio.io/v1';

/**
 * A host outside, a way through the gateway for what comes from sidecars, and on from there to the host. The gateway looks the name up:
 * with another resolution it would send the connection to itself.
 * https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 */
export function istioEgressObjects(egress: IstioEgress): (Json & { readonly kind: string })[] {
  const { name, namespace, host, protocol, port, service, gatewayNamespace, labels, annotations } = egress;
  const tls = protocol === 'TLS';
  const metadata = { name, namespace, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) };
  const listed = { number: port, name: tls ? 'tls' : 'http', protocol };
  const match = (gateway: string): Json => ({ gateways: [gateway], port, ...(tls ? { sniHosts: [host] } : {}) });
  const route = (destination: Json): Json => ({ destination: { ...destination, port: { number: port } } });
  // The subset is for the clients alone; the host and the way to it also for the gateway. Istio takes the own namespace as "." only.
  const exportTo = gatewayNamespace === namespace ? ['.'] : ['.', gatewayNamespace];
  return [
    { apiVersion: API, kind: 'ServiceEntry', metadata, spec: { hosts: [host], location: 'MESH_EXTERNAL', ports: [listed], resolution: 'DNS', exportTo } },
    { apiVersion: API, kind: 'Gateway', metadata, spec: { selector: labels, servers: [{ port: listed, hosts: [host], ...(tls ? { tls: { mode: 'PASSTHROUGH' } } : {}) }] } },
    { apiVersion: API, kind: 'DestinationRule', metadata, spec: { host: service, subsets: [{ name }], exportTo: ['.'] } },
    {
      apiVersion: API,
      kind: 'VirtualService',
      metadata,
      spec: {
        hosts: [host],
        gateways: ['mesh', name],
        exportTo,
        [tls ? 'tls' : 'http']: [
          { match: [match('mesh')], route: [route({ host: service, subset: name })] },
          { match: [match(name)], route: [route({ host })] },
        ],
      },
    },
  ];
}
