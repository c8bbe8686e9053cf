import { externalSpace } from './address-space';
import { elsewhereParties } from './elsewhere';
import { entityParties, isApiServer } from './entity-parties';
import { named } from './named';
import { near } from './near';
import { nodesAt } from './nodes-at';
import { End, Side } from './side';
import { strangers } from './strangers';
import { EndpointExpr } from '../../model/endpoint';
import { matchesEndpoint, NO, Profile, YES } from '../../model/match';
import { Analysis } from '../analysis';
import { AddressRange } from '../connections/address-ranges';
import { PortMapping } from '../find-party';
import { Party } from '../party';
import { Service } from '../world/world';

/** What one side of a statement stands for. */
export interface Members {
  readonly parties: readonly Member[];
  /** Addresses outside the cluster. */
  readonly space: readonly AddressRange[];
  /** Ends that stand for nothing, as sentences. */
  readonly problems: readonly string[];
}

export interface Member {
  readonly party: Party;
  /** Whether it surely is one: labels or addresses that are not known may make it none. */
  readonly sure: boolean;
  /** Where it is a backend of a Service: what the Service's ports are there. */
  readonly ports?: readonly PortMapping[];
  readonly service?: Service;
}

export const NOBODY: Members = { parties: [], space: [], problems: [] };

/** A statement means whoever holds an address, where it does not say otherwise. */
const ANY_KIND: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };

export function membersOf(analysis: Analysis, side: Side): Members {
  const found = side.map(end => membersOfEnd(analysis, end));
  const parties = new Map<string, Member>();
  for (const member of found.flatMap(({ parties: some }) => some)) {
    const known = parties.get(member.party.text);
    if (!known || (member.sure && !known.sure)) { parties.set(member.party.text, member); }
  }
  return { parties: [...parties.values()], space: found.flatMap(({ space }) => space), problems: found.flatMap(({ problems }) => problems) };
}

function membersOfEnd(analysis: Analysis, end: End): Members {
  if ('name' in end) { return named(analysis, end.name); }
  // It is one and the same, by whatever name somebody asks for it: what runs on its nodes is not meant.
  const parties = isApiServer(end.expr) ? [] : selected(analysis.parties, end.expr);
  const more = 'any' in end.expr ? strangers(analysis) : [...nodesAt(analysis, end.expr), ...entityParties(analysis, end.expr)];
  parties.push(...more.map(party => ({ party, sure: true })));
  if (end.elsewhere && parties.length === 0) {
    parties.push(...elsewhereParties(analysis, end.expr).map(party => ({ party, sure: true })));
  }
  const space = externalSpace(analysis, end.expr);
  const problems = parties.length > 0 || space.length > 0 ? [] : [
    `nothing in the input is ${end.text}, so that the statement would say nothing${near(analysis, end.text)}`,
  ];
  return { parties, space, problems };
}

/** Those that the expression selects, or may; of each only what it may be as one of them. */
export function selected(parties: readonly Party[], expr: EndpointExpr): Member[] {
  return parties.flatMap(party => {
    const all = party.variants.map(variant => ({ variant, matched: matchesEndpoint(expr, variant, ANY_KIND) }));
    const matched = all.filter(({ matched: tri }) => tri !== NO);
    if (matched.length === 0) { return []; }
    const own = matched.length === party.variants.length ? party : { ...party, variants: matched.map(({ variant }) => variant) };
    return [{ party: own, sure: matched.every(({ matched: tri }) => tri === YES) }];
  });
}
