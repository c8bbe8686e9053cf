import { Edit } from './edit';
import { Fields, isFields, ownField, replacedAt, splitAt, valueAt } from './json-path';
import { conjuncts } from './selector-text';
import { preview } from '../../dialects/preview';
import { JsonPath } from '../path-text';

/** Policies that are read are not as deep as this; it bounds the work on what they carry along. */
const DEPTH = 24;

/** Edits inside the specs of a policy of any dialect: its fields are known by their names, which the dialects use alike. */
export function* editsInRules(document: Fields): Iterable<Edit> {
  for (const key of ['spec', 'specs']) {
    if (Object.hasOwn(document, key)) { yield* editsAt(document, [key], DEPTH); }
  }
}

function* editsAt(document: Fields, path: JsonPath, depth: number): Iterable<Edit> {
  const value = valueAt(document, path);
  const key = path[path.length - 1];
  yield* widened(document, path, key, value);
  yield* loosened(document, path, key, value);
  yield* without(document, path, key, value);
  if (depth === 0) { return; }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) { yield* editsAt(document, [...path, i], depth - 1); }
  } else if (isFields(value)) {
    for (const name of Object.keys(value)) { yield* editsAt(document, [...path, name], depth - 1); }
  }
}

const CALICO_SELECTORS: readonly unknown[] = ['selector', 'namespaceSelector', 'serviceAccountSelector'];

/** A selector asks for less. */
function* widened(document: Fields, path: JsonPath, key: unknown, value: unknown): Iterable<Edit> {
  if (key === 'matchLabels' && isFields(value)) {
    for (const label of Object.keys(value)) {
      const at = [...path, label];
      yield { operator: 'widen-selector', path: at, what: `leave out the label ${preview(label)}`, after: replacedAt(document, at, undefined) };
    }
  } else if (key === 'matchExpressions' && Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const at = [...path, i];
      yield { operator: 'widen-selector', path: at, what: `leave out the expression on ${preview(ownField(value[i], 'key'))}`, after: replacedAt(document, at, undefined) };
    }
  } else if (CALICO_SELECTORS.includes(key) && typeof value === 'string') {
    const terms = conjuncts(value);
    for (const [index, term] of terms.entries()) {
      if (term === '' || term === 'all()') { continue; }
      const rest = terms.filter((_, other) => other !== index);
      yield {
        operator: 'widen-selector',
        path,
        what: `leave out ${preview(term)}`,
        after: replacedAt(document, path, rest.length > 0 ? rest.join(' && ') : 'all()'),
      };
    }
  }
}

/** What both must hold becomes one or the other. */
function* loosened(document: Fields, path: JsonPath, key: unknown, value: unknown): Iterable<Edit> {
  if (typeof key !== 'number' || !isFields(value)) { return; }
  const list = path[path.length - 2];
  const split = (items: readonly unknown[], what: string): Edit => ({ operator: 'and-to-or', path, what, after: splitAt(document, path, items) });
  if (isFields(value.namespaceSelector) && isFields(value.podSelector)) {
    const { namespaceSelector, podSelector } = value;
    yield split([{ namespaceSelector }, { podSelector }], 'make two peers of the namespaceSelector and the podSelector');
  }
  const pods = ownField(value, 'pods');
  if (isFields(pods) && isFields(pods.namespaceSelector) && isFields(pods.podSelector)) {
    yield split([{ namespaces: pods.namespaceSelector }, { pods: { ...pods, namespaceSelector: {} } }], 'make two peers of the namespaceSelector and the podSelector');
  }
  const labels = ownField(value, 'matchLabels');
  if ((list === 'fromEndpoints' || list === 'toEndpoints') && isFields(labels) && Object.keys(labels).length > 1) {
    const { matchLabels, ...others } = value;
    yield split(Object.entries(labels).map(([label, wanted]) => ({ ...others, matchLabels: Object.fromEntries([[label, wanted]]) })), 'make a peer of each label');
  }
  for (const end of ['source', 'destination']) {
    const peer = ownField(value, end);
    if (!isFields(peer) || typeof peer.selector !== 'string' || typeof peer.namespaceSelector !== 'string') { continue; }
    const { selector, namespaceSelector, ...others } = peer;
    yield split([{ ...value, [end]: { ...others, selector } }, { ...value, [end]: { ...others, namespaceSelector } }],
      `make two rules of the selector and the namespaceSelector of the ${end}`);
  }
}

/** A hole, a port or a protocol is gone. */
function* without(document: Fields, path: JsonPath, key: unknown, value: unknown): Iterable<Edit> {
  if ((key === 'except' || key === 'notNets') && Array.isArray(value)) {
    for (const [i, hole] of value.entries()) {
      yield { operator: 'remove-except', path: [...path, i], what: `leave out ${preview(hole)}`, after: withoutItem(document, path, i) };
    }
  } else if ((key === 'ports' || key === 'protocols') && Array.isArray(value)) {
    for (const [i, port] of value.entries()) {
      const only = value.length === 1;
      yield {
        operator: 'drop-port',
        path: [...path, i],
        what: `leave out ${preview(port)}${only ? ', and with it the only port' : ''}`,
        after: withoutItem(document, path, i),
      };
    }
  } else if (isRequests(path, key) && Array.isArray(value)) {
    yield* oneLess(document, path, value, 'drop-request');
  } else if (isRules(key) && Array.isArray(value)) {
    yield* oneLess(document, path, value, 'drop-rule');
  } else if (key === 'protocol' && (typeof value === 'string' || typeof value === 'number')) {
    yield { operator: 'drop-protocol', path, what: `leave out ${preview(value)}`, after: withoutPorts(replacedAt(document, path, undefined), path) };
  }
}

/** The last one stays: a list without entries means something else, and to leave out all is another mistake. */
function* oneLess(document: Fields, path: JsonPath, list: readonly unknown[], operator: Edit['operator']): Iterable<Edit> {
  for (let i = 0; list.length > 1 && i < list.length; i++) {
    const at = [...path, i];
    yield { operator, path: at, what: `leave out ${preview(list[i])}`, after: replacedAt(document, at, undefined) };
  }
}

const RULES: readonly unknown[] = ['ingress', 'egress', 'ingressDeny', 'egressDeny', 'rules'];
const isRules = (key: unknown): boolean => RULES.includes(key);

/** Conditions on requests, of which one must hold. */
const isRequests = (path: JsonPath, key: unknown): boolean => (key === 'http' || key === 'dns') && path[path.length - 2] === 'rules';

/** Of a list that would be empty the field goes too, or the entry of `toPorts` that it is all of: an empty list means something else. */
function withoutItem(document: Fields, path: JsonPath, index: number): unknown {
  if ((valueAt(document, path) as readonly unknown[]).length > 1) { return replacedAt(document, [...path, index], undefined); }
  const toPorts = path.lastIndexOf('toPorts');
  if (toPorts < 0) { return replacedAt(document, path, undefined); }
  const list = path.slice(0, toPorts + 1);
  return (valueAt(document, list) as readonly unknown[]).length > 1
    ? replacedAt(document, path.slice(0, toPorts + 2), undefined) : replacedAt(document, list, undefined);
}

/** In a rule of Calico there are no ports without a protocol. */
function withoutPorts(document: unknown, path: JsonPath): unknown {
  const rule = path.slice(0, -1);
  return ['source', 'destination'].reduce<unknown>((changed, end) => {
    const ports = [...rule, end, 'ports'];
    return valueAt(changed, ports) === undefined ? changed : replacedAt(changed, ports, undefined);
  }, document);
}
