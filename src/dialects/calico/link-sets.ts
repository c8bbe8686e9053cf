import { isOfKind, ObjectKind } from '../dialect';
import { DocumentReader, Fields, UnreadableDocument } from '../document-reader';
import { isOfPods, NAMESPACE, OF_NAMESPACE } from './labels';
import { CALICO_V3 } from './tiers';
import { hostRange, isAddress, maskedCidr, parseCidr } from '../../model/cidr';
import { address, allOf, anyOfMany, EndpointExpr, isPassedBy, LabelTest, NONE, Reference } from '../../model/endpoint';
import { groupBy } from '../../model/group-by';
import { textOf } from '../../model/text';

/** NetworkSets and GlobalNetworkSets: addresses, which selectors of rules find by labels. */

const NETWORK_SET: ObjectKind = { apiVersion: CALICO_V3, kind: 'NetworkSet' };
const GLOBAL_NETWORK_SET: ObjectKind = { apiVersion: CALICO_V3, kind: 'GlobalNetworkSet' };
const NAMESPACE_KIND: ObjectKind = { apiVersion: 'v1', kind: 'Namespace' };
export const SET_KINDS: readonly ObjectKind[] = [NETWORK_SET, GLOBAL_NETWORK_SET, NAMESPACE_KIND];

type Labels = Readonly<Record<string, string>>;

interface AddressSet {
  /** Absent for a global one. */
  readonly namespace?: string;
  readonly labels: Labels;
  readonly cidrs: readonly string[];
}

/** A function that looks up the addresses of a reference. What depends on labels of a Namespace that is not among the documents stays open. */
export function addressSets(documents: readonly unknown[]): (reference: Reference) => EndpointExpr {
  const index = new SetIndex(readSets(documents));
  const namespaces = readNamespaces(documents);
  const found = new Map<string, EndpointExpr>();
  return reference => {
    const key = textOf(reference);
    let expr = found.get(key);
    if (!expr) { found.set(key, expr = anyOfMany(index.candidates(reference.selector).map(set => membersOf(set, reference, namespaces)))); }
    return expr;
  };
}

/** Sets by their own labels: selectors that name one with its value need not look at all sets. */
class SetIndex {
  private readonly byLabel: ReadonlyMap<string, readonly AddressSet[]>;

  public constructor(private readonly sets: readonly AddressSet[]) {
    const labelled = sets.flatMap(set => Object.entries(set.labels).map(([key, value]) => ({ key: labelKey(key, value), set })));
    this.byLabel = new Map([...groupBy(labelled, ({ key }) => key)].map(([key, all]) => [key, all.map(({ set }) => set)]));
  }

  /** Those that a selector can find, in the order of the documents. */
  public candidates(selector: EndpointExpr | undefined): readonly AddressSet[] {
    return selector === undefined ? this.sets : this.narrowed(selector) ?? this.sets;
  }

  private narrowed(selector: EndpointExpr): readonly AddressSet[] | undefined {
    if ('allOf' in selector) {
      const lists = selector.allOf.map(part => this.narrowed(part)).filter(list => list !== undefined);
      return lists.length === 0 ? undefined : lists.reduce((best, list) => (list.length < best.length ? list : best));
    }
    if (!('label' in selector) || selector.op !== 'in' || selector.values.length !== 1 || isOfPods(selector.label)) { return undefined; }
    return this.byLabel.get(labelKey(selector.label, selector.values[0])) ?? [];
  }
}

const labelKey = (key: string, value: string): string => JSON.stringify([key, value]);

function membersOf(set: AddressSet, reference: Reference, namespaces: ReadonlyMap<string, Labels>): EndpointExpr {
  if (reference.namespace !== undefined && reference.namespace !== set.namespace) { return NONE; }
  const selected = reference.selector === undefined ? true : matches(reference.selector, set, namespaces);
  if (selected === false || set.cidrs.length === 0) { return NONE; }
  const members = addressesExpr(set.cidrs);
  return selected ? members : allOf(members, reference);
}

/** However many there are. */
export const addressesExpr = (cidrs: readonly string[]): EndpointExpr =>
  (cidrs.length === 0 ? NONE : cidrs.length === 1 ? address(cidrs[0]) : { anyOf: cidrs.map(cidr => address(cidr)) });

/** Undefined: not known. */
function matches(expr: EndpointExpr, set: AddressSet, namespaces: ReadonlyMap<string, Labels>): boolean | undefined {
  if ('any' in expr) { return true; }
  if ('not' in expr) {
    const inner = matches(expr.not, set, namespaces);
    return inner === undefined ? undefined : !inner;
  }
  if ('allOf' in expr) { return combine(expr.allOf.map(part => matches(part, set, namespaces)), false); }
  if ('anyOf' in expr) { return combine(expr.anyOf.map(part => matches(part, set, namespaces)), true); }
  return 'label' in expr && expr.of === 'addressSet' ? matchesLabel(expr, set, namespaces) : false;
}

function combine(parts: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  return parts.includes(decisive) ? decisive : parts.includes(undefined) ? undefined : !decisive;
}

function matchesLabel(
  test: LabelTest, { namespace, labels }: AddressSet, namespaces: ReadonlyMap<string, Labels>,
): boolean | undefined {
  const { label } = test;
  const inherited = label.startsWith(OF_NAMESPACE);
  if (inherited && namespace === undefined) { return false; }
  const own = inherited ? namespaces.get(namespace!) : labels;
  if (!own) { return undefined; }
  const key = inherited ? label.slice(OF_NAMESPACE.length) : label;
  const value = label === NAMESPACE ? namespace : Object.hasOwn(own, key) ? own[key] : undefined;
  if (value === undefined) { return false; }
  return isPassedBy(test, value);
}

function readSets(documents: readonly unknown[]): AddressSet[] {
  const sets = new Map<string, AddressSet>();
  for (const document of documents) {
    const global = isOfKind(document, [GLOBAL_NETWORK_SET]);
    if (!global && !isOfKind(document, [NETWORK_SET])) { continue; }
    const { reader, fields, origin } = DocumentReader.open(document);
    if (global && origin.namespace !== undefined) { throw reader.fail('metadata.namespace', 'a GlobalNetworkSet has no namespace'); }
    const set: AddressSet = {
      ...(global ? {} : { namespace: origin.namespace ?? 'default' }),
      labels: readSetLabels(reader, fields),
      cidrs: readNets(reader, fields),
    };
    const key = JSON.stringify([set.namespace, origin.name]);
    const before = sets.get(key);
    if (before && JSON.stringify(before) !== JSON.stringify(set)) { throw reader.fail('metadata.name', `another document states this ${origin.kind} differently`); }
    sets.set(key, set);
  }
  return [...sets.values()];
}

function readSetLabels(reader: DocumentReader, fields: Fields): Labels {
  const labels = readLabels(reader, fields);
  const own = Object.keys(labels).find(isOfPods);
  if (own === undefined) { return labels; }
  throw reader.fail(`metadata.labels[${own}]`, own === NAMESPACE
    ? 'Calico refuses this label on a set; use another one'
    : 'this label is Calico\'s own, and with it the set would be taken for a pod, a namespace or a service account; use another one');
}

function readLabels(reader: DocumentReader, fields: Fields): Labels {
  const metadata = reader.object(reader.own(fields, 'metadata'), 'metadata');
  const labels = reader.object(reader.own(metadata, 'labels') ?? {}, 'metadata.labels');
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, reader.string(value, `metadata.labels[${key}]`)]));
}

function readNets(reader: DocumentReader, fields: Fields): string[] {
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  if (reader.own(spec, 'allowedEgressDomains') !== undefined) {
    throw reader.fail('spec.allowedEgressDomains', 'domain names are matched by Calico Enterprise and Calico Cloud only; list addresses in nets, or use Cilium\'s toFQDNs');
  }
  reader.only(spec, 'spec', ['nets']);
  const nets = reader.optionalList(reader.own(spec, 'nets'), 'spec.nets') ?? [];
  return [...new Set(nets.map((net, i) => reader.at(`spec.nets[${i}]`, () => masked(reader.string(net, `spec.nets[${i}]`)))))];
}

/** Unlike a rule, a set takes single addresses, and ranges with bits beyond the prefix. */
function masked(net: string): string {
  return !net.includes('/') && isAddress(net) ? parseCidr(hostRange(net)) : maskedCidr(net);
}

function readNamespaces(documents: readonly unknown[]): ReadonlyMap<string, Labels> {
  const namespaces = new Map<string, Labels>();
  for (const document of documents) {
    if (!isOfKind(document, [NAMESPACE_KIND])) { continue; }
    const { reader, fields, origin } = DocumentReader.open(document);
    const labels = readLabels(reader, fields);
    const before = namespaces.get(origin.name);
    if (before && JSON.stringify(before) !== JSON.stringify(labels)) {
      throw new UnreadableDocument(`Namespace ${origin.name}`, 'another document states this Namespace with other labels', 'metadata.labels');
    }
    namespaces.set(origin.name, labels);
  }
  return namespaces;
}
