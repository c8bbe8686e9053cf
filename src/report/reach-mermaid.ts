import { mermaidText } from './escape/mermaid-text';
import { Passing } from '../analysis/reach/closure';
import { Hop, Reach, ReachedKind } from '../analysis/reach/reach';

/** Solid where it surely passes, dotted where it depends on the request, with a cross at the end where it is not known. */
const ARROWS: Readonly<Record<Passing, string>> = { allowed: '-->', partial: '-.->', unknown: '-.-x' };
const SHAPES: Readonly<Record<ReachedKind, readonly [string, string]>> = {
  'workload': ['[', ']'], 'range': ['([', '])'], 'name': ['([', '])'], 'dns': ['[(', ')]'], 'metadata': ['{{', '}}'], 'api-server': ['{{', '}}'],
};

/** The paths of `reach` as one tree. */
export function reachMermaid({ source, reached }: Reach): string {
  const ids = new Map<string, string>([[source, 'n0']]);
  const lines = ['flowchart LR', `  n0[[${mermaidText(source)}]]`];
  for (const { text, kind } of reached) {
    const id = `n${ids.size}`;
    ids.set(text, id);
    const [open, close] = SHAPES[kind];
    lines.push(`  ${id}${open}${mermaidText(text)}${close}`);
  }
  const edges = new Map<string, Hop>();
  for (const { path } of reached) {
    for (const hop of path) { edges.set(JSON.stringify([hop.source, hop.destination]), hop); }
  }
  for (const { source: from, destination, what, answer } of edges.values()) {
    lines.push(`  ${ids.get(from)} ${ARROWS[answer]}|${mermaidText(what)}| ${ids.get(destination)}`);
  }
  return `${lines.join('\n')}\n`;
}
