import { ResolvedCluster } from './cluster';
import { problemOf } from './input/problem-of';
import { Problem, SourceDocument } from './input/source-document';
import { byDocument } from '../dialects/dialect';
import { UnreadableDocument } from '../dialects/document-reader';
import { isEnforced, linkAll } from '../dialects/link';
import { Policy, PolicySet } from '../model/policy-set';

export interface Linked {
  readonly set: PolicySet;
  readonly problems: readonly Problem[];
}

/** After so many problems the rest is left out as one. */
const MOST_PROBLEMS = 50;

/**
 * Policies with what gives them their place. What cannot be linked is a problem, and is left out with all that its document says, so that
 * the others can be asked about; an analysis with a problem is never taken for a complete one.
 */
export function linkPolicies(policies: readonly Policy[], support: readonly SourceDocument[], cluster: ResolvedCluster): Linked {
  const { dialect, version, features } = cluster;
  const link = (some: readonly Policy[], documents: readonly SourceDocument[]) =>
    linkAll(dialect, some, documents.map(({ value }) => value), version, features);
  try {
    return { set: link(policies, support), problems: [] };
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) { throw error; }
  }
  const beside = withoutRefused(support, ({ at }) => at, some => link([], some));
  const [foreign, own] = [policies.filter(policy => !isEnforced(dialect, policy)), policies.filter(policy => isEnforced(dialect, policy))];
  const alone = byDocument(foreign).flatMap(([policy]) => withoutRefused([policy], placeOf, some => link(some, beside.kept)).problems);
  const units = withoutRefused(byDocument(own), ([policy]) => placeOf(policy), some => link(some.flat(), beside.kept));
  return { set: link(units.kept.flat(), beside.kept), problems: [...beside.problems, ...alone, ...units.problems] };
}

const placeOf = ({ origin: { at, kind, namespace, name } }: Policy): string => at ?? `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;

/** As many of the items as can stand together, the first ones first. */
function withoutRefused<T>(
  items: readonly T[], placeOfItem: (item: T) => string, attempt: (items: readonly T[]) => unknown,
): { readonly kept: readonly T[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let kept: readonly T[] = [];
  const waiting: (readonly T[])[] = [items];
  for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
    const together = [...kept, ...some];
    try {
      attempt(together);
      kept = together;
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) { throw error; }
      if (problems.length >= MOST_PROBLEMS) {
        problems.push({ at: placeOfItem(some[0]), message: `${some.length} more that stand with what is wrong elsewhere are left out` });
      } else if (some.length === 1) {
        problems.push(problemOf(error, placeOfItem(some[0])));
      } else {
        const half = Math.ceil(some.length / 2);
        waiting.push(some.slice(half), some.slice(0, half));
      }
    }
  }
  return { kept, problems };
}
