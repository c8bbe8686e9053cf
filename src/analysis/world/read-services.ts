import { Draft } from './draft';
import { twice } from './read-objects';
import { readProtocol } from './read-template';
import { Service, ServiceEndpoints, ServicePort } from './world';
import { canonicalAddress, itemsAt, labelsAt, objectAt, own, specOf, textAt, WorldObject } from './world-object';
import { DocumentReader, Fields } from '../../dialects/document-reader';
import { isAddress } from '../../model/cidr';

/** Services, and what answers for them. */

export function readService(object: WorldObject, draft: Draft): void {
  const { reader, fields, namespace, name, at } = object;
  const spec = specOf(object);
  const type = textAt(reader, spec, 'type', 'spec') || 'ClusterIP';
  const selector = labelsAt(reader, spec, 'selector', 'spec.selector', draft.interner);
  const policy = type === 'ClusterIP' ? undefined : reader.own(spec, 'externalTrafficPolicy');
  const externalName = type === 'ExternalName' ? textAt(reader, spec, 'externalName', 'spec') : undefined;
  const service: Service = {
    namespace,
    name,
    type,
    headless: own(spec, 'clusterIP') === 'None',
    ...(externalName ? { externalName } : {}),
    ...(type === 'ExternalName' || Object.keys(selector).length === 0 ? {} : { selector }),
    ports: itemsAt(reader, spec, 'ports', 'spec.ports').map(([port, path]) => readPort(reader, port, path)),
    addresses: ownAddresses(reader, spec, objectAt(reader, fields, 'status', 'status')),
    ...(policy === undefined ? {} : { externalTrafficPolicy: reader.oneOf(policy, 'spec.externalTrafficPolicy', ['Cluster', 'Local'] as const) }),
    at,
  };
  const known = draft.services.get(`${namespace}/${name}`);
  if (known && JSON.stringify({ ...known, at }) !== JSON.stringify(service)) { throw twice(`Service ${namespace}/${name}`, 'fields', known.at!, at); }
  draft.services.set(`${namespace}/${name}`, service);
}

function readPort(reader: DocumentReader, port: Fields, path: string): ServicePort {
  const [name, nodePort] = [textAt(reader, port, 'name', path), reader.own(port, 'nodePort')];
  const number = reader.integer(reader.own(port, 'port'), `${path}.port`, 1, 65535);
  return {
    ...(name ? { name } : {}),
    port: number,
    protocol: readProtocol(reader, port, path),
    target: readTarget(reader, reader.own(port, 'targetPort'), `${path}.targetPort`) ?? number,
    ...(nodePort === undefined || nodePort === 0 ? {} : { nodePort: reader.integer(nodePort, `${path}.nodePort`, 1, 65535) }),
  };
}

/** A number or a name; undefined where none is stated, which 0 and the empty name are too. */
function readTarget(reader: DocumentReader, value: unknown, path: string): number | string | undefined {
  if (value === undefined || value === 0 || value === '') { return undefined; }
  return typeof value === 'string' ? value : reader.integer(value, path, 1, 65535);
}

function ownAddresses(reader: DocumentReader, spec: Fields, status: Fields): string[] {
  const stated = [own(spec, 'clusterIP'), ...listOf(spec, 'clusterIPs'), own(spec, 'loadBalancerIP'), ...listOf(spec, 'externalIPs')];
  const balancers = itemsAt(reader, objectAt(reader, status, 'loadBalancer', 'status.loadBalancer'), 'ingress', 'status.loadBalancer.ingress');
  const all = [...stated, ...balancers.map(([each]) => own(each, 'ip'))];
  return [...new Set(addressesAmong(all))];
}

/** Endpoints and load balancers may also have names. */
const addressesAmong = (values: readonly unknown[]): string[] =>
  values.filter((each): each is string => typeof each === 'string' && isAddress(each)).map(canonicalAddress);

function listOf(fields: Fields, key: string): readonly unknown[] {
  const value = own(fields, key);
  return Array.isArray(value) ? value : [];
}

/** An EndpointSlice belongs to the Service that its label names. */
export function readEndpointSlice({ reader, fields, metadata, namespace, at }: WorldObject, draft: Draft): void {
  const labels = labelsAt(reader, metadata, 'labels', 'metadata.labels', draft.interner);
  const service = Object.hasOwn(labels, SERVICE_NAME) ? labels[SERVICE_NAME] : undefined;
  if (service === undefined) { return; }
  const endpoints = itemsAt(reader, fields, 'endpoints', 'endpoints');
  draft.addEndpoints(namespace, service, {
    addresses: endpoints.flatMap(([each, path]) => addressesOf(reader, reader.own(each, 'addresses'), `${path}.addresses`)),
    pods: endpoints.flatMap(([each]) => podOf(own(each, 'targetRef'))),
    ports: endpointPorts(reader, fields, 'ports'),
    at,
  });
}

const SERVICE_NAME = 'kubernetes.io/service-name';

/** The older form, of the same name as its Service. */
export function readEndpoints({ reader, fields, namespace, name, at }: WorldObject, draft: Draft): void {
  for (const [subset, path] of itemsAt(reader, fields, 'subsets', 'subsets')) {
    const addresses = itemsAt(reader, subset, 'addresses', `${path}.addresses`);
    draft.addEndpoints(namespace, name, {
      addresses: addressesAmong(addresses.map(([each]) => own(each, 'ip'))),
      pods: addresses.flatMap(([each]) => podOf(own(each, 'targetRef'))),
      ports: endpointPorts(reader, subset, `${path}.ports`),
      at,
    });
  }
}

const addressesOf = (reader: DocumentReader, value: unknown, path: string): string[] =>
  (value === undefined ? [] : addressesAmong(reader.strings(value, path)));

function podOf(reference: unknown): string[] {
  const name = own(reference, 'name');
  return own(reference, 'kind') === 'Pod' && typeof name === 'string' ? [name] : [];
}

/** A port without a number is every port. */
const endpointPorts = (reader: DocumentReader, fields: Fields, path: string): ServiceEndpoints['ports'] =>
  itemsAt(reader, fields, 'ports', path).flatMap(([port, at]) => {
    const [name, number] = [textAt(reader, port, 'name', at), reader.own(port, 'port')];
    if (number === undefined) { return []; }
    return [{ ...(name ? { name } : {}), port: reader.integer(number, `${at}.port`, 1, 65535), protocol: readProtocol(reader, port, at) }];
  });

export const isExternal = ({ type }: Pick<Service, 'type'>): boolean => type === 'NodePort' || type === 'LoadBalancer';
