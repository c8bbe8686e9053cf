import { graphOf, GraphNode } from './graph';
import { ListReport } from './list-report';
import { Certainty } from './rows';
import { dotText } from '../escape/dot-text';

const STYLES: Readonly<Record<Certainty, string>> = {
  all: 'color="gold2" fontcolor="darkgreen"',
  some: 'color="orange" fontcolor="darkorange3" style="dashed"',
  unknown: 'color="grey40" fontcolor="grey40" style="dotted"',
};

/** For Graphviz; a frame for each namespace. */
export function listDot(report: ListReport): string {
  const { groups, edges } = graphOf(report);
  const texts = new Map(groups.flatMap(({ nodes }) => nodes.map(({ id, text }) => [id, dotText(text)])));
  const node = ({ text, label, isWorkload }: GraphNode): string => {
    const color = isWorkload ? 'blue' : 'red2';
    return `${dotText(text)} [label=${dotText(label)} color="${color}" fontcolor="${color}"]`;
  };
  const lines = [
    'digraph {',
    ...groups.flatMap(({ namespace, nodes }) => (namespace === undefined ? nodes.map(each => `\t${node(each)}`) : [
      `\tsubgraph ${dotText(`cluster_${namespace}`)} {`,
      ...nodes.map(each => `\t\t${node(each)}`),
      `\t\tlabel=${dotText(namespace)}`,
      '\t}',
    ])),
    ...edges.map(({ from, to, label, certainty }) => `\t${texts.get(from)} -> ${texts.get(to)} [label=${dotText(label)} ${STYLES[certainty]}]`),
    '}',
  ];
  return lines.map(line => `${line}\n`).join('');
}
