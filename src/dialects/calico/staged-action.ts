import { DocumentReader, Fields } from '../document-reader';

type StagedAction = 'Set' | 'Delete' | 'Learn' | 'Ignore';

/**
 * Staged policies decide nothing, whatever their action: `Delete` previews a removal, and `Learn` and `Ignore` come from the recommendations of
 * Calico Enterprise.
 */
export function readStagedAction(reader: DocumentReader, spec: Fields, beside: readonly string[]): StagedAction {
  const action = reader.oneOf(reader.own(spec, 'stagedAction') ?? 'Set', 'spec.stagedAction', ['Set', 'Delete', 'Learn', 'Ignore']);
  const extra = Object.keys(spec).find(key => !['stagedAction', ...beside].includes(key) && isStated(reader.own(spec, key)));
  if (action === 'Delete' && extra !== undefined) { throw reader.fail(`spec.${extra}`, 'must be absent when stagedAction is Delete, which previews the removal of the policy of that name'); }
  return action;
}

/** Whether a field has another value than Go's zero. */
const isStated = (value: unknown): boolean => value !== undefined && value !== '' && value !== false;
