import { Violation } from './violation';

const RANGE = /^[\d.a-f:]+-[\d.a-f:]+\[External\]$/;
const MOST_SHOWN = 3;

/** Violations that differ only by the range of addresses outside are one, about all of these ranges. */
export function joinRanges(violations: readonly Violation[]): Violation[] {
  const groups = new Map<string, { readonly first: Violation; readonly range?: string; readonly ranges: string[] }>();
  violations.forEach((violation, i) => {
    const range = rangeOf(violation);
    if (range === undefined) {
      groups.set(String(i), { first: violation, ranges: [] });
      return;
    }
    const key = JSON.stringify(withoutStatement(violation)).replaceAll(range, '{range}');
    const group = groups.get(key);
    if (group) { group.ranges.push(range); } else { groups.set(key, { first: violation, range, ranges: [range] }); }
  });
  return [...groups.values()].map(({ first, range, ranges }) =>
    (range === undefined || ranges.length === 1 ? first : renamed(first, range, joined(ranges))));
}

/** Of one end at most: between two ends outside no policy has a say. */
const rangeOf = ({ kind, source = '', destination = '' }: Violation): string | undefined =>
  (kind === 'flow' ? [source, destination].find(text => RANGE.test(text)) : undefined);

const withoutStatement = ({ statement: _, ...rest }: Violation): Omit<Violation, 'statement'> => rest;

function joined(ranges: readonly string[]): string {
  const more = ranges.length - MOST_SHOWN;
  return `${ranges.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Texts of ranges stand in JSON as they are. */
const renamed = (violation: Violation, range: string, text: string): Violation =>
  ({ ...JSON.parse(JSON.stringify(withoutStatement(violation)).replaceAll(range, text)), statement: violation.statement });
