import { podElsewhere } from './elsewhere';
import { SOMEWHERE } from './strangers';
import { peerTerms, PeerTerms, speaksOfPods } from '../../dialects/peer-terms';
import { Conjunction, disjunction } from '../../model/dnf';
import { LabelScope } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';
import { matchesEndpoint, NO } from '../../model/match';
import { Policy } from '../../model/policy-set';
import { Analysis } from '../analysis';
import { Party } from '../party';

/**
 * Pods that are not in the input, one for each peer that the ingress rules of some ends name and nobody in the input is; and, where a rule
 * does not say which namespace, one in a namespace that nobody has mentioned. Each has just the labels that the rule asks for.
 */
export function representatives(analysis: Analysis, destinations: readonly Party[]): Party[] {
  const found = new Map<string, Party>();
  for (const conjunction of peersOf(analysis, destinations)) {
    const terms = peerTerms(conjunction);
    if (terms.entities.includes('ingress')) { found.set('{ingress}', ciliumIngress()); }
    for (const asked of speaksOfPods(terms) ? alternatives(terms) : []) {
      const party = podOf(analysis, asked, terms);
      if (asked.namespace === undefined || !isKnown(analysis, party, terms)) { found.set(party.text, party); }
    }
  }
  return [...found.values()];
}

/** What a pod must have for a rule to match it. */
interface Asked {
  /** Absent: any. */
  readonly namespace?: string;
  readonly labels: Readonly<Partial<Record<LabelScope, Readonly<Record<string, string>>>>>;
}

/** A test that takes several values is that many pods, as long as they do not multiply into too many. */
const MOST_ALTERNATIVES = 64;

function alternatives({ labels, namespaces: [namespace] }: PeerTerms): Asked[] {
  let found: Asked[] = [{ labels: {}, ...(namespace === undefined ? {} : { namespace }) }];
  for (const { test: { of, label, values } } of labels.filter(({ negated }) => !negated)) {
    const possible = values.length === 0 ? ['some'] : values.slice(0, Math.max(1, Math.floor(MOST_ALTERNATIVES / found.length)));
    found = found.flatMap(asked => possible.map((value): Asked => ({
      labels: { ...asked.labels, [of]: { ...asked.labels[of], [label]: value } },
      ...(of === 'namespace' && label === NAMESPACE_NAME ? { namespace: value } : asked.namespace === undefined ? {} : { namespace: asked.namespace }),
    })));
  }
  return found;
}

function peersOf({ set, cluster: { profile } }: Analysis, destinations: readonly Party[]): Set<Conjunction> {
  const isAbout = ({ subject }: Policy): boolean =>
    destinations.some(({ variants }) => variants.some(variant => matchesEndpoint(subject, variant, profile) !== NO));
  const policies = set.policies.filter(policy => policy.direction === 'ingress' && policy.mode === 'enforce' && isAbout(policy));
  const peers = new Set(policies.flatMap(({ rules }) => rules).filter(({ action }) => action !== 'deny' && action !== 'log').map(({ match }) => match.source));
  return new Set([...peers].flatMap(disjunction));
}

/** Whether the input has a pod in that namespace with these labels, and of the account where one is asked for. */
function isKnown({ parties }: Analysis, { variants: [wanted] }: Party, { serviceAccounts }: PeerTerms): boolean {
  return parties.some(({ variants }) => variants.some(({ namespace, labels, serviceAccount }) => namespace === wanted.namespace
    && serviceAccounts.every(account => account === serviceAccount)
    && Object.entries(wanted.labels ?? {}).every(([key, value]) => labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value)));
}

function podOf(analysis: Analysis, { namespace = SOMEWHERE, labels }: Asked, { serviceAccounts: [serviceAccount = 'default'] }: PeerTerms): Party {
  const text = Object.entries(labels.pod ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
  return podElsewhere(analysis, `${namespace}/{any pod${text === '' ? '' : ` with ${text}`}}`, {
    namespace,
    serviceAccount,
    serviceAccountLabels: labels.serviceAccount ?? {},
    labels: labels.pod ?? {},
    namespaceLabels: labels.namespace ?? {},
    ports: [],
  });
}

const ciliumIngress = (): Party => ({
  text: '{ingress}',
  variants: [{ kind: 'pod', namespace: '', labels: {}, namespaceLabels: {}, entities: ['all', 'cluster', 'cluster-mesh', 'ingress'], names: [] }],
});
