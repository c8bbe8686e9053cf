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
    ports: interner.ports(readPorts(reader, spec, `${at}spec`)),
    hostNetwork: reader.own(spec, 'hostNetwork') !== undefined && reader.boolean(spec.hostNetwork, `${at}spec.hostNetwork`),
  };
}

/** Those of init containers only where these go on running, as sidecars do. */
function readPorts(reader: DocumentReader, spec: Fields, path: string): ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const list of ['containers', 'initContainers']) {
    for (const [container, at] of itemsAt(reader, spec, list, `${path}.${list}`)) {
      if (list === 'initContainers' && own(container, 'restartPolicy') !== 'Always') { continue; }
      for (const [port, place] of itemsAt(reader, container, 'ports', `${at}.ports`)) { ports.push(readPort(reader, port, place)); }
    }
  }
  return ports;
}

function readPort(reader: DocumentReader, port: Fields, path: string): ContainerPort {
  const [name, hostPort] = [textAt(reader, port, 'name', path), reader.own(port, 'hostPort')];
  return {
    ...(name ? { name } : {}),
    port: reader.integer(reader.own(port, 'containerPort'), `${path}.containerPort`, 1, 65535),
    protocol: readProtocol(reader, port, path),
    ...(hostPort === undefined || hostPort === 0 ? {} : { hostPort: reader.integer(hostPort, `${path}.hostPort`, 1, 65535) }),
  };
}

export const readProtocol = (reader: DocumentReader, port: Fields, path: string): 'TCP' | 'UDP' | 'SCTP' =>
  reader.oneOf(reader.own(port, 'protocol') ?? 'TCP', `${path}.protocol`, ['TCP', 'UDP', 'SCTP']);
