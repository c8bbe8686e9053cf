import { Family } from '../../../model/cidr';
import { Cidr } from '../../../model/endpoint';
import { Direction, peerOf, Policy } from '../../../model/policy-set';
import { Analysis } from '../../analysis';
import { partition } from '../../connections/address-ranges';
import { atomsOf } from '../../connections/expression-atoms';
import { mentionsIpv6, rangeParty } from '../../connections/outside';
import { Party } from '../../party';
import { fqdnParty } from '../../world/external-parties';

/** Everybody whom some policies of one direction can tell apart: the workloads, ranges of addresses outside, and the names that rules state. */
export function peersOf(analysis: Analysis, direction: Direction, policies: readonly Policy[]): Party[] {
  const atoms = policies.flatMap(({ rules }) => rules.flatMap(({ match }) => atomsOf(peerOf(direction, match))));
  const ranges = atoms.filter((atom): atom is Cidr => 'cidr' in atom);
  const names = new Set(atoms.flatMap(atom => ('fqdn' in atom && direction === 'egress' ? [atom.fqdn] : [])));
  const families: readonly Family[] = mentionsIpv6(analysis) ? [4, 6] : [4];
  return [
    ...analysis.parties,
    // Names are ends of their own, so that addresses stand for what was not found by a name.
    ...families.flatMap(family => partition(family, ranges)).map(range => rangeParty(range, true)),
    ...[...names].map(nameParty),
  ];
}

/** A wildcard stands for any name that it matches. */
const nameParty = (pattern: string): Party => ({ ...fqdnParty(pattern.replace(/\*+/g, 'any')), text: pattern });
