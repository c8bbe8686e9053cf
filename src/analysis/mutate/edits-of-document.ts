import { Edit } from './edit';
import { editsInRules } from './edits-in-rules';
import { Fields, ownField, replacedAt, valueAt } from './json-path';
import { Direction, Policy } from '../../model/policy-set';

/**
 * The small mistakes that may be made in one policy.
 * @param policies what it was read as
 */
export function* editsOfDocument(document: Fields, policies: readonly Policy[]): Iterable<Edit> {
  const closing = policies.filter(({ isolates, rules }) => isolates && rules.length === 0).map(({ direction }) => direction);
  if (policies.length > 0 && closing.length === policies.length) {
    yield { operator: 'delete-default-deny', path: [], what: 'leave it out, which closes by default', after: undefined };
  } else {
    yield { operator: 'drop-policy', path: [], what: 'leave it out', after: undefined };
    for (const direction of new Set(closing)) { yield* opened(document, direction); }
  }
  yield* editsInRules(document);
}

/** Kubernetes and Calico list the directions that a policy is about. */
const DIRECTION_LISTS = ['policyTypes', 'types'];

/** The direction is no longer closed, where a policy closes one and allows in the other. */
function* opened(document: Fields, direction: Direction): Iterable<Edit> {
  const name = direction === 'ingress' ? 'Ingress' : 'Egress';
  const what = `no longer close ${direction}`;
  for (const field of DIRECTION_LISTS) {
    const types = valueAt(document, ['spec', field]);
    if (!Array.isArray(types) || types.length < 2 || !types.includes(name)) { continue; }
    const path = ['spec', field, types.indexOf(name)];
    yield { operator: 'delete-default-deny', path, what, after: replacedAt(document, path, undefined) };
  }
  if (String(ownField(document, 'kind')).startsWith('Cilium')) { yield* openedInCilium(document, direction, what); }
}

function* openedInCilium(document: Fields, direction: Direction, what: string): Iterable<Edit> {
  const specs = ownField(document, 'specs');
  const paths = Array.isArray(specs) ? specs.map((_, index) => ['specs', index]) : [['spec']];
  for (const path of paths) {
    const rules = valueAt(document, [...path, direction]);
    if (!Array.isArray(rules)) { continue; }
    const stated = ownField(valueAt(document, path), 'enableDefaultDeny');
    const after = replacedAt(document, [...path, 'enableDefaultDeny'], { ...(typeof stated === 'object' ? stated : {}), [direction]: false });
    yield { operator: 'delete-default-deny', path: [...path, direction], what, after };
  }
}
