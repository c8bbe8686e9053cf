import { visibleLine } from '../visible';

/**
 * A value of this folder with all its texts made fit for a terminal, each for one line: names come from documents of others.
 * Only what is built here comes in, so that its depth is small.
 */
export function shown<T>(value: T): T {
  if (typeof value === 'string') { return visibleLine(value) as T; }
  if (Array.isArray(value)) { return value.map(item => shown<unknown>(item)) as T; }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown<unknown>(item)])) as T;
}
