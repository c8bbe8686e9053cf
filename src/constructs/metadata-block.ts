import { ApiObject } from 'cdk8s';
import type { ResolvedFacts } from '../cluster/cluster';
import type { CloudEndpoint } from '../cluster/cloud-endpoints';
import { PolicyStatement } from './policy-statement';
import type { Workload } from './workload';

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
