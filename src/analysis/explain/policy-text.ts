import { Origin, Policy, Rule } from '../../model/policy-set';
import { locate } from '../input/locate';
import { isImplicit } from '../world/implicit-policy';

/** Such as `NetworkPolicy shop/web`; what a CNI does on its own is `Cilium itself (node to its own pods)`. */
export function policyText(policy: Pick<Policy, 'origin'>): string {
  const { kind, namespace, name } = policy.origin;
  return isImplicit(policy) ? `${kind} itself (${name})` : `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** The place of a rule, such as `ingress[0]` or `specs[1].egress[0]`; undefined for what has none. */
export const partOf = ({ part }: Origin): string | undefined => (part === undefined ? undefined : part.replace(/^spec\./, ''));

/** Such as `NetworkPolicy shop/web, ingress[0]`. */
export function ruleText(policy: Policy, { origin }: Rule): string {
  const part = origin && partOf(origin);
  return part === undefined ? policyText(policy) : `${policyText(policy)}, ${part}`;
}

/** `file:line` of a field of a rule, or the construct path. */
export function placeOf(origin: Origin, part?: string): string | undefined {
  if (origin.at === undefined) { return undefined; }
  const field = FIELD.exec(part ?? origin.part ?? '')?.[0] ?? '';
  if (field === '') { return origin.at; }
  return locate(origin.at, /^specs?\b/.test(field) ? field : `spec.${field}`);
}

/** What is no part of a path follows it. */
const FIELD = /^[A-Za-z]\w*(\[\d+\])?(\.[A-Za-z]\w*(\[\d+\])?)*/;

/** Where documents list peers and ports so that each is one alternative of the rule: their fields. */
export function alternativesOf(policy: Policy, rule: Rule): { readonly peers?: string; readonly ports?: string } {
  if (!policy.origin.apiVersion.startsWith('networking.k8s.io/') || rule.origin?.part === undefined) { return {}; }
  return { peers: policy.direction === 'ingress' ? 'from' : 'to', ports: 'ports' };
}
