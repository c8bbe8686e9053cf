import { membersOf } from './mesh-members';
import { askedFirst, askedLast, undecided, undecidedRest } from './undecided';
import type { MeshFacts } from '../cluster/mesh';
import { allOf } from '../model/endpoint';
import { MESH, Policy, PolicySet } from '../model/policy-set';
import type { World } from './world/world';

/**
 * Policies of Istio are enforced by the proxies of those who take part in the mesh. Where no mesh of Istio is stated, nobody knows whether there are
 * any: what these policies deny may pass all the same, and what they allow passes as far as they go.
 */
export function withProxies(set: PolicySet, mesh: MeshFacts | undefined, world: World): PolicySet {
  if (!set.policies.some(isEnforced)) { return set; }
  if (mesh === undefined || mesh.kind === 'linkerd') { return { ...set, policies: set.policies.flatMap(policy => (isEnforced(policy) ? ifEnforced(policy) : [policy])) }; }
  const members = membersOf(world, mesh);
  return { ...set, policies: set.policies.map(policy => (isEnforced(policy) ? { ...policy, subject: allOf(policy.subject, members) } : policy)) };
}

const isEnforced = ({ stage, mode }: Policy): boolean => stage === MESH && mode === 'enforce';

const BECAUSE = 'whether a proxy of Istio enforces it: state the mesh (--mesh)';

function ifEnforced(policy: Policy): Policy[] {
  const denies = policy.rules.filter(({ action }) => action === 'deny');
  const others = policy.rules.filter(({ action }) => action !== 'deny');
  return [
    ...(denies.length > 0 ? [askedFirst(policy, denies.map(rule => undecided(rule, BECAUSE)))] : []),
    ...(others.length > 0 ? [{ ...policy, isolates: false, rules: others }] : []),
    ...(policy.isolates ? [askedLast(policy, [undecidedRest(policy.origin, BECAUSE)])] : []),
  ];
}

/** What is not looked at where sidecars enforce policies. */
export function sidecarNotes({ policies }: PolicySet, mesh: MeshFacts | undefined): string[] {
  if (mesh?.kind !== 'istio-sidecar' || !policies.some(isEnforced)) { return []; }
  return ['every pod is taken to have a sidecar, and all its ports to be behind it, save where a label says otherwise: annotations '
    + '(sidecar.istio.io/inject, traffic.sidecar.istio.io/excludeInboundPorts) are not looked at'];
}
