import { Assumption, KnownNamespaces, matchesAssumption } from './assumption';
import { Family } from '../../../model/cidr';
import { ANY, EndpointExpr, OWN_CLUSTER } from '../../../model/endpoint';
import { Answer, traceSide } from '../../../model/evaluate';
import { Endpoint, MAYBE, NO, Profile, YES } from '../../../model/match';
import { Direction, matchOf, peerOf, Pipeline, Policy, Rule } from '../../../model/policy-set';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { familiesOf, Traffic } from '../../party';
import { conditionsText } from '../conditions-text';
import { ConnectionSet, PORT_PROTOCOLS, PortProtocol } from '../connection-set';
import { atomsOf } from '../expression-atoms';
import { closeOutcomeOf, connectionSetOf, Told } from '../outcome';
import { CutsOf, portNamesIn } from '../port-cuts';
import { Look, Probe } from '../probe';

/** One side of a workload, as its policies judge it. */
export interface Side {
  readonly direction: Direction;
  readonly own: Endpoint;
  /** Those that select it, or may. */
  readonly policies: readonly Policy[];
  readonly pipeline: Pipeline;
  readonly profile: Profile;
  readonly namespaces: KnownNamespaces;
  readonly look: Look;
}

/**
 * What passes between a workload and every peer of which no more is known than the assumption. What rules say only of some of these peers
 * is left to lines of those; where nobody can say of whom a rule speaks, what depends on it is unknown.
 */
export function outcomeUnder(side: Side, assumption: Assumption): ConnectionSet {
  const { direction, own, pipeline, profile, look } = side;
  const policies = side.policies.map(policy => ({ ...policy, rules: policy.rules.flatMap(rule => ruleUnder(side, rule, assumption)) }));
  const names = direction === 'egress' ? [...portNamesIn(policies)] : [];
  const peer = peerWith(assumption, names, policies);
  const [source, destination] = direction === 'egress' ? [own, peer] : [peer, own];
  const tell = (traffic: Traffic): Told => {
    const flow = { ...traffic, source, destination };
    const traced = traceSide({ pipeline, policies }, direction, flow, profile);
    const isPlain = !look.conditions || traced.answer === 'allowed' || traced.answer === 'denied';
    return { answer: traced.answer, ...(isPlain ? {} : { on: conditionsText(traced, flow) }) };
  };
  const ask = (protocol: PortProtocol, port: number): Answer => tell({ protocol: PROTOCOL_NUMBERS[protocol], port }).answer;
  const families: readonly Family[] = familiesOf(own);
  const travels = ({ family }: Probe): boolean => family === undefined || families.includes(family);
  const set = connectionSetOf(closeOutcomeOf(new CutsOf(policies).at(destination), look.probes, travels, tell), look.probes);
  const named: Partial<Record<PortProtocol, readonly string[]>> = {};
  for (const protocol of names.length > 0 ? PORT_PROTOCOLS : []) {
    if (ask(protocol, OTHER_PORT) === 'allowed') { continue; }
    const allowed = names.filter((_, i) => ask(protocol, OTHER_PORT + 1 + i) === 'allowed').sort();
    if (allowed.length > 0) { named[protocol] = allowed; }
  }
  return Object.keys(named).length > 0 ? { ...set, named } : set;
}

/** Beyond all ports, so that no rule names it by number: ports of the peer have numbers that nobody knows. */
const OTHER_PORT = 70_000;

function peerWith({ kind }: Assumption, names: readonly string[], policies: readonly Policy[]): Endpoint {
  // A port that is denied by its name may be any.
  if (portNamesIn(policies.map(policy => ({ ...policy, rules: policy.rules.filter(({ action }) => action !== 'allow') }))).size > 0) { return { kind }; }
  return { kind, ports: names.flatMap((name, i) => PORT_PROTOCOLS.map(protocol => ({ name, protocol, port: OTHER_PORT + 1 + i }))) };
}

function ruleUnder({ direction, namespaces }: Side, rule: Rule, assumption: Assumption): Rule[] {
  const peer = peerOf(direction, rule.match);
  const matched = matchesAssumption(peer, assumption, namespaces);
  if (matched === NO || (matched === MAYBE && rule.action !== 'external' && !isVague(peer))) { return []; }
  const known = matched === YES ? ANY : NOT_KNOWN;
  const own = direction === 'ingress' ? rule.match.destination : rule.match.source;
  const match = matchOf(direction, known, rule.match.traffic);
  return [{ ...rule, match: direction === 'ingress' ? { ...match, destination: own } : { ...match, source: own } }];
}

const NOT_KNOWN: EndpointExpr = { ref: 'cloudGroup' };

/** Whether it speaks of peers by what no line can say of them. */
export const isVague = (expr: EndpointExpr): boolean =>
  atomsOf(expr).some(atom => 'ref' in atom || 'principal' in atom || ('cluster' in atom && atom.cluster !== OWN_CLUSTER));
