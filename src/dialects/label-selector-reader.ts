import { DocumentReader } from './document-reader';
import { LabelRequirement, LabelSelector } from '../model/endpoint';
import { labelKeyProblem, labelValueProblem } from '../model/labels';

/** Reads `matchLabels` and `matchExpressions` with the checks of the API server. `keyProblem` is for dialects with prefixed keys. */
export function readLabelSelector(reader: DocumentReader, value: unknown, path: string, keyProblem = labelKeyProblem): LabelSelector {
  const fields = reader.object(value, path);
  reader.only(fields, path, FIELDS);
  const labels = reader.own(fields, 'matchLabels');
  const matchLabels = labels === undefined ? {} : reader.object(labels, `${path}.matchLabels`);
  for (const key in matchLabels) {
    if (!Object.hasOwn(matchLabels, key)) { continue; }
    const text = matchLabels[key];
    const problem = keyProblem(key) ?? (typeof text === 'string' ? labelValueProblem(key, text) : undefined);
    if (problem) { throw reader.fail(`${path}.matchLabels[${key}]`, problem); }
    if (typeof text !== 'string') { reader.string(text, `${path}.matchLabels[${key}]`); }
  }
  const expressions = reader.own(fields, 'matchExpressions');
  return {
    matchLabels: matchLabels as Readonly<Record<string, string>>,
    matchExpressions: expressions === undefined ? NO_REQUIREMENTS
      : reader.list(expressions, `${path}.matchExpressions`).map((raw, i) => readRequirement(reader, raw, `${path}.matchExpressions[${i}]`, keyProblem)),
  };
}

const FIELDS = ['matchLabels', 'matchExpressions'];
const NO_REQUIREMENTS: readonly LabelRequirement[] = [];

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
const FIELDS_OF_REQUIREMENT = ['key', 'operator', 'values'];

function readRequirement(reader: DocumentReader, value: unknown, path: string, keyProblem: typeof labelKeyProblem): LabelRequirement {
  const fields = reader.object(value, path);
  reader.only(fields, path, FIELDS_OF_REQUIREMENT);
  const key = reader.string(reader.own(fields, 'key'), `${path}.key`);
  const operator = reader.oneOf(reader.own(fields, 'operator'), `${path}.operator`, OPERATORS);
  const given = reader.own(fields, 'values');
  const values = given === undefined ? [] : reader.strings(given, `${path}.values`);
  const problem = keyProblem(key) ?? values.map(item => labelValueProblem(key, item)).find(found => found !== undefined);
  if (problem) { throw reader.fail(path, problem); }
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues !== values.length > 0) { throw reader.fail(`${path}.values`, needsValues ? `${operator} needs values` : `${operator} takes no values`); }
  return { key, operator, values };
}
