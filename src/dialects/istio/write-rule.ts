import { writeBox, entry, Written } from './write-operation';
import { Called, inParts, Json, refuse, writeSources } from './write-source';
import { disjunction } from '../../model/dnf';
import { EndpointExpr } from '../../model/endpoint';
import { groupBy } from '../../model/group-by';
import { Policy, Rule } from '../../model/policy-set';
import { inRanges, PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';
import { describeOrigin, distinct } from '../dialect';

const TCP = PROTOCOL_NUMBERS.TCP;

/** The rule at `index` as entries of `rules`. */
export function writeRule(rule: Rule, policy: Policy, index: number): Json[] {
  const statement = () => describeOrigin(policy, index);
  if (rule.effects) { throw refuse('effects', statement, Object.keys(rule.effects).join(', ')); }
  const boxes = rule.match.traffic.flatMap(box => tcpOf(box, rule, statement));
  const sources = writeSources(rule.match.source, statement);
  if (boxes.length === 0 || sources?.length === 0) { return []; }
  const destination = writeDestination(rule.match.destination, statement);
  if (!destination) { return []; }
  return groups(boxes.flatMap(box => writeBox(box, statement))).flatMap(group => {
    const when = [...destination, ...group[0].when];
    const to = group.some(({ operation }) => operation === undefined) ? undefined : distinct(group.map(({ operation }) => ({ operation })));
    const rest = { ...(to ? { to } : {}), ...(when.length > 0 ? { when } : {}) };
    return sources ? inParts(sources.map(source => ({ source }))).map(from => ({ from, ...rest })) : [rest];
  });
}

/** Only TCP reaches the proxies of a mesh: other protocols stay with the network policy. */
function tcpOf(box: TrafficBox, { action }: Rule, statement: Called): TrafficBox[] {
  const more = box.protocols.some(([first, last]) => first !== TCP || last !== TCP);
  if (more && action !== 'allow') { throw refuse('protocol', statement, 'more than TCP'); }
  return inRanges(box.protocols, TCP) ? [box] : [];
}

/**
 * What may stand in one rule: the same conditions. Operations of HTTP stand apart from the others, since on a port that is not HTTP Istio leaves
 * out a whole ALLOW rule that mentions requests.
 */
function groups(written: readonly Written[]): Written[][] {
  return [...groupBy(written, ({ when, http }) => JSON.stringify([when, http])).values()];
}

/** Conditions on the own address; undefined where nothing matches. */
function writeDestination(expr: EndpointExpr, statement: Called): Json[] | undefined {
  const conjunctions = disjunction(expr);
  if (conjunctions.length === 0) { return undefined; }
  const flat = conjunctions.map(conjunction => conjunction.map(({ atom, negated }) => {
    if (!('cidr' in atom) || !atom.anyone || atom.except.length > 0) { throw refuse('own-end', statement); }
    return { cidr: atom.cidr, negated };
  }));
  const key = 'destination.ip';
  // One of several ranges is one condition; all of several are one each.
  if (flat.length === 1) {
    return flat[0].map(({ cidr, negated }) => entry(key, negated ? { values: [], notValues: [cidr] } : { values: [cidr], notValues: [] }));
  }
  const common = flat[0].filter(({ negated }) => negated).map(({ cidr }) => cidr);
  const simple = flat.every(literals => literals.filter(({ negated }) => !negated).length === 1
    && literals.filter(({ negated }) => negated).map(({ cidr }) => cidr).join() === common.join());
  if (!simple) { throw refuse('own-end', statement); }
  return [entry(key, { values: flat.map(literals => literals.find(({ negated }) => !negated)!.cidr), notValues: common })];
}
