import { Mistake } from './agreement-tests';
import { Manifest } from './manifest';

/** Mistakes that a reader could make, as changes of policies. */

/** Of every object in a document: what `change` makes of it, the innermost first. */
function everywhere(change: (fields: Manifest) => Manifest): (document: Manifest) => Manifest {
  const walk = (value: Manifest): Manifest => {
    if (Array.isArray(value)) { return value.map(walk); }
    if (typeof value !== 'object' || value === null) { return value; }
    return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)])));
  };
  return walk;
}

const inPolicies = (change: (document: Manifest) => Manifest) => (document: Manifest): Manifest => (document.kind.includes('NetworkPolicy') ? change(document) : document);
const without = (field: string) => ({ [field]: _gone, ...rest }: Manifest): Manifest => rest;
const withSpec = (change: (spec: Manifest) => Manifest) => inPolicies(({ spec, specs, ...rest }) => ({
  ...rest, ...(spec ? { spec: change(spec) } : {}), ...(specs ? { specs: specs.map(change) } : {}),
}));
/** With other lists in these fields, where it has them. */
const withLists = (fields: readonly string[], spec: Manifest, change: (list: Manifest[]) => Manifest[]): Manifest =>
  ({ ...spec, ...Object.fromEntries(fields.filter(field => spec[field]).map(field => [field, change(spec[field])])) });

/** The peers of a rule that states both selectors in one. */
const apart = (peers: Manifest[]): Manifest[] => peers.flatMap(peer =>
  (peer.podSelector && peer.namespaceSelector ? [{ podSelector: peer.podSelector }, { namespaceSelector: peer.namespaceSelector }] : [peer]));

const EVERY_NAMESPACE = { key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' };
const ofAnyNamespace = (peers: Manifest[]): Manifest[] => peers.map(({ matchExpressions = [], ...rest }) =>
  (JSON.stringify(rest).includes('reserved:') ? rest : { ...rest, matchExpressions: [...matchExpressions, EVERY_NAMESPACE] }));

export const IGNORES_EXCEPT: Mistake = ['a reader that ignores except', inPolicies(everywhere(without('except'))), 2];

export const OF_KUBERNETES: readonly Mistake[] = [
  IGNORES_EXCEPT,
  ['a reader that ignores policyTypes', withSpec(without('policyTypes')), 2],
  ['a reader that takes two selectors of one peer as two peers', inPolicies(everywhere(rule => withLists(['from', 'to'], rule, apart))), 2],
  ['a reader that ignores endPort', inPolicies(everywhere(without('endPort'))), 2],
  ['a reader that takes peers without ports as none', inPolicies(everywhere(rule => (rule.from || rule.to ? { ...rule, ports: rule.ports ?? [{ port: 1 }] } : rule))), 2],
];

export const OF_CILIUM: readonly Mistake[] = [
  IGNORES_EXCEPT,
  ['a reader that ignores enableDefaultDeny', withSpec(without('enableDefaultDeny')), 2],
  ['a reader that takes ingressDeny as no more than default deny', withSpec(({ ingressDeny, ingress = [], ...spec }) => (ingressDeny ? { ...spec, ingress: [...ingress, {}] } : { ...spec, ingress })), 2],
  ['a reader that takes an empty list of peers as no list', inPolicies(everywhere(item => Object.fromEntries(Object.entries(item).filter(([, value]) => !Array.isArray(value) || value.length > 0)))), 2],
  ['a reader that ignores rules for requests', inPolicies(everywhere(without('rules'))), 2],
  ['a reader that lets peers be of any namespace', inPolicies(everywhere(item => withLists(['fromEndpoints', 'toEndpoints'], item, ofAnyNamespace))), 2],
];

export const OF_CALICO: readonly Mistake[] = [
  ['a reader that ignores types', withSpec(without('types')), 2],
  ['a reader that turns the order of policies around', withSpec(spec => (spec.order === undefined ? spec : { ...spec, order: -spec.order })), 2],
  ['a reader that turns the order of rules around', withSpec(spec => withLists(['ingress', 'egress'], spec, list => [...list].reverse())), 2],
  ['a reader that enforces what is staged', inPolicies(({ kind, spec, ...rest }) => (/^Staged(Global)?Network/.test(kind) ? { ...rest, kind: kind.replace('Staged', ''), spec } : { ...rest, kind, spec })), 2],
  ['a reader that takes Pass as Allow', inPolicies(everywhere(rule => (rule.action === 'Pass' ? { ...rule, action: 'Allow' } : rule))), 2],
  ['a reader that ignores default actions', document => (document.kind === 'Tier' ? { ...document, spec: without('defaultAction')(document.spec) } : document), 2],
  ['a reader that ignores notSelector', inPolicies(everywhere(without('notSelector'))), 2],
];
