import { peerTerms, speaksOfPods } from '../../dialects/peer-terms';
import { Family, familyOf } from '../../model/cidr';
import { Conjunction, disjunction } from '../../model/dnf';
import { Cidr, EndpointExpr } from '../../model/endpoint';
import { Direction } from '../../model/policy-set';
import { Analysis } from '../analysis';
import { AddressRange, numberOf, rangeOf, rangesOf } from '../connections/address-ranges';
import { mentionsIpv6, rangeParty } from '../connections/outside';
import { familiesOf, Party } from '../party';
import { podRangesOf } from '../world/pod-ranges';

/**
 * The addresses outside the cluster that an expression selects, sorted and disjoint: without those that pods, nodes and Services are known to
 * have, and without those of IPv6 where nobody but the expression has ever mentioned IPv6.
 */
export function externalSpace(analysis: Analysis, expr: EndpointExpr): AddressRange[] {
  const { world, cluster, cluster: { nodeCidrs, serviceCidrs } } = analysis;
  const inside = [...podRangesOf(world, cluster).map(({ cidr }) => cidr), ...nodeCidrs, ...serviceCidrs];
  const [shared, others] = split(disjunction(expr));
  const space = union([...shared.flatMap(spaceOf), ...without(union(others.flatMap(spaceOf)), inside.map(rangeOf))]);
  const four = space.filter(({ family }) => family === 4);
  return four.length === 0 || knowsIpv6(analysis) ? space : four;
}

/** Load balancers are outside though they share the subnets of pods and nodes. */
function split(conjunctions: readonly Conjunction[]): readonly [shared: Conjunction[], others: Conjunction[]] {
  const isShared = (conjunction: Conjunction): boolean => conjunction.some(({ atom, negated }) => !negated && 'cidr' in atom && atom.shared === true);
  return [conjunctions.filter(isShared), conjunctions.filter(each => !isShared(each))];
}

const KNOWN = new WeakMap<Analysis, boolean>();

function knowsIpv6(analysis: Analysis): boolean {
  let known = KNOWN.get(analysis);
  if (known === undefined) { KNOWN.set(analysis, known = mentionsIpv6(analysis)); }
  return known;
}

const EVERYWHERE: readonly Cidr[] = [{ cidr: '0.0.0.0/0', except: [] }, { cidr: '::/0', except: [] }];

function spaceOf(conjunction: Conjunction): AddressRange[] {
  const terms = peerTerms(conjunction);
  const { kinds, notKinds, entities, fqdns, principals, refs, clusters, cidrs, notCidrs } = terms;
  const others = [...fqdns, ...principals, ...refs, ...clusters];
  if (speaksOfPods(terms) || kinds.some(kind => kind !== 'external') || notKinds.includes('external') || others.length > 0) { return []; }
  if (entities.some(entity => entity !== 'world' && entity !== 'all')) { return []; }
  const [first, ...more] = cidrs.length === 0 ? [EVERYWHERE] : cidrs.map(cidr => [cidr]);
  const found = more.reduce((space, some) => common(space, union(some.flatMap(rangesOf))), union(first.flatMap(rangesOf)));
  return without(found, notCidrs.flatMap(rangesOf));
}

const compare = (a: AddressRange, b: AddressRange): number => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);

/** Sorted and disjoint; ranges that touch are one. */
function union(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = [];
  for (const range of [...ranges].sort(compare)) {
    const previous = merged[merged.length - 1];
    if (previous && previous.family === range.family && range.first <= previous.last + 1n) {
      if (range.last > previous.last) { merged[merged.length - 1] = { ...previous, last: range.last }; }
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** What `space` has and `holes` have not. */
export function without(space: readonly AddressRange[], holes: readonly AddressRange[]): AddressRange[] {
  const cut = union(holes);
  return space.flatMap(range => {
    const found: AddressRange[] = [];
    let next = range.first;
    for (const hole of cut) {
      if (hole.family !== range.family || hole.last < next || hole.first > range.last) { continue; }
      if (hole.first > next) { found.push({ ...range, first: next, last: hole.first - 1n }); }
      next = hole.last + 1n;
    }
    return next <= range.last ? [...found, { ...range, first: next }] : found;
  });
}

const common = (a: readonly AddressRange[], b: readonly AddressRange[]): AddressRange[] => a.flatMap(one => b.flatMap(other => {
  const first = one.first > other.first ? one.first : other.first;
  const last = one.last < other.last ? one.last : other.last;
  return one.family === other.family && first <= last ? [{ family: one.family, first, last }] : [];
}));

/**
 * The space in parts, each of addresses that fare alike as the other end of `own`; addresses of a family that it has not never meet it.
 * @param direction of the policies of `own`: ingress where the space is the source
 */
export function spaceParties({ engine, cluster: { closed } }: Analysis, space: readonly AddressRange[], direction: Direction, own: Party): Party[] {
  if (space.length === 0) { return []; }
  const starts = new Map<Family, Set<bigint>>([[4, new Set()], [6, new Set()]]);
  for (const variant of own.variants) {
    for (const { first } of engine.addressCuts(direction, engine.compile(variant))) { starts.get(familyOf(first))!.add(numberOf(first)); }
  }
  const sorted = new Map([...starts].map(([family, cuts]) => [family, [...cuts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))]));
  const families = new Set(own.variants.flatMap(familiesOf));
  return space.filter(({ family }) => families.has(family)).flatMap(range => {
    const inside = [range.first, ...sorted.get(range.family)!.filter(cut => cut > range.first && cut <= range.last)];
    return inside.map((first, i) => rangeParty({ ...range, first, last: i + 1 < inside.length ? inside[i + 1] - 1n : range.last }, closed));
  });
}
