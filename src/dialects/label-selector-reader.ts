import { DocumentReader } from './document-reader';
import { LabelRequirement, LabelSelector } from '../model/endpoint';
import { labelKeyProblem, labelValueProblem } from '../model/labels';

/** Reads `matchLabels` and `matchExpressions` with the checks of the API server. `keyProblem` is for dialects with prefixed keys. */
export function readLabelSelector(reader: DocumentReader, value: unknown, path: string, keyProblem = labelKeyProblem): LabelSelector {
  const fields = reader.object(value, path);
  reader.only(fields, path, ['matchLabels', 'matchExpressions']);
  const labels = reader.own(fields, 'matchLabels');
  const matchLabels = labels === undefined ? {} : reader.object(labels, `${path}.matchLabels`);
  for (const key of Object.keys(matchLabels)) {
    const at = `${path}.matchLabels[${key}]`;
    const problem = keyProblem(key) ?? labelValueProblem(key, reader.string(matchLabels[key], at));
    if (problem) { throw reader.fail(at, problem); }
  }
  const expressions = reader.optionalList(reader.own(fields, 'matchExpressions'), `${path}.matchExpressions`) ?? [];
  return {
    matchLabels: matchLabels as Readonly<Record<string, string>>,
    matchExpressions: expressions.map((raw, i) => readRequirement(reader, raw, `${path}.matchExpressions[${i}]`, keyProblem)),
  };
}

function readRequirement(reader: DocumentReader, value: unknown, path: string, keyProblem: typeof labelKeyProblem): LabelRequirement {
  const fields = reader.object(value, path);
  reader.only(fields, path, ['key', 'operator', 'values']);
  const key = reader.string(reader.own(fields, 'key'), `${path}.key`);
  const operator = reader.oneOf(reader.own(fields, 'operator'), `${path}.operator`, ['In', 'NotIn', 'Exists', 'DoesNotExist']);
  const given = reader.own(fields, 'values');
  const values = given === undefined ? [] : reader.strings(given, `${path}.values`);
  const problem = keyProblem(key) ?? values.map(item => labelValueProblem(key, item)).find(found => found !== undefined);
  if (problem) { throw reader.fail(path, problem); }
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues !== values.length > 0) { throw reader.fail(`${path}.values`, needsValues ? `${operator} needs values` : `${operator} takes no values`); }
  return { key, operator, values };
}
