import { Interner } from './interner';
import { ContainerPort } from './pod-shape';
import { itemsAt, labelsAt, objectAt, own, textAt } from './world-object';
import { DocumentReader, Fields } from '../../dialects/document-reader';

/** What a pod or a pod template says of pods. */
export interface Template {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
}

/** @param path of the object that has `metadata` and `spec`; empty for a Pod */
export function readTemplate(reader: DocumentReader, fields: Fields, path: string, interner: Interner): Template {
  const at = path === '' ? '' : `${path}.`;
  const metadata = objectAt(reader, fields, 'metadata', `${at}metadata`);
  const spec = reader.object(reader.own(fields, 'spec'), `${at}spec`);
  return {
    labels: labelsAt(reader, metadata, 'labels', `${at}metadata.labels`, interner),
    serviceAccount: interner.text(textAt(reader, spec, 'serviceAccountName', `${at}spec`) || textAt(reader, spec, 'serviceAccount', `${at}spec`) || 'default'),
    ports: interner.ports(readPorts(reader, spec, `${at}spec`, interner)),
    hostNetwork: reader.own(spec, 'hostNetwork') !== undefined && reader.boolean(spec.hostNetwork, `${at}spec.hostNetwork`),
  };
}

const CONTAINERS = ['containers', 'initContainers'];

/** Those of init containers only where these go on running, as sidecars do. */
function readPorts(reader: DocumentReader, spec: Fields, path: string, interner: Interner): ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const list of CONTAINERS) {
    if (reader.own(spec, list) === undefined) { continue; }
    for (const [container, at] of itemsAt(reader, spec, list, `${path}.${list}`)) {
      if (list === 'initContainers' && own(container, 'restartPolicy') !== 'Always') { continue; }
      for (const [port, place] of itemsAt(reader, container, 'ports', `${at}.ports`)) { ports.push(readPort(reader, port, place, interner)); }
    }
  }
  return ports;
}

function readPort(reader: DocumentReader, port: Fields, path: string, interner: Interner): ContainerPort {
  const name = textAt(reader, port, 'name', path);
  const hostPort = reader.own(port, 'hostPort');
  const stated = reader.own(port, 'containerPort');
  return interner.port(
    name === '' ? undefined : name,
    isPort(stated) ? stated : reader.integer(stated, `${path}.containerPort`, 1, 65535),
    readProtocol(reader, port, path),
    hostPort === undefined || hostPort === 0 ? undefined : reader.integer(hostPort, `${path}.hostPort`, 1, 65535),
  );
}

/** A text for an error is only made for one. */
const isPort = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;

export function readProtocol(reader: DocumentReader, port: Fields, path: string): 'TCP' | 'UDP' | 'SCTP' {
  const stated = reader.own(port, 'protocol');
  return stated === undefined || stated === 'TCP' ? 'TCP' : reader.oneOf(stated, `${path}.protocol`, PROTOCOLS);
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
