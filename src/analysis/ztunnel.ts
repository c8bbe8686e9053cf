import { askedFirst, undecided } from './undecided';
import type { MeshFacts } from '../cluster/mesh';
import { EndpointExpr } from '../model/endpoint';
import { MESH, Origin, Policy, PolicySet, Rule } from '../model/policy-set';
import { TrafficBox } from '../model/traffic';

/**
 * In ambient mode ztunnel enforces what is bound to no waypoint, and it sees no requests: an ALLOW rule about requests allows nothing, and still closes
 * the rest. Of a DENY rule the ports are left; where none are stated, the documentation says that all is denied, and ztunnel's code that nothing is,
 * so that it is unknown. https://ambientmesh.io/docs/security/waypoint-authz/ https://github.com/istio/ztunnel/blob/master/src/rbac.rs
 */
export function withZtunnel(set: PolicySet, mesh: MeshFacts | undefined): PolicySet {
  if (mesh?.kind !== 'istio-ambient' || !set.policies.some(isAtZtunnel)) { return set; }
  return { ...set, policies: set.policies.flatMap(policy => (isAtZtunnel(policy) ? atZtunnel(policy) : [policy])) };
}

const isAtZtunnel = ({ stage, rules, subject }: Policy): boolean => stage === MESH && rules.some(isAboutRequests) && !isTargeted(subject);

const isAboutRequests = ({ match }: Rule): boolean => match.traffic.some(({ l7 }) => l7 !== undefined);

/** By `targetRefs`, to a Service behind a waypoint. */
function isTargeted(subject: EndpointExpr): boolean {
  const parts = 'allOf' in subject ? subject.allOf : [subject];
  return parts.some(part => 'ref' in part || ('anyOf' in part && part.anyOf.some(one => 'ref' in one)));
}

function atZtunnel(policy: Policy): Policy[] {
  // One rule of a document may be several here; all of them go.
  const left = new Set<Origin | undefined>(policy.rules.filter(isAboutRequests).map(({ origin }) => origin));
  const rules = policy.rules.flatMap(rule => {
    if (rule.action !== 'deny') { return rule.action === 'allow' && left.has(rule.origin) ? [] : [rule]; }
    return withTraffic(rule, rule.match.traffic.filter(isCertain).map(withoutRequests));
  });
  const open = policy.rules.filter(({ action }) => action === 'deny')
    .flatMap(rule => withTraffic(rule, rule.match.traffic.filter(box => !isCertain(box)).map(withoutRequests)))
    .map(rule => undecided(rule, 'whether ztunnel, which sees no requests, denies everything in place of the requests that the rule is about'));
  return [...(rules.length > 0 || policy.isolates ? [{ ...policy, rules }] : []), ...(open.length > 0 ? [askedFirst(policy, open)] : [])];
}

const withTraffic = (rule: Rule, traffic: readonly TrafficBox[]): Rule[] =>
  (traffic.length === 0 ? [] : [{ ...rule, match: { ...rule.match, traffic } }]);

/** Whether all agree on what is left of it. */
const isCertain = ({ l7, destinationPorts }: TrafficBox): boolean =>
  l7 === undefined || ('http' in l7 && destinationPorts !== undefined
    && l7.http.every(({ headers, conditions }) => headers === undefined && conditions === undefined));

function withoutRequests({ l7, ...box }: TrafficBox): TrafficBox {
  return box;
}
