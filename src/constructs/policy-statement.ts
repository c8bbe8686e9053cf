import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkPortNames } from './check-port-names';
import { DnsElsewhere, dnsRules } from './dns-rules';
import { isLive } from './liveness';
import { AuthorizationContext, authorizationRules, Authorized } from './mesh-authorization';
import { KeepsPorts, proxyMatches, throughMesh } from './mesh-network';
import { Peer } from './peer';
import { Port } from './port';
import { RuleOrigin } from './rule-origin';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { allOf, ANY, EndpointExpr, inNamespace, POD } from '../model/endpoint';
import { ADMIN, BASELINE, Direction, DIRECTIONS, matchOf, NORMAL, Origin, Policy, Rule, SECURITY } from '../model/policy-set';
import { TrafficBox } from '../model/traffic';

/** One rule, as it was stated. */
export interface StatedRule {
  readonly action: 'allow' | 'deny' | 'pass';
  readonly peer: Peer;
  readonly port: Port;
  /** Whether both ends must have proven who they are. */
  readonly authenticated?: boolean;
  /** What proxies of a mesh never carry, such as DNS: its port is the one that a CNI sees. */
  readonly plain?: boolean;
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
  /** Before or after what namespaces say, where it never isolates. Undefined: beside it. */
  readonly stage?: UpperStage;
  /** Inside that stage, lower first. */
  readonly priority?: number;
  /** Whether it is only looked at, and decides nothing. */
  readonly staged?: boolean;
}

/** Where policies of a tier stand. */
export type UpperStage = typeof SECURITY | typeof ADMIN | typeof BASELINE;

/** What a construct says, before it becomes a policy of some dialect. */
export class PolicyStatement {
  /** The API objects that carry it, by the name of their document. */
  public readonly objects = new Map<string, ApiObject>();
  /** The policy of a mesh that goes with it, once ingress is closed. */
  public authorization?: ApiObject;
  /** The construct that says it: without it in the app, nothing is said. */
  public owner?: IConstruct;
  public readonly isolates: Record<Direction, boolean>;
  private readonly origin: Origin;
  /** Whether DNS goes with egress isolation. */
  public dns: boolean;
  /** Whether only some requests, handshakes, names or identities may pass, by any of its rules. */
  public hasConditions = false;
  /** What is wider than stated since a mesh carries it, each as a sentence; of the last time that policies were made of it. */
  public wider: readonly string[] = [];
  /** The only names that its pods may ask DNS for. Undefined: every name. */
  public dnsNames?: readonly string[];
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
    const key = `${rule.action} ${rule.peer} ${rule.port}${rule.authenticated ? ' authenticated' : ''}`;
    const known = this.rules[direction].get(key);
    if (known && known.peer._workloads.every((workload, i) => workload === rule.peer._workloads[i])) { return false; }
    this.hasConditions ||= rule.authenticated === true || rule.port._hasConditions;
    this.rules[direction].set(known ? `${key} ${this.rules[direction].size}` : key, rule);
    return true;
  }

  /** Its pods may ask DNS for these names only. */
  public limitDns(names: readonly string[]): void {
    this.dnsNames = names;
    this.hasConditions = true;
  }

  public rulesOf(direction: Direction): StatedRule[] {
    return [...this.rules[direction].values()];
  }

  public get hasDeny(): boolean {
    return DIRECTIONS.some(direction => this.rulesOf(direction).some(rule => rule.action === 'deny'));
  }

  /** Where its policies are asked. */
  public get stage(): string {
    return this.props.stage ?? NORMAL;
  }

  /** Whether it decides anything. */
  public get isEnforced(): boolean {
    return !this.props.staged;
  }

  /** Whether it is about every pod of its namespace. */
  public get coversNamespace(): boolean {
    const { subject } = this.props;
    return 'everyone' in subject && subject.except.length === 0;
  }

  /** Whether another statement's pods may rely on this one for DNS. */
  public get allowsDnsForNamespace(): boolean {
    return this.coversNamespace && this.isolates.egress && this.dns && this.isEnforced;
  }

  public toString(): string {
    const { namespace, name, path } = this.props;
    return `policy ${namespace === undefined ? name : `${namespace}/${name}`} (${path})`;
  }

  /**
   * The statement in the reference pipeline.
   * @param dnsElsewhere what another policy of the namespace already lets these pods ask DNS for
   * @param proxyElsewhere the directions in which another policy of the namespace already leaves open what the proxies of a mesh need
   * @param keepsPorts whether a mesh keeps to the stated ports what arrives at a workload
   */
  public toPolicies(
    facts: ResolvedFacts, dnsElsewhere: DnsElsewhere = 'nothing', proxyElsewhere: ReadonlySet<Direction> = NOWHERE, keepsPorts: KeepsPorts = () => false,
  ): Policy[] {
    this.wider = [];
    const subject = this.subjectExpr(facts);
    const { stage, mode, order } = this.place;
    return DIRECTIONS.flatMap((direction): Policy[] => {
      const stated = this.liveRules(direction);
      if (stated.length === 0 && !this.isolates[direction]) { return []; }
      const rules = this.throughMesh(direction, stated, stated.map(each => this.toRule(direction, each, facts)), facts, proxyElsewhere, keepsPorts);
      const dns = direction === 'egress' && this.isolates.egress && this.dns ? dnsRules(rules, facts, dnsElsewhere, this.origin, this.dnsNames) : [];
      return [{ origin: this.origin, stage, order, mode, direction, subject, isolates: this.isolates[direction], rules: [...rules, ...dns] }];
    });
  }

  /** Whether a mesh is told too who may connect to its pods. Sidecars know dry runs of what is only looked at, ztunnel knows none. */
  public isAuthorized(facts: ResolvedFacts): boolean {
    const mesh = facts.mesh._facts;
    return this.isolates.ingress && this.props.namespace !== undefined && mesh?.authorization === true && (this.isEnforced || mesh.kind === 'istio-sidecar');
  }

  /**
   * What a mesh is told of who may connect: an allow-list, of TCP.
   * @throws where the mesh cannot tell apart what may do different things
   */
  public toAuthorization(context: AuthorizationContext): { readonly policy: Policy; readonly rules: readonly Authorized[] } {
    const { facts } = context;
    const stated = this.liveRules('ingress').filter(({ action }) => action === 'allow');
    const ports = 'workload' in this.props.subject ? this.props.subject.workload._pods()?.ports : undefined;
    const rules = authorizationRules(stated, stated.map(each => this.toRule('ingress', each, facts)), context, ports);
    const { mode } = this.place;
    return {
      rules,
      policy: { origin: this.origin, stage: NORMAL, order: [], mode, direction: 'ingress', subject: this.subjectExpr(facts), isolates: true, rules: rules.map(({ rule: each }) => each) },
    };
  }

  /** What was said about a workload that was taken out of the app is said no more. */
  private liveRules(direction: Direction): StatedRule[] {
    return this.rulesOf(direction).flatMap(stated => {
      const peer = livePeer(stated.peer);
      return peer === stated.peer ? [stated] : peer ? [{ ...stated, peer }] : [];
    });
  }

  private throughMesh(
    direction: Direction, stated: readonly StatedRule[], rules: Rule[], facts: ResolvedFacts, proxyElsewhere: ReadonlySet<Direction>,
    keepsPorts: KeepsPorts,
  ): readonly Rule[] {
    const mesh = facts.mesh._facts;
    if (!mesh) { return rules; }
    const tunnelled = throughMesh(direction, stated, rules, { mesh, facts, authorized: direction === 'ingress' && this.isAuthorized(facts), keepsPorts });
    if (this.isEnforced) { this.wider = [...this.wider, ...tunnelled.wider.map(sentence => `${this}, ${sentence}`)]; }
    if (!this.isolates[direction] || proxyElsewhere.has(direction)) { return tunnelled.rules; }
    const origin = new RuleOrigin(this.origin, () => `${direction} ${direction === 'ingress' ? 'to' : 'of'} the proxy of the mesh`);
    return [...tunnelled.rules, ...proxyMatches(direction, mesh, facts).map((match): Rule => ({ action: 'allow', match, origin }))];
  }

  private get place(): Pick<Policy, 'stage' | 'mode' | 'order'> {
    const { stage = NORMAL, priority, staged, name } = this.props;
    return { stage, mode: staged ? 'staged' : 'enforce', order: priority === undefined ? [] : [priority, name] };
  }

  public subjectExpr(facts: ResolvedFacts): EndpointExpr {
    const { subject, namespace } = this.props;
    const scope = allOf(POD, namespace === undefined ? ANY : inNamespace(namespace));
    if ('workload' in subject) { return subject.workload._expr(); }
    if ('peer' in subject) { return subject.peer._expr({ facts, namespace }); }
    return allOf(scope, ...subject.except.map((workload): EndpointExpr => ({ not: withoutScope(workload._expr()) })));
  }

  private toRule(direction: Direction, { action, peer, port, authenticated }: StatedRule, facts: ResolvedFacts): Rule {
    const part = () => `${direction} ${direction === 'ingress' ? 'from' : 'to'} ${peer} on ${port}${authenticated ? ', authenticated' : ''}`;
    let other: EndpointExpr;
    try {
      other = peer._expr({ facts, namespace: this.props.namespace });
    } catch (error) {
      throw new Error(`${this}, ${part()}: ${(error as Error).message}`);
    }
    checkPortNames(this, port, () => this.ownersOf(direction, peer));
    const stated: Rule = { ...rule(action, direction, other, port._traffic), origin: new RuleOrigin(this.origin, part) };
    return authenticated ? { ...stated, effects: { authentication: 'required' } } : stated;
  }

  /** Whose ports a rule is about, where these are workloads. */
  private ownersOf(direction: Direction, peer: Peer): readonly Workload[] {
    const { subject } = this.props;
    return direction === 'egress' ? peer._workloads : 'workload' in subject ? [subject.workload] : [];
  }
}

/** The peer without the workloads that were taken out of the app; undefined where nobody is left. */
function livePeer(peer: Peer): Peer | undefined {
  if (peer._workloads.every(({ _object: object }) => !object || isLive(object))) { return peer; }
  const parts = peer._parts.filter(({ _workload: workload }) => !workload?._object || isLive(workload._object));
  return parts.length > 0 ? Peer.oneOf(...parts) : undefined;
}

const NOWHERE: ReadonlySet<Direction> = new Set();

const rule = (action: StatedRule['action'], direction: Direction, other: EndpointExpr, traffic: readonly TrafficBox[]): Rule => ({
  action,
  match: matchOf(direction, other, traffic),
});

/** The labels only: kind and namespace are the policy's own. */
function withoutScope(expr: EndpointExpr): EndpointExpr {
  return 'allOf' in expr ? allOf(...expr.allOf.filter(part => !('kind' in part) && !('namespace' in part))) : expr;
}
