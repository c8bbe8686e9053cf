import { Manifest } from './manifest';

/** Changes of documents that leave their meaning as it is. */

export const isPolicy = ({ kind }: Manifest): boolean => kind.includes('NetworkPolicy');
const isCalico = ({ apiVersion }: Manifest): boolean => apiVersion.startsWith('projectcalico.org');

/** What is called so is called otherwise, in every document and in every selector. */
const NAMES: readonly (readonly [string, string])[] = [['shop', 'store'], ['data', 'dossiers'], ['ops', 'opera'], ['robot', 'rowboat'], ['red', 'ruby'], ['n1', 'n11'], ['yes', 'yet']];

export const renamedText = (text: string): string => NAMES.reduce((all, [before, after]) => all.replaceAll(new RegExp(`(["'\`/]|^)${before}(?=["'\`/])`, 'g'), `$1${after}`), text);

/** Names of policies keep their order within a tier, since it decides between policies of the same order. */
export function renamed(documents: readonly Manifest[]): Manifest[] {
  const all: Manifest[] = JSON.parse(renamedText(JSON.stringify(documents)));
  return all.map(document => {
    if (!isPolicy(document)) { return document; }
    const { metadata } = document;
    return { ...document, metadata: { ...metadata, name: metadata.name.replace(/[^.]+$/, (name: string) => `policy-${name}-x`) } };
  });
}

/** Lists in another order, save the rules of Calico, whose order means something. */
export function reordered(documents: readonly Manifest[]): Manifest[] {
  return documents.map(document => (isPolicy(document) ? backwards(document, isCalico(document) && document.kind !== 'StagedKubernetesNetworkPolicy') : document)).reverse();
}

function backwards(value: Manifest, keepRules: boolean, key = ''): Manifest {
  if (Array.isArray(value)) {
    const items = value.map(item => backwards(item, keepRules));
    return keepRules && (key === 'ingress' || key === 'egress') ? items : items.reverse();
  }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).reverse().map(([field, inner]) => [field, backwards(inner, keepRules, field)]));
}

const SECTIONS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

/** Every policy as two of one subject, which share its rules and keep its place. */
export const split = (documents: readonly Manifest[]): Manifest[] => documents.flatMap(document => {
  if (!isPolicy(document) || !document.spec || document.spec.stagedAction) { return [document]; }
  const { spec, metadata } = document;
  const types = isCalico(document) && document.kind !== 'StagedKubernetesNetworkPolicy' ? { types: spec.types ?? calicoTypes(spec) } : {};
  const plain = document.apiVersion.startsWith('networking') ? { policyTypes: plainTypes(spec) } : {};
  const halves = [0, 1].map(half => ({
    ...spec,
    ...types,
    ...plain,
    ...Object.fromEntries(SECTIONS.filter(section => spec[section]?.length > 1)
      .map(section => [section, half === 0 ? spec[section].slice(0, 1) : spec[section].slice(1)])),
  }));
  return halves.map((some, half) => ({ ...document, metadata: { ...metadata, name: half === 0 ? metadata.name : `${metadata.name}a` }, spec: some }));
});

function calicoTypes({ ingress = [], egress = [] }: Manifest): string[] {
  if (egress.length === 0) { return ['Ingress']; }
  return ingress.length === 0 ? ['Egress'] : ['Ingress', 'Egress'];
}

function plainTypes({ policyTypes = [], egress = [] }: Manifest): string[] {
  if (policyTypes.length > 0) { return policyTypes; }
  return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

const NOBODY = { matchLabels: { nobody: 'here' } };

/** With policies that select nobody, and would close and open everything. */
export const withBystanders = (documents: readonly Manifest[], dialect: string): Manifest[] => [
  ...documents,
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a-bystander', namespace: 'shop' }, spec: { podSelector: NOBODY, policyTypes: ['Ingress', 'Egress'], ingress: [{}] } },
  ...(dialect === 'cilium' ? [
    { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'bystander' }, spec: { endpointSelector: NOBODY, ingressDeny: [{ fromEntities: ['all'] }], egress: [{}] } },
  ] : []),
  ...(dialect === 'calico' ? [
    {
      apiVersion: 'projectcalico.org/v3',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: 'security.a-bystander' },
      spec: { tier: 'security', order: 1, selector: "nobody == 'here'", types: ['Ingress', 'Egress'], ingress: [{ action: 'Deny' }], egress: [{ action: 'Allow' }] },
    },
  ] : []),
];

/** With a rule more in each list of one dialect that has one: first, so that it is asked first where that matters. */
export function withRule(documents: readonly Manifest[], dialect: string, action: 'allow' | 'deny', rule: Manifest): Manifest[] {
  const extended = (spec: Manifest, calico: boolean): Manifest => ({
    ...spec,
    ...Object.fromEntries((['ingress', 'egress'] as const).flatMap(direction => {
      const section = calico || action === 'allow' ? direction : `${direction}Deny`;
      const given = [...spec[direction] ?? [], ...(calico ? [] : spec[`${direction}Deny`] ?? [])];
      // Where there is none yet, a rule would change which directions are closed.
      if (given.length === 0) { return []; }
      return [[section, [calico ? { action: action === 'allow' ? 'Allow' : 'Deny', ...rule } : rule, ...spec[section] ?? []]]];
    })),
  });
  return documents.map(document => {
    const own = isCalico(document) ? 'calico' : document.apiVersion.startsWith('cilium') ? 'cilium' : 'kubernetes';
    if (!isPolicy(document) || document.kind.startsWith('Staged') || own !== dialect) { return document; }
    return { ...document, ...(document.spec ? { spec: extended(document.spec, own === 'calico') } : {}), ...(document.specs ? { specs: document.specs.map((spec: Manifest) => extended(spec, false)) } : {}) };
  });
}
