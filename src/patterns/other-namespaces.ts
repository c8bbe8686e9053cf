import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { LabelExpression } from '../constructs/label-expression';
import { NAMESPACE_NAME } from '../model/labels';

/** A selector of Calico takes 1024 characters, of which some are not names. */
const MOST_CHARACTERS = 880;

/** Requirements on namespaces: that they have none of the names. */
export function notNamed(names: readonly string[], { dialect }: ResolvedFacts): LabelExpression[] {
  const lists: string[][] = [];
  let length = Infinity;
  for (const name of names) {
    length += name.length + "'', ".length;
    if (lists.length === 0 || (dialect === Dialect.CALICO && length > MOST_CHARACTERS)) {
      lists.push([]);
      length = name.length;
    }
    lists[lists.length - 1].push(name);
  }
  return lists.map(list => LabelExpression.noneOf(NAMESPACE_NAME, ...list));
}
