import { Draft } from './draft';
import { ContainerPort } from './pod-shape';
import { readProtocol } from './read-template';
import { checkAddress, itemsAt, labelsAt, own, specOf, textAt, WorldObject } from './world-object';
import { readRule } from '../../dialects/calico/read-rule';
import { DocumentReader, Fields } from '../../dialects/document-reader';
import { parseCidr } from '../../model/cidr';
import { Direction, Rule } from '../../model/policy-set';

/** What Calico keeps beside its policies. */

export function readHostEndpoint(object: WorldObject, { hostEndpoints, interner }: Draft): void {
  const { reader, metadata, name, at } = object;
  const spec = specOf(object);
  const node = textAt(reader, spec, 'node', 'spec');
  hostEndpoints.push({
    name,
    ...(node ? { node } : {}),
    labels: labelsAt(reader, metadata, 'labels', 'metadata.labels', interner),
    addresses: (reader.optionalList(reader.own(spec, 'expectedIPs'), 'spec.expectedIPs') ?? []).map((each, i) => checkAddress(reader, each, `spec.expectedIPs[${i}]`)),
    ports: namedPorts(reader, spec),
    profiles: reader.strings(reader.own(spec, 'profiles') ?? [], 'spec.profiles'),
    at,
  });
}

/** Its rules decide what no policy does. What they select by labels may be sets of addresses, which are not looked up here. */
export function readProfile(object: WorldObject, draft: Draft): void {
  const { reader, fields, kind, name, at } = object;
  const spec = specOf(object);
  const origin = { apiVersion: String(own(fields, 'apiVersion')), kind, name, at };
  const rules = (direction: Direction): Rule[] => itemsAt(reader, spec, direction, 'spec')
    .map(([rule], i) => readRule({ reader, origin, direction }, rule, `spec.${direction}[${i}]`));
  draft.profiles.set(name, { ingress: rules('ingress'), egress: rules('egress'), labels: labelsAt(reader, spec, 'labelsToApply', 'spec.labelsToApply', draft.interner) });
}

const namedPorts = (reader: DocumentReader, spec: Fields): ContainerPort[] => itemsAt(reader, spec, 'ports', 'spec.ports').map(([port, path]) => ({
  name: reader.string(reader.own(port, 'name'), `${path}.name`),
  port: reader.integer(reader.own(port, 'port'), `${path}.port`, 1, 65535),
  protocol: readProtocol(reader, port, path),
}));

/** What the datastore of Calico says of a pod. */
export function readWorkloadEndpoint(object: WorldObject, draft: Draft): void {
  const { reader, metadata, namespace, at } = object;
  const spec = specOf(object);
  const [pod, node] = [textAt(reader, spec, 'pod', 'spec'), textAt(reader, spec, 'node', 'spec')];
  if (!pod) { return; }
  const labels = Object.entries(labelsAt(reader, metadata, 'labels', 'metadata.labels', draft.interner)).filter(([key]) => !key.startsWith('projectcalico.org/'));
  draft.pods.addFacts(namespace, pod, {
    template: {
      labels: draft.interner.labels(Object.fromEntries(labels)),
      serviceAccount: textAt(reader, spec, 'serviceAccountName', 'spec') || 'default',
      ports: draft.interner.ports(namedPorts(reader, spec).map(({ name: text, port, protocol }) => (
        draft.interner.port(text, port, protocol, undefined)))),
      hostNetwork: false,
    },
    addresses: reader.strings(reader.own(spec, 'ipNetworks') ?? [], 'spec.ipNetworks')
      .map((network, i) => checkAddress(reader, network.split('/')[0], `spec.ipNetworks[${i}]`)),
    node: node || undefined,
    at,
  });
}

/** The ranges that Calico gives addresses of pods from. */
export function readIpPool(object: WorldObject, { podRanges }: Draft): void {
  const { reader, at } = object;
  const spec = specOf(object);
  const uses = reader.own(spec, 'allowedUses');
  if (own(spec, 'disabled') === true || (Array.isArray(uses) && !uses.includes('Workload'))) { return; }
  podRanges.push({ cidr: reader.at('spec.cidr', () => parseCidr(reader.string(reader.own(spec, 'cidr'), 'spec.cidr'))), by: 'IPPool', at });
}

/** The one of the whole cluster; those of single nodes come before it and are not looked at. */
export function readFelixConfiguration(object: WorldObject, draft: Draft): void {
  const { reader, name, at } = object;
  const action = reader.own(specOf(object), 'defaultEndpointToHostAction');
  if (action === undefined) { return; }
  const path = 'spec.defaultEndpointToHostAction';
  const read = reader.oneOf(titled(reader.string(action, path)), path, ['Accept', 'Drop', 'Return'] as const);
  if (name === 'default') {
    draft.hostAction = { action: read, at };
  } else {
    draft.notes.push(`${at}: FelixConfiguration ${name} is of one node, and its defaultEndpointToHostAction ${read} is not taken into account`);
  }
}

const titled = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
