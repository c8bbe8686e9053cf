import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { AppObjects } from './app-objects';
import { CalicoTiers } from './calico-tiers';
import { compile, Compiled } from './compile';
import type { WrittenDeny } from './deny';
import { isLive } from './liveness';
import type { MetadataBlock } from './metadata-block';
import type { Scrape } from './monitoring-ends';
import { objectKind } from './policy-kind';
import { PolicyStatement, PolicyStatementProps, StatedRule } from './policy-statement';
import { targetOf } from './target';
import { TierDenies } from './tier-denies';
import type { Workload, WorkloadOptions } from './workload';
import { Cluster, ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { orderAnnotations } from '../cluster/git-ops';
import { rootRecord } from '../cluster/root-record';
import { nameInTier } from '../dialects/calico';
import { Document, Target } from '../dialects/dialect';
import { AUTHORIZATION_POLICY, DRY_RUN } from '../dialects/istio';
import { Justified } from '../model/justification';
import { Direction } from '../model/policy-set';

/** Ids that nobody gives to a construct of their own. */
const id = (name: string): string => `netpol:${name}`;

/** What this library made in a chart. */
interface ChartRecord {
  /** Where generated policies hang when the chart has default denies, which are written after them. */
  policies?: Construct;
  defaultDenies?: Construct;
  /** By namespace. */
  readonly owned: Map<string | undefined, ApiObject[]>;
  /** Namespaces that were made after the groups, which stand before them. */
  readonly lateNamespaces: Map<string | undefined, ApiObject>;
}

/**
 * Everything that an app states, and the one validation that judges it. There is one for each app.
 *
 * cdk8s validates the whole app once for each chart and once more. Inside one synth nothing changes
 * between these passes, so what was compiled in the first serves them all.
 */
export class Statements {
  public static of(scope: IConstruct): Statements {
    const record = rootRecord(scope);
    return (record.statements ??= new Statements(scope.node.root)) as Statements;
  }

  /** Counts compilations; what is read of the app's constructs is kept for one. */
  public generation = 0;
  /** What the app states; constructs that were taken out of it state nothing. */
  public policies: readonly PolicyStatement[] = [];
  public metadataBlocks: readonly MetadataBlock[] = [];
  /** Whether there are, or were, objects of one CNI that are not made of statements. */
  public hasNatives = false;
  public readonly calicoTiers = new CalicoTiers(this);
  public readonly tierDenies = new TierDenies();
  private readonly byWorkload = new Map<Workload, PolicyStatement>();
  private readonly deniedOf = new Map<Workload, WrittenDeny[]>();
  /** By the object that renders them, or by what selects them. */
  private readonly workloads = new Map<ApiObject | string, Workload>();
  private readonly owned = new Set<ApiObject>();
  private readonly charts = new Map<Chart, ChartRecord>();
  private readonly stated: PolicyStatement[] = [];
  private readonly blocks: MetadataBlock[] = [];
  /** The kind of workload that has taken a name, by namespace and name. */
  private readonly takenNames = new Map<string, string>();
  private version = 0;
  private insideSynth = false;
  /** What others have worked out in this synth. */
  private readonly known = new Map<unknown, unknown>();
  private readonly scrapeList: Scrape[] = [];
  private objects?: AppObjects;
  private last?: { readonly version: number; readonly compiled: Compiled };

  private constructor(public readonly root: IConstruct) {
    // A construct of its own, so that messages begin with a name.
    new Construct(root as Construct, 'cdk8s-netpol').node.addValidation({ validate: () => [...this.compiled().errors] });
    this.watchSynth(root as App);
  }

  /** The facts, which freeze when somebody reads them. */
  public factsFor(reader: IConstruct): ResolvedFacts {
    return Cluster.of(this.root)._read(reader);
  }

  /** The workloads that somebody named. */
  public get knownWorkloads(): Workload[] {
    return [...this.workloads.values()].filter(({ _object: object }) => !object || isLive(object));
  }

  public isOwn(object: ApiObject): boolean {
    return this.owned.has(object);
  }

  public statementOf(workload: Workload): PolicyStatement | undefined {
    return this.byWorkload.get(workload);
  }

  /** The same object, or the same selection, is the same workload. */
  public workloadOf(source: ApiObject | string, make: () => Workload, options: WorkloadOptions): Workload {
    let workload = this.workloads.get(source);
    if (!workload) {
      this.workloads.set(source, workload = make());
    } else if (options.name !== undefined && options.name !== workload.name) {
      throw new Error(`${workload}: its name is stated twice, as ${workload.name} and as ${options.name}`);
    } else if (options.dns !== undefined && options.dns !== workload._dns) {
      throw new Error(`${workload}: dns is stated twice, as ${workload._dns} and as ${options.dns}`);
    }
    return workload;
  }

  /** Adds one end of a connection to the policy of `workload`, which is made at its first. */
  public edge(workload: Workload, direction: Direction, rule: StatedRule): void {
    if (this.policyOf(workload).add(direction, rule)) { this.touch(); }
    this.isolate(workload, direction, workload._dns);
  }

  /** Adds what may not pass to the same policy, and isolates nothing. Calico has denies in a tier of their own, and so in an object of their own. */
  public deny(workload: Workload, direction: Direction, rule: StatedRule): PolicyStatement {
    const statement = this.statementFor(workload);
    if (statement.add(direction, rule)) { this.touch(); }
    const facts = this.factsFor(workload._object ?? workload._chart);
    const isApart = facts.dialect === Dialect.CALICO;
    this.carry(statement, workload, isApart ? nameInTier(facts.calicoDenyTier, statement.props.name) : undefined);
    if (isApart) { this.calicoTiers.require(statement, facts); }
    return statement;
  }

  /** Remembers what may not pass, wherever it is written. */
  public noteDenied(workload: Workload, denied: WrittenDeny): void {
    const known = this.deniedOf.get(workload);
    if (known) { known.push(denied); } else { this.deniedOf.set(workload, [denied]); }
  }

  public denialsOf(workload: Workload): readonly WrittenDeny[] {
    return this.deniedOf.get(workload) ?? [];
  }

  /** What workloads were denied by connections, and their policies. */
  public get denials(): readonly { readonly workload: Workload; readonly statement?: PolicyStatement; readonly denied: readonly WrittenDeny[] }[] {
    return [...this.deniedOf].map(([workload, denied]) => ({ workload, statement: this.byWorkload.get(workload), denied }));
  }

  /** Where what is generated for a workload hangs. */
  public generatedFor(workload: Workload): Construct {
    return this.generatedPolicies(workload._chart);
  }

  /** Closes a direction of `workload` for all that is not stated. */
  public isolate(workload: Workload, direction: Direction, dns: boolean): void {
    const statement = this.policyOf(workload);
    const bringsDns = statement.dns || (direction === 'egress' && dns);
    if (statement.isolates[direction] && statement.dns === bringsDns) { return; }
    statement.isolates[direction] = true;
    statement.dns = bringsDns;
    this.authorizeInMesh(statement);
    this.touch();
  }

  /** Adds why a workload is closed. */
  public justify(workload: Workload, why: Justified): void {
    this.policyOf(workload).justify(why);
    this.touch();
  }

  /** Adds the policy of the mesh, where there is one, to what carries a statement that closes ingress. */
  public authorizeInMesh(statement: PolicyStatement): void {
    const [object] = statement.objects.values();
    if (!object || statement.authorization || !statement.isolates.ingress) { return; }
    const facts = this.factsFor(object);
    if (!statement.isAuthorized(facts)) { return; }
    const { name, namespace } = statement.props;
    statement.authorization = new ApiObject(object, 'Authorization', {
      ...AUTHORIZATION_POLICY,
      metadata: { name, namespace, annotations: { ...annotationsOf(statement, facts), ...(statement.isEnforced ? {} : { [DRY_RUN]: 'true' }) } },
      spec: Lazy.any({ produce: () => this.rendered().authorizations.get(statement)?.spec }),
    } as never);
    this.ownOther(statement.authorization);
  }

  /** Registers a statement; its objects are added by `objectProps`. */
  public state(props: PolicyStatementProps): PolicyStatement {
    const statement = new PolicyStatement(props);
    this.stated.push(statement);
    this.touch();
    return statement;
  }

  /** The props of the API object that carries the statement's document of that name. */
  public objectProps(statement: PolicyStatement, scope: IConstruct, documentName: string = statement.props.name) {
    const facts = this.factsFor(scope);
    const { namespace } = statement.props;
    return {
      ...objectKind(statement, facts),
      metadata: {
        name: documentName,
        ...(namespace === undefined ? {} : { namespace }),
        annotations: annotationsOf(statement, facts),
      },
      spec: Lazy.any({ produce: () => this.documentOf(statement, documentName).spec }),
      // A subject with alternatives is several specs of one policy.
      ...(facts.dialect === Dialect.CILIUM ? { specs: Lazy.any({ produce: () => this.documentOf(statement, documentName).specs }) } : {}),
    };
  }

  public own(object: ApiObject, statement: PolicyStatement, documentName: string = statement.props.name, owner: IConstruct = object): void {
    statement.objects.set(documentName, object);
    statement.owner ??= owner;
    this.owned.add(object);
    this.authorizeInMesh(statement);
    const record = this.recordOf(Chart.of(object));
    const { namespace } = statement.props;
    const siblings = record.owned.get(namespace);
    if (siblings) { siblings.push(object); } else { record.owned.set(namespace, [object]); }
    // Written where its construct stands; a default deny of the namespace that stands before it must wait.
    const inGroup = object.node.scope !== undefined && (object.node.scope === record.policies || object.node.scope === record.defaultDenies);
    const late = inGroup ? record.lateNamespaces.get(namespace) : undefined;
    if (late) { object.node.addDependency(late); }
    if (inGroup) {
      // A group that was made for another namespace stands before what this one has made since.
      const first = record.defaultDenies?.node.children[0];
      for (const sibling of object.node.scope === record.defaultDenies && first !== object ? siblings ?? [] : []) {
        if (sibling !== object && sibling.node.scope !== record.policies) { object.node.addDependency(sibling); }
      }
      return;
    }
    for (const deny of record.defaultDenies?.node.children ?? []) {
      if ((deny as ApiObject).metadata.namespace === namespace) { deny.node.addDependency(object); }
    }
  }

  /** Objects of ours that are no policies. */
  public ownOther(object: ApiObject): void {
    this.owned.add(object);
  }

  /**
   * Where the generated policies of a chart hang: in their place before the default denies, where there are some.
   * Otherwise in the chart itself: each synth walks every construct once for each chart.
   */
  private generatedPolicies(chart: Chart): Construct {
    return this.recordOf(chart).policies ?? chart;
  }

  /** Where the default denies of a chart hang: after everything that allows. */
  public defaultDenies(chart: Chart): Construct {
    const record = this.recordOf(chart);
    record.policies ??= new Construct(chart, id('policies'));
    return (record.defaultDenies ??= new Construct(chart, id('default-denies')));
  }

  /** A namespace that is made after policies of its chart must still be written before them. */
  public namespaceMade(object: ApiObject): void {
    this.ownOther(object);
    const { owned, policies, lateNamespaces } = this.recordOf(Chart.of(object));
    if (policies) { lateNamespaces.set(object.name, object); }
    for (const policy of owned.get(object.name) ?? []) { policy.node.addDependency(object); }
  }

  private recordOf(chart: Chart): ChartRecord {
    let record = this.charts.get(chart);
    if (!record) { this.charts.set(chart, record = { owned: new Map(), lateNamespaces: new Map() }); }
    return record;
  }

  public block(block: MetadataBlock): void {
    this.blocks.push(block);
    this.touch();
  }

  public scrape(scrape: Scrape): void {
    this.scrapeList.push(scrape);
    this.touch();
  }

  /** What monitoring may scrape. */
  public get scrapes(): readonly Scrape[] {
    return this.scrapeList.filter(({ statement }) => this.policies.includes(statement));
  }

  public touch(): void {
    this.version++;
  }

  public target(facts: ResolvedFacts): Target {
    return targetOf(facts);
  }

  /** The policies of what the app holds now, also where nothing was compiled yet. */
  public get livePolicies(): readonly PolicyStatement[] {
    this.compiled();
    return this.policies;
  }

  /** What is wrong with what the app states. */
  public get errors(): readonly string[] {
    return this.compiled().errors;
  }

  /** The objects of the app that this library did not make, as they are in this compilation. */
  public get appObjects(): AppObjects {
    return (this.objects ??= new AppObjects(this));
  }

  /** What `make` makes: once inside a synth, in which nothing changes, anew at any other time. */
  public once<T>(key: unknown, make: () => T): T {
    if (!this.insideSynth) { return make(); }
    if (!this.known.has(key)) { this.known.set(key, make()); }
    return this.known.get(key) as T;
  }

  private compiled(): Compiled {
    if (!this.last || this.last.version !== this.version || !this.insideSynth) {
      this.generation++;
      this.objects = undefined;
      this.forgetRemoved();
      const compiled = compile(this);
      this.last = { version: this.version, compiled };
    }
    return this.last.compiled;
  }

  /** Takes out what hangs elsewhere than the construct that said it. */
  private forgetRemoved(): void {
    const live = (statement: PolicyStatement): boolean => {
      const { subject } = statement.props;
      const object = 'workload' in subject ? subject.workload._object : undefined;
      return (!statement.owner || isLive(statement.owner)) && (!object || isLive(object)) && !statement.isSilenced;
    };
    this.forgetDenials();
    this.policies = this.stated.filter(live);
    if (this.policies.length < this.stated.length) {
      for (const statement of this.stated.filter(candidate => !live(candidate))) {
        for (const object of statement.objects.values()) { object.node.scope?.node.tryRemoveChild(object.node.id); }
      }
    }
    this.metadataBlocks = this.blocks.filter(({ statement }) => live(statement));
  }

  /** What Calico has an object of its own for, when nobody is left to be denied. */
  private forgetDenials(): void {
    for (const workload of this.deniedOf.keys()) {
      const statement = this.byWorkload.get(workload);
      if (!statement || statement.hasLiveDeny) { continue; }
      for (const [name, object] of [...statement.objects].filter(([documentName]) => documentName !== statement.props.name)) {
        object.node.scope?.node.tryRemoveChild(object.node.id);
        if (statement.objects.size > 1) { statement.objects.delete(name); }
      }
    }
  }

  /** Every way of rendering validates first, save a direct `toJson()` of an object. */
  private rendered(): Compiled {
    return this.last?.version === this.version ? this.last.compiled : this.compiled();
  }

  private documentOf(statement: PolicyStatement, name: string): Document {
    const compiled = this.rendered();
    const document = compiled.documents.get(statement)?.find(candidate => candidate.metadata.name === name);
    if (!document) { throw new Error(compiled.errors.join('\n') || `${statement} has no document ${name}`); }
    return document;
  }

  private policyOf(workload: Workload): PolicyStatement {
    const statement = this.statementFor(workload);
    this.carry(statement, workload);
    return statement;
  }

  /** Makes the object of that name, where there is none. */
  private carry(statement: PolicyStatement, workload: Workload, documentName: string = statement.props.name): void {
    if (statement.objects.has(documentName)) { return; }
    const group = this.generatedPolicies(workload._chart);
    const kind = workload._object?.kind.toLowerCase() ?? (workload.isExternal ? 'external' : 'selected');
    const plain = id(`${kind}-${workload.name}${documentName === statement.props.name ? '' : '-deny'}`);
    let unique = plain;
    for (let i = 2; group.node.tryFindChild(unique); i++) { unique = `${plain}-${i}`; }
    this.own(new ApiObject(group, unique, this.objectProps(statement, workload._object ?? group, documentName)), statement, documentName);
  }

  private statementFor(workload: Workload): PolicyStatement {
    return this.byWorkload.get(workload) ?? this.newPolicy(workload);
  }

  private newPolicy(workload: Workload): PolicyStatement {
    const statement = this.state({
      path: workload._object?.node.path ?? `${workload._chart.node.path}/${workload.name}`,
      namespace: workload.namespace,
      name: this.freeName(workload),
      subject: { workload },
      isolates: { ingress: false, egress: false },
      dns: false,
      guardsDns: workload._dns,
      step: 'policy',
    });
    statement.guardsSubject = workload._dns;
    this.byWorkload.set(workload, statement);
    return statement;
  }

  /** The workload's name; with its kind where another kind of workload has taken it. Dots mean tiers in Calico. */
  public freeName(workload: Workload): string {
    const plain = workload.name.replace(/\./g, '-');
    const taken = this.takenNames.get(`${workload.namespace}/${plain}`);
    const kind = workload._object?.kind.toLowerCase() ?? 'workload';
    if (taken === undefined || taken === kind) {
      this.takenNames.set(`${workload.namespace}/${plain}`, kind);
      return plain;
    }
    return `${plain}-${kind}`;
  }

  /** Marks the time inside `App.synth` and `App.synthYaml`, in which the app does not change. */
  private watchSynth(app: App): void {
    const watch = <T>(run: () => T): T => {
      const outer = this.insideSynth;
      // What was compiled before may be older than a change that was not stated through this library.
      if (!outer) {
        this.last = undefined;
        this.known.clear();
      }
      this.insideSynth = true;
      try { return run(); } finally { this.insideSynth = outer; }
    };
    const { synth, synthYaml } = app;
    if (synth) { app.synth = () => watch(() => synth.call(app)); }
    if (synthYaml) { app.synthYaml = () => watch(() => synthYaml.call(app)); }
  }
}

const annotationsOf = ({ props: { step } }: PolicyStatement, { gitOps, environment }: ResolvedFacts): Record<string, string> => ({
  ...orderAnnotations(gitOps, step),
  ...(environment === undefined ? {} : { 'cdk8s-netpol/facts-from-environment': environment }),
});
