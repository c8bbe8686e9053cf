import { graphOf, GraphNode } from './graph';
import { ListReport } from './list-report';
import { Certainty } from './rows';
import { mermaidText } from '../escape/mermaid-text';

/** Solid where all requests pass, dotted where some do, with a cross at the end where it is not known. */
const ARROWS: Readonly<Record<Certainty, string>> = { all: '-->', some: '-.->', unknown: '-.-x' };

/** A flowchart; texts stand in quotation marks only, so that none of them is taken for a word of the language. */
export function listMermaid(report: ListReport): string {
  const { groups, edges } = graphOf(report);
  const node = ({ id, label, isWorkload }: GraphNode): string => `n${id}${isWorkload ? `[${mermaidText(label)}]` : `([${mermaidText(label)}])`}`;
  const lines = [
    'flowchart LR',
    ...groups.flatMap(({ namespace, nodes }, i) => (namespace === undefined ? nodes.map(each => `  ${node(each)}`) : [
      `  subgraph g${i}[${mermaidText(namespace)}]`,
      ...nodes.map(each => `    ${node(each)}`),
      '  end',
    ])),
    ...edges.map(({ from, to, label, certainty }) => `  n${from} ${ARROWS[certainty]}|${mermaidText(label)}| n${to}`),
  ];
  return lines.map(line => `${line}\n`).join('');
}
