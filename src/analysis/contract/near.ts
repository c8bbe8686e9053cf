import { Analysis } from '../analysis';

const MOST = 3;

/** Names of workloads that read like a text, as the end of a sentence. */
export const near = ({ world }: Analysis, text: string): string =>
  nearOf(world.workloads, text, 'workloads', ({ namespace, name, kind }) => `${namespace}/${name}[${kind}]`);

/** The same of Services. */
export const nearServices = ({ world }: Analysis, text: string): string =>
  nearOf(world.services, text, 'Services', ({ namespace, name }) => `svc/${namespace}/${name}`);

interface Named {
  readonly namespace: string;
  readonly name: string;
}

function nearOf<T extends Named>(all: readonly T[], text: string, what: string, textOf: (one: T) => string): string {
  if (all.length === 0) { return `; the input has no ${what}`; }
  const words = text.toLowerCase().split(/[^a-z0-9-]+/).filter(word => word !== '');
  const scored = all.map(one => ({
    text: textOf(one),
    distance: Math.min(...[one.name, one.namespace].flatMap((own, i) => words.map(word => distance(word.slice(0, 63), own) * 2 + i)), 1000),
  }));
  const found = scored.sort((a, b) => a.distance - b.distance).slice(0, MOST).map(({ text: one }) => one);
  return `; the input has ${found.join(', ')}${all.length > found.length ? ` and ${all.length - found.length} more` : ''}`;
}

/** The one of the names that a text was most likely meant to be. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const scored = names.map(name => ({ name, score: distance(text.slice(0, 63).toLowerCase(), name.toLowerCase()) }));
  const [best] = scored.sort((a, b) => a.score - b.score);
  return best && best.score <= Math.max(1, Math.floor(text.length / 3)) ? best.name : undefined;
}

/** How many letters must be changed, put in, taken out or swapped with the next one to make one of the other. */
function distance(a: string, b: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2] + 1 : Infinity;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
