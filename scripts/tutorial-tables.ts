/** What docs/coming-from-yaml.md shows of the examples in test/tutorials, which are tests: program for program as it is run there. */
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { EVERY_CLUSTER, Example, EXAMPLES } from '../test/tutorials/examples';

const FOLDER = path.join(__dirname, '..', 'test', 'tutorials', 'examples');

/** The statements of each program, by the id of its example. */
function programs(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of fs.readdirSync(FOLDER)) {
    const source = ts.createSourceFile(file, fs.readFileSync(path.join(FOLDER, file), 'utf8'), ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (ts.isObjectLiteralExpression(node)) {
        const [id, program] = [valueOf(node, 'id'), valueOf(node, 'program')];
        if (id && program && ts.isStringLiteral(id) && ts.isArrowFunction(program)) { found.set(id.text, statementsOf(program, source)); }
      }
      node.forEachChild(visit);
    };
    visit(source);
  }
  return found;
}

function valueOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find(each => ts.isPropertyAssignment(each) && each.name.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

function statementsOf({ body }: ts.ArrowFunction, source: ts.SourceFile): string {
  if (!ts.isBlock(body)) { throw new Error(`${source.fileName}: a program is no block of statements: ${body.getText()}`); }
  const lines = source.text.slice(body.getStart() + 1, body.getEnd() - 1).replace(/^\n|\s+$/g, '').split('\n');
  const indent = /^ */.exec(lines[0])![0];
  return lines.map(line => (line.startsWith(indent) ? line.slice(indent.length) : line)).join('\n');
}

interface Section {
  readonly title: string;
  readonly code: string;
  readonly examples: Example[];
}

/** One for each program that differs, headed by what its first example means. */
function sections(): Section[] {
  const sources = programs();
  const byCode = new Map<string, Section>();
  for (const example of EXAMPLES) {
    const code = sources.get(example.id)!;
    const known = byCode.get(code);
    if (known) { known.examples.push(example); } else { byCode.set(code, { title: `${byCode.size + 1}. ${example.title}`, code, examples: [example] }); }
  }
  return [...byCode.values()];
}

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string => heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-');

export const TUTORIAL_HEAD = ['What the YAML is meant to say', 'What it does', 'The right form', 'Code'];

export function tutorialRows(): string[][] {
  const all = sections();
  return EXAMPLES.map(example => {
    const section = all.findIndex(({ examples }) => examples.includes(example));
    const link = `[${section + 1}](#${anchorOf(all[section].title)})`;
    const { verdict } = example;
    return verdict === 'equal' ? [example.title, 'just that', '', link] : [example.title, verdict.mistake, verdict.rightForm, link];
  });
}

export const tutorialPrograms = (): string => sections().map(({ title, code, examples }) => {
  const { clusters = EVERY_CLUSTER } = examples[0];
  const written = clusters.length === EVERY_CLUSTER.length ? '' : `\nIn ${clusters.map(name => `\`${name}\``).join(' and ')}.\n`;
  return `### ${title}\n${written}\n\`\`\`ts\n${code}\n\`\`\``;
}).join('\n\n');
