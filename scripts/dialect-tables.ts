/** How each statement is written in each dialect and version, found out by writing it: the tables of docs/dialect-*.md. */
import { App, Chart, Yaml } from 'cdk8s';
import { Cluster, ClusterFacts } from '../src';
import { dialectModule } from '../src/dialects';
import { DialectId } from '../src/dialects/dialect';
import { FieldTree, FieldTrees } from '../src/dialects/field-tree';

export interface Sample {
  readonly statement: string;
  /** States it about the pods of the chart's namespace `shop`. */
  readonly state: (chart: Chart) => void;
  /** The manifests that are meant; by default all of them. */
  readonly kinds?: readonly string[];
}

export interface ClusterOfDialect {
  /** Such as `Cilium 1.18`. */
  readonly name: string;
  readonly facts: ClusterFacts;
}

const RANGES: ClusterFacts = { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

/** For each sample, what is written in each cluster; clusters with the same answer stand together. */
export function writtenAs(samples: readonly Sample[], clusters: readonly ClusterOfDialect[]): string {
  return samples.map(sample => {
    const answers = new Map<string, string[]>();
    for (const { name, facts } of clusters) {
      const answer = answerOf(sample, facts);
      answers.set(answer, [...answers.get(answer) ?? [], name]);
    }
    const parts = [...answers].map(([answer, names]) => `${answers.size > 1 || clusters.length === 1 ? `${names.join(', ')}:\n\n` : ''}${answer}`);
    return `### ${sample.statement}\n\n${parts.join('\n\n')}`;
  }).join('\n\n');
}

function answerOf({ state, kinds }: Sample, facts: ClusterFacts): string {
  const app = new App();
  try {
    Cluster.of(app).configure({ ...RANGES, ...facts });
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    state(chart);
    const written = app.charts.flatMap(each => each.toJson()).filter(({ kind, apiVersion }: { kind: string; apiVersion: string }) =>
      (kinds ? kinds.includes(kind) : /^(networking\.k8s\.io|cilium\.io|projectcalico\.org|policy\.networking|security\.istio)/.test(apiVersion)));
    return ['```yaml', written.map(document => Yaml.stringify(document).trim()).join('\n---\n'), '```'].join('\n');
  } catch (error) {
    const reasons = (error as Error).message.split('\n').map(line => line.trim().replace(/^\[.*?\] /, '')).filter(line => line.startsWith('policy '));
    const refused = reasons.find(line => line.includes(': the ')) ?? reasons[0];
    // A sample that fails for another reason says nothing about the dialect.
    if (refused === undefined || /selects no pods/.test(refused)) { throw error; }
    return `Refused: ${refused.replace(/^.*?dialect cannot express this: /, '').replace(/^policy .*? \(.*?\)(, .*?)?: /, '')}.`;
  }
}

/** Every field of the kinds of a dialect that is not in all of its versions. */
export function versionedFields(dialect: DialectId): string[][] {
  const rows: string[][] = [];
  const visit = (tree: FieldTree, path: string): void => {
    const { since, until } = tree;
    if (since !== undefined || until !== undefined) { rows.push([`\`${path}\``, since ?? '', until ?? '']); }
    for (const [value, versions] of Object.entries(('enumVersions' in tree ? tree.enumVersions : undefined) ?? {})) {
      rows.push([`\`${path}: ${value}\``, versions.since ?? '', versions.until ?? '']);
    }
    if (tree.type === 'array') { visit(tree.of, `${path}[]`); }
    if (tree.type === 'object') { each(tree.fields, path); }
  };
  const each = (fields: FieldTrees, path: string): void => {
    for (const [name, tree] of Object.entries(fields)) { visit(tree, path === '' ? name : `${path}.${name}`); }
  };
  each(dialectModule(dialect).fields, '');
  return rows;
}

/** The kinds that a dialect reads. */
export const kindRows = (dialect: DialectId): string[][] => dialectModule(dialect).kinds.map(({ apiVersion, kind, role }) => [
  `\`${apiVersion}\``, kind, role === 'policy' ? 'a policy' : role === 'support' ? 'gives policies their place or members' : 'no policy; what it says of the world goes to the [verifier](connectivity.md)',
]);
