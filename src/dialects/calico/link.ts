import { NORMAL, Policy, PolicySet, tieredPipeline } from '../../model/policy-set';
import { describeOrigin } from '../dialect';
import { DocumentReader, Fields, UnreadableDocument } from '../document-reader';
import { BUILTIN_TIERS, builtinTier, CALICO_V3, DEFAULT_TIER, NORMAL_ORDER, policyOrder, Tier, UNSTATED_TIER_ORDER } from './tiers';

/**
 * Policies with the tiers that order them. Kubernetes NetworkPolicies may be among them: Calico keeps these in its default tier.
 * @throws UnreadableDocument for a tier that nobody states, and for documents that would change the answer and are not evaluated yet
 */
export function linkCalico(policies: readonly Policy[], documents: readonly unknown[]): PolicySet {
  const tiers = readTiers(documents);
  const placed = policies.map(policy => (policy.stage === NORMAL && policy.origin.apiVersion === 'networking.k8s.io/v1' ? inDefaultTier(policy) : policy));
  return {
    pipeline: tieredPipeline([...tiers.values()].sort(compareTiers).map(({ name }) => name)),
    policies: placed.map(policy => {
      const tier = tiers.get(policy.stage);
      if (!tier) {
        throw new UnreadableDocument(describeOrigin(policy), `there is no Tier ${JSON.stringify(policy.stage)} among the documents; add it, since its order and default action decide`);
      }
      return { ...policy, isolates: tier.defaultAction === 'Deny' };
    }),
  };
}

const inDefaultTier = (policy: Policy): Policy => ({
  ...policy,
  stage: DEFAULT_TIER,
  order: policyOrder(NORMAL_ORDER, policy.origin.name, policy.origin.namespace, 'KubernetesNetworkPolicy'),
});

const compareTiers = (a: Tier, b: Tier): number => a.order - b.order || (a.name < b.name ? -1 : 1);

/** Selectors of rules match them by labels, so without them a rule would be misread. */
const NOT_EVALUATED: Readonly<Record<string, string>> = {
  NetworkSet: 'selectors match its addresses by its labels',
  GlobalNetworkSet: 'selectors match its addresses by its labels',
  HostEndpoint: 'selectors match it by its labels',
};

function readTiers(documents: readonly unknown[]): Map<string, Tier> {
  const tiers = new Map(BUILTIN_TIERS.map(tier => [tier.name, tier]));
  const stated = new Map<string, Tier>();
  for (const document of documents) {
    const kind = calicoKind(document);
    if (kind === undefined || (kind !== 'Tier' && !Object.hasOwn(NOT_EVALUATED, kind))) { continue; }
    const { reader, fields, origin } = DocumentReader.open(document);
    if (kind !== 'Tier') { throw reader.fail('kind', `a ${kind} is not evaluated yet, and ${NOT_EVALUATED[kind]}`); }
    const tier = readTier(reader, fields, origin.name);
    const before = stated.get(tier.name);
    if (before && JSON.stringify(before) !== JSON.stringify(tier)) { throw reader.fail('metadata.name', 'another document states this Tier differently'); }
    stated.set(tier.name, tier);
    tiers.set(tier.name, tier);
  }
  return tiers;
}

function readTier(reader: DocumentReader, fields: Fields, name: string): Tier {
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  reader.only(spec, 'spec', ['order', 'defaultAction']);
  const builtin = builtinTier(name);
  const order = reader.own(spec, 'order');
  const tier: Tier = {
    name,
    order: order === undefined ? builtin?.order ?? UNSTATED_TIER_ORDER : reader.number(order, 'spec.order'),
    defaultAction: reader.oneOf(reader.own(spec, 'defaultAction') ?? builtin?.defaultAction ?? 'Deny', 'spec.defaultAction', ['Deny', 'Pass']),
  };
  if (builtin && JSON.stringify(builtin) !== JSON.stringify(tier)) {
    throw reader.fail('spec', `the tier ${name} always has order ${builtin.order} and default action ${builtin.defaultAction}`);
  }
  return tier;
}

function calicoKind(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, 'apiVersion') || !Object.hasOwn(document, 'kind')) { return undefined; }
  const { apiVersion, kind } = document as { apiVersion: unknown; kind: unknown };
  return (apiVersion === CALICO_V3 || apiVersion === 'crd.projectcalico.org/v1') && typeof kind === 'string' ? kind : undefined;
}
