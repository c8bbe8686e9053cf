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
import type { DnsScope } from '../cluster/dns-scope';
import { allOf, ANY, EndpointExpr, inNamespace, POD } from '../model/endpoint';
import { Justified, LONGEST, together } from '../model/justification';
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
  /** Why it is stated; who states it again may have another reason. */
  readonly justifications?: readonly Justified[];
}

/** What only the whole app tells, at synth. */
export interface LateRules {
  readonly rules: readonly StatedRule[];
  /** What is wider than stated for it, each as a sentence. */
  readonly wider?: readonly string[];
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
  /**
   * Whether its denies may not be of the cluster's DNS.
   * @default - as `dns`
   */
  readonly guardsDns?: boolean;
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
  private origin: Origin;
  /** Whether DNS goes with egress isolation. */
  public dns: boolean;
  /** Whether only some requests, handshakes, names or identities may pass, by any of its rules. */
  public hasConditions = false;
  /** What is wider than stated since a mesh carries it, each as a sentence; of the last time that policies were made of it. */
  public wider: readonly string[] = [];
  /** Why there is such a policy. */
  private justifications: readonly Justified[] = [];
  /** Whether its denies may not be of the DNS of a workload that it is about. Elsewhere, a deny that is about named askers is what was stated. */
  public guardsSubject = false;
  /** Whether it closes its pods to all but what it states, and namespaces decide about that only. */
  public isWall = false;
  /** The only names that its pods may ask DNS for. Undefined: every name. */
  public dnsNames?: readonly string[];
  /** Which pods serve DNS to its pods. Undefined: those that the facts name. */
  public dnsScope?: DnsScope;
  private readonly rules: Record<Direction, Map<string, StatedRule>> = { ingress: new Map(), egress: new Map() };
  private readonly late: Record<Direction, (() => LateRules)[]> = { ingress: [], egress: [] };
  /** Rules of this synth that follow from what others state. */
  private lent: readonly StatedRule[] = [];

  public constructor(public readonly props: PolicyStatementProps) {
    this.isolates = { ...props.isolates };
    const { namespace, name, path } = props;
    this.origin = { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name, at: path, ...(namespace === undefined ? {} : { namespace }) };
    this.dns = props.dns;
  }

  /** Whose statement it is, where its construct is one that nobody has written. */
  public saidBy(path: string): void {
    this.origin = { ...this.origin, at: path };
  }

  public justify(why: Justified): void {
    this.justifications = together([...this.justifications, why]);
  }

  /** Whether the reason of the whole is one for its rules too; that of an isolation says why the rest is closed. */
  public get isReasoned(): boolean {
    return this.justifications.some(({ because, statement }) => because !== undefined && statement === undefined);
  }

  /** The same rule twice is one rule, with all reasons. Returns whether something is new. */
  public add(direction: Direction, rule: StatedRule): boolean {
    // Peers are told apart by what they say; two workloads of one name by themselves.
    const key = `${rule.action} ${rule.peer} ${rule.port}${rule.authenticated ? ' authenticated' : ''}`;
    const known = this.rules[direction].get(key);
    const isSame = known?.peer._workloads.every((workload, i) => workload === rule.peer._workloads[i]);
    if (known && isSame) { return this.addReasons(direction, key, known, rule); }
    this.hasConditions ||= rule.authenticated === true || rule.port._hasConditions;
    this.rules[direction].set(known ? `${key} ${this.rules[direction].size}` : key, rule);
    return true;
  }

  /** Adds what is asked for at each synth. */
  public addLate(direction: Direction, produce: () => LateRules): void {
    this.late[direction].push(produce);
  }

  /** What else may leave these pods in this synth, since another statement lets it in. */
  public lendEgress(rules: readonly StatedRule[]): void {
    this.lent = rules;
  }

  private addReasons(direction: Direction, key: string, known: StatedRule, { justifications }: StatedRule): boolean {
    if (!justifications) { return false; }
    const all = together([...known.justifications ?? [], ...justifications]);
    if (all.length === known.justifications?.length) { return false; }
    this.rules[direction].set(key, { ...known, justifications: all });
    return true;
  }

  /** Its pods may ask DNS for these names only. */
  public limitDns(names: readonly string[]): void {
    this.dnsNames = names;
    this.hasConditions = true;
  }

  public rulesOf(direction: Direction): StatedRule[] {
    try {
      return this.allRules(direction);
    } catch {
      return [...this.rules[direction].values()]; // Reported where the statement is compiled.
    }
  }

  private allRules(direction: Direction): StatedRule[] {
    const late = this.late[direction].flatMap(produce => produce().rules);
    return [...this.rules[direction].values(), ...late, ...(direction === 'egress' ? this.lent : [])];
  }

  public get hasDeny(): boolean {
    return DIRECTIONS.some(direction => this.rulesOf(direction).some(rule => rule.action === 'deny'));
  }

  /** As `hasDeny`, without what was said about workloads that were taken out of the app. */
  public get hasLiveDeny(): boolean {
    return DIRECTIONS.some(direction => this.rulesOf(direction).some(({ action, peer }) => action === 'deny' && livePeer(peer) !== undefined));
  }

  /** Whether all that it denies are workloads that were taken out of the app. */
  public get isSilenced(): boolean {
    if (this.isolates.ingress || this.isolates.egress) { return false; }
    const rules = DIRECTIONS.flatMap(direction => this.rulesOf(direction));
    return rules.length > 0 && rules.every(({ peer }) => livePeer(peer) === undefined);
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

  /** Whether its denies may not be of the cluster's DNS. */
  public get guardsDns(): boolean {
    return this.props.guardsDns ?? this.props.dns;
  }

  public toString(): string {
    const { namespace, name } = this.props;
    return `policy ${namespace === undefined ? name : `${namespace}/${name}`} (${this.origin.at})`;
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
    this.wider = DIRECTIONS.flatMap(direction => this.late[direction].flatMap(produce => produce().wider ?? []));
    const subject = this.subjectExpr(facts);
    const { stage, mode, order } = this.place;
    return DIRECTIONS.flatMap((direction): Policy[] => {
      const stated = this.liveRules(direction);
      if (stated.length === 0 && !this.isolates[direction]) { return []; }
      const rules = this.throughMesh(direction, stated, stated.map(each => this.toRule(direction, each, facts)), facts, proxyElsewhere, keepsPorts);
      const dns = direction === 'egress' && this.isolates.egress && this.dns ? dnsRules(rules, facts, dnsElsewhere, this.origin, { names: this.dnsNames, scope: this.dnsScope }) : [];
      const isolates = this.isolates[direction];
      return [{ origin: this.origin, stage, order, mode, direction, subject, isolates, rules: [...rules, ...dns], ...this.reasons }];
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
      policy: { origin: this.origin, stage: NORMAL, order: [], mode, direction: 'ingress', subject: this.subjectExpr(facts), isolates: true, rules: rules.map(({ rule: each }) => each), ...this.reasons },
    };
  }

  /** What was said about a workload that was taken out of the app is said no more. */
  private liveRules(direction: Direction): StatedRule[] {
    return this.allRules(direction).flatMap(stated => {
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

  private get reasons(): Pick<Policy, 'justifications'> {
    return this.justifications.length > 0 ? { justifications: this.justifications } : {};
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

  private toRule(direction: Direction, { action, peer, port, authenticated, justifications }: StatedRule, facts: ResolvedFacts): Rule {
    const part = () => `${direction} ${direction === 'ingress' ? 'from' : 'to'} ${peer} on ${port}${authenticated ? ', authenticated' : ''}`;
    let other: EndpointExpr;
    try {
      other = peer._expr({ facts, namespace: this.props.namespace });
    } catch (error) {
      throw new Error(`${this}, ${part()}: ${(error as Error).message}`);
    }
    checkPortNames(this, port, () => this.ownersOf(direction, peer));
    const why = justifications ? { justifications: called(part(), justifications) } : {};
    const stated: Rule = { ...rule(action, direction, other, port._traffic), origin: new RuleOrigin(this.origin, part), ...why };
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

/** Rules of several statements may be written as one: each reason says whose it is. */
function called(part: string, justifications: readonly Justified[]): readonly Justified[] {
  const statement = part.length > LONGEST.statement ? `${[...part].slice(0, LONGEST.statement - 3).join('')}...` : part;
  return justifications.map(each => ({ statement, ...each }));
}

/** The labels only: kind and namespace are the policy's own. */
function withoutScope(expr: EndpointExpr): EndpointExpr {
  return 'allOf' in expr ? allOf(...expr.allOf.filter(part => !('kind' in part) && !('namespace' in part))) : expr;
}
