import { listText } from './expr-text';
import { Variant } from '../party';

/** What tells one of the things that an end may be from the others, for a sentence; empty where it is the only one. */
export function variantText(who: string, variant: Variant, all: readonly Variant[]): string[] {
  if (all.length === 1) { return []; }
  const differs = (of: (each: Variant) => unknown): boolean => new Set(all.map(each => JSON.stringify(of(each)))).size > 1;
  const { address, addressIn, labels = {}, nodes } = variant;
  return [
    ...(differs(each => [each.address, each.addressIn]) ? [`${who} is ${whereText(address, addressIn)}`] : []),
    ...(differs(each => [each.kind, each.entities])
      ? [`${who} is ${entityText(variant, differs(each => each.entities?.includes('kube-apiserver') ?? false))}`] : []),
    ...(differs(each => each.labels) ? [`${who} has ${labelsText(labels, all)}`] : []),
    ...(differs(each => each.nodes) && nodes ? [`${who} is on ${listText(nodes)}`] : []),
    ...(differs(each => each.kind === 'hostEndpoint') ? [`${who} is ${variant.kind === 'hostEndpoint' ? 'a' : 'no'} host endpoint`] : []),
  ];
}

function whereText(address: string | undefined, addressIn: readonly string[] | undefined): string {
  if (address !== undefined) { return `at ${address}`; }
  return addressIn === undefined || addressIn.length === 0 ? 'at an address that is not known' : `in ${listText(addressIn)}`;
}

function entityText({ kind, entities = [] }: Variant, isSaid: boolean): string {
  const where = kind === 'external' ? 'outside the cluster' : entities.includes('host') ? 'on the node of the other end'
    : entities.includes('remote-node') ? 'on another node' : kind === 'pod' ? 'a pod' : 'a node';
  return isSaid && entities.includes('kube-apiserver') ? `${where}, with the API server` : where;
}

function labelsText(labels: Readonly<Record<string, string>>, all: readonly Variant[]): string {
  const keys = [...new Set(all.flatMap(each => Object.keys(each.labels ?? {})))]
    .filter(key => new Set(all.map(each => (each.labels && Object.hasOwn(each.labels, key) ? each.labels[key] : undefined))).size > 1);
  return keys.map(key => (Object.hasOwn(labels, key) ? `${key}=${labels[key] === '' ? '(another value)' : labels[key]}` : `no label ${key}`)).join(', ');
}
