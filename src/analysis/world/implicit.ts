import { FORWARDED, forwardedPolicies } from './forwarded';
import { hostEndpointDefaults } from './host-endpoint-defaults';
import { Implicit, implicitPolicy, implicitRule } from './implicit-policy';
import { isStrict, strictMode } from './strict-mode';
import { World } from './world';
import { allOf, anyOf, EndpointExpr, POD } from '../../model/endpoint';
import { BASELINE, Direction, NORMAL, Policy, PolicySet, Stage } from '../../model/policy-set';
import { ResolvedCluster } from '../cluster';

/** What a CNI lets pass and stops on its own, as policies, so that an explanation can name it. */

/** The node that the pod at the other end runs on. */
const OWN_NODE: EndpointExpr = allOf(anyOf({ kind: 'node' }, { kind: 'hostEndpoint' }), { entity: 'host' });

/** No tier has a space in its name. */
export const OWN_NODE_STAGE: Stage = { id: 'own node', combine: 'first-match' };

const KUBERNETES_DOCS = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const CILIUM_DOCS = 'https://docs.cilium.io/en/stable/security/policy/intro/';
const CALICO_DOCS = 'https://docs.tigera.io/calico/latest/network-policy/hosts/host-forwarded-traffic';

/** The set with what its CNI does on its own. */
export function withImplicit(set: PolicySet, cluster: ResolvedCluster, world?: World): PolicySet {
  switch (cluster.cni) {
    case 'cilium':
    case 'gke-dataplane-v2': return withCilium(set, cluster);
    case 'calico': return withCalico(set, cluster, world);
    default: return { ...set, policies: [...set.policies, ...nodeAndItsPods(set, cluster), ...(isStrict(cluster) ? strictMode(set, OWN_NODE) : [])] };
  }
}

/** What isolates a pod leaves it open to its own node, and its own node to it; what is cluster-wide comes before and after, and is not bound by that. */
function nodeAndItsPods(set: PolicySet, cluster: ResolvedCluster): Policy[] {
  const to: Implicit = { by: 'Kubernetes', name: 'node to its own pods', source: KUBERNETES_DOCS };
  const from: Implicit = { by: 'Kubernetes', name: 'pod to its own node', source: KUBERNETES_DOCS };
  const ingress = [implicitRule(to, 'allow', { source: OWN_NODE })];
  const egress = [implicitRule(from, 'allow', { destination: OWN_NODE })];
  return [
    ...isolatedBefore(set, 'ingress', cluster).map(subject => implicitPolicy(to, { direction: 'ingress', stage: NORMAL, subject, isolates: false, rules: ingress })),
    ...isolatedBefore(set, 'egress', cluster).map(subject => implicitPolicy(from, { direction: 'egress', stage: NORMAL, subject, isolates: false, rules: egress })),
  ];
}

/** Those whose traffic with their node must not come to the baseline: all pods, or, where the baseline has a say, the ones that are isolated. */
function isolatedBefore({ policies }: PolicySet, direction: Direction, cluster: ResolvedCluster): EndpointExpr[] {
  const isMine = (policy: Policy): boolean => policy.direction === direction && policy.mode === 'enforce';
  const isolating = (policy: Policy): boolean => policy.stage === NORMAL && policy.isolates && isMine(policy);
  if (!policies.some(isolating)) { return []; }
  const each = isStrict(cluster) || policies.some(policy => policy.stage === BASELINE && isMine(policy));
  return each ? [...new Set(policies.filter(isolating).map(({ subject }) => subject))] : [POD];
}

/** Below every deny. Policies about nodes are for the host firewall, and ignored without it. */
function withCilium({ pipeline, policies }: PolicySet, { features }: ResolvedCluster): PolicySet {
  const implicit: Implicit = { by: 'Cilium', name: 'node to its own pods', source: CILIUM_DOCS };
  const rules = [implicitRule(implicit, 'allow', { source: OWN_NODE })];
  const isolates = policies.some(policy => policy.direction === 'ingress' && policy.isolates && policy.mode === 'enforce');
  return {
    pipeline,
    policies: [
      ...(features?.hostFirewall ? policies : policies.map(policy => (isAboutNodes(policy.subject) ? ignored(policy) : policy))),
      ...(isolates ? [implicitPolicy(implicit, { direction: 'ingress', stage: NORMAL, subject: POD, isolates: false, rules })] : []),
    ],
  };
}

const ignored = (policy: Policy): Policy => (policy.mode === 'enforce'
  ? { ...policy, mode: 'void', voidBecause: 'policies about nodes are enforced by the host firewall of Cilium, which is not stated to be on (hostFirewall)' }
  : policy);

function isAboutNodes(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(isAboutNodes); }
  return 'kind' in expr && expr.kind === 'node';
}

/** Before every tier: the own node passes by the policies of its pods, and what pods send to it is for an action of Felix after their own policies. */
function withCalico({ pipeline, policies }: PolicySet, { profile }: ResolvedCluster, world: World | undefined): PolicySet {
  const to: Implicit = { by: 'Calico', name: 'node to its own pods', source: CALICO_DOCS };
  const rules = [implicitRule(to, 'allow', { source: OWN_NODE })];
  const { before, after } = hostEndpointDefaults(world);
  const forwarded = world ? forwardedPolicies(policies, world, profile) : [];
  const stagesOf = (placed: typeof before): Stage[] => [...new Set(placed.map(({ stage }) => stage))];
  return {
    pipeline: [
      ...pipeline.map(layer => (layer.name === 'network'
        ? { ...layer, stages: [OWN_NODE_STAGE, ...stagesOf(before), ...layer.stages, ...stagesOf(after)] }
        : layer)),
      ...(forwarded.length > 0 ? [FORWARDED] : []),
    ],
    policies: [
      implicitPolicy(to, { direction: 'ingress', stage: OWN_NODE_STAGE.id, subject: POD, isolates: false, rules }),
      ...hostAction(world),
      ...policies,
      ...[...before, ...after].map(({ policy }) => policy),
      ...forwarded,
    ],
  };
}

/** It has a say where host endpoints may have another one, or where it may drop: Felix does by itself, and manifests make it accept. */
function hostAction(world: World | undefined): Policy[] {
  if (world === undefined) { return []; }
  const { hostAction: { action, at } = { action: undefined, at: undefined }, hostEndpoints } = world;
  if (action === 'Return' || (action === 'Accept' && hostEndpoints.length === 0)) { return []; }
  const implicit: Implicit = { by: 'Calico', name: `defaultEndpointToHostAction ${action ?? 'not stated'}`, source: FELIX_DOCS, ...(at === undefined ? {} : { at }) };
  const rules = [implicitRule(implicit, action === undefined ? 'external' : action === 'Drop' ? 'deny' : 'allow', { source: POD })];
  return [implicitPolicy(implicit, { direction: 'ingress', stage: OWN_NODE_STAGE.id, subject: OWN_NODE, isolates: false, rules })];
}

const FELIX_DOCS = 'https://docs.tigera.io/calico/latest/reference/resources/felixconfig';
