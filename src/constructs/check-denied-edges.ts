import type { Denied } from './deny';
import { isLive } from './liveness';
import { Peer, PeerContext } from './peer';
import { StatedRule } from './policy-statement';
import { Precedence } from './precedence';
import type { Statements } from './statements';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { coversEndpoints } from '../model/covers';
import { anyOf, EndpointExpr } from '../model/endpoint';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint, matchesEndpoint, YES } from '../model/match';
import { Direction, DIRECTIONS } from '../model/policy-set';
import { coversTraffic } from '../model/traffic';

/** An edge that is allowed and denied as a whole is a contradiction: the allow would say nothing. To deny a part of what is allowed is none. */
export function checkDeniedEdges(statements: Statements, facts: ResolvedFacts): string[] {
  const live = statements.denials.filter(({ workload: { _object: object } }) => !object || isLive(object));
  const found = live.flatMap(({ workload, statement, denied }) =>
    DIRECTIONS.flatMap(direction => {
      const denies = denied.filter(each => each.direction === direction);
      const allows = denies.length === 0 ? [] : statement?.rulesOf(direction).filter(({ action }) => action === 'allow') ?? [];
      return allows.flatMap(allow => {
        const deny = denies.find(each => new Cover(each, workload, facts).holds(allow));
        return deny ? [{ deny, text: contradiction(workload, direction, allow, deny) }] : [];
      });
    }));
  // What is stated at one end and written at both is said once.
  const reported = new Set(found.map(({ deny }) => deny));
  return found.filter(({ deny: { mirrors } }) => mirrors === undefined || !reported.has(mirrors)).map(({ text }) => text);
}

function contradiction(workload: Workload, direction: Direction, allow: StatedRule, deny: Denied): string {
  const side = direction === 'ingress' ? 'from' : 'to';
  return `${workload}: ${direction} ${side} ${allow.peer} on ${allow.port} is allowed, and denied as ${direction} ${side} ${deny.peer} on ${deny.port}; take out one of them, or deny less than is allowed`;
}

/** What a deny surely holds. */
class Cover {
  private readonly context: PeerContext;

  public constructor(private readonly deny: Denied, { namespace }: Workload, private readonly facts: ResolvedFacts) {
    this.context = { facts, namespace };
  }

  /** One that gives way to what is allowed contradicts only the same edge. */
  public holds(allow: StatedRule): boolean {
    const { peer, port, precedence } = this.deny;
    if (!coversTraffic(port._traffic, allow.port._traffic)) { return false; }
    return allow.peer._parts.every(part => peer._parts.some(each => each.toString() === ANYONE || isSame(each, part))
      || (precedence === Precedence.BEFORE && this.holdsPeer(part)));
  }

  private holdsPeer(part: Peer): boolean {
    try {
      const denied = anyOf(...this.deny.peer._parts.map(each => each._expr(this.context)));
      return coversEndpoints(denied, part._expr(this.context)) || (part._workload?._object !== undefined && this.holdsPods(denied, part._workload));
    } catch {
      return false; // Reported where the statement is compiled.
    }
  }

  /** The pods of a construct have more labels than those by which they are selected. */
  private holdsPods(denied: EndpointExpr, workload: Workload): boolean {
    const { cidrMatchesPods } = this.facts.cni._profile;
    const pods: Endpoint = {
      kind: 'pod',
      namespace: workload.namespace,
      namespaceLabels: { [NAMESPACE_NAME]: workload.namespace },
      openLabels: ['namespace'],
      labels: workload._podLabels(),
      serviceAccount: workload._pods()!.serviceAccount,
      entities: ['all', 'cluster'],
    };
    return matchesEndpoint(denied, pods, { cidrMatches: ['external', ...(cidrMatchesPods ? ['pod' as const] : [])] }) === YES;
  }
}

const ANYONE = Peer.any().toString();

/** Two peers that mean different things have different texts, and two workloads of one name are told apart by themselves. */
const isSame = (one: Peer, other: Peer): boolean => one._workload === other._workload && one.toString() === other.toString();
