import { Conjunction } from '../model/dnf';
import { isNamespace } from '../model/endpoint';
import { NAMESPACE_NAME } from '../model/labels';

/** The namespaces of which a pod must be in one; undefined where none is named. */
export function namespacesIn(conjunction: Conjunction): readonly string[] | undefined {
  for (const { atom, negated } of conjunction) {
    if (negated) { continue; }
    if (isNamespace(atom)) { return [atom.namespace]; }
    if ('label' in atom && atom.of === 'namespace' && atom.label === NAMESPACE_NAME && atom.op === 'in') { return atom.values; }
  }
  return undefined;
}
