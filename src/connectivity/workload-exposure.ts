/** A side of a workload. */
export enum FlowDirection {
  /** What comes in. */
  INGRESS = 'ingress',
  /** What goes out. */
  EGRESS = 'egress',
}

/** What a workload is open to beyond the pods that are known. */
export interface WorkloadExposure {
  /** Such as "shop/web[Deployment]". */
  readonly workload: string;
  /** Which side of it. */
  readonly direction: FlowDirection;
  /** Such as "entire-cluster", "shop/[all pods]", "[namespace with {team=red}]/[pod with {app=web}]", or a range of addresses outside. */
  readonly peer: string;
  /** Such as "TCP 80,443"; "No Connections" for an exception of what a wider peer is open to. */
  readonly traffic: string;
  /** Whether any policy closes this side of the workload at all. */
  readonly isProtected: boolean;
}
