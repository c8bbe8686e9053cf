import { containsCidr, Family, familyOf, minimalCidrs, overlaps } from '../../model/cidr';
import { Conjunction, disjunction } from '../../model/dnf';
import { EndpointExpr } from '../../model/endpoint';
import { Direction } from '../../model/policy-set';
import { foreignTerm, PeerTerms, peerTerms, speaksOfPods } from '../peer-terms';
import { inOrder, labelSelector, Refuse } from './expr-selector';
import { NAMESPACE, OF_SERVICE_ACCOUNT, SERVICE_ACCOUNT } from './labels';
import { ALL, equals, every, negate, Selector, some } from './selector';
import { printSelector } from './selector-printer';
import { hasLimits, MOST_NETS } from './version';
import { asNamespaceSelector, OF_PODS, withoutPrefix } from './write-selection';

/** One end of a rule, without its ports. */
export interface Entity {
  readonly nets: readonly string[];
  readonly notNets: readonly string[];
  /** selector, notSelector, namespaceSelector and serviceAccounts. */
  readonly selectors: Readonly<Record<string, unknown>>;
}

export const ANYTHING: Entity = { nets: [], notNets: [], selectors: {} };

/** Where an end stands. */
export interface Place {
  /** That of a namespaced policy. */
  readonly namespace: string | undefined;
  readonly end: 'source' | 'destination';
  readonly direction: Direction;
  readonly version: string | undefined;
}

/** Pods and addresses, which need no selector that finds anything else. */
export function writePods(expr: EndpointExpr, { namespace, version }: Place, refuse: Refuse): Entity[] {
  const conjunctions = disjunction(expr);
  if (conjunctions.some(conjunction => conjunction.length === 0)) { return [ANYTHING]; }
  return mergeAccounts(mergeNets(conjunctions.flatMap(conjunction => writeConjunction(conjunction, namespace, refuse)), version));
}

function writeConjunction(conjunction: Conjunction, namespace: string | undefined, refuse: Refuse): Entity[] {
  const terms = peerTerms(conjunction);
  refuseOthers(terms, refuse);
  const ranges = writeRanges(terms, refuse);
  if (!ranges) { return []; }
  if (speaksOfPods(terms)) {
    const selectors = podSelectors(terms, namespace, refuse);
    return selectors ? [{ ...ranges, selectors }] : [];
  }
  if (terms.kinds.length > 0) {
    return terms.kinds[0] === 'external' ? refuse('negated-peer', 'what is outside the cluster, without its addresses') : refuse('entity', terms.kinds[0]);
  }
  return [{ ...ranges, selectors: notPodSelectors(terms, namespace, refuse) }];
}

function refuseOthers(terms: PeerTerms, refuse: Refuse): void {
  if (terms.fqdns.length > 0) { refuse('fqdn', terms.fqdns.join(', ')); }
  if (terms.entities.length > 0) { refuse('entity', terms.entities.join(', ')); }
  const foreign = foreignTerm(terms);
  if (foreign) { refuse(foreign.negated ? 'negated-peer' : 'reference', foreign.what); }
  if (terms.kinds.includes('external') && terms.cidrs.length > 0) { refuse('negated-peer', 'addresses outside the cluster that were not narrowed to it'); }
}

/** The addresses that all ranges have in common; undefined when there are none. */
function writeRanges({ cidrs, notCidrs }: PeerTerms, refuse: Refuse): Pick<Entity, 'nets' | 'notNets'> | undefined {
  if (notCidrs.some(({ except }) => except.length > 0)) { return refuse('negated-peer', 'an exception of an exception'); }
  const holes = [...cidrs.flatMap(({ except }) => except), ...notCidrs.map(({ cidr }) => cidr)];
  if (cidrs.length === 0) { return { nets: [], notNets: minimalCidrs(holes) }; }
  // Ranges either nest or are disjoint.
  const smallest = cidrs.map(({ cidr }) => cidr).reduce((a, b) => (containsCidr(a, b) ? b : a));
  if (cidrs.some(({ cidr }) => !containsCidr(cidr, smallest)) || holes.some(hole => containsCidr(hole, smallest))) { return undefined; }
  return { nets: [smallest], notNets: minimalCidrs(holes.filter(hole => overlaps(hole, smallest))) };
}

/** Undefined when no pod can match. */
function podSelectors(terms: PeerTerms, namespace: string | undefined, refuse: Refuse): Record<string, unknown> | undefined {
  if (new Set(terms.serviceAccounts).size > 1 || new Set(terms.namespaces).size > 1 || terms.kinds.some(kind => kind !== 'pod') || terms.notKinds.includes('pod')) {
    return undefined;
  }
  const tests = { pod: [] as Selector[], namespace: [] as Selector[], serviceAccount: [] as Selector[] };
  for (const { test, negated } of terms.labels) {
    const selector = labelSelector(test, refuse);
    if (!Object.hasOwn(tests, test.of)) { return refuse('label-scope', `${test.of} label ${test.label}`); }
    tests[test.of as keyof typeof tests].push(negated ? negate(selector) : selector);
  }
  const accounts = terms.notServiceAccounts.map(name => negate(equals(SERVICE_ACCOUNT, name)));
  const names = [...terms.namespaces.map(name => equals(NAMESPACE, name)), ...terms.notNamespaces.map(name => negate(equals(NAMESPACE, name)))];
  const namespaces = [...names, ...tests.namespace];
  const onlyOwn = namespace !== undefined && namespaces.length === 1 && terms.namespaces[0] === namespace;
  return {
    selector: printSelector(every([...inOrder([...tests.pod, ...accounts]), OF_PODS])),
    ...(onlyOwn ? {} : { namespaceSelector: printSelector(asNamespaceSelector(every(inOrder(namespaces)))) }),
    ...serviceAccounts(terms.serviceAccounts, tests.serviceAccount),
  };
}

interface Accounts {
  readonly names?: readonly string[];
  readonly selector?: string;
}

function serviceAccounts(names: readonly string[], tests: readonly Selector[]): Record<string, unknown> {
  if (names.length === 0 && tests.length === 0) { return {}; }
  return {
    serviceAccounts: {
      ...(names.length > 0 ? { names: [names[0]] } : {}),
      ...(tests.length > 0 ? { selector: printSelector(withoutPrefix(every(inOrder(tests)), OF_SERVICE_ACCOUNT)) } : {}),
    },
  };
}

/** "Everything except these pods" is a notSelector; in a namespaced policy that would still mean pods of the namespace only. */
function notPodSelectors(terms: PeerTerms, namespace: string | undefined, refuse: Refuse): Record<string, unknown> {
  const excluded = [
    ...terms.labels.map(({ test }) => labelSelector(test, refuse)),
    ...terms.notNamespaces.map(name => equals(NAMESPACE, name)),
    ...terms.notServiceAccounts.map(name => equals(SERVICE_ACCOUNT, name)),
    ...terms.notKinds.map(kind => (kind === 'pod' ? ALL : refuse('negated-peer', `everything but ${kind}`))),
  ];
  if (excluded.length === 0) { return {}; }
  if (namespace !== undefined) { return refuse('negated-peer', 'everything except some pods, in a namespaced policy'); }
  return { notSelector: printSelector(excluded.includes(ALL) ? OF_PODS : every([some(inOrder(excluded)), OF_PODS])) };
}

/** Ranges of one family that stand under the same conditions are one list. */
function mergeNets(entities: readonly Entity[], version: string | undefined): Entity[] {
  const groups = new Map<string, Entity>();
  for (const entity of entities) {
    const family: Family | undefined = entity.nets.length > 0 ? familyOf(entity.nets[0]) : undefined;
    const key = JSON.stringify([family, entity.notNets, entity.selectors, entity.notNets.length > 0 ? entity.nets : []]);
    const group = groups.get(key);
    groups.set(key, group ? { ...group, nets: [...group.nets, ...entity.nets] } : entity);
  }
  return [...groups.values()].flatMap(entity => chunked(minimalCidrs(entity.nets), version).map(nets => ({ ...entity, nets })));
}

function chunked(nets: readonly string[], version: string | undefined): string[][] {
  if (nets.length <= MOST_NETS || !hasLimits(version)) { return [[...nets]]; }
  return Array.from({ length: Math.ceil(nets.length / MOST_NETS) }, (_, i) => nets.slice(i * MOST_NETS, (i + 1) * MOST_NETS));
}

/** Service accounts that stand under the same conditions are one list. */
function mergeAccounts(entities: readonly Entity[]): Entity[] {
  const groups = new Map<string, { readonly entity: Entity; readonly names: Set<string> }>();
  for (const entity of entities) {
    const { serviceAccounts: accounts, ...selectors } = entity.selectors as { readonly serviceAccounts?: Accounts };
    const key = JSON.stringify([entity.nets, entity.notNets, selectors, accounts?.selector, accounts?.names !== undefined]);
    const group = groups.get(key);
    if (group && accounts?.names) {
      for (const name of accounts.names) { group.names.add(name); }
    } else {
      groups.set(group ? `${key} ${groups.size}` : key, { entity, names: new Set(accounts?.names) });
    }
  }
  return [...groups.values()].map(({ entity, names }) => (names.size < 2 ? entity : {
    ...entity,
    selectors: { ...entity.selectors, serviceAccounts: { ...(entity.selectors.serviceAccounts as Accounts), names: [...names].sort() } },
  }));
}
