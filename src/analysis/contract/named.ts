import type { Members } from './members';
import { Analysis } from '../analysis';
import { findParty, FoundParty } from '../find-party';

/** What a text names; what it names amiss is a problem. */
export function named(analysis: Analysis, name: string): Members {
  let found: FoundParty;
  try {
    found = findParty(analysis, name);
  } catch (error) {
    return { parties: [], space: [], problems: [`${(error as Error).message}; the statement would say nothing`] };
  }
  const { parties, ports, service, notes } = found;
  if (parties.length === 0) { return { parties: [], space: [], problems: [`${[...notes, `nothing answers for ${name}`][0]}; the statement would say nothing`] }; }
  return {
    parties: parties.map(party => ({
      party,
      sure: true,
      ...(ports ? { ports: ports.filter(mapping => mapping.party === party) } : {}),
      ...(service ? { service } : {}),
    })),
    space: [],
    problems: [],
  };
}
