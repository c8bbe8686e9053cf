import { EffectivePeers } from './description';
import { Answer, traceSide } from '../../../model/evaluate';
import { Direction, Policy } from '../../../model/policy-set';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Analysis } from '../../analysis';
import { PORT_PROTOCOLS } from '../../connections/connection-set';
import { connectionText } from '../../connections/connection-text';
import { combineOutcomes, connectionSetOf, Outcome, outcomeOf, passesNothing } from '../../connections/outcome';
import { CutsOf } from '../../connections/port-cuts';
import { canMeet, Party, Traffic, Variant } from '../../party';
import { passingRequests } from '../passing-requests';

/** Who may pass this side of a workload, and with what: those who fare alike together. */
export function effectivePeers(
  analysis: Analysis, direction: Direction, own: Party, policies: readonly Policy[], peers: readonly Party[],
): EffectivePeers[] {
  const cuts = new CutsOf(policies);
  const groups = new Map<string, { outcome: Outcome; peers: Party[] }>();
  for (const peer of peers) {
    const outcome = outcomeWith(analysis, direction, own, peer, cuts);
    if (!outcome || passesNothing(outcome)) { continue; }
    const key = connectionText(connectionSetOf(outcome));
    const group = groups.get(key);
    if (group) { group.peers.push(peer); } else { groups.set(key, { outcome, peers: [peer] }); }
  }
  const only = groups.size === 1 && [...groups.values()][0].peers.length === peers.length;
  return [...groups].map(([connections, group]): EffectivePeers => ({
    peers: only ? ['everyone'] : group.peers.map(({ text }) => text).sort(),
    connections,
    requests: requestsOf(analysis, direction, own, group.peers[0], group.outcome, policies),
  })).sort((a, b) => (a.connections < b.connections ? -1 : 1));
}

function flowsWith(direction: Direction, own: Party, peer: Party): (readonly [Variant, Variant])[] {
  return own.variants.flatMap(mine => peer.variants.map(other => (direction === 'egress' ? [mine, other] as const : [other, mine] as const)))
    .filter(([source, destination]) => canMeet(source, destination));
}

/** Undefined for two that never meet. Where the ways in which they meet fare otherwise, it is not known. */
function outcomeWith({ engine }: Analysis, direction: Direction, own: Party, peer: Party, cuts: CutsOf): Outcome | undefined {
  const outcomes = flowsWith(direction, own, peer).map(([source, destination]) => {
    const [from, to] = [engine.compile(source), engine.compile(destination)];
    return outcomeOf(cuts.at(destination), (protocol, port) => engine.sideOf(direction, from, to, { protocol: PROTOCOL_NUMBERS[protocol], port }));
  });
  return outcomes.length === 0 ? undefined : combineOutcomes(outcomes, agreed);
}

const agreed = (answers: readonly Answer[]): Answer => (answers.every(answer => answer === answers[0]) ? answers[0] : 'unknown');

/** Where that depends on the request: which ones. */
function requestsOf(
  { set, cluster: { profile } }: Analysis, direction: Direction, own: Party, peer: Party, outcome: Outcome, policies: readonly Policy[],
): string[] {
  const sentences = PORT_PROTOCOLS.flatMap(protocol => outcome[protocol].filter(({ answer }) => answer === 'partial').flatMap(({ from: port }) => {
    const [[source, destination]] = flowsWith(direction, own, peer);
    const traffic: Traffic = { protocol: PROTOCOL_NUMBERS[protocol], port };
    const flow = { ...traffic, source, destination };
    return passingRequests(traceSide({ ...set, policies }, direction, flow, profile), flow).map(sentence => `${protocol} ${port}: ${sentence.replace(/^\w+: /, '')}`);
  }));
  return [...new Set(sentences)];
}
