import { IConstruct } from 'constructs';
import { Answer } from './answer';
import { takenApart, appErrors } from './app-documents';
import { appSource } from './app-source';
import { askedOf } from './asked-of';
import { ChangeType, ConnectionChange } from './connection-change';
import { ConnectivityOptions } from './connectivity-options';
import { FlowRequest } from './flow-request';
import { ListedConnection } from './listed-connection';
import { NamedEnd } from './named-end';
import { ReachabilityOptions } from './reachability-options';
import { sideOf } from './side-of';
import { Source } from './source';
import { Verdict } from './verdict';
import { incompleteText, violationsText } from './violation-message';
import { FlowDirection, WorkloadExposure } from './workload-exposure';
import { connectionText, connectionTexts } from '../analysis/connections/connection-text';
import { connections } from '../analysis/connections/connections';
import { diffConnections } from '../analysis/connections/diff-connections';
import { exposure } from '../analysis/connections/exposure/exposure';
import { judge } from '../analysis/contract/judge';
import { Side } from '../analysis/contract/side';
import { Statement } from '../analysis/contract/statement';
import { verdictOf } from '../analysis/contract/verdict';
import { explanationText } from '../analysis/explain/explanation-text';
import { readPaths } from '../analysis/input/read-paths';
import { visible } from '../analysis/visible';
import { ResolvedFacts } from '../cluster/cluster';
import { IPeer } from '../constructs/peer';
import { Port } from '../constructs/port';
import { dnsLabelProblem } from '../model/labels';

/**
 * Who may talk to whom, from the manifests alone: of an app, of objects, or of a folder. All dialects are read together, as the cluster's
 * CNI enforces them.
 *
 * Nothing is guessed: what depends on facts that are not known is unknown, and an assertion fails on it with what is missing.
 */
export class Connectivity {
  /**
   * Of the whole app that a construct is in, as it is rendered now. What the app's constructs state must be sound.
   * @param scope the app, a chart, or any construct of it
   * @param options what differs from the facts of the app
   * @throws when what the app states cannot be written
   */
  public static ofApp(scope: IConstruct, options: ConnectivityOptions = {}): Connectivity {
    const errors = appErrors(scope);
    if (errors.length > 0) { throw new Error(`the app does not synthesize, so that nothing can be said of it:\n  ${errors.join('\n  ')}`); }
    return new Connectivity(appSource(scope, options));
  }

  /**
   * Of objects, such as those of `Testing.synth` or of a file that was parsed. Lists are taken apart.
   * @param objects manifests as plain objects
   * @param options what is known of the cluster
   * @throws when the CNI is not known
   */
  public static ofManifests(objects: any[], options: ConnectivityOptions = {}): Connectivity {
    if (!Array.isArray(objects)) { throw new Error('the manifests are no list of objects; say Connectivity.ofManifests([...])'); }
    const all = objects.map((object, i) => takenApart(object, `manifests[${i}]`));
    const [documents, problems] = [all.flatMap(each => each.documents), all.flatMap(each => each.problems)];
    return new Connectivity(Source.ofManifests({ documents, problems }, options));
  }

  /**
   * Of the YAML and JSON files of a folder and all folders in it, or of one file.
   * @param path of the folder or file
   * @param options what is known of the cluster
   * @throws when nothing can be read there, or the CNI is not known
   */
  public static ofDirectory(path: string, options: ConnectivityOptions = {}): Connectivity {
    const read = readPaths([path]);
    const documents = [...read];
    if (documents.length === 0) {
      const [problem] = read.problems;
      throw new Error(problem ? `${problem.at}: ${problem.message}` : `there is no object of Kubernetes in ${JSON.stringify(path)}; name a folder or a file with manifests`);
    }
    return new Connectivity(Source.ofManifests({ documents, problems: read.problems, notes: read.notes }, options));
  }

  /**
   * An end of a question by its name, for what no construct of the program stands for. Only `Connectivity` understands it.
   * @param text "shop/web" (a workload or a pod), "shop/*" (every workload of a namespace), "svc/shop/api:80", an address, a range of
   * addresses outside, a DNS name, "internet", "{ingress-controller}", "{API server}", or "*" (everything)
   */
  public static named(text: string): IPeer {
    return new NamedEnd(text);
  }

  private constructor(private readonly source: Source) {
    // What is wrong with the facts is told where they are stated.
    void source.open;
    void source.facts;
  }

  /** What the answers leave out or take for granted, as sentences. */
  public get notes(): string[] {
    return [...new Set(this.source.notes)];
  }

  /** What could not be read. With one of these no assertion holds. */
  public get problems(): string[] {
    return this.source.problems.map(({ at, message }) => visible(`${at}: ${message}`));
  }

  /**
   * All of the traffic passes. Where a side stands for many, between each two of them.
   * @param source who connects
   * @param destination who is connected to
   * @param traffic the port of the pods that are connected to. Default: everything, ICMP too
   * @param request what is sent. Default: any request
   * @throws when some of it does not pass, or that is not known, with the reason; when a side stands for nothing
   */
  public assertAllowed(source: IPeer, destination: IPeer, traffic?: Port, request: FlowRequest = {}): void {
    this.assert({ says: 'allow', ...this.sides(source, destination), ...trafficOf(traffic, request) });
  }

  /**
   * None of the traffic passes. Where a side stands for many, between no two of them.
   * @param source who connects
   * @param destination who is connected to
   * @param traffic the port of the pods that are connected to. Default: everything, ICMP too
   * @param request what is sent. Default: any request
   * @throws when some of it passes, or that is not known, with the reason; when a side stands for nothing
   */
  public assertDenied(source: IPeer, destination: IPeer, traffic?: Port, request: FlowRequest = {}): void {
    this.assert({ says: 'deny', ...this.sides(source, destination), ...trafficOf(traffic, request) });
  }

  /**
   * Exactly these may reach the subject: each of them with something, and nobody else with anything. Others are the other workloads, the
   * subject's own other pods, pods that are not in the manifests and carry no labels, and every address outside.
   * @param subject what is reached
   * @param peers who may reach it; none: nobody may
   * @throws when that does not hold, or is not known, with the reason; when a side stands for nothing
   */
  public assertOnly(subject: IPeer, ...peers: IPeer[]): void {
    this.assert({ says: 'only', source: this.side(...peers), destination: this.side(subject) });
  }

  /**
   * Nothing gets from the source to the destination.
   * @param source who connects
   * @param destination who must not be reached
   * @param options whether by way of other workloads
   * @throws when something passes, or that is not known, with the reason of each connection; when a side stands for nothing
   */
  public assertNotReachable(source: IPeer, destination: IPeer, options: ReachabilityOptions = {}): void {
    this.assert({ says: 'notReachable', ...this.sides(source, destination), transitive: options.transitive ?? false });
  }

  /**
   * Nobody of another namespace, and no address outside the cluster, reaches a workload of the namespace. What its own workloads reach
   * is no part of it.
   * @param namespace its name
   * @throws when somebody does, or that is not known, with the reason; when the manifests hold no workload of it
   */
  public assertIsolated(namespace: string): void {
    this.assert({ says: 'isolated', namespace: checkedNamespace(namespace) });
  }

  /**
   * Whether surely nobody of another namespace, and no address outside the cluster, reaches a workload of the namespace.
   * @param namespace its name
   * @throws when the manifests hold no workload of it
   */
  public isolated(namespace: string): boolean {
    const violations = judge(this.source.open, { says: 'isolated', namespace: checkedNamespace(namespace) });
    const vacuous = violations.find(({ kind }) => kind === 'vacuous');
    if (vacuous) { throw new Error(vacuous.sentence); }
    return violations.length === 0 && this.source.problems.length === 0;
  }

  /**
   * Whether the traffic passes, and why.
   * @param source who connects
   * @param destination who is connected to
   * @param traffic the port of the pods that are connected to. Default: everything, ICMP too
   * @param request what is sent. Default: any request
   * @throws when a side stands for nothing
   */
  public verdict(source: IPeer, destination: IPeer, traffic?: Port, request: FlowRequest = {}): Verdict {
    const { source: from, destination: to } = this.sides(source, destination);
    const { answer, explanations } = verdictOf(this.source.open, from, to, askedOf(traffic, request));
    const incomplete = incompleteText(this.source.problems);
    const texts = explanations.map(explanation => explanationText(explanation));
    return new Verdict(
      incomplete === undefined ? ANSWERS[answer] : Answer.UNKNOWN,
      visible([...(incomplete === undefined ? [] : [incomplete]), ...texts].join('\n')),
      [...new Set([...(incomplete === undefined ? [] : this.problems), ...explanations.flatMap(({ missing }) => missing)])],
    );
  }

  /**
   * Each policy and rule that lets the traffic through or stops it, on both sides, with its construct path or its file and line.
   * @param source who connects
   * @param destination who is connected to
   * @param traffic the port of the pods that are connected to. Default: everything, ICMP too
   * @param request what is sent. Default: any request
   * @throws when a side stands for nothing
   */
  public explain(source: IPeer, destination: IPeer, traffic?: Port, request: FlowRequest = {}): string {
    return this.verdict(source, destination, traffic, request).explanation;
  }

  /**
   * All connections between workloads, and with addresses outside, by port. Here the manifests are taken for all that there is: a namespace
   * without an object has no labels, and a range matches a pod by a known address only.
   */
  public connections(): ListedConnection[] {
    return connections(this.source.listed).flatMap(({ source, destination, set }) =>
      connectionTexts(set).map(traffic => new ListedConnection(source, destination, traffic)));
  }

  /**
   * What another state of the manifests changes: the connections that differ, of those that `connections` lists.
   * @param other the later state
   */
  public diff(other: Connectivity): ConnectionChange[] {
    const { differences } = diffConnections(this.source.listed, other.source.listed);
    return differences.map(({ type, source, destination, before, after, opened, closed }) => ({
      kind: CHANGES[type], source, destination, before: connectionText(before), after: connectionText(after), opens: opened, closes: closed,
    }));
  }

  /**
   * What each workload is open to beyond the pods that are known: the entire cluster, pods and namespaces with some labels, addresses outside.
   */
  public exposure(): WorkloadExposure[] {
    const { lines, unprotected } = exposure(this.source.listed);
    const open = new Set(unprotected.map(({ workload, direction }) => `${direction} ${workload}`));
    return lines.map(({ workload, direction, peer, set }) => ({
      workload,
      direction: DIRECTIONS[direction],
      peer,
      traffic: connectionText(set),
      isProtected: !open.has(`${direction} ${workload}`),
    }));
  }

  /** @internal */
  public get _facts(): ResolvedFacts {
    return this.source.facts;
  }

  /**
   * Why the statement does not hold; undefined where it does.
   * @throws when not all of the input could be read
   * @internal
   */
  public _failureOf(statement: Statement): string | undefined {
    this._checkComplete();
    const violations = judge(this.source.open, statement);
    return violations.length === 0 ? undefined : violationsText(violations);
  }

  /**
   * @throws when not all of the input could be read
   * @internal
   */
  public _checkComplete(): void {
    const incomplete = incompleteText(this.source.problems);
    if (incomplete !== undefined) { throw new Error(incomplete); }
  }

  private assert(statement: Statement): void {
    const failure = this._failureOf(statement);
    if (failure !== undefined) { throw new Error(failure); }
  }

  private side(...peers: IPeer[]): Side {
    return sideOf(peers, this.source.facts);
  }

  private sides(source: IPeer, destination: IPeer): { readonly source: Side; readonly destination: Side } {
    return { source: this.side(source), destination: this.side(destination) };
  }
}

const DIRECTIONS = { ingress: FlowDirection.INGRESS, egress: FlowDirection.EGRESS } as const;
const CHANGES = { added: ChangeType.ADDED, changed: ChangeType.CHANGED, removed: ChangeType.REMOVED } as const;
const ANSWERS = { allowed: Answer.ALLOWED, denied: Answer.DENIED, partial: Answer.PARTIAL, unknown: Answer.UNKNOWN } as const;

function trafficOf(port: Port | undefined, request: FlowRequest) {
  const traffic = askedOf(port, request);
  return traffic ? { traffic } : {};
}

function checkedNamespace(namespace: string): string {
  const problem = dnsLabelProblem('namespace', namespace);
  if (problem !== undefined) { throw new Error(problem); }
  return namespace;
}
