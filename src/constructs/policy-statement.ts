import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isLive } from './liveness';
import { Peer } from './peer';
import type { PodTemplate } from './pod-template';
import { Port } from './port';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { allOf, ANY, EndpointExpr, inNamespace, POD } from '../model/endpoint';
import { Direction, DIRECTIONS, Match, NORMAL, Origin, Policy, Rule } from '../model/policy-set';
import { portProtocols, portRange, TrafficBox } from '../model/traffic';

/** One allow or deny, as it was stated. */
export interface StatedRule {
  readonly action: 'allow' | 'deny';
  readonly peer: Peer;
  readonly port: Port;
}

/** Who a policy is about. */
export type Subject =
  | { readonly workload: Workload }
  | { readonly peer: Peer }
  /** Every pod in the policy's scope, but not those of these workloads. */
  | { readonly everyone: true; readonly except: readonly Workload[] };

export interface PolicyStatementProps {
  /** The construct path, for messages. */
  readonly path: string;
  /** Undefined for a cluster-wide policy. */
  readonly namespace?: string;
  readonly name: string;
  readonly subject: Subject;
  readonly isolates: Record<Direction, boolean>;
  /** Whether DNS goes with egress isolation. */
  readonly dns: boolean;
  /** When it is applied; what closes comes after what allows. */
  readonly step: 'policy' | 'default-deny';
}

/** What a construct says, before it becomes a policy of some dialect. */
export class PolicyStatement {
  /** The API objects that carry it, by the name of their document. */
  public readonly objects = new Map<string, ApiObject>();
  /** The construct that says it: without it in the app, nothing is said. */
  public owner?: IConstruct;
  public readonly isolates: Record<Direction, boolean>;
  private readonly origin: Origin;
  /** Whether DNS goes with egress isolation. */
  public dns: boolean;
  private readonly rules: Record<Direction, Map<string, StatedRule>> = { ingress: new Map(), egress: new Map() };

  public constructor(public readonly props: PolicyStatementProps) {
    this.isolates = { ...props.isolates };
    const { namespace, name, path } = props;
    this.origin = { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name, at: path, ...(namespace === undefined ? {} : { namespace }) };
    this.dns = props.dns;
  }

  /** The same rule twice is one rule. Returns whether it is new. */
  public add(direction: Direction, rule: StatedRule): boolean {
    // Peers are told apart by what they say; two workloads of one name by themselves.
    const key = `${rule.action} ${rule.peer} ${rule.port}`;
    const known = this.rules[direction].get(key);
    if (known && known.peer._workloads.every((workload, i) => workload === rule.peer._workloads[i])) { return false; }
    this.rules[direction].set(known ? `${key} ${this.rules[direction].size}` : key, rule);
    return true;
  }

  public rulesOf(direction: Direction): StatedRule[] {
    return [...this.rules[direction].values()];
  }

  public get hasDeny(): boolean {
    return DIRECTIONS.some(direction => this.rulesOf(direction).some(rule => rule.action === 'deny'));
  }

  /** Whether it is about every pod of its namespace. */
  public get coversNamespace(): boolean {
    const { subject } = this.props;
    return 'everyone' in subject && subject.except.length === 0;
  }

  /** Whether another statement's pods may rely on this one for DNS. */
  public get allowsDnsForNamespace(): boolean {
    return this.coversNamespace && this.isolates.egress && this.dns;
  }

  public toString(): string {
    const { namespace, name, path } = this.props;
    return `policy ${namespace === undefined ? name : `${namespace}/${name}`} (${path})`;
  }

  /**
   * The statement in the reference pipeline.
   * @param dnsElsewhere whether another policy of the namespace already allows DNS to these pods
   */
  public toPolicies(facts: ResolvedFacts, dnsElsewhere: boolean): Policy[] {
    const subject = this.subjectExpr(facts);
    return DIRECTIONS.flatMap((direction): Policy[] => {
      // What was said about a workload that was taken out of the app is said no more.
      const stated = this.rulesOf(direction).filter(({ peer }) => !peer._workload?._object || isLive(peer._workload._object));
      if (stated.length === 0 && !this.isolates[direction]) { return []; }
      const rules = stated.map(each => this.toRule(direction, each, facts));
      const dns = direction === 'egress' && this.isolates.egress && this.dns ? this.dnsRules(rules, facts, dnsElsewhere) : [];
      return [{ origin: this.origin, stage: NORMAL, order: [], mode: 'enforce', direction, subject, isolates: this.isolates[direction], rules: [...rules, ...dns] }];
    });
  }

  public subjectExpr(facts: ResolvedFacts): EndpointExpr {
    const { subject, namespace } = this.props;
    const scope = allOf(POD, namespace === undefined ? ANY : inNamespace(namespace));
    if ('workload' in subject) { return subject.workload._expr(); }
    if ('peer' in subject) { return subject.peer._expr({ facts, namespace }); }
    return allOf(scope, ...subject.except.map((workload): EndpointExpr => ({ not: withoutScope(workload._expr()) })));
  }


  private toRule(direction: Direction, { action, peer, port }: StatedRule, facts: ResolvedFacts): Rule {
    const part = () => `${direction} ${direction === 'ingress' ? 'from' : 'to'} ${peer} on ${port}`;
    let other: EndpointExpr;
    try {
      other = peer._expr({ facts, namespace: this.props.namespace });
    } catch (error) {
      throw new Error(`${this}, ${part()}: ${(error as Error).message}`);
    }
    this.checkPortNames(direction, peer, port);
    return { ...rule(action, direction, other, port._traffic), origin: new RuleOrigin(this.origin, part) };
  }

  private dnsRules(rules: readonly Rule[], facts: ResolvedFacts, dnsElsewhere: boolean): Rule[] {
    // Cilium learns the addresses of names from the lookups that its proxy sees; the rule must stand with the names.
    const names = facts.dialect === Dialect.CILIUM && rules.some(({ match }) => mentionsName(match.destination));
    if (dnsElsewhere && !names) { return []; }
    const origin = new RuleOrigin(this.origin, () => 'egress to dns');
    return dnsMatches(facts, names).map(match => ({ action: 'allow', match, origin }));
  }

  /** A name that no container port has would match nothing, in silence. */
  private checkPortNames(direction: Direction, peer: Peer, port: Port): void {
    const named = port._traffic.filter(box => (box.destinationPorts?.names ?? []).length > 0);
    if (named.length === 0) { return; }
    const { subject } = this.props;
    const owners = direction === 'egress' ? peer._workloads : 'workload' in subject ? [subject.workload] : [];
    for (const owner of owners) {
      const pods = owner._pods();
      for (const box of pods ? named : []) {
        for (const name of box.destinationPorts!.names) { this.checkPortName(name, portProtocols(box) ?? [], owner, pods!.ports); }
      }
    }
  }

  private checkPortName(name: string, protocols: readonly string[], owner: Workload, ports: PodTemplate['ports']): void {
    const found = ports.filter(candidate => candidate.name === name);
    if (found.length === 0) {
      const known = ports.map(candidate => candidate.name).filter(candidate => candidate !== undefined);
      throw new Error(`${this}: no container port of ${owner} is named ${JSON.stringify(name)}; ${known.length > 0 ? `there are ${known.join(', ')}` : 'none has a name'}`);
    }
    if (new Set(found.map(({ port: number, protocol }) => `${protocol} ${number}`)).size > 1) {
      throw new Error(`${this}: several container ports of ${owner} are named ${JSON.stringify(name)}, and CNIs differ on which is meant; give them different names, or state the port number`);
    }
    const [{ protocol }] = found;
    if (!protocols.includes(protocol)) {
      throw new Error(`${this}: the container port ${JSON.stringify(name)} of ${owner} is ${protocol}, not ${protocols.join(', ')}; say Port.named(${JSON.stringify(name)}, Protocol.${protocol})`);
    }
  }
}

/** The text of a rule is for messages, and most rules need none. */
class RuleOrigin implements Origin {
  public readonly apiVersion: string;
  public readonly kind: string;
  public readonly namespace?: string;
  public readonly name: string;
  public readonly at?: string;

  public constructor(policy: Origin, private readonly text: () => string) {
    this.apiVersion = policy.apiVersion;
    this.kind = policy.kind;
    this.namespace = policy.namespace;
    this.name = policy.name;
    this.at = policy.at;
  }

  public get part(): string {
    return this.text();
  }
}

/** The same for every policy of an app, and so the same objects. */
function dnsMatches(facts: ResolvedFacts, names: boolean): readonly Match[] {
  const known = DNS_MATCHES.get(facts) ?? new Map<boolean, readonly Match[]>();
  DNS_MATCHES.set(facts, known);
  let matches = known.get(names);
  if (!matches) {
    const l7 = names ? { l7: { dns: ['*'] } } : {};
    matches = facts.dns._servers(facts.dialect).map(({ peer, port }) => {
      const traffic: TrafficBox[] = [{ ...portRange('UDP', port), ...l7 }, { ...portRange('TCP', port), ...l7 }];
      return { source: ANY, destination: peer, traffic };
    });
    known.set(names, matches);
  }
  return matches;
}

const DNS_MATCHES = new WeakMap<ResolvedFacts, Map<boolean, readonly Match[]>>();

const rule = (action: 'allow' | 'deny', direction: Direction, other: EndpointExpr, traffic: readonly TrafficBox[]): Rule => ({
  action,
  match: direction === 'ingress' ? { source: other, destination: ANY, traffic } : { source: ANY, destination: other, traffic },
});

/** The labels only: kind and namespace are the policy's own. */
function withoutScope(expr: EndpointExpr): EndpointExpr {
  return 'allOf' in expr ? allOf(...expr.allOf.filter(part => !('kind' in part) && !('namespace' in part))) : expr;
}

function mentionsName(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(mentionsName); }
  if ('anyOf' in expr) { return expr.anyOf.some(mentionsName); }
  return 'fqdn' in expr;
}
