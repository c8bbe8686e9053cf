import { endsOf } from './ends';
import { isLive } from './liveness';
import { PolicyStatement, StatedRule } from './policy-statement';
import type { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { evaluate } from '../model/evaluate';
import { Endpoint, Flow, Profile } from '../model/match';
import { ADMIN, Direction, DIRECTIONS, NORMAL, Policy, REFERENCE_PIPELINE, SECURITY } from '../model/policy-set';
import { inRanges, PROTOCOL_NUMBERS, TrafficBox } from '../model/traffic';

type Stated = ReadonlyMap<PolicyStatement, readonly Policy[]>;

/** What a wall surely denies as a whole, no policy of a namespace opens: to state it says nothing. Returns what is wrong, as sentences. */
export function checkWalls(statements: Statements, stated: Stated, facts: ResolvedFacts): string[] {
  const walls = [...stated].filter(([statement]) => statement.isWall && statement.isEnforced);
  if (walls.length === 0) { return []; }
  const { cidrMatchesPods, cidrMatchesNodes } = facts.cni._profile;
  const profile: Profile = { cidrMatches: ['external', ...(cidrMatchesPods ? ['pod' as const] : []), ...(cidrMatchesNodes ? ['node' as const] : [])] };
  const upper = [...stated].filter(([{ isWall, stage }]) => isWall || stage === SECURITY || stage === ADMIN).flatMap(([, policies]) => policies);
  const denied = (policies: readonly Policy[], flow: Flow): boolean => evaluate({ pipeline: REFERENCE_PIPELINE, policies }, flow, profile) === 'denied';
  const wallOf = (flow: Flow) => (denied(upper, flow) ? walls.find(([, policies]) => denied(policies, flow))?.[0] : undefined);

  const ofNamespaces = statements.policies.filter(({ props, stage, isEnforced }) => props.namespace !== undefined && stage === NORMAL && isEnforced);
  return ofNamespaces.flatMap(statement =>
    DIRECTIONS.flatMap(direction => statement.rulesOf(direction).filter(isStated).flatMap(rule => {
      const flows = flowsOf(statement, direction, rule, facts);
      const [wall] = flows.slice(0, 1).map(wallOf);
      if (!wall || !flows.every(wallOf)) { return []; }
      const [side, fix] = direction === 'ingress' ? ['from', 'ingress, monitoring or inbound'] : ['to', 'shared, internet or cidrs'];
      return [`${statement}, ${direction} ${side} ${rule.peer} on ${rule.port}: ${wall} denies all of it, whatever policies of namespaces allow; state it there too, such as by ${fix} of a MultiTenantCluster, or take it out`];
    })));
}

const isStated = ({ action, peer }: StatedRule): boolean => action === 'allow' && peer._workloads.every(({ _object: object }) => !object || isLive(object));

/** What is surely about everything that the rule allows; empty where that is not known. */
function flowsOf(statement: PolicyStatement, direction: Direction, { peer, port }: StatedRule, facts: ResolvedFacts): Flow[] {
  try {
    const own = endsOf(statement.subjectExpr(facts));
    const others = endsOf(peer._expr({ facts, namespace: statement.props.namespace }));
    const pairs = own.flatMap(end => others.map((other): readonly [Endpoint, Endpoint] => (direction === 'ingress' ? [other, end] : [end, other])));
    return pairs.flatMap(([source, destination]) => port._traffic.flatMap(box =>
      protocolsOf(box).map((protocol): Flow => ({ source, destination, protocol, ...portOf(box) }))));
  } catch {
    return []; // Reported where the statement is compiled.
  }
}

const protocolsOf = ({ protocols }: TrafficBox): number[] => {
  const known = Object.values(PROTOCOL_NUMBERS).filter(protocol => inRanges(protocols, protocol));
  return known.length > 0 ? known : protocols.slice(0, 1).map(([first]) => first);
};

/** Where there are several, none is known. */
function portOf({ destinationPorts }: TrafficBox): Pick<Flow, 'port'> {
  const [range, ...others] = destinationPorts?.ranges ?? [];
  return range && others.length === 0 && range[0] === range[1] && destinationPorts?.names.length === 0 ? { port: range[0] } : {};
}
