const RANGE = /^[\d.a-f:]+-[\d.a-f:]+\[External\]$/;
const MOST_SHOWN = 3;

/** What has at most one end that is outside: between two of these no policy has a say. */
interface WithEnds {
  readonly source?: string;
  readonly destination?: string;
}

/** Texts about flows that differ only by the range of addresses outside are one, about all of these ranges. */
export function joinRanges<T extends WithEnds>(all: readonly T[]): T[] {
  const groups = new Map<string, { readonly first: T; readonly range?: string; readonly ranges: string[] }>();
  all.forEach((each, i) => {
    const range = rangeIn(each);
    if (range === undefined) {
      groups.set(String(i), { first: each, ranges: [] });
      return;
    }
    const key = JSON.stringify(each).replaceAll(range, '{range}');
    const group = groups.get(key);
    if (group) { group.ranges.push(range); } else { groups.set(key, { first: each, range, ranges: [range] }); }
  });
  return [...groups.values()].map(({ first, range, ranges }) =>
    (range === undefined || ranges.length === 1 ? first : renamed(first, range, joined(ranges))));
}

/** The end that is a range of addresses outside. */
export const rangeIn = ({ source, destination }: WithEnds): string | undefined =>
  [source, destination].find(text => text !== undefined && RANGE.test(text));

function joined(ranges: readonly string[]): string {
  const more = ranges.length - MOST_SHOWN;
  return `${ranges.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Texts of ranges stand in JSON as they are. */
const renamed = <T>(one: T, range: string, text: string): T => JSON.parse(JSON.stringify(one).replaceAll(range, text));
