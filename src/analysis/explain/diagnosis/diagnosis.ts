import type { FoundParty } from '../../find-party';
import { Party, Traffic } from '../../party';

/** A flow about which somebody asks why it does not pass. */
export interface Question {
  readonly source: Party;
  readonly destination: Party;
  /** At the pods: ports are not those of a Service. */
  readonly traffic: Traffic;
  /** As the destination was found, where it was named by a Service or by a DNS name. */
  readonly found?: FoundParty;
}

/** What to look at, in the order in which it goes wrong. All texts are one line, and fit for a terminal. */
export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly fix?: Fix;
  /** Commands for a shell that try the connection, or show what became of it. */
  readonly probes: readonly string[];
}

export type Topic = 'name resolution' | 'service' | 'port' | 'egress' | 'ingress' | 'labels' | 'network';

export interface Check {
  readonly topic: Topic;
  /** `note`: nothing is wrong, but it is good to know. */
  readonly outcome: 'ok' | 'problem' | 'unknown' | 'note';
  readonly text: string;
}

/** What would let the flow pass. */
export interface Fix {
  /** In one sentence. */
  readonly text: string;
  /** The statement as construct code; absent where none would open the flow. */
  readonly code?: string;
  /** The policies of it as YAML, in the dialect of the cluster, by lines. */
  readonly yaml?: readonly string[];
}
