import { Direction, Origin } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { hasLimits } from './version';

/** What the readers of the parts of one document share. */
export interface ReadContext {
  readonly reader: DocumentReader;
  readonly origin: Origin;
  readonly version?: string;
}

/** A rule is read with its place: what it may say depends on it. */
export interface RuleContext extends ReadContext {
  readonly direction: Direction;
}

/** A list of at most `most` entries, where the version has such a bound; none when it is absent. */
export function boundedList(
  { reader, version }: ReadContext, fields: Fields, key: string, path: string, most: number, bounded: boolean = hasLimits(version),
): readonly unknown[] {
  const at = `${path}.${key}`;
  const list = reader.optionalList(reader.own(fields, key), at) ?? [];
  if (bounded && list.length > most) { throw reader.fail(at, `has ${list.length} entries and the API server takes ${most} at most; write several rules`); }
  return list;
}
