import { isOfKind, ObjectKind } from '../dialect';
import { DocumentReader, Fields } from '../document-reader';
import { addressesExpr } from './link-sets';
import { hostRange, isAddress, parseCidr } from '../../model/cidr';
import { allOf, anyOf, EndpointExpr, inNamespace, POD, Reference, selectorExpr } from '../../model/endpoint';
import { namedPort, portRange, TrafficBox } from '../../model/traffic';

/** The endpoints of Services: those of their EndpointSlices, or, where there are none, the pods that the Service selects. */

const SERVICE: ObjectKind = { apiVersion: 'v1', kind: 'Service' };
const ENDPOINT_SLICE: ObjectKind = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
export const SERVICE_KINDS: readonly ObjectKind[] = [SERVICE, ENDPOINT_SLICE];

/** Endpoints that listen on the same ports. */
export interface ServiceEndpoints {
  readonly endpoints: EndpointExpr;
  readonly ports: readonly TrafficBox[];
}

/** A function that looks up the endpoints of a Service; undefined where the documents do not say which they are. */
export function serviceEndpoints(documents: readonly unknown[]): (reference: Reference) => readonly ServiceEndpoints[] | undefined {
  const slices = new Map<string, ServiceEndpoints[]>();
  const services = new Map<string, readonly ServiceEndpoints[]>();
  for (const document of documents) {
    if (isOfKind(document, [ENDPOINT_SLICE])) {
      readSlice(document, slices);
    } else if (isOfKind(document, [SERVICE])) {
      readService(document, services);
    }
  }
  return ({ namespace, name }) => {
    const key = keyOf(namespace!, name!);
    return slices.get(key) ?? services.get(key);
  };
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

function readSlice(document: unknown, slices: Map<string, ServiceEndpoints[]>): void {
  const { reader, fields, origin } = DocumentReader.open(document);
  const labels = reader.object(reader.own(reader.object(reader.own(fields, 'metadata'), 'metadata'), 'labels') ?? {}, 'metadata.labels');
  const service = reader.own(labels, 'kubernetes.io/service-name');
  if (service === undefined) { return; }
  const key = keyOf(origin.namespace ?? 'default', reader.string(service, 'metadata.labels[kubernetes.io/service-name]'));
  const addresses = items(reader, fields, 'endpoints').flatMap(([endpoint, at]) =>
    reader.strings(reader.own(endpoint, 'addresses') ?? [], `${at}.addresses`)
      // Endpoints may be names, which Calico skips.
      .filter(isAddress));
  const ports = items(reader, fields, 'ports').flatMap(([port, at]) => {
    const number = reader.own(port, 'port');
    if (number === undefined) { return []; }
    return [portRange(readProtocol(reader, port, at), reader.integer(number, `${at}.port`, 1, 65535))];
  });
  const endpoints = addressesExpr(addresses.map(own => parseCidr(hostRange(own))));
  slices.set(key, [...slices.get(key) ?? [], { endpoints, ports }]);
}

/** A pod in the network of its node is an endpoint by the address of that node: whether there is one the Service does not say. */
const HOST = anyOf({ kind: 'node' }, { kind: 'hostEndpoint' });

/** A Service that selects no pods has endpoints that somebody else makes; one of another name has none. */
function readService(document: unknown, services: Map<string, readonly ServiceEndpoints[]>): void {
  const { reader, fields, origin } = DocumentReader.open(document);
  const namespace = origin.namespace ?? 'default';
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  if (reader.own(spec, 'type') === 'ExternalName') {
    services.set(keyOf(namespace, origin.name), []);
    return;
  }
  const selector = Object.entries(reader.object(reader.own(spec, 'selector') ?? {}, 'spec.selector'))
    .map(([key, value]) => [key, reader.string(value, `spec.selector[${key}]`)] as const);
  if (selector.length === 0) { return; }
  const pods = allOf(POD, inNamespace(namespace), selectorExpr('pod', { matchLabels: Object.fromEntries(selector) }));
  const hosts = allOf(HOST, { ref: 'service', namespace, name: origin.name });
  const ports = items(reader, spec, 'ports', 'spec.').map(([port, at]) => targetPort(reader, port, at));
  services.set(keyOf(namespace, origin.name), ports.some(isNamed)
    ? [{ endpoints: pods, ports }, { endpoints: hosts, ports: ports.map(port => (isNamed(port) ? { protocols: port.protocols } : port)) }]
    : [{ endpoints: anyOf(pods, hosts), ports }]);
}

/** Which number such a port has is said by the containers, and a node does not tell whose they are: it may be any. */
const isNamed = ({ destinationPorts }: TrafficBox): boolean => (destinationPorts?.names ?? []).length > 0;

function targetPort(reader: DocumentReader, port: Fields, at: string): TrafficBox {
  const protocol = readProtocol(reader, port, at);
  const target = reader.own(port, 'targetPort') ?? reader.own(port, 'port');
  return typeof target === 'string' ? namedPort(protocol, target) : portRange(protocol, reader.integer(target, `${at}.targetPort`, 1, 65535));
}

const readProtocol = (reader: DocumentReader, port: Fields, at: string) =>
  reader.oneOf(reader.own(port, 'protocol') ?? 'TCP', `${at}.protocol`, ['TCP', 'UDP', 'SCTP']);

const items = (reader: DocumentReader, fields: Fields, key: string, prefix: string = ''): (readonly [Fields, string])[] =>
  (reader.optionalList(reader.own(fields, key), prefix + key) ?? []).map((item, i) => [reader.object(item, `${prefix}${key}[${i}]`), `${prefix}${key}[${i}]`]);
