import { Draft } from './draft';
import { checkAddress, itemsAt, labelsAt, own, specOf, textAt, WorldObject } from './world-object';
import { UnreadableDocument } from '../../dialects/document-reader';
import { parseCidr } from '../../model/cidr';

/** Namespaces, service accounts and nodes. */

const NAME = 'kubernetes.io/metadata.name';

export function readNamespace({ reader, metadata, name, at }: WorldObject, { namespaces, interner }: Draft): void {
  const stated = labelsAt(reader, metadata, 'labels', 'metadata.labels', interner);
  const labels = interner.labels({ ...stated, [NAME]: name });
  const known = namespaces.get(name);
  // Which of the two the API server keeps depends on which comes last.
  if (known && known.labels !== labels) { throw twice(`Namespace ${name}`, 'labels', known.at!, at); }
  namespaces.set(name, { name, labels, declared: true, at });
}

export const twice = (what: string, which: string, first: string, at: string): UnreadableDocument =>
  new UnreadableDocument(at, `${what} is also stated at ${first}, with other ${which}; leave one of them out`);

export function readServiceAccount({ reader, metadata, namespace, name }: WorldObject, { accounts, interner }: Draft): void {
  accounts.set(`${namespace}/${name}`, labelsAt(reader, metadata, 'labels', 'metadata.labels', interner));
}

export function readNode(object: WorldObject, { nodes, podRanges, interner }: Draft): void {
  const { reader, fields, metadata, name, at } = object;
  const spec = specOf(object);
  const ranges = reader.optionalList(reader.own(spec, 'podCIDRs'), 'spec.podCIDRs');
  const single = textAt(reader, spec, 'podCIDR', 'spec');
  const podCidrs = (ranges ?? (single ? [single] : [])).map((range, i) => {
    const path = ranges ? `spec.podCIDRs[${i}]` : 'spec.podCIDR';
    return reader.at(path, () => parseCidr(reader.string(range, path)));
  });
  const addresses = itemsAt(reader, own(fields, 'status') === undefined ? {} : reader.object(fields.status, 'status'), 'addresses', 'status.addresses')
    .filter(([address]) => own(address, 'type') === 'InternalIP' || own(address, 'type') === 'ExternalIP')
    .map(([address, path]) => checkAddress(reader, reader.own(address, 'address'), `${path}.address`));
  nodes.set(name, { name, labels: labelsAt(reader, metadata, 'labels', 'metadata.labels', interner), addresses, podCidrs, at });
  podRanges.push(...podCidrs.map(cidr => ({ cidr, node: name, by: 'Node' as const, at })));
}
