import { DEFAULT_MESH, IstioMesh } from './mesh';
import { API_VERSIONS, readSelector } from './read';
import { NO_IDENTITY, OF_TCP } from './terms';
import { allOf, ANY, anyOf, EndpointExpr, inNamespace, not, POD } from '../../model/endpoint';
import { Action, MESH, Origin, Policy } from '../../model/policy-set';
import { ALL_PORTS, complementRanges, Range } from '../../model/traffic';
import { isOfKind } from '../dialect';
import { DocumentReader, Fields } from '../document-reader';

export const PEER_AUTHENTICATION = API_VERSIONS.map(apiVersion => ({ apiVersion, kind: 'PeerAuthentication' }));

const MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] as const;
type TlsMode = typeof MODES[number];

interface Authentication {
  readonly reader: DocumentReader;
  readonly origin: Origin;
  readonly namespace: string;
  /** Absent: for the whole namespace, or in the root namespace for the whole mesh. */
  readonly selector?: EndpointExpr;
  readonly mode: TlsMode;
  readonly ports: ReadonlyMap<number, TlsMode>;
  /** '' where the document does not tell. */
  readonly created: string;
}

/**
 * What PeerAuthentication closes: with the mode STRICT nobody comes in without an identity. The nearest scope that sets a mode decides: workload,
 * namespace, mesh. https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function readPeerAuthentications(documents: readonly unknown[], mesh: Partial<IstioMesh> = {}): Policy[] {
  const { rootNamespace } = { ...DEFAULT_MESH, ...mesh };
  const all = documents.filter(document => isOfKind(document, PEER_AUTHENTICATION)).map(readAuthentication);
  // Istio takes no notice of a selector in the root namespace.
  const workloads = all.filter(each => each.selector !== undefined && each.namespace !== rootNamespace);
  const places = all.filter(({ selector }) => selector === undefined);
  const names = [...new Set(places.map(({ namespace }) => namespace))];
  const deciding = new Map(names.map(name => [name, oldest(places.filter(({ namespace }) => namespace === name))]));
  const wide = deciding.get(rootNamespace);
  const narrow = [...deciding.values()].filter(({ namespace, mode }) => namespace !== rootNamespace && mode !== 'UNSET');
  const others = not(anyOf(...workloads.map(inScope)));
  return [
    ...(wide?.mode === 'STRICT' ? [closed(wide, allOf(POD, not(anyOf(...narrow.map(({ namespace }) => inNamespace(namespace)))), others), [ALL_PORTS])] : []),
    ...narrow.filter(({ mode }) => mode === 'STRICT').map(each => closed(each, allOf(POD, inNamespace(each.namespace), others), [ALL_PORTS])),
    ...workloads.flatMap(each => ofWorkload(each, workloads, inherited(each, deciding.get(each.namespace), wide))),
  ];
}

const inScope = ({ namespace, selector = ANY }: Authentication): EndpointExpr => allOf(inNamespace(namespace), selector);

function inherited({ mode }: Authentication, ...wider: readonly (Authentication | undefined)[]): TlsMode {
  return [mode, ...wider.map(each => each?.mode)].find(each => each !== undefined && each !== 'UNSET') ?? 'PERMISSIVE';
}

function ofWorkload(own: Authentication, all: readonly Authentication[], mode: TlsMode): Policy[] {
  const rivals = all.filter(other => other !== own && other.namespace === own.namespace && !isOlder(own, other) && textOf(other) !== textOf(own));
  const certain = rivals.filter(other => isOlder(other, own));
  const unknown = rivals.filter(other => !isOlder(other, own));
  const strict = strictPorts(own, mode);
  const subject = allOf(POD, inScope(own), not(anyOf(...certain.map(inScope))));
  return [
    ...(strict.length > 0 ? [closed(own, allOf(subject, not(anyOf(...unknown.map(inScope)))), strict)] : []),
    // Istio takes the older of two, which manifests do not tell.
    ...unknown.map(other => closed(own, allOf(subject, inScope(other)), [ALL_PORTS], 'external')),
  ];
}

const isOlder = (one: Authentication, other: Authentication): boolean => one.created !== '' && other.created !== '' && one.created < other.created;
const textOf = ({ mode, ports }: Authentication): string => JSON.stringify([mode, [...ports].sort(([a], [b]) => a - b)]);

function strictPorts({ ports }: Authentication, mode: TlsMode): Range[] {
  const stated = [...ports].filter(([, own]) => own !== 'UNSET');
  const of = (wanted: (own: TlsMode) => boolean): Range[] => stated.filter(([, own]) => wanted(own)).map(([port]) => [port, port]);
  return mode === 'STRICT' ? complementRanges(of(own => own !== 'STRICT'), ALL_PORTS) : of(own => own === 'STRICT');
}

function closed({ origin }: Authentication, subject: EndpointExpr, ports: readonly Range[], action: Action = 'deny'): Policy {
  const every = ports.length === 1 && ports[0] === ALL_PORTS;
  const traffic = [{ ...OF_TCP, ...(every ? {} : { destinationPorts: { ranges: ports, names: [] } }) }];
  return {
    origin,
    stage: MESH,
    order: [0],
    mode: 'enforce',
    direction: 'ingress',
    subject,
    isolates: false,
    rules: [{ action, match: { source: NO_IDENTITY, destination: ANY, traffic }, origin: { ...origin, part: 'mtls' } }],
  };
}

function oldest(candidates: readonly Authentication[]): Authentication {
  const [first] = [...candidates].sort((a, b) => (a.created < b.created ? -1 : 1));
  const rival = candidates.find(other => other !== first && other.mode !== first.mode && !isOlder(first, other));
  if (rival) { throw rival.reader.fail('spec.mtls', `beside ${first.origin.name} of the same namespace Istio takes the older one, which the documents do not tell; keep one`); }
  return first;
}

function readAuthentication(document: unknown): Authentication {
  const { reader, fields, origin } = DocumentReader.open(document);
  const namespace = origin.namespace ?? 'default';
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  reader.only(spec, 'spec', ['selector', 'mtls', 'portLevelMtls']);
  const selector = readSelector(reader, reader.own(spec, 'selector'));
  const ports = readPorts(reader, reader.own(spec, 'portLevelMtls'));
  const workload = !('any' in selector);
  if (!workload && ports.size > 0) { throw reader.fail('spec.portLevelMtls', 'Istio refuses modes of ports without a selector'); }
  const metadata = reader.object(reader.own(fields, 'metadata'), 'metadata');
  const created = reader.own(metadata, 'creationTimestamp');
  return {
    reader,
    origin: { ...origin, namespace },
    namespace,
    ...(workload ? { selector } : {}),
    mode: readMode(reader, reader.own(spec, 'mtls'), 'spec.mtls'),
    ports,
    created: typeof created === 'string' ? created : '',
  };
}

function readPorts(reader: DocumentReader, value: unknown): Map<number, TlsMode> {
  if (value === undefined) { return new Map(); }
  const path = 'spec.portLevelMtls';
  const fields: Fields = reader.object(value, path);
  if (Object.keys(fields).length === 0) { throw reader.fail(path, 'Istio refuses it without a port'); }
  return new Map(Object.entries(fields).map(([key, raw]) => {
    if (!/^\d{1,5}$/.test(key) || Number(key) < 1 || Number(key) > ALL_PORTS[1]) { throw reader.fail(`${path}[${key.slice(0, 40)}]`, 'must be a port from 1 to 65535'); }
    return [Number(key), readMode(reader, raw, `${path}[${key}]`)];
  }));
}

function readMode(reader: DocumentReader, value: unknown, path: string): TlsMode {
  if (value === undefined) { return 'UNSET'; }
  const fields = reader.object(value, path);
  reader.only(fields, path, ['mode']);
  return reader.oneOf(reader.own(fields, 'mode') ?? 'UNSET', `${path}.mode`, MODES);
}
