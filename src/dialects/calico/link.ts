import { allOf, anyOf, EndpointExpr, NONE, not, Reference } from '../../model/endpoint';
import { ADMIN, BASELINE, NORMAL, Policy, PolicySet, Rule, tieredPipeline } from '../../model/policy-set';
import { inRanges, TrafficBox } from '../../model/traffic';
import { describeOrigin } from '../dialect';
import { UnreadableDocument } from '../document-reader';
import { serviceEndpoints, ServiceEndpoints } from './link-services';
import { addressSets } from './link-sets';
import { compareTiers, readTiers } from './link-tiers';
import { CALICO_V3, DEFAULT_TIER, NORMAL_ORDER, policyOrder, upstreamTiers } from './tiers';
import { hasClusterNetworkPolicy, hasFreeNames } from './version';

/**
 * Policies with the tiers that order them, the network sets that their selectors find and the Services that they name. Policies of
 * networking.k8s.io and policy.networking.k8s.io may be among them: Calico keeps these in tiers of its own.
 * @throws UnreadableDocument for a tier that nobody states
 */
export function linkCalico(policies: readonly Policy[], documents: readonly unknown[], version?: string): PolicySet {
  const tiers = readTiers(documents, version);
  const lookUp: LookUp = { set: addressSets(documents), service: serviceEndpoints(documents) };
  return {
    pipeline: tieredPipeline([...tiers.values()].sort(compareTiers).map(({ name }) => name)),
    policies: policies.map(policy => inTier(policy, version)).map(policy => {
      const tier = tiers.get(policy.stage);
      if (!tier) {
        throw new UnreadableDocument(describeOrigin(policy), `there is no Tier ${JSON.stringify(policy.stage)} among the documents; add it, since its order and default action decide`);
      }
      // Before connection tracking and before address translation no tier ends with a drop.
      const drops = tier.defaultAction === 'Deny' && policy.hook !== 'untracked' && policy.hook !== 'pre-dnat';
      return { ...policy, isolates: drops, rules: policy.rules.flatMap(rule => resolved(rule, lookUp)) };
    }),
  };
}

/** Where Calico keeps the policies of Kubernetes; its own have their tier already. */
function inTier(policy: Policy, version: string | undefined): Policy {
  const { origin, stage, order } = policy;
  if (stage === NORMAL && origin.apiVersion === 'networking.k8s.io/v1') {
    return { ...policy, stage: DEFAULT_TIER, order: tieBreak(policy, NORMAL_ORDER, 'KubernetesNetworkPolicy', version) };
  }
  if (origin.apiVersion.startsWith('policy.networking.k8s.io/') && (stage === ADMIN || stage === BASELINE)) { return upstream(policy, version); }
  return origin.apiVersion === CALICO_V3 && !hasFreeNames(version) ? { ...policy, order: tieBreak(policy, order[0], origin.kind, version) } : policy;
}

/** AdminNetworkPolicy until 3.31, ClusterNetworkPolicy since 3.32: the other one is stored, and that is all. */
function upstream(policy: Policy, version: string | undefined): Policy {
  const { origin, stage, order } = policy;
  const { admin, baseline } = upstreamTiers(version);
  const tier = stage === ADMIN ? admin : baseline;
  const placed = { ...policy, stage: tier.name, order: tieBreak(policy, order[0], `Kubernetes${origin.kind}`, version) };
  const isCluster = origin.kind === 'ClusterNetworkPolicy';
  if (isCluster === hasClusterNetworkPolicy(version)) { return placed; }
  return { ...placed, mode: 'void', voidBecause: `Calico enforces ${isCluster ? 'ClusterNetworkPolicy since' : 'AdminNetworkPolicy before'} 3.32 only` };
}

/** Policies of one order go by their text: before 3.32 the name that Calico makes of tier and name, behind the namespace. */
function tieBreak(
  { origin: { name, namespace, kind } }: Policy, order: number | string | undefined, internal: string, version: string | undefined,
): [number, string] {
  const number = typeof order === 'number' ? order : Infinity;
  if (hasFreeNames(version)) { return policyOrder(number, name, namespace, internal); }
  return [number, `${namespace === undefined ? '' : `${namespace}/`}${oldName(kind, internal, name)}`];
}

function oldName(kind: string, internal: string, name: string): string {
  if (internal === 'KubernetesNetworkPolicy') { return `knp.default.${name}`; }
  if (kind === 'AdminNetworkPolicy') { return `kanp.adminnetworkpolicy.${name}`; }
  if (kind === 'BaselineAdminNetworkPolicy') { return `kbanp.baselineadminnetworkpolicy.${name}`; }
  return name.includes('.') ? name : `${DEFAULT_TIER}.${name}`;
}

interface LookUp {
  readonly set: (reference: Reference) => EndpointExpr;
  readonly service: (reference: Reference) => readonly ServiceEndpoints[] | undefined;
}

/** A Service at the destination brings ports along, so the rule may become several. */
function resolved(rule: Rule, lookUp: LookUp): Rule[] {
  const { source, destination, traffic } = rule.match;
  const at = (end: EndpointExpr): EndpointExpr => withoutReferences(end, lookUp);
  const groups = 'ref' in destination && destination.ref === 'service' ? lookUp.service(destination) : undefined;
  if (!groups) {
    const match = { source: at(source), destination: at(destination), traffic };
    return match.source === source && match.destination === destination ? [rule] : [{ ...rule, match }];
  }
  const rules = groups
    .map(({ endpoints, ports }) => ({ source: at(source), destination: endpoints, traffic: traffic.flatMap(box => onPorts(box, ports)) }))
    .map(match => ({ ...rule, match }))
    .filter(({ match }) => match.traffic.length > 0);
  return rules.length > 0 ? rules : [{ ...rule, match: { source: at(source), destination: NONE, traffic } }];
}

const onPorts = (box: TrafficBox, ports: readonly TrafficBox[]): TrafficBox[] => ports
  .filter(({ protocols: [[protocol]] }) => inRanges(box.protocols, protocol))
  .map(port => ({ ...box, ...port }));

/** The same object where there is nothing to look up. */
function withoutReferences(expr: EndpointExpr, lookUp: LookUp): EndpointExpr {
  if ('not' in expr) {
    const inner = withoutReferences(expr.not, lookUp);
    return inner === expr.not ? expr : not(inner);
  }
  if ('allOf' in expr) { return ofParts(expr, expr.allOf, allOf, lookUp); }
  if ('anyOf' in expr) { return ofParts(expr, expr.anyOf, anyOf, lookUp); }
  if (!('ref' in expr)) { return expr; }
  if (expr.ref === 'addressSet') { return lookUp.set(expr); }
  const groups = expr.ref === 'service' ? lookUp.service(expr) : undefined;
  return groups ? anyOf(...groups.map(({ endpoints }) => endpoints)) : expr;
}

function ofParts(expr: EndpointExpr, parts: readonly EndpointExpr[], join: typeof allOf, lookUp: LookUp): EndpointExpr {
  const mapped = parts.map(part => withoutReferences(part, lookUp));
  return mapped.every((part, i) => part === parts[i]) ? expr : join(...mapped);
}
