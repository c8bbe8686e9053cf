/**
 * Holds the pages to the code: every ```ts block compiles strictly, every table that is derived from the code is current, every message
 * of the library is explained in docs/errors.md, and every relative link leads to a file. With `--write` the tables are rewritten.
 */
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { BEYOND, cniHead, cniRows, columnRows, IN_TIME, kubernetesRows, noteRows, OF_NETWORK_POLICY } from './cni-tables';
import { CLUSTERS_OF, MESH_SAMPLES, SAMPLES, TIER_SAMPLES } from './dialect-samples';
import { kindRows, versionedFields, writtenAs } from './dialect-tables';
import { TUTORIAL_HEAD, tutorialPrograms, tutorialRows } from './tutorial-tables';
import { CLOUD_ENDPOINTS } from '../src/cluster/cloud-endpoints';
import { CLUSTER_NETWORK_POLICY } from '../src/cluster/cluster-network-policy';
import { SYSTEM_NAMESPACES } from '../src/cluster/system-namespaces';
import { DialectId } from '../src/dialects/dialect';
import { Feature, REFUSALS } from '../src/dialects/refusals';

const ROOT = path.join(__dirname, '..');
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const filesOf = (folder: string, ending: string): string[] =>
  fs.readdirSync(path.join(ROOT, folder)).filter(name => name.endsWith(ending)).sort().map(name => path.join(folder, name));

const PAGES = [
  'README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...filesOf('docs', '.md'),
  ...fs.readdirSync(path.join(ROOT, 'examples')).map(name => path.join('examples', name, 'README.md')).filter(file => fs.existsSync(path.join(ROOT, file))),
];

// ---- snippets

interface Program {
  readonly page: string;
  /** The line of the page on which the snippet begins, from 0. */
  readonly line: number;
  /** The line of `source` on which it begins. */
  readonly offset: number;
  readonly source: string;
}

/** A block that is marked `nofixture` is a whole program; all others stand in the fixture, as jsii-rosetta has it for the README. */
function programsOf(page: string): Program[] {
  const [before, after] = read('rosetta/default.ts-fixture').split('/// here');
  return [...read(page).matchAll(/^```ts( nofixture)?\n([^]*?)^```$/gm)].map(({ index, 1: nofixture, 2: code }) => ({
    page,
    line: linesOf(read(page).slice(0, index)) + 1,
    offset: nofixture ? 0 : linesOf(before),
    source: nofixture ? code : before + code + after,
  }));
}

const linesOf = (text: string): number => text.split('\n').length - 1;

function snippetErrors(): string[] {
  const programs = new Map(PAGES.flatMap(programsOf).map(program => [path.join(ROOT, `${program.page}.${program.line}.ts`), program]));
  const options: ts.CompilerOptions = {
    strict: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['jest', 'node'],
    paths: {
      'cdk8s-netpol': [path.join(ROOT, 'src', 'index.ts')],
      'cdk8s-netpol/jest': [path.join(ROOT, 'src', 'jest', 'index.ts')],
    },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = file => programs.has(file) || fileExists(file);
  host.readFile = file => programs.get(file)?.source ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const program = programs.get(file);
    return program ? ts.createSourceFile(file, program.source, version) : getSourceFile(file, version, ...rest);
  };
  return ts.getPreEmitDiagnostics(ts.createProgram({ rootNames: [...programs.keys()], options, host })).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    const program = file && programs.get(file.fileName);
    if (!file || !program) { return `${file?.fileName ?? ''}: ${message}`; }
    const { line } = file.getLineAndCharacterOfPosition(start!);
    return `${program.page}:${program.line + line - program.offset + 1}: ${message}`;
  });
}

// ---- tables

const row = (...cells: string[]): string => `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
const table = (head: string[], rows: string[][]): string => [row(...head), row(...head.map(() => '---')), ...rows.map(cells => row(...cells))].join('\n');

/** What the constructs can state, and where it is refused when not wherever there is a reason; the other features guard policies that are read from manifests. */
const STATED: readonly { readonly feature: Feature; readonly statement: string; readonly only?: readonly DialectId[] }[] = [
  { feature: 'deny', statement: '`RuleAction.DENY`' },
  { feature: 'cluster-scope', statement: '`ClusterPolicy`' },
  { feature: 'subject', statement: 'a subject that is several selections of labels, by `Peer.oneOf(...)`', only: ['kubernetes'] },
  { feature: 'subject', statement: 'a subject that is not pods of the policy\'s own namespace' },
  { feature: 'fqdn', statement: '`Peer.fqdn(...)`' },
  { feature: 'fqdn-ingress', statement: '`Peer.fqdn(...)` in an ingress rule' },
  { feature: 'fqdn-deny', statement: '`Peer.fqdn(...)` in a deny rule' },
  { feature: 'fqdn-without-dns', statement: '`Peer.fqdn(...)` in a policy with `dns: false`' },
  { feature: 'fqdn-any-depth', statement: '`Peer.fqdn(\'**.…\')`' },
  { feature: 'service-account', statement: '`Peer.serviceAccount(...)`' },
  { feature: 'entity', statement: '`IngressController.ciliumIngress()`', only: ['kubernetes', 'calico'] },
  { feature: 'addresses', statement: '`Peer.addresses(...)`' },
  { feature: 'inside-cluster', statement: '`Peer.cidr(...)` inside the stated ranges of pods and nodes' },
  { feature: 'label-not-identity', statement: 'a pod label that is not part of the identity, such as `pod-template-hash`' },
  { feature: 'namespace-label-key', statement: '`Namespaces.labeled(...)` with a long key' },
  { feature: 'http', statement: '`Port.http(...)`', only: ['kubernetes', 'calico'] },
  { feature: 'server-name', statement: '`Port.serverNames(...)`' },
  { feature: 'protocol', statement: '`Port.icmp(...)`, `Port.ping()`', only: ['kubernetes'] },
  { feature: 'authentication', statement: '`mutualAuthentication: true`' },
  { feature: 'tier', statement: '`tier` of a `ClusterPolicy`' },
  { feature: 'staged', statement: '`mode: PolicyMode.AUDIT`' },
  { feature: 'allow-without-isolation', statement: '`isolate: { … : false }` beside rules that allow' },
];

function refusalTable(dialect: DialectId): string {
  const rows = STATED.filter(({ only }) => only?.includes(dialect) ?? true).flatMap(({ feature, statement }) => {
    const why = REFUSALS[feature][dialect];
    return why ? [[statement, why.reason, why.alternative]] : [];
  });
  return table(['Statement', 'Reason', 'Instead'], rows);
}

const endpointTable = (): string => table(['Cloud', 'Address', 'TCP ports', 'What it is', 'Source'],
  Object.entries(CLOUD_ENDPOINTS).flatMap(([cloud, endpoints]) => endpoints.map(({ address, ports, service, onNode, source }) =>
    [cloud, `\`${address}\``, ports.join(', '), `${service}${onNode ? ', served on the node' : ''}`, `<${source}>`])));

/** One row for each owner and page. */
function systemNamespaceTable(): string {
  const keys = [...new Set(SYSTEM_NAMESPACES.map(({ of, source }) => `${of} ${source}`))];
  return table(['Of', 'What it is', 'Namespaces', 'Source'], keys.map(key => {
    const rows = SYSTEM_NAMESPACES.filter(({ of, source }) => `${of} ${source}` === key);
    const [{ of, addon, everywhere, source }] = rows;
    return [of, everywhere ? 'every cluster' : addon ? 'add-on' : 'distribution', rows.map(({ name }) => `\`${name}\``).join(', '), `<${source}>`];
  }));
}

/** Everything that a dialect refuses, also of policies that only readers and native constructs make. */
const allRefusals = (dialect: DialectId): string => table(['What', 'Reason', 'Instead'], Object.entries(REFUSALS).flatMap(([feature, why]) => {
  const own = why[dialect];
  return own ? [[feature.replace(/-/g, ' '), own.reason, own.alternative]] : [];
}));

function versionTable(dialect: DialectId): string {
  const rows = versionedFields(dialect);
  return rows.length === 0 ? 'All versions have the same fields.' : table(['Field', 'Since', 'Until'], rows);
}

const OF_EVERY_DIALECT: readonly DialectId[] = ['kubernetes', 'cilium', 'calico', 'cluster-network-policy', 'istio'];

const TABLES: Readonly<Record<string, () => string>> = {
  'cloud-endpoints': endpointTable,
  'system-namespaces': systemNamespaceTable,
  'cluster network policy': () => table(['CNI', 'Since', 'Until', 'Version', 'Channel', 'Needs', 'Note', 'Source'], CLUSTER_NETWORK_POLICY.map(({ cni, since, until, version, experimental, flag, note, source }) =>
    [cni, since ?? 'any', until ?? '', version, experimental ? 'experimental' : 'standard', flag ?? '', note ?? '', `<${source}>`])),
  'cni columns': () => table(['Column', 'What it says'], columnRows()),
  'cni networkpolicy': () => table(cniHead(OF_NETWORK_POLICY), cniRows(OF_NETWORK_POLICY)),
  'cni beyond': () => table(cniHead(BEYOND), cniRows(BEYOND)),
  'cni in time': () => table(cniHead(IN_TIME), cniRows(IN_TIME)),
  'cni notes': () => table(['CNI', 'Column', 'Note'], noteRows()),
  'kubernetes versions': () => table(['Since', 'What', 'Note', 'Source'], kubernetesRows()),
  'refusals kubernetes': () => refusalTable('kubernetes'),
  'refusals cilium': () => refusalTable('cilium'),
  'refusals calico': () => refusalTable('calico'),
  ...Object.fromEntries(OF_EVERY_DIALECT.flatMap(dialect => [
    [`all refusals ${dialect}`, () => allRefusals(dialect)],
    [`versions ${dialect}`, () => versionTable(dialect)],
    [`kinds ${dialect}`, () => table(['API', 'Kind', 'To the reader'], kindRows(dialect))],
  ])),
  'written kubernetes': () => writtenAs(SAMPLES, CLUSTERS_OF.kubernetes),
  'written cilium': () => writtenAs(SAMPLES, CLUSTERS_OF.cilium),
  'written calico': () => writtenAs(SAMPLES, CLUSTERS_OF.calico),
  'written cluster-network-policy': () => writtenAs(TIER_SAMPLES, CLUSTERS_OF['cluster-network-policy']),
  'tutorial manifests': () => table(TUTORIAL_HEAD, tutorialRows()),
  'tutorial programs': tutorialPrograms,
  'written istio': () => writtenAs(MESH_SAMPLES, CLUSTERS_OF.istio),
};

function tableErrors(write: boolean): string[] {
  return PAGES.flatMap(page => {
    const errors: string[] = [];
    const text = read(page).replace(/<!-- generated: ([a-z -]+) -->[^]*?<!-- end -->/g, (old, name: string) => {
      if (!Object.hasOwn(TABLES, name)) { errors.push(`${page}: there is no table ${name}`); return old; }
      const current = `<!-- generated: ${name} -->\n\n${TABLES[name]()}\n\n<!-- end -->`;
      if (old !== current && !write) { errors.push(`${page}: the table ${name} is not current; run this script with --write`); }
      return current;
    });
    if (write && text !== read(page)) { fs.writeFileSync(path.join(ROOT, page), text); }
    return errors;
  });
}

// ---- messages

/** Shorter pieces of a message say too little to be looked for. */
const PIECE = 15;
const REPORTERS = ['onError', 'errors.push', 'wider.push'];

function messageErrors(): string[] {
  const explained = read('docs/errors.md').replace(/\s+/g, ' ');
  const sources = ['cluster', 'connectivity', 'constructs', 'patterns'].flatMap(folder => filesOf(`src/${folder}`, '.ts'));
  return [...sources, 'src/model/cidr.ts', 'src/model/fqdn.ts', 'src/model/labels.ts', 'src/dialects/outside.ts'].flatMap(file =>
    piecesOf(ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true))
      .filter(piece => piece.length >= PIECE && !explained.includes(piece))
      .map(piece => `docs/errors.md: nothing explains the message of ${file}: ${JSON.stringify(piece)}`));
}

/** The constant parts of what is thrown, reported, or returned as a problem. */
function piecesOf(source: ts.SourceFile): string[] {
  const pieces: string[] = [];
  const visit = (node: ts.Node, reported: boolean): void => {
    const here = reported || reports(node);
    if (here && (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))) {
      pieces.push(node.text.replace(/\s+/g, ' ').trim());
    }
    node.forEachChild(child => visit(child, here));
  };
  visit(source, false);
  return pieces;
}

function reports(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) { return node.expression.getText() === 'Error'; }
  if (ts.isCallExpression(node)) { return REPORTERS.includes(node.expression.getText()); }
  return ts.isFunctionDeclaration(node) && /Problem$|^checkSubjects$/.test(node.name?.text ?? '');
}

// ---- links

const linkErrors = (): string[] => PAGES.flatMap(page =>
  [...read(page).replace(/^```[^]*?^```$/gm, '').matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)]
    .map(([, target]) => target)
    .filter(target => !/^[a-z]+:/.test(target) && !fs.existsSync(path.join(ROOT, path.dirname(page), target)))
    .map(target => `${page}: the link to ${target} leads nowhere`));

const errors = [...tableErrors(process.argv.includes('--write')), ...snippetErrors(), ...messageErrors(), ...linkErrors()];
for (const error of errors) { process.stderr.write(`${error}\n`); }
process.stdout.write(`${PAGES.length} pages, ${PAGES.flatMap(programsOf).length} snippets: ${errors.length === 0 ? 'all hold' : `${errors.length} errors`}\n`);
process.exitCode = errors.length === 0 ? 0 : 1;
