import { AddressRange, addressText, partition, rangesOf, rangeText } from './address-ranges';
import { atomsOf } from './expression-atoms';
import { Family, familyOf } from '../../model/cidr';
import { Atom, Cidr, EndpointExpr } from '../../model/endpoint';
import { Direction, DIRECTIONS, peerOf, PolicySet } from '../../model/policy-set';
import { Analysis } from '../analysis';
import { Party } from '../party';
import { outside } from '../world/external-parties';

/** What is outside, as ends of connections: ranges all of whose addresses are alike to the policies, and names that they state. */
export interface Outside {
  readonly sources: readonly ConnectionEnd[];
  readonly destinations: readonly ConnectionEnd[];
}

export interface ConnectionEnd extends Party {
  /** Of addresses outside. */
  readonly range?: AddressRange;
}

/** As all of the analyses need it. Ranges of IPv6 are left out where none of them mentions IPv6. */
export function outsideOf(...analyses: readonly Analysis[]): Outside {
  const ofDirection = (direction: Direction): Cidr[] => analyses.flatMap(({ set }) => addressSets(set, direction));
  const sets = { ingress: ofDirection('ingress'), egress: ofDirection('egress') };
  const families: readonly Family[] = analyses.some(mentionsIpv6) ? [4, 6] : [4];
  const closed = analyses.every(({ cluster }) => cluster.closed);
  const ranges = (direction: Direction): ConnectionEnd[] =>
    families.flatMap(family => partition(family, sets[direction])).map(range => rangeParty(range, closed));
  return { sources: ranges('ingress'), destinations: [...ranges('egress'), ...nameParties(analyses, sets.egress, families, closed)] };
}

/** Sources are cut where rules of ingress say so, destinations where rules of egress do. */
export function addressSets(set: PolicySet, direction: Direction): Cidr[] {
  return peerAtoms(set, direction).flatMap(atom => ('cidr' in atom ? [atom] : []));
}

/** Whether anything says that the cluster knows IPv6. Without that its ranges would only repeat those of IPv4, or the defaults. */
export function mentionsIpv6({ options, set, world }: Analysis): boolean {
  const isIpv6 = (range: string): boolean => familyOf(range) === 6;
  return [...options.podCidrs ?? [], ...options.nodeCidrs ?? [], ...options.serviceCidrs ?? []].some(isIpv6)
    || DIRECTIONS.some(direction => addressSets(set, direction).some(({ cidr }) => isIpv6(cidr)))
    || world.workloads.some(({ addresses }) => addresses.some(isIpv6));
}

export function rangeParty(range: AddressRange, closed: boolean): ConnectionEnd {
  return { text: `${rangeText(range)}[External]`, range, variants: [outside(range.family, { address: addressText(range.family, range.first) }, closed ? [] : undefined)] };
}

/** Names are ends of their own: which addresses they have, nobody knows. */
function nameParties(analyses: readonly Analysis[], sets: readonly Cidr[], families: readonly Family[], closed: boolean): ConnectionEnd[] {
  const patterns = new Set(analyses.flatMap(({ set }) => peerAtoms(set, 'egress')).flatMap(atom => ('fqdn' in atom ? [atom.fqdn] : [])));
  return [...patterns].map(pattern => ({
    text: pattern,
    variants: families.map(family => {
      const address = closed ? unnamedAddress(family, sets) : undefined;
      return outside(family, address === undefined ? { addressIn: EVERYWHERE[family] } : { address }, [pattern.replace(/\*+/g, 'some')]);
    }),
  }));
}

/** One that no range names, save those that are all addresses: in the closed world a name stands for such a one. */
function unnamedAddress(family: Family, sets: readonly Cidr[]): string | undefined {
  const narrow = sets.filter(({ cidr }) => !cidr.endsWith('/0')).flatMap(rangesOf);
  const holes = sets.flatMap(({ except }) => except.flatMap(cidr => rangesOf({ cidr, except: [] })));
  const named = [...narrow, ...holes].filter(range => range.family === family).sort((a, b) => (a.first < b.first ? -1 : 1));
  let next = FIRST_PUBLIC[family];
  for (const { first, last } of named) {
    if (first > next) { break; }
    if (last >= next) { next = last + 1n; }
  }
  return next <= LAST_PUBLIC[family] ? addressText(family, next) : undefined;
}

/** Of 1.0.0.0/8 to 223.0.0.0/8, and of 2000::/3. */
const FIRST_PUBLIC: Readonly<Record<Family, bigint>> = { 4: 2n ** 24n, 6: 2n ** 125n };
const LAST_PUBLIC: Readonly<Record<Family, bigint>> = { 4: 224n * 2n ** 24n - 1n, 6: 2n ** 126n - 1n };

const EVERYWHERE: Readonly<Record<Family, readonly string[]>> = { 4: ['0.0.0.0/0'], 6: ['::/0'] };

/** Of the peers of one direction; looked for once. */
function peerAtoms({ policies }: PolicySet, direction: Direction): readonly Atom[] {
  const known = ATOMS[direction];
  let atoms = known.get(policies);
  if (!atoms) {
    const peers = new Set<EndpointExpr>();
    for (const policy of policies) {
      if (policy.direction !== direction || policy.mode !== 'enforce') { continue; }
      for (const { match } of policy.rules) { peers.add(peerOf(direction, match)); }
    }
    atoms = [...peers].flatMap(atomsOf).filter(atom => 'cidr' in atom || 'fqdn' in atom);
    known.set(policies, atoms);
  }
  return atoms;
}

const ATOMS: Readonly<Record<Direction, WeakMap<PolicySet['policies'], readonly Atom[]>>> = { ingress: new WeakMap(), egress: new WeakMap() };
