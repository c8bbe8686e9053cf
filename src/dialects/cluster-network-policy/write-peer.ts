import { minimalCidrs } from '../../model/cidr';
import { Conjunction } from '../../model/dnf';
import { LabelRequirement } from '../../model/endpoint';
import { Direction, Rule } from '../../model/policy-set';
import { labelSelector, Target } from '../dialect';
import { asRequirement, foreignTerm, PeerTerms, peerTerms, speaksOfPods } from '../peer-terms';
import { Feature, refuse as refuseIn } from '../refusals';
import { DOMAIN_NAME, isInsideName } from './fields';
import { Form, MOST_ITEMS } from './kinds';
import { EVERYWHERE, rangesOf } from './networks';
import { NAMESPACE_NAME } from '../../model/labels';

type Json = Record<string, unknown>;
const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cluster-network-policy', feature, statement, detail);

/** Set by the API server on every namespace since 1.22. */
const EVERY_POD: Json = { namespaces: {} };

/** The alternatives of one rule, by whether ports with a name can be theirs. */
interface WrittenPeers {
  readonly pods: Json[];
  readonly others: Json[];
  /** Ranges that were stated as such, and may be those of pods. */
  readonly addresses: readonly string[];
}

interface PeerPlace {
  readonly direction: Direction;
  readonly action: Rule['action'];
  readonly form: Form;
  readonly target: Target;
  readonly statement: string;
}

export function writePeers(conjunctions: readonly Conjunction[], place: PeerPlace): WrittenPeers {
  const pods: Json[] = [];
  const nodes: Json[] = [];
  const names: string[] = [];
  const everywhere: string[] = [];
  const addresses: string[] = [];
  for (const conjunction of conjunctions) {
    const terms = peerTerms(conjunction);
    if (conjunction.length === 0) {
      checkEverything(place);
      pods.push(EVERY_POD);
      everywhere.push(...EVERYWHERE);
    } else if (terms.cidrs.length > 0) {
      addresses.push(...writeRanges(conjunction, terms, place));
    } else if (terms.fqdns.length > 0) {
      names.push(writeName(conjunction, terms, place));
    } else if (terms.kinds.includes('node') || terms.labels.some(({ test, negated }) => test.of === 'node' && !negated)) {
      nodes.push({ nodes: writeNodes(terms, place) });
    } else {
      pods.push(writePods(terms, place.statement));
    }
  }
  const others = [
    ...inChunks(minimalCidrs([...everywhere, ...addresses]), MOST_ITEMS).map(networks => ({ networks })),
    ...nodes,
    ...inChunks([...new Set(names)].sort(), MOST_ITEMS).map(domainNames => ({ domainNames })),
  ];
  return { pods, others, addresses };
}

export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) { chunks.push(items.slice(i, i + size)); }
  return chunks;
}

/** Every pod by its labels, and everybody else by address. */
function checkEverything({ direction, target, statement }: PeerPlace): void {
  if (direction === 'ingress') { throw refuse('ingress-from-outside', statement, 'everything'); }
  if (!target.cidrMatchesNodes) { throw refuse('any-destination', statement, target.cni); }
}

function writeRanges(conjunction: Conjunction, terms: PeerTerms, { direction, target, statement }: PeerPlace): readonly string[] {
  const shown = terms.cidrs.map(({ cidr }) => cidr).join(', ');
  if (direction === 'ingress') { throw refuse('ingress-from-outside', statement, shown); }
  if (conjunction.some(({ atom }) => !('cidr' in atom))) { throw refuse('negated-peer', statement, `${shown} together with something else`); }
  if (terms.cidrs.some(({ anyone }) => anyone) && !(target.cidrMatchesPods && target.cidrMatchesNodes)) { throw refuse('addresses', statement, shown); }
  return rangesOf(conjunction) ?? [];
}

function writeName(conjunction: Conjunction, terms: PeerTerms, { direction, action, form, target, statement }: PeerPlace): string {
  const [name] = terms.fqdns;
  if (conjunction.length > 1) { throw refuse('negated-peer', statement, `${name} together with another condition`); }
  if (direction === 'ingress') { throw refuse('fqdn-ingress', statement, name); }
  if (!form.peers.egress.includes('domainNames') || !target.clusterNetworkPolicy?.experimental) { throw refuse('fqdn', statement, name); }
  if (action !== 'allow') { throw refuse('fqdn-deny', statement, name); }
  if (isInsideName(name)) { throw refuse('fqdn-inside', statement, name); }
  const written = name.startsWith('**.') ? name.slice(1) : name;
  if ((name.startsWith('*.') && written === name) || !DOMAIN_NAME.test(written)) { throw refuse('fqdn-any-depth', statement, name); }
  return written;
}

/** Cilium selects nodes by labels with a switch of its agent: then also the node on which the subject is, which its own fromNodes and toNodes leave out. */
function writeNodes(terms: PeerTerms, { direction, target, statement }: PeerPlace): Json {
  if (direction === 'ingress') { throw refuse('ingress-from-outside', statement, 'nodes'); }
  if (!target.clusterNetworkPolicy?.experimental) { throw refuse('node', statement); }
  if (target.cni === 'cilium' && !target.features?.nodeSelectorLabels) { throw refuse('node', statement, 'without --enable-node-selector-labels'); }
  checkSelectable(terms, statement);
  if (terms.kinds.some(kind => kind !== 'node') || terms.namespaces.length + terms.notNamespaces.length > 0) { throw refuse('negated-peer', statement, 'nodes together with pods'); }
  return labelSelector(requirements(terms, ['node'], statement));
}

/** The selector of pods by their labels, those of their namespaces, or both. */
export function writePods(terms: PeerTerms, statement: string): Json {
  checkSelectable(terms, statement);
  if (terms.kinds.some(kind => kind !== 'pod')) { throw refuse('entity', statement, terms.kinds.join(', ')); }
  if (!speaksOfPods(terms)) { throw refuse('negated-peer', statement); }
  requirements(terms, ['pod', 'namespace'], statement);
  const names: LabelRequirement[] = [
    ...terms.namespaces.map((value): LabelRequirement => ({ key: NAMESPACE_NAME, operator: 'In', values: [value] })),
    ...terms.notNamespaces.map((value): LabelRequirement => ({ key: NAMESPACE_NAME, operator: 'NotIn', values: [value] })),
  ];
  const namespaces = labelSelector([...names, ...requirements(only(terms, 'namespace'), ['namespace'], statement)]);
  const pods = labelSelector(requirements(only(terms, 'pod'), ['pod'], statement));
  return Object.keys(pods).length === 0 ? { namespaces } : { pods: { namespaceSelector: namespaces, podSelector: pods } };
}

function checkSelectable(terms: PeerTerms, statement: string): void {
  if (terms.fqdns.length > 0) { throw refuse('negated-peer', statement, terms.fqdns.join(', ')); }
  if (terms.entities.length > 0) { throw refuse('entity', statement, terms.entities.join(', ')); }
  const accounts = [...terms.serviceAccounts, ...terms.notServiceAccounts];
  if (accounts.length > 0) { throw refuse('service-account', statement, accounts.join(', ')); }
  if (terms.principals.length > 0) { throw refuse('principal', statement, terms.principals[0].principal); }
  if (terms.clusters.length > 0) { throw refuse('cluster', statement, terms.clusters[0]); }
  const foreign = foreignTerm(terms);
  if (foreign) { throw refuse(foreign.negated ? 'negated-peer' : 'reference', statement, foreign.what); }
  if (terms.cidrs.length > 0) { throw refuse('negated-peer', statement, 'an address together with labels'); }
  if (terms.notKinds.length > 0 || terms.notCidrs.length > 0) { throw refuse('negated-peer', statement); }
}

const only = (terms: PeerTerms, scope: string): PeerTerms => ({ ...terms, labels: terms.labels.filter(({ test }) => test.of === scope) });

function requirements(terms: PeerTerms, scopes: readonly string[], statement: string): LabelRequirement[] {
  return terms.labels.map(literal => {
    if (!scopes.includes(literal.test.of)) { throw refuse('label-scope', statement, `${literal.test.of} label ${literal.test.label}`); }
    const requirement = asRequirement(literal);
    if (!requirement) { throw refuse('label-operator', statement, `${literal.test.label} ${literal.test.op}`); }
    return requirement;
  });
}
