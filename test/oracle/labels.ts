import { list, onlyFields, reject } from './manifests';
import { World } from './world';

/** Kubernetes label selectors (metav1.LabelSelector), and the labels that are there without anybody setting them. */

export type Labels = Record<string, string>;

/** Every namespace carries its own name as a label. */
export function namespaceLabels(world: World, namespace: string): Labels {
  return { 'kubernetes.io/metadata.name': namespace, ...labelsIn(world.namespaces, namespace) };
}

function labelsIn(namespaces: Record<string, Labels>, namespace: string): Labels {
  return Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : {};
}

export function lookUp(labels: Labels): (key: string) => string | undefined {
  return (key) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
}

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export function isLabelKey(key: string): boolean {
  return KEY.test(key);
}

export function checkSelector(selector: any, where: string, isKey: (key: string) => boolean = isLabelKey): void {
  onlyFields(selector, ['matchLabels', 'matchExpressions'], where);
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    checkKeyAndValues(key, [value], where, isKey);
  }
  for (const expression of list(selector.matchExpressions, where)) {
    onlyFields(expression, ['key', 'operator', 'values'], where);
    const { key, operator } = expression;
    const values = list(expression.values, where);
    if (typeof key !== 'string') reject(where, 'an expression needs a key');
    checkKeyAndValues(key, values, where, isKey);
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) reject(where, `${operator} needs values`);
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) reject(where, `${operator} forbids values`);
    } else {
      reject(where, `no operator '${operator}'`);
    }
  }
}

function checkKeyAndValues(key: string, values: unknown[], where: string, isKey: (key: string) => boolean): void {
  if (!isKey(key)) reject(where, `no label key: '${key}'`);
  for (const value of values) {
    if (typeof value !== 'string' || !VALUE.test(value)) reject(where, `no label value: ${JSON.stringify(value)}`);
  }
}

/** All requirements must hold; the selector without any selects everything. */
export function selects(selector: any, valueOf: (key: string) => string | undefined): boolean {
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => valueOf(key) === value)
    && (selector.matchExpressions ?? []).every((expression: any) => meets(expression, valueOf(expression.key)));
}

/** NotIn and DoesNotExist hold where the label is absent. */
function meets(expression: any, value: string | undefined): boolean {
  switch (expression.operator) {
    case 'In': return value !== undefined && expression.values.includes(value);
    case 'NotIn': return value === undefined || !expression.values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    default: throw new Error(`no operator '${expression.operator}'`);
  }
}

/** The keys that a selector asks about. */
export function keysOf(selector: any): string[] {
  return [...Object.keys(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? []).map((expression: any) => expression.key)];
}
