import { CLUSTER, readCluster } from './clusters';
import { RESERVED_ENDPOINTS, RESERVED_LABELS, WORLD_LABELS } from './entities';
import { Reading } from './reading';
import { OWN_ENDPOINTS } from './reserved';
import {
  DERIVED, NAMESPACE, NAMESPACE_LABELS, readRequirements, SERVICE_ACCOUNT, Sourced,
} from './selector-keys';
import { allOf, allOfMany, ANY, anyOf, anyOfMany, EndpointExpr, inNamespace, LabelRequirement, NONE, not, POD, selectorExpr } from '../../model/endpoint';
import { isIdentityLabel, notIdentity } from '../identity-labels';

/**
 * What selectors of endpoints mean. Cilium adds requirements to what a selector says, and the reader is exact about these:
 * the namespace of the policy, that there is a namespace at all, and (in `link`) the cluster.
 */

/** The endpoints that a policy is about. */
export function readSubject(reading: Reading, raw: unknown, path: string): EndpointExpr {
  const own = reading.namespace;
  const requirements = readRequirements(reading, raw, path);
  if (requirements.some(({ source }) => source === 'reserved')) { return readReservedSubject(reading, requirements, path); }
  const terms = requirements.map(requirement => meaning(reading, requirement, path));
  if (own === undefined) {
    // Health, ingress and init endpoints have no label that could be asked for, and every one that must be absent is.
    const pods = allOf(POD, allOfMany(terms));
    return requirements.every(isNegative) ? anyOf(pods, OWN_ENDPOINTS) : pods;
  }
  for (const { key, operator, values = [] } of requirements) {
    if (key === NAMESPACE && ((operator === 'In' && !values.includes(own)) || (operator === 'NotIn' && values.includes(own)))) {
      throw reading.fail(path, `a policy of namespace ${own} is about endpoints of its own namespace; Cilium does not look at the other namespace that this names; `
        + 'put the policy into that namespace, or use a CiliumClusterwideNetworkPolicy');
    }
  }
  return allOf(POD, inNamespace(own), allOfMany(requirements.flatMap((requirement, i) => (requirement.key === NAMESPACE ? [] : [terms[i]]))));
}

function readReservedSubject(reading: Reading, requirements: readonly Sourced[], path: string): EndpointExpr {
  const entities = readReserved(reading, requirements, path, RESERVED_ENDPOINTS);
  const own = reading.namespace;
  if (!requirements.every(isNegative)) {
    // Cilium adds the namespace of the policy, which none of these has.
    return own === undefined ? entities : NONE;
  }
  if (own === undefined) { throw reading.fail(path, `every endpoint without some reserved labels is not evaluated; for every pod add a requirement that ${NAMESPACE} Exists, without the reserved labels`); }
  return allOf(POD, inNamespace(own));
}

/** The endpoints that an entry of fromEndpoints or toEndpoints selects, with what Cilium adds to it. */
export function readPeer(reading: Reading, raw: unknown, path: string): EndpointExpr {
  const own = reading.namespace;
  const requirements = readRequirements(reading, raw, path);
  if (requirements.some(({ source }) => source === 'reserved')) { return readReserved(reading, requirements, path, RESERVED_LABELS); }
  const terms = requirements.map(requirement => meaning(reading, requirement, path));
  const names = requirements.some(({ key }) => key === NAMESPACE);
  const labels = requirements.some(({ key }) => key.startsWith(NAMESPACE_LABELS));
  if (!names && own === undefined) { return allOf(POD, allOfMany(terms)); }
  if (!names && !labels) { return allOf(POD, inNamespace(own!), allOfMany(terms)); }
  // What only leaves out has no pod in it that it asks for: `link` knows what else it means.
  const leavesOut = requirements.every(requirement => isNegative(requirement) || requirement.key === CLUSTER);
  return leavesOut ? allOfMany(terms) : allOf(POD, allOfMany(terms));
}

const isNegative = ({ operator }: Sourced): boolean => operator === 'NotIn' || operator === 'DoesNotExist';

/** A selector of reserved labels is used as it is. */
function readReserved(reading: Reading, requirements: readonly Sourced[], path: string, known: readonly string[]): EndpointExpr {
  return allOfMany(requirements.map(({ source, key, operator, values = [] }): EndpointExpr => {
    if (source === 'reserved' && WORLD_LABELS.includes(key)) { return readWorld(reading, requirements, path); }
    if (source !== 'reserved') {
      throw reading.fail(path, `reserved labels beside other ones (${key}) are not evaluated: Cilium then adds neither namespace nor cluster; use fromEntities or toEntities, fromNodes or toNodes, and an item for each`);
    }
    if (!known.includes(key)) { throw reading.fail(path, `the label reserved:${key} is not evaluated here (known: ${known.join(', ')})`); }
    // The value of every reserved label is empty.
    const exists = operator === 'Exists' || operator === 'DoesNotExist' || values.includes('');
    if (!exists) { return isNegative({ source, key, operator }) ? ANY : NONE; }
    return isNegative({ source, key, operator }) ? not({ entity: key }) : { entity: key };
  }));
}

/** Which of the labels of the world an address has depends on the families that the cluster has: only all of them together say something. */
function readWorld(reading: Reading, requirements: readonly Sourced[], path: string): EndpointExpr {
  const isLeftOut = (label: string): boolean => requirements.some(({ source, key, operator }) => source === 'reserved' && key === label && operator === 'DoesNotExist');
  const asked = requirements.some(({ source, key, operator }) => source === 'reserved' && WORLD_LABELS.includes(key) && operator !== 'DoesNotExist');
  if (asked || !WORLD_LABELS.every(isLeftOut)) {
    throw reading.fail(path, 'in a cluster with IPv4 and IPv6 nothing has the label reserved:world, but reserved:world-ipv4 or reserved:world-ipv6; '
      + 'for all that is outside write fromEntities: [world] or toEntities: [world], and to leave it out say DoesNotExist of all three');
  }
  return not({ entity: 'world' });
}

function meaning(reading: Reading, { source, ...requirement }: Sourced, path: string): EndpointExpr {
  const { key, operator, values = [] } = requirement;
  // The labels of a pod come from Kubernetes, so that `any` and `k8s` mean the same.
  if (source !== 'any' && source !== 'k8s') {
    throw reading.fail(path, `labels of the source ${JSON.stringify(source)} are not evaluated in a selector of endpoints; use the field that is made for them (fromNodes, fromCIDRSet with cidrGroupSelector, toFQDNs)`);
  }
  if (key === CLUSTER || key === NAMESPACE || key === SERVICE_ACCOUNT) {
    if (operator === 'DoesNotExist') { throw reading.fail(path, `every pod has a ${key}; endpoints without one are not evaluated: use fromEntities or toEntities`); }
    if (key === CLUSTER) { return readCluster(operator, values); }
    const names = values.map((name): EndpointExpr => (key === NAMESPACE ? { namespace: name } : { serviceAccount: name }));
    return operator === 'Exists' ? ANY : operator === 'In' ? anyOfMany(names) : allOfMany(names.map(not));
  }
  if (key.startsWith(NAMESPACE_LABELS)) {
    return selectorExpr('namespace', { matchExpressions: [{ ...requirement, key: key.slice(NAMESPACE_LABELS.length) } as LabelRequirement] });
  }
  if (key.startsWith(DERIVED)) { throw reading.fail(path, `${key} is no label of a pod`); }
  if (!isIdentityLabel(key)) { throw reading.fail(path, notIdentity(key)); }
  return selectorExpr('pod', { matchExpressions: [requirement] });
}
