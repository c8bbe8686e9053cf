/** What pods of one workload have alike, and what policies can tell of them. */
export interface PodShape {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Absent where the documents do not state the account. */
  readonly serviceAccountLabels?: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  /** Of its pods, where known. */
  readonly addresses: readonly string[];
  /** On which they run, where known. */
  readonly nodes: readonly string[];
}

export interface ContainerPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly hostPort?: number;
}
