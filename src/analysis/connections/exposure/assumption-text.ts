import { Assumption } from './assumption';
import { Literal } from '../../../model/dnf';
import { isNamespace, LabelTest } from '../../../model/endpoint';
import { compareTexts } from '../order';

/** Such as `entire-cluster`, `shop/[pod with {app=web}]` or `[namespace with {team=red}]/[all pods]`: selectors as kubectl writes them. */
export function assumptionText({ kind, conditions }: Assumption): string {
  const labels = (of: LabelTest['of']) => conditions.filter(({ atom }) => 'label' in atom && atom.of === of)
    .map(({ atom, negated }) => ({ test: atom as LabelTest, negated }))
    .sort((a, b) => Number(!isEquality(a)) - Number(!isEquality(b)) || compareTexts(a.test.label, b.test.label))
    .map(({ test, negated }) => testText(test, negated));
  const entities = conditions.flatMap(({ atom, negated }) => ('entity' in atom ? [`${negated ? 'not ' : ''}${atom.entity}`] : []));
  if (kind !== 'pod') {
    const own = labels(kind);
    const what = entities.length > 0 ? `entity ${entities.join()}` : kind === 'node' ? 'node' : 'host endpoint';
    return own.length > 0 ? `[${what} with {${own.join()}}]` : entities.length > 0 ? `[${what}]` : `[all ${what}s]`;
  }
  const name = conditions.find(({ atom, negated }) => !negated && isNamespace(atom))?.atom;
  const namespace = [...conditions.flatMap(notIn), ...labels('namespace')];
  const called = name && isNamespace(name) ? name.namespace : undefined;
  const where = namespace.length > 0 ? `[namespace ${called === undefined ? '' : `${called} `}with {${namespace.join()}}]` : called ?? '[all namespaces]';
  const own = [...conditions.flatMap(account), ...labels('serviceAccount').map(text => `service account label ${text}`), ...labels('pod')];
  if (own.length === 0 && where === '[all namespaces]') { return 'entire-cluster'; }
  return `${where}/${own.length > 0 ? `[pod with {${own.join()}}]` : '[all pods]'}`;
}

const isEquality = ({ test: { op, values }, negated }: { readonly test: LabelTest; readonly negated: boolean }): boolean =>
  !negated && op === 'in' && values.length === 1;

const notIn = ({ atom, negated }: Literal): string[] => (negated && isNamespace(atom) ? [`name!=${atom.namespace}`] : []);
const account = ({ atom, negated }: Literal): string[] => ('serviceAccount' in atom ? [`service account${negated ? '!=' : '='}${atom.serviceAccount}`] : []);

function testText({ label, op, values }: LabelTest, negated: boolean): string {
  switch (op) {
    case 'exists': return negated ? `!${label}` : label;
    case 'in': return values.length === 1 ? `${label}${negated ? '!=' : '='}${values[0]}` : `${label} ${negated ? 'notin' : 'in'} (${[...values].sort(compareTexts).join()})`;
    default: return `${negated ? 'not ' : ''}${label} ${op} ${values.join()}`;
  }
}
