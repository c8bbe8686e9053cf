import { DiffReport } from './diff-report';
import { namesOf } from './rows';
import { Difference, DifferenceType } from '../../analysis/connections/diff-connections';
import { dotText } from '../escape/dot-text';

const COLORS: Readonly<Record<DifferenceType, string>> = { changed: 'magenta', added: '#008000', removed: 'red2' };

/** The differences alone; both states of what has changed stand at the arrow. */
export function diffDot(report: DiffReport): string {
  const [first] = namesOf(report);
  const edges = report.diff.differences.map(difference => {
    const { type, source, destination } = difference;
    return `\t${dotText(source)} -> ${dotText(destination)} [label=${dotText(labelOf(difference, first))} color="${COLORS[type]}" fontcolor="${COLORS[type]}"]`;
  });
  return ['digraph {', ...edges, '}', ''].join('\n');
}

function labelOf({ type, texts: [before, after] }: Difference, first: string): string {
  switch (type) {
    case 'added': return after;
    case 'removed': return before;
    case 'changed': return `${after} (${first}: ${before})`;
  }
}
