/** What a flow shows of one of its ends, beside the names that it may be found by. */
export interface SeenEnd {
  /** What Cilium says that it is, such as `host`, `remote-node`, `kube-apiserver` or `world`. */
  readonly entities?: readonly string[];
  /** Whether these are all that it is; else it may be more, such as a node that is the API server too. */
  readonly allEntities?: boolean;
  readonly address?: string;
  readonly pod?: SeenPod;
}

export interface SeenPod {
  readonly namespace: string;
  readonly name: string;
  /** Those that policies can see. Absent: not known. */
  readonly labels?: Readonly<Record<string, string>>;
}
