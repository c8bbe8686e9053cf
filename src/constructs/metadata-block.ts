import { ApiObject } from 'cdk8s';
import { PolicyStatement } from './policy-statement';
import type { Workload } from './workload';
import type { CloudEndpoint } from '../cluster/cloud-endpoints';
import type { ResolvedFacts } from '../cluster/cluster';
import { EndpointExpr } from '../model/endpoint';
import { matchesEndpoint, YES } from '../model/match';

/** What `BlockCloudMetadata` says: these addresses are closed to the pods of the namespace. */
export interface MetadataBlock {
  readonly path: string;
  readonly namespace: string;
  readonly blocked: readonly CloudEndpoint[];
  /** Workloads that keep the addresses. */
  readonly except: readonly Workload[];
  /** Its own policy. In plain Kubernetes that is written only where no pod is isolated. */
  readonly statement: PolicyStatement;
  readonly object: ApiObject;
}

export function blockedEndpoints(facts: ResolvedFacts, credentials: boolean): CloudEndpoint[] {
  return [...facts.cloud._endpoints('metadata'), ...(credentials ? facts.cloud._endpoints('credentials') : [])];
}

/** What stays open on an address that is closed, over UDP and TCP. */
export interface OpenService {
  readonly address: string;
  readonly port: number;
}

/** The cluster's DNS and the platform's services, where they share an address with what is closed. */
export function sharedServices(facts: ResolvedFacts, blocked: readonly CloudEndpoint[]): OpenService[] {
  const platform = facts.cloud._endpoints('platform').flatMap(({ address, ports }) => ports.map(port => ({ address, port })));
  const dns = facts.dns._servers(facts.dialect).flatMap(({ peer, port }) =>
    blocked.filter(({ address }) => isAt(peer, address)).map(({ address }) => ({ address, port })));
  const shared = [...platform, ...dns].filter(({ address, port }) => {
    const here = blocked.filter(endpoint => endpoint.address === address);
    return here.length > 0 && !here.some(endpoint => endpoint.ports.includes(port));
  });
  return shared.filter(({ address, port }, i) => shared.findIndex(other => other.address === address && other.port === port) === i);
}

const isAt = (peer: EndpointExpr, address: string): boolean =>
  matchesEndpoint(peer, { kind: 'external', address }, { cidrMatches: ['external'] }) === YES;
