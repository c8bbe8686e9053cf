import { DiffReport } from './diff-report';

/** Everything that is known of each difference. */
export function diffJson({ diff: { differences, workloadsAdded, workloadsRemoved, reach, exposure } }: DiffReport): string {
  const value = {
    connections: differences.map(({ type, source, destination, texts: [before, after], opened, closed, workloads, justifications = [] }) => ({
      type, src: source, dst: destination, before, after, opened, closed, workloads, ...(justifications.length > 0 ? { justifications } : {}),
    })),
    workloadsAdded,
    workloadsRemoved,
    reach,
    exposure,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
