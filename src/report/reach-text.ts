import { Passing } from '../analysis/reach/closure';
import { HopRule } from '../analysis/reach/hop-rules';
import { Hop, Reach, Reached, ReachedKind } from '../analysis/reach/reach';
import { visibleLine } from '../analysis/visible';

/** What stands above each kind, in the order in which they are printed. */
const SECTIONS: readonly (readonly [title: string, kinds: readonly ReachedKind[]])[] = [
  ['Workloads', ['workload']],
  ['Ways out, by address or name', ['range', 'name']],
  ['DNS, where data leaves as the names that are asked for', ['dns']],
  ['Metadata of clouds, which hands out credentials', ['metadata']],
  ['API server', ['api-server']],
];

const MARKS: Readonly<Record<Passing, string>> = { allowed: '', partial: '  (some requests only)', unknown: '  (unknown: it depends on what the manifests do not say)' };

export function reachText(reach: Reach): string {
  const { source, hops, reached } = reach;
  const lines = [`Blast radius of ${source}${hops === 'all' ? '' : ` within ${hops} ${hops === 1 ? 'hop' : 'hops'}`}: ${radiusText(reach)}`];
  const told = new Set<Hop['rules']>();
  for (const [title, kinds] of SECTIONS) {
    const own = reached.filter(({ kind }) => kinds.includes(kind));
    if (own.length > 0) { lines.push('', `${title}:`, ...own.flatMap(each => reachedLines(each, told))); }
  }
  return lines.map(line => `${visibleLine(line)}\n`).join('');
}

/** Such as `3 of 12 workloads, 1 of them with some requests only; 2 more unknown`. */
function radiusText({ reached, workloadsInAll }: Reach): string {
  const count = (answer: Passing) => reached.filter(each => isWorkload(each) && each.answer === answer).length;
  const [sure, partial, unknown] = [count('allowed'), count('partial'), count('unknown')];
  return `${sure + partial} of ${workloadsInAll} other ${workloadsInAll === 1 ? 'workload' : 'workloads'}`
    + `${partial > 0 ? `, ${partial} of them with some requests only` : ''}${unknown > 0 ? `; ${unknown} more unknown` : ''}`;
}

/** The DNS of the cluster is a workload too, where the manifests hold it. */
const isWorkload = ({ kind, text }: Reached): boolean => kind === 'workload' || (kind === 'dns' && !text.startsWith('{'));

/** The rules of a connection are told once. */
function reachedLines({ text, answer, hops, path }: Reached, told: Set<Hop['rules']>): string[] {
  const left = hops - path.length;
  return [
    `  ${text}${MARKS[answer]}`,
    ...left > 0 ? [`    ${left} more hops, and then`] : [],
    ...path.flatMap(hop => {
      const known = told.has(hop.rules);
      told.add(hop.rules);
      return [`    ${hop.source} => ${hop.destination} : ${hop.what}`, ...known ? [] : [`      ${hopText(hop)}`]];
    }),
  ];
}

const hopText = ({ rules }: Hop): string => rules.map(rule => `${rule.direction}: ${ruleText(rule)}`).join('; ');

const ruleText = ({ policy, rule, at }: HopRule): string =>
  (policy === undefined ? 'no policy closes it' : `${policy}${rule === undefined ? '' : `, ${rule}`}${at === undefined ? '' : ` (${at})`}`);
