import { YAMLException } from 'js-yaml';
import { UnreadableValue } from './json';
import { preview } from '../../dialects/preview';

/** What is wrong with a text that could not be parsed. */
export interface ParseProblem {
  /** From the first line of the text, which is 0. */
  readonly line: number;
  readonly message: string;
}

/** @throws the error itself where it is none of the parser's */
export function parseProblem(error: unknown, text: string): ParseProblem {
  if (error instanceof UnreadableValue) { return { line: 0, message: `${error.message}${templateHint(text)}` }; }
  // Before the parser bounded this, the stack did.
  if (error instanceof RangeError) { return { line: 0, message: 'it is nested too deeply to be read' }; }
  if (!(error instanceof YAMLException)) { throw error; }
  const { line, position } = error.mark;
  const [before, after] = around(text, position);
  if (error.reason === 'duplicated mapping key') {
    return { line, message: `the key ${preview(keyAt(after))} stands twice in one mapping; remove one, or restore the indentation that made them two` };
  }
  const hint = templateHint(text) || tabHint(before + after) || quotesHint(text.slice(Math.max(0, position - NEAR), position + NEAR));
  return { line, message: `this is no YAML or JSON that can be read: ${error.reason}, at ${preview(after || before)}${hint}` };
}

/** How far around a problem its cause is looked for. */
const NEAR = 200;

/** What stands on the line before and after a position; not all of a long one. */
function around(text: string, position: number): [string, string] {
  const before = text.slice(Math.max(0, position - NEAR), position);
  const after = text.slice(position, position + NEAR);
  return [before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1), after.split(/[\r\n]/, 1)[0]];
}

const keyAt = (line: string): string => /^(["']?)(.*?)\1\s*:/.exec(line)?.[2] ?? line;

const templateHint = (text: string): string =>
  (text.includes('{{') ? '; it looks like a template: render it first, as in `helm template` or `kustomize build`' : '');

const tabHint = (line: string): string => (/^ *\t/.test(line) ? '; YAML is indented by spaces, and this line by a tab' : '');

const quotesHint = (line: string): string =>
  (/[\u2018\u2019\u201c\u201d]/.test(line) ? '; there are typographic quotes here, which mean nothing in YAML: write " or \' instead' : '');
