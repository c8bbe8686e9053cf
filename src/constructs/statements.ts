import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Dialect } from '../cluster/dialect';
import { orderAnnotations } from '../cluster/git-ops';
import { rootRecord } from '../cluster/root-record';
import { dialectModule } from '../dialects';
import { addDenyTier } from './calico-deny-tier';
import { compile, Compiled } from './compile';
import type { MetadataBlock } from './metadata-block';
import { Peer } from './peer';
import { PolicyStatement, PolicyStatementProps } from './policy-statement';
import { Port } from './port';
import type { Workload, WorkloadOptions } from './workload';
import { Cluster, ResolvedFacts } from '../cluster/cluster';
import { Document, Target } from '../dialects/dialect';
import { Direction } from '../model/policy-set';

/** Where a chart's generated policies hang when it has default denies, which are written after them. */
const POLICIES = 'netpol';
const DEFAULT_DENIES = 'netpol-default-deny';

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
  public readonly policies: PolicyStatement[] = [];
  public readonly metadataBlocks: MetadataBlock[] = [];
  /** The Calico tier for denies, once a policy needed it. */
  public denyTier?: ApiObject;
  private readonly byWorkload = new Map<Workload, PolicyStatement>();
  /** By the object that renders them, or by what selects them. */
  private readonly workloads = new Map<ApiObject | string, Workload>();
  private readonly owned = new Set<ApiObject>();
  private readonly ownedOf = new Map<Chart, ApiObject[]>();
  /** Namespaces that stand after the groups of their chart, by its path and their name. */
  private readonly lateNamespaces = new Map<string, ApiObject>();
  /** The kind of workload that has taken a name, by namespace and name. */
  private readonly takenNames = new Map<string, string>();
  private version = 0;
  private insideSynth = false;
  private last?: { readonly version: number; readonly compiled: Compiled };

  private constructor(public readonly root: IConstruct) {
    // A construct of its own, so that messages begin with a name.
    new Construct(root as Construct, 'cdk8s-netpol').node.addValidation({ validate: () => [...this.compiled().errors] });
    this.watchSynth(root as App);
  }

  public get facts(): ResolvedFacts {
    return Cluster.of(this.root)._read(this.root);
  }

  public factsFor(reader: IConstruct): ResolvedFacts {
    return Cluster.of(this.root)._read(reader);
  }

  /** The workloads that somebody named. */
  public get knownWorkloads(): Workload[] {
    return [...this.workloads.values()];
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
  public edge(workload: Workload, direction: Direction, peer: Peer, port: Port): void {
    if (this.policyOf(workload).add(direction, { action: 'allow', peer, port })) { this.touch(); }
    this.isolate(workload, direction, workload._dns);
  }

  /** Closes a direction of `workload` for all that is not stated. */
  public isolate(workload: Workload, direction: Direction, dns: boolean): void {
    const statement = this.policyOf(workload);
    const bringsDns = statement.dns || (direction === 'egress' && dns);
    if (statement.isolates[direction] && statement.dns === bringsDns) { return; }
    statement.isolates[direction] = true;
    statement.dns = bringsDns;
    this.touch();
  }

  /** Registers a statement; its objects are added by `objectProps`. */
  public state(props: PolicyStatementProps): PolicyStatement {
    const statement = new PolicyStatement(props);
    this.policies.push(statement);
    this.touch();
    return statement;
  }

  /** The props of the API object that carries the statement's document of that name. */
  public objectProps(statement: PolicyStatement, scope: IConstruct, documentName: string = statement.props.name) {
    const facts = this.factsFor(scope);
    const { namespace } = statement.props;
    const kind = dialectModule(facts.dialect).kindOf(namespace === undefined ? 'cluster' : 'namespaced');
    return {
      ...kind,
      metadata: {
        name: documentName,
        ...(namespace === undefined ? {} : { namespace }),
        annotations: {
          ...orderAnnotations(facts.gitOps, statement.props.step),
          ...(facts.environment === undefined ? {} : { 'cdk8s-netpol/facts-from-environment': facts.environment }),
        },
      },
      spec: Lazy.any({ produce: () => this.documentOf(statement, documentName).spec }),
      // A subject with alternatives is several specs of one policy.
      ...(facts.dialect === Dialect.CILIUM ? { specs: Lazy.any({ produce: () => this.documentOf(statement, documentName).specs }) } : {}),
    };
  }

  public own(object: ApiObject, statement: PolicyStatement, documentName: string = statement.props.name): void {
    statement.objects.set(documentName, object);
    this.owned.add(object);
    const chart = Chart.of(object);
    const siblings = this.ownedOf.get(chart);
    if (siblings) { siblings.push(object); } else { this.ownedOf.set(chart, [object]); }
    const group = object.node.scope?.node.id;
    const late = group === POLICIES || group === DEFAULT_DENIES ? this.lateNamespaces.get(`${chart.node.path} ${object.metadata.namespace}`) : undefined;
    if (late) { object.node.addDependency(late); }
    const denies = chart.node.tryFindChild(DEFAULT_DENIES);
    // Written where its construct stands; a default deny that stands before it must wait.
    if (denies && !object.node.scopes.includes(denies) && group !== POLICIES) {
      for (const deny of denies.node.children) { deny.node.addDependency(object); }
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
    return (chart.node.tryFindChild(POLICIES) as Construct | undefined) ?? chart;
  }

  /** Where the default denies of a chart hang: after everything that allows. */
  public defaultDenies(chart: Chart): Construct {
    this.group(chart, POLICIES);
    return this.group(chart, DEFAULT_DENIES);
  }

  /** A namespace that is made after policies of its chart must still be written before them. */
  public namespaceMade(object: ApiObject): void {
    this.ownOther(object);
    const chart = Chart.of(object);
    if (chart.node.tryFindChild(POLICIES)) { this.lateNamespaces.set(`${chart.node.path} ${object.name}`, object); }
    for (const policy of this.ownedOf.get(chart) ?? []) {
      if (policy.metadata.namespace === object.name) { policy.node.addDependency(object); }
    }
  }

  public block(block: MetadataBlock): void {
    this.metadataBlocks.push(block);
    this.touch();
  }

  /** The Calico tier in which denies stand; the app emits it once, unless it exists already. */
  public requireDenyTier(statement: PolicyStatement, facts: ResolvedFacts): void {
    const tier = addDenyTier(this, facts, [...statement.objects.values()][0]);
    if (!tier) { return; }
    for (const object of statement.objects.values()) {
      if (object !== tier) { object.node.addDependency(tier); }
    }
  }

  public touch(): void {
    this.version++;
  }

  public target(facts: ResolvedFacts): Target {
    const profile = facts.cni._profile;
    return {
      cni: facts.cni.name,
      ...(facts.cni.version === undefined ? {} : { version: facts.cni.version }),
      cidrMatchesPods: profile.cidrMatchesPods,
      cidrMatchesNodes: profile.cidrMatchesNodes,
      clusterCidrs: [...facts.podCidrs, ...facts.nodeCidrs],
      clusterCidrsComplete: facts.podCidrs.length > 0 && facts.nodeCidrs.length > 0,
      denyTier: facts.calicoDenyTier,
    };
  }

  private compiled(): Compiled {
    if (!this.last || this.last.version !== this.version || !this.insideSynth) {
      this.generation++;
      const compiled = compile(this);
      this.last = { version: this.version, compiled };
    }
    return this.last.compiled;
  }

  private documentOf(statement: PolicyStatement, name: string): Document {
    // Every way of rendering validates first, save a direct `toJson()` of the object.
    const compiled = this.last?.version === this.version ? this.last.compiled : this.compiled();
    const document = compiled.documents.get(statement)?.find(candidate => candidate.metadata.name === name);
    if (!document) { throw new Error(compiled.errors.join('\n') || `${statement} has no document ${name}`); }
    return document;
  }

  private policyOf(workload: Workload): PolicyStatement {
    return this.byWorkload.get(workload) ?? this.newPolicy(workload);
  }

  private newPolicy(workload: Workload): PolicyStatement {
    const group = this.generatedPolicies(workload._chart);
    const kind = workload._object?.kind.toLowerCase() ?? (workload.isExternal ? 'external' : 'selected');
    const id = `${POLICIES}-${kind}-${workload.name}`;
    const unique = group.node.tryFindChild(id) ? `${id}-${group.node.children.length}` : id;
    const statement = this.state({
      path: workload._object?.node.path ?? `${workload._chart.node.path}/${workload.name}`,
      namespace: workload.namespace,
      name: this.freeName(workload),
      subject: { workload },
      isolates: { ingress: false, egress: false },
      dns: false,
      step: 'policy',
    });
    this.byWorkload.set(workload, statement);
    this.own(new ApiObject(group, unique, this.objectProps(statement, workload._object ?? group)), statement);
    return statement;
  }

  /** The workload's name; with its kind where another kind of workload has taken it. Dots mean tiers in Calico. */
  private freeName(workload: Workload): string {
    const plain = workload.name.replace(/\./g, '-');
    const taken = this.takenNames.get(`${workload.namespace}/${plain}`);
    const kind = workload._object?.kind.toLowerCase() ?? 'workload';
    if (taken === undefined || taken === kind) {
      this.takenNames.set(`${workload.namespace}/${plain}`, kind);
      return plain;
    }
    return `${plain}-${kind}`;
  }

  private group(chart: Chart, id: string): Construct {
    return (chart.node.tryFindChild(id) as Construct | undefined) ?? new Construct(chart, id);
  }

  /** Marks the time inside `App.synth` and `App.synthYaml`, in which the app does not change. */
  private watchSynth(app: App): void {
    const watch = <T>(run: () => T): T => {
      const outer = this.insideSynth;
      // What was compiled before may be older than a change that was not stated through this library.
      if (!outer) { this.last = undefined; }
      this.insideSynth = true;
      try { return run(); } finally { this.insideSynth = outer; }
    };
    const { synth, synthYaml } = app;
    if (synth) { app.synth = () => watch(() => synth.call(app)); }
    if (synthYaml) { app.synthYaml = () => watch(() => synthYaml.call(app)); }
  }
}
