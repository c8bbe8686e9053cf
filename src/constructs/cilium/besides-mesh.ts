import { Context, wrong } from './context';
import { CiliumEgressRule, CiliumIngressRule } from './rules';

/** Peers that are outside of any mesh. */
const OUTSIDE = ['fromCidr', 'fromCidrSet', 'fromNodes', 'fromGroups', 'toCidr', 'toCidrSet', 'toNodes', 'toGroups', 'toFqdns'] as const;
const WITH_PODS = ['fromEndpoints', 'toEndpoints', 'toServices'] as const;
/** Entities that hold pods of the mesh. */
const ENTITIES: readonly string[] = ['all', 'cluster', 'cluster-mesh'];
/** What Cilium reads in the packets, which it cannot where they are encrypted. */
const CONTENTS = ['http', 'kafka', 'serverNames', 'terminatingTls'] as const;

type Rule = Omit<CiliumIngressRule & CiliumEgressRule, 'toPorts'> & { readonly toPorts?: readonly object[] };

/**
 * Between pods of a mesh Cilium sees what the proxies encrypt: a condition on what is inside would let nothing through.
 * @throws where a rule may be about such pods
 */
export function checkBesideMesh(rule: Rule, where: string, { mesh }: Context): void {
  if (mesh === undefined || !mayMeetProxies(rule)) { return; }
  rule.toPorts?.forEach((entry, i) => {
    const content = CONTENTS.find(name => (entry as Record<string, unknown>)[name] !== undefined);
    if (content !== undefined) {
      throw wrong(`${where}.toPorts[${i}].${content}`, `between pods of the mesh (${mesh}) Cilium sees encrypted traffic only, and would let none of it pass; state the ports here, and the conditions in the mesh`);
    }
  });
}

function mayMeetProxies(rule: Rule): boolean {
  if (WITH_PODS.some(property => rule[property] !== undefined)) { return true; }
  const entities = [...rule.fromEntities ?? [], ...rule.toEntities ?? []];
  // Several kinds of peers are alternatives, and none is everybody.
  return entities.length > 0 ? entities.some(entity => ENTITIES.includes(entity)) : !OUTSIDE.some(property => rule[property] !== undefined);
}
