import type { MetadataBlock } from './metadata-block';
import type { PolicyStatement } from './policy-statement';
import type { CloudEndpoint } from '../cluster/cloud-endpoints';
import { ANY } from '../model/endpoint';
import { evaluate } from '../model/evaluate';
import { Endpoint } from '../model/match';
import { ADMIN, Pipeline, Policy, SECURITY } from '../model/policy-set';
import { ALL_TRAFFIC, PROTOCOL_NUMBERS } from '../model/traffic';

/** The tiers that come before every deny of a namespace; what they do not allow is for others to decide. */
const BEFORE: Pipeline = [{ name: 'network', stages: [{ id: SECURITY, combine: 'first-match' }, { id: ADMIN, combine: 'first-match' }], otherwise: 'deny' }];
const ARRIVED: Policy = {
  origin: { apiVersion: '', kind: '', name: '' },
  stage: SECURITY,
  order: [],
  mode: 'enforce',
  direction: 'ingress',
  subject: ANY,
  isolates: false,
  rules: [{ action: 'allow', match: { source: ANY, destination: ANY, traffic: ALL_TRAFFIC } }],
};

/**
 * What an upper tier allows, no namespace can close again.
 * @param isExempt whether a policy is only about pods that keep the addresses
 */
export function allowedBefore(
  block: MetadataBlock, stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, isExempt: (policy: Policy) => boolean,
): { readonly statement: PolicyStatement; readonly endpoint: CloudEndpoint } | undefined {
  const upper = [...stated].filter(([{ stage }]) => stage === SECURITY || stage === ADMIN);
  if (upper.length === 0) { return undefined; }
  const egressOf = (policies: readonly Policy[]) => policies.filter(policy => policy.direction === 'egress' && !isExempt(policy));
  const open = (of: readonly Policy[], endpoint: CloudEndpoint): boolean => placesOf(endpoint).some(destination => endpoint.ports.some(port =>
    evaluate({ pipeline: BEFORE, policies: [...of, ARRIVED] },
      { source: { kind: 'pod', namespace: block.namespace }, destination, protocol: PROTOCOL_NUMBERS.TCP, port },
      { cidrMatches: ['external', 'node', 'pod'] }) !== 'denied'));
  const all = upper.flatMap(([, policies]) => egressOf(policies));
  const endpoint = block.blocked.find(candidate => open(all, candidate));
  if (!endpoint) { return undefined; }
  const allowing = upper.find(([, policies]) => open(egressOf(policies), endpoint));
  return allowing && { statement: allowing[0], endpoint };
}

const placesOf = ({ address, onNode }: CloudEndpoint): Endpoint[] => [
  { kind: 'external', address, entities: ['world'] },
  ...(onNode ? [{ kind: 'node' as const, address, entities: ['host', 'cluster'] }] : []),
];
