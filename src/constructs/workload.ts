import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Connections } from './connections';
import { LabelExpression, selectionExpr } from './label-expression';
import { IPeer, Peer } from './peer';
import { describeObject, PodTemplate, readPodTemplate } from './pod-template';
import { Statements } from './statements';
import { allOf, EndpointExpr, inNamespace, POD, selectorExpr } from '../model/endpoint';
import { dnsLabelProblem, dnsSubdomainProblem } from '../model/labels';

/** Options of a workload. */
export interface WorkloadOptions {
  /**
   * Whether an egress statement of the workload brings DNS along. Without it, a pod whose egress is isolated cannot resolve names.
   * @default true
   */
  readonly dns?: boolean;
  /**
   * The name of its policy, at most 253 characters.
   * @default - the name of its object; by labels, the value of the label `app.kubernetes.io/name` or `app`, else the values of all its labels
   */
  readonly name?: string;
}

/** A workload by labels. */
export interface WorkloadSelection extends WorkloadOptions {
  /** The labels of its pods; at least one. */
  readonly labels: { [key: string]: string };
  /**
   * Further requirements on the labels.
   * @default - none
   */
  readonly expressions?: LabelExpression[];
  /**
   * Its namespace.
   * @default - the chart's
   */
  readonly namespace?: string;
}

/**
 * Pods that belong together, and what they may talk to.
 *
 * A connection that is stated isolates the workload in that direction: all else that way is closed.
 */
export class Workload implements IPeer {
  /**
   * The workload that a construct renders: cdk8s-plus of any version, a plain `ApiObject`, an object of `Include` or `Helm`.
   * The same construct gives the same workload.
   *
   * Its pods are selected by `spec.selector` where its kind has one, else by the labels of its template; both are read at synth.
   *
   * @throws when the construct holds no API object, its name is not known before the synth, or other options were given before
   */
  public static of(construct: IConstruct, options: WorkloadOptions = {}): Workload {
    const object = ApiObject.of(construct);
    return Statements.of(object).workloadOf(object, () => new Workload(Chart.of(object), options, { object }), options);
  }

  /**
   * A workload of this app by its labels. The synth fails when no pods of the app have them.
   * @param scope decides the chart of its policy, and the default namespace
   * @throws when a label or the namespace is not valid, or the namespace is not known
   */
  public static select(scope: IConstruct, selection: WorkloadSelection): Workload {
    return Workload.selected(scope, selection, false);
  }

  /**
   * A workload that another app holds, by its labels. An edge that is stated from the other end writes nothing for it.
   * @param scope decides the chart of its policy, and the default namespace
   * @throws when a label or the namespace is not valid, or the namespace is not known
   */
  public static external(scope: IConstruct, selection: WorkloadSelection): Workload {
    return Workload.selected(scope, selection, true);
  }

  private static selected(scope: IConstruct, selection: WorkloadSelection, external: boolean): Workload {
    const { labels, expressions = [] } = checkSelection(selection);
    const chart = Chart.of(scope);
    const key = JSON.stringify([external, selection.namespace ?? chart.namespace, Object.entries(labels).sort(), expressions.map(String).sort()]);
    return Statements.of(scope).workloadOf(key, () => new Workload(chart, selection, { selection, external }), selection);
  }

  /** What the workload may talk to. */
  public readonly connections: Connections;
  /** Whether another app holds it. */
  public readonly isExternal: boolean;
  /** @internal */
  public readonly _dns: boolean;
  private readonly statedName?: string;
  private peer?: Peer;
  private template?: { readonly generation: number; readonly pods: PodTemplate };
  private expr?: { readonly generation: number; readonly pods: EndpointExpr };

  private constructor(
    /** @internal */
    public readonly _chart: Chart,
    options: WorkloadOptions,
    private readonly source: { readonly object: ApiObject } | { readonly selection: WorkloadSelection; readonly external: boolean },
  ) {
    this._dns = options.dns ?? true;
    this.statedName = options.name;
    const problem = options.name === undefined ? undefined : dnsSubdomainProblem('policy name', options.name);
    if (problem) { throw new Error(problem); }
    this.isExternal = 'selection' in source && source.external;
    this.connections = new Connections(this);
    // Known at once, so that a mistake is reported where it is made.
    if ('object' in source && options.name === undefined && typeof source.object.name !== 'string') {
      throw new Error(`the name of ${describeObject(source.object)} is a Lazy, which has no value before the synth; state metadata.name as text, or say Workload.of(construct, { name: ... })`);
    }
    if ('selection' in source) { this.checkNamespace(this.namespace); }
  }

  /**
   * The namespace of the pods.
   * @throws when it is not known yet: it is never guessed
   */
  public get namespace(): string {
    const stated = 'object' in this.source ? this.source.object.metadata.namespace : this.source.selection.namespace;
    const namespace = stated ?? this._chart.namespace;
    if (namespace === undefined) {
      throw new Error(`the namespace of ${this.toString()} is not known; set it on the chart (new Chart(app, id, { namespace })) or on the workload`);
    }
    if (typeof namespace !== 'string') {
      throw new Error(`the namespace of ${this.toString()} is a Lazy, which has no value before the synth; state metadata.namespace as text`);
    }
    return namespace;
  }

  /** The name of the workload, which its policy takes. */
  public get name(): string {
    if (this.statedName !== undefined) { return this.statedName; }
    if ('object' in this.source) { return this.source.object.name; }
    const { labels } = this.source.selection;
    return labels['app.kubernetes.io/name'] ?? labels.app ?? Object.values(labels).join('-');
  }

  /** This, as a peer. */
  public toPeer(): Peer {
    return (this.peer ??= Peer._ofWorkload(this));
  }

  /** Such as "Deployment web (shop/web)". */
  public toString(): string {
    return 'object' in this.source ? describeObject(this.source.object) : `workload ${this.name}`;
  }

  /**
   * The API object, where this app holds it as one.
   * @internal
   */
  public get _object(): ApiObject | undefined {
    return 'object' in this.source ? this.source.object : undefined;
  }

  /**
   * The pods, for workloads of a construct; read once for each synth.
   * @internal
   */
  public _pods(): PodTemplate | undefined {
    if (!('object' in this.source)) { return undefined; }
    const { generation } = Statements.of(this._chart);
    if (this.template?.generation !== generation) {
      const pods = readPodTemplate(this.source.object);
      this.checkRenderedNamespace(pods.namespace ?? this._chart.namespace);
      this.template = { generation, pods };
    }
    return this.template.pods;
  }

  /**
   * The labels that its pods certainly have.
   * @internal
   */
  public _podLabels(): { readonly [key: string]: string } {
    return 'selection' in this.source ? this.source.selection.labels : this._pods()!.labels;
  }

  /**
   * The pods as an expression; the same object for the whole of a synth.
   * @internal
   */
  public _expr(): EndpointExpr {
    const { generation } = Statements.of(this._chart);
    if (this.expr?.generation !== generation) { this.expr = { generation, pods: this.makeExpr() }; }
    return this.expr.pods;
  }

  private makeExpr(): EndpointExpr {
    const pods = this._pods();
    if (pods?.hostNetwork) {
      throw new Error(`${this.toString()} runs on the host network: its pods are nodes to a policy, which never selects them; say Peer.host() or Peer.remoteNodes() for them`);
    }
    const labels = 'selection' in this.source ? selectionExpr('pod', this.source.selection) : selectorExpr('pod', pods!.selector);
    return allOf(POD, inNamespace(this.namespace), labels);
  }

  /** A JSON patch changes an object when it is rendered, after the namespace of its policy was read. */
  private checkRenderedNamespace(rendered: string | undefined): void {
    if (rendered === this.namespace) { return; }
    throw new Error(`${this.toString()} is rendered into namespace ${rendered}, but its policy would be in ${this.namespace}, where its pods are not; state the namespace in the object's metadata or on the chart, not by a JSON patch`);
  }

  private checkNamespace(namespace: string): void {
    const problem = dnsLabelProblem('namespace', namespace);
    if (problem) { throw new Error(problem); }
  }
}

function checkSelection(selection: WorkloadSelection): WorkloadSelection {
  selectionExpr('pod', selection);
  if (Object.keys(selection.labels).length + (selection.expressions ?? []).length === 0) {
    throw new Error('a workload without labels would be every pod of its namespace; state labels, or say new NetworkPolicy(...) without a subject');
  }
  return selection;
}
