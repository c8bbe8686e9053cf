import { graphOf, GraphNode } from './graph';
import { ListReport } from './list-report';
import { htmlText } from '../escape/html-text';

/** More ends than these make no picture that anybody could read. */
export const MOST_NODES = 60;

const RADIUS = 320;
const CENTRE = { x: 520, y: 380 };

/** The ends on a circle, those of a namespace side by side; undefined where there are too many. */
export function picture(report: ListReport): string | undefined {
  const { groups, edges } = graphOf(report);
  const nodes = groups.flatMap(({ nodes: own }) => own);
  if (nodes.length === 0 || nodes.length > MOST_NODES) { return undefined; }
  const places = new Map(nodes.map((node, i) => [node.id, placeOf(i, nodes.length)]));
  const lines = edges.map(({ from, to, label, certainty }) => {
    const [a, b] = [places.get(from)!, places.get(to)!];
    return `<path class="${certainty}" d="M${a.x} ${a.y} Q${CENTRE.x} ${CENTRE.y} ${b.x} ${b.y}" marker-end="url(#arrow)"><title>${htmlText(label)}</title></path>`;
  });
  return [
    `<svg viewBox="0 0 ${CENTRE.x * 2} ${CENTRE.y * 2}" role="img" aria-label="connections">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...lines,
    ...nodes.map(node => dot(node, places.get(node.id)!)),
    '</svg>',
  ].join('\n');
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function placeOf(index: number, count: number): Place {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return { x: Math.round(CENTRE.x + RADIUS * Math.cos(angle)), y: Math.round(CENTRE.y + RADIUS * Math.sin(angle)) };
}

function dot({ text, isWorkload }: GraphNode, { x, y }: Place): string {
  const left = x < CENTRE.x;
  return `<g><circle class="${isWorkload ? 'workload' : 'outside'}" cx="${x}" cy="${y}" r="5"/>`
    + `<text x="${x + (left ? -9 : 9)}" y="${y + 4}" text-anchor="${left ? 'end' : 'start'}">${htmlText(text)}</text></g>`;
}
