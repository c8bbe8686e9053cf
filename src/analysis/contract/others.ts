import { externalSpace, without } from './address-space';
import { Member, Members, selected } from './members';
import { representatives } from './representatives';
import { Side } from './side';
import { strangers } from './strangers';
import { EXTERNAL } from '../../model/endpoint';
import { Analysis } from '../analysis';
import { AddressRange } from '../connections/address-ranges';
import { Party } from '../party';

/** Who may reach something beside those that a side means: workloads, pods that are not in the input, addresses outside. */
export function others(analysis: Analysis, side: Side, members: Members, destinations: Members): Members {
  const meant = new Set(members.parties.filter(({ sure }) => sure).map(({ party }) => party.text));
  const exprs = side.flatMap(end => ('expr' in end ? [end.expr] : []));
  const isMeant = (party: Party): boolean => meant.has(party.text)
    || exprs.some(expr => selected([party], expr).some(({ sure, party: own }) => sure && own.variants.length === party.variants.length));
  const reached = destinations.parties.map(({ party }) => party);
  const { parties, space } = everybody(analysis);
  const all = [...parties, ...representatives(analysis, reached)];
  return {
    parties: all.filter(party => !isMeant(party)).map((party): Member => ({ party, sure: true })),
    space: without(space, members.space),
    problems: [],
  };
}

interface Everybody {
  readonly parties: readonly Party[];
  readonly space: readonly AddressRange[];
}

const KNOWN = new WeakMap<Analysis, Everybody>();

/** Many statements ask for it. */
function everybody(analysis: Analysis): Everybody {
  let known = KNOWN.get(analysis);
  if (!known) {
    known = { parties: [...analysis.parties.map(fromOtherNode), ...strangers(analysis)], space: externalSpace(analysis, EXTERNAL) };
    KNOWN.set(analysis, known);
  }
  return known;
}

/** A node always reaches its own pods, whatever a policy says: of pods on the host network, those of other nodes are judged. */
function fromOtherNode(party: Party): Party {
  const variants = party.variants.filter(({ kind, entities }) => kind !== 'node' || !entities?.includes('host'));
  return variants.length === 0 || variants.length === party.variants.length ? party : { ...party, variants };
}
