import type { AppObjects, AppPods } from './app-objects';
import type { Denied } from './deny';
import type { MetadataBlock } from './metadata-block';
import type { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import { tidy } from './tidy';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { EndpointExpr } from '../model/endpoint';
import { groupBy } from '../model/group-by';
import { Endpoint, matchesEndpoint, YES } from '../model/match';

/** A policy is about all pods that its selector selects: it cannot tell the pods of two workloads apart that both match. */
export function checkOverlaps(statements: Statements, app: AppObjects, facts: ResolvedFacts): string[] {
  const known = statements.knownWorkloads.flatMap(readKnown);
  return [...checkStatements(statements, known, app, facts), ...checkExcepts(statements.metadataBlocks, known, app)];
}

/** A workload that somebody named. */
interface Known {
  readonly workload: Workload;
  /** Its place among them. */
  readonly order: number;
  /** What its policy selects, and the same as a text that does not depend on the order of labels. */
  readonly expr: EndpointExpr;
  readonly selector: string;
  /** Its pods; of those by labels, no more than the labels is known. */
  readonly pods: Endpoint;
  readonly byLabels: boolean;
}

function readKnown(workload: Workload, order: number): Known[] {
  try {
    const expr = workload._expr();
    const selector = partsOf(expr).map(part => JSON.stringify(part)).sort().join();
    const pods = workload._pods();
    const { namespace } = workload;
    const endpoint: Endpoint = { kind: 'pod', namespace, labels: workload._podLabels(), ...(pods ? { serviceAccount: pods.serviceAccount } : {}) };
    return [{ workload, order, expr, selector, pods: endpoint, byLabels: pods === undefined }];
  } catch {
    return []; // Reported where a statement needs it.
  }
}

const partsOf = (expr: EndpointExpr): readonly EndpointExpr[] => ('allOf' in expr ? expr.allOf : [expr]);

// --- statements

function checkStatements(statements: Statements, known: readonly Known[], app: AppObjects, facts: ResolvedFacts): string[] {
  const speaks = ({ workload }: Known): boolean => statements.statementOf(workload) !== undefined || statements.denialsOf(workload).length > 0;
  const meanings = new Map<Workload, string | undefined>();
  const meaningOf = ({ workload }: Known): string | undefined => {
    if (!meanings.has(workload)) { meanings.set(workload, fingerprint(statements.statementOf(workload), statements.denialsOf(workload), facts)); }
    return meanings.get(workload);
  };
  const differ = (one: Known, other: Known): boolean => {
    // A selection that states something for the pods of a construct that states nothing is one statement, not two.
    if (one.byLabels !== other.byLabels && !(speaks(one) && speaks(other))) { return false; }
    const [our, their] = [meaningOf(one), meaningOf(other)];
    return our !== undefined && their !== undefined && our !== their;
  };

  const index = new PodIndex(known, ({ pods }) => pods);
  const alike = [...groupBy(known, ({ selector }) => selector).values()].flatMap(group => {
    const constructs = group.filter(({ byLabels }) => !byLabels);
    const others = group.filter(({ byLabels }) => byLabels);
    const speaker = constructs.find(speaks);
    const twins = [...pairsWith(constructs[0], constructs), ...pairsWith(speaker, others), ...pairsWith(others[0], others)]
      .filter(([one, other]) => differ(one, other));
    // Those of one selector that state the same select the same.
    const broad = [speaker, others.find(speaks)].filter(candidate => candidate !== undefined);
    const held = broad.flatMap(one => index.near(one.expr, one.workload.namespace)
      .filter(other => other.selector !== one.selector && !(one.byLabels && other.byLabels) && selects(one.expr, other) && differ(one, other))
      .map(other => overlapProblem(one.workload, other.workload)));
    return [...twins.map(([one, other]) => sameLabelsProblem(one.workload, other.workload)), ...held];
  });
  return [...alike, ...checkSelections(known.filter(each => each.byLabels && speaks(each)), differ, app)];
}

/** Labels alone do not tell whether two selections are about the same pods; the pods of the app do. */
function checkSelections(selections: readonly Known[], differ: (one: Known, other: Known) => boolean, app: AppObjects): string[] {
  if (new Set(selections.map(({ selector }) => selector)).size < 2) { return []; }
  const index = new PodIndex(app.pods, pods => pods);
  const byPods = new Map<AppPods, Known[]>();
  for (const selection of selections) {
    for (const pods of index.near(selection.expr, selection.workload.namespace)) {
      if (matchesEndpoint(selection.expr, pods, { cidrMatches: [] }) === YES) { byPods.set(pods, [...byPods.get(pods) ?? [], selection]); }
    }
  }
  // One workload for each pair is enough to see it by.
  const problems = new Map<string, string>();
  for (const [pods, [first, ...others]] of byPods) {
    const other = others.find(each => each.selector !== first.selector && differ(first, each));
    const pair = `${first.order} ${other?.order}`;
    if (other && !problems.has(pair)) { problems.set(pair, sharedPodsProblem(first.workload, other.workload, pods)); }
  }
  return [...problems.values()];
}

function sameLabelsProblem(one: Workload, other: Workload): string {
  return `${one} and ${other} have the same labels but different statements, and a policy cannot tell them apart; give them different labels, or state the same for both`;
}

function overlapProblem(one: Workload, other: Workload): string {
  return `the policy of ${one} selects the pods of ${other} as well, for which something else is stated, and would hold for both; give ${one} a label that ${other} lacks, or state the same for both`;
}

function sharedPodsProblem(one: Workload, other: Workload, { text }: AppPods): string {
  return `${one} and ${other} both select the pods of ${text}, and different things are stated for them, which would add up; state labels for each that the pods of the other lack, or state the same for both`;
}

const pairsWith = (one: Known | undefined, all: readonly Known[]): [Known, Known][] =>
  (one ? all.filter(other => other !== one).map(other => (one.order < other.order ? [one, other] : [other, one])) : []);

/** Whether it certainly selects the pods. Those by labels may have more labels than are stated. */
function selects(expr: EndpointExpr, { byLabels, expr: own, pods }: Known): boolean {
  if (!byLabels) { return matchesEndpoint(expr, pods, { cidrMatches: [] }) === YES; }
  const stated = new Set(partsOf(own).map(part => JSON.stringify(part)));
  return partsOf(expr).every(part => stated.has(JSON.stringify(part)) || (!('not' in part) && matchesEndpoint(part, pods, { cidrMatches: [] }) === YES));
}

/** What is stated means, whoever its subject is; undefined when it has no meaning, which is reported where it was compiled. */
function fingerprint(statement: PolicyStatement | undefined, denied: readonly Denied[], facts: ResolvedFacts): string | undefined {
  const denials = denied.map(({ direction, precedence, peer, port }) => `${direction} ${precedence} ${peer} ${port}`).sort().join('; ');
  if (!statement) { return denials; }
  try {
    return denials + JSON.stringify(statement.toPolicies(facts).map(tidy).map(({ direction, isolates, rules }) =>
      ({ direction, isolates, rules: rules.map(({ action, match, effects }) => ({ action, match, effects })) })));
  } catch {
    return undefined;
  }
}

// --- exceptions of BlockCloudMetadata

/** Pods keep the addresses with the workload that is excepted, when its selector selects them too. */
function checkExcepts(blocks: readonly MetadataBlock[], known: readonly Known[], app: AppObjects): string[] {
  // One that is excepted by labels is all pods that have them.
  const excepting = blocks.filter(({ except }) => except.some(workload => workload._object));
  if (excepting.length === 0) { return []; }
  const byObject = new Map(known.map(each => [each.workload._object, each]));
  const index = new PodIndex(app.pods, pods => pods);
  return excepting.flatMap(block => {
    const excepted = known.filter(({ workload }) => block.except.includes(workload));
    const isExcepted = (pods: AppPods): boolean => excepted.some(({ workload, byLabels, expr }) =>
      workload._object === pods.object || (byLabels && matchesEndpoint(expr, pods, { cidrMatches: [] }) === YES));
    return excepted.filter(({ byLabels }) => !byLabels).flatMap(one => index.near(one.expr, block.namespace)
      .filter(pods => matchesEndpoint(one.expr, pods, { cidrMatches: [] }) === YES && !isExcepted(pods))
      .map(pods => {
        const other = byObject.get(pods.object);
        if (other?.selector === one.selector) { return exceptTwinProblem(block, pairsWith(one, [other])[0]); }
        return exceptOverlapProblem(block, one.workload, pods);
      }));
  });
}

function exceptTwinProblem(block: MetadataBlock, [one, other]: readonly [Known, Known]): string {
  return `BlockCloudMetadata (${block.path}): of ${one.workload} and ${other.workload}, which have the same labels, only one is in except, and a policy cannot tell them apart; give them different labels, or except both`;
}

function exceptOverlapProblem(block: MetadataBlock, one: Workload, other: AppPods): string {
  return `BlockCloudMetadata (${block.path}): the selector of ${one}, which is in except, selects the pods of ${other.text} as well, which is not, and both would keep the addresses; give ${one} a label that ${other.text} lacks, or except both`;
}

// --- pods by their labels

/** Finds pods without asking each of them: by namespace, and by one label of those that an expression asks for. */
class PodIndex<T> {
  private readonly byText = new Map<string, T[]>();

  public constructor(items: readonly T[], endpointOf: (item: T) => Endpoint) {
    for (const item of items) {
      const { namespace, labels = {} } = endpointOf(item);
      this.put(item, namespace);
      for (const [label, value] of Object.entries(labels)) {
        this.put(item, namespace, label);
        this.put(item, namespace, label, value);
      }
    }
  }

  /** Some pods, among which are all that the expression certainly selects. */
  public near(expr: EndpointExpr, namespace: string): readonly T[] {
    let nearest = this.get(namespace);
    for (const part of partsOf(expr)) {
      if (!('label' in part) || part.of !== 'pod') { continue; }
      const { label } = part;
      const found = part.op === 'in' ? [...new Set(part.values)].map(value => this.get(namespace, label, value)) : [this.get(namespace, label)];
      if (found.reduce((sum, items) => sum + items.length, 0) < nearest.length) { nearest = found.length === 1 ? found[0] : found.flat(); }
    }
    return nearest;
  }

  private put(item: T, ...texts: (string | undefined)[]): void {
    const key = texts.join('\n');
    const items = this.byText.get(key);
    if (items) { items.push(item); } else { this.byText.set(key, [item]); }
  }

  private get(...texts: string[]): readonly T[] {
    return this.byText.get(texts.join('\n')) ?? [];
  }
}
