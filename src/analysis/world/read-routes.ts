import { Draft } from './draft';
import { Route } from './world';
import { itemsAt, objectAt, own, specOf, textAt, WorldObject } from './world-object';
import { DocumentReader, Fields } from '../../dialects/document-reader';

/** What an ingress controller or a gateway sends requests to. */

const textOf = ({ kind, namespace, name }: WorldObject): string => `${kind} ${namespace}/${name}`;

export function readIngress(object: WorldObject, { routes }: Draft): void {
  const { reader, namespace, at } = object;
  const spec = specOf(object);
  const add = (backend: Fields, path: string): void => {
    const found = ingressBackend(reader, backend, path);
    if (found) { routes.push({ text: textOf(object), namespace, ...found, at }); }
  };
  for (const key of ['defaultBackend', 'backend']) {
    const backend = reader.own(spec, key);
    if (backend !== undefined) { add(reader.object(backend, `spec.${key}`), `spec.${key}`); }
  }
  for (const [rule, path] of itemsAt(reader, spec, 'rules', 'spec.rules')) {
    const http = objectAt(reader, rule, 'http', `${path}.http`);
    for (const [each, place] of itemsAt(reader, http, 'paths', `${path}.http.paths`)) {
      add(reader.object(reader.own(each, 'backend'), `${place}.backend`), `${place}.backend`);
    }
  }
}

/** Of networking.k8s.io/v1, or of the versions before it. */
function ingressBackend(reader: DocumentReader, backend: Fields, path: string): Pick<Route, 'service' | 'port'> | undefined {
  const former = reader.own(backend, 'serviceName');
  if (former !== undefined) { return withPort(reader.string(former, `${path}.serviceName`), portOf(reader, reader.own(backend, 'servicePort'), `${path}.servicePort`)); }
  const service = reader.own(backend, 'service');
  // A backend may be a resource of another kind, such as a bucket.
  if (service === undefined) { return undefined; }
  const fields = reader.object(service, `${path}.service`);
  const port = objectAt(reader, fields, 'port', `${path}.service.port`);
  const stated = reader.own(port, 'number') ?? reader.own(port, 'name');
  return withPort(reader.string(reader.own(fields, 'name'), `${path}.service.name`), portOf(reader, stated, `${path}.service.port`));
}

const withPort = (service: string, port: number | string | undefined): Pick<Route, 'service' | 'port'> => ({ service, ...(port === undefined ? {} : { port }) });

const portOf = (reader: DocumentReader, value: unknown, path: string): number | string | undefined =>
  (value === undefined || typeof value === 'string' ? value : reader.integer(value, path, 1, 65535));

/** OpenShift's. Its port is one of the Service's, by name, or a target. */
export function readOpenShiftRoute(object: WorldObject, { routes }: Draft): void {
  const { reader, namespace, at } = object;
  const spec = specOf(object);
  const port = portOf(reader, reader.own(objectAt(reader, spec, 'port', 'spec.port'), 'targetPort'), 'spec.port.targetPort');
  const backends = [
    [objectAt(reader, spec, 'to', 'spec.to'), 'spec.to'] as const,
    ...itemsAt(reader, spec, 'alternateBackends', 'spec.alternateBackends'),
  ];
  for (const [backend, path] of backends) {
    const service = textAt(reader, backend, 'name', path);
    if (service === undefined || (own(backend, 'kind') ?? 'Service') !== 'Service') { continue; }
    routes.push({ text: textOf(object), namespace, service, ...(port === undefined ? {} : { port, orTarget: true }), at });
  }
}

/** HTTPRoute, GRPCRoute, TLSRoute, TCPRoute and UDPRoute of the Gateway API. */
export function readGatewayRoute(object: WorldObject, { routes }: Draft): void {
  const { reader, namespace, at } = object;
  for (const [rule, path] of itemsAt(reader, specOf(object), 'rules', 'spec.rules')) {
    for (const [backend, place] of itemsAt(reader, rule, 'backendRefs', `${path}.backendRefs`)) {
      if ((own(backend, 'kind') ?? 'Service') !== 'Service' || (own(backend, 'group') ?? '') !== '') { continue; }
      const port = portOf(reader, reader.own(backend, 'port'), `${place}.port`);
      routes.push({
        text: textOf(object),
        namespace: textAt(reader, backend, 'namespace', place) || namespace,
        service: reader.string(reader.own(backend, 'name'), `${place}.name`),
        ...(port === undefined ? {} : { port }),
        at,
      });
    }
  }
}

/** Without one a route reaches no backend of another namespace. */
export function readReferenceGrant(object: WorldObject, { grants }: Draft): void {
  const { reader, namespace } = object;
  const spec = specOf(object);
  const to = itemsAt(reader, spec, 'to', 'spec.to').filter(([each]) => own(each, 'kind') === 'Service');
  for (const [from] of itemsAt(reader, spec, 'from', 'spec.from')) {
    for (const [each] of to) { grants.add(grantKey(String(own(from, 'kind')), String(own(from, 'namespace')), namespace, own(each, 'name'))); }
  }
}

export const grantKey = (kind: string, from: string, to: string, name: unknown): string => JSON.stringify([kind, from, to, name ?? '*']);
