import { Answer } from '../../model/evaluate';
import { Justified } from '../../model/justification';
import { Direction } from '../../model/policy-set';

/** Why a flow passes or not, as data; `explanationText` prints it. All texts are one line, and fit for a terminal. */
export interface Explanation extends Case {
  readonly source: string;
  readonly destination: string;
  /** Such as `TCP 8080` or `TCP 8080 GET /api`. */
  readonly traffic: string;
  /** Where there are several ways in which the two may meet that fare otherwise, or for other reasons: the others. */
  readonly others: readonly Case[];
  /** What the answer depends on, where it is unknown; sentences. */
  readonly missing: readonly string[];
  /** Which requests pass, where the answer is partial; sentences. */
  readonly requests: readonly string[];
  /** What to know about it, such as what the CNI does on its own; sentences. */
  readonly remarks: readonly string[];
}

/** One way in which the two ends may meet, or several that are explained alike. */
export interface Case {
  /** Where there are several, what is so in this one, such as `the source is on another node`. */
  readonly when?: string;
  readonly answer: Answer;
  /** Egress of the source, and ingress of the destination. */
  readonly sides: readonly SideExplanation[];
}

export interface SideExplanation {
  readonly direction: Direction;
  /** Whose side it is. */
  readonly subject: string;
  readonly answer: Answer;
  /** In the order in which they were asked. */
  readonly steps: readonly ExplanationStep[];
  /** How many more policies there are without a rule that matches. */
  readonly more?: number;
}

/** What a policy, or what no policy decides, says about the flow. */
export interface ExplanationStep {
  /** Every layer must allow. */
  readonly layer: 'network' | 'mesh' | 'host' | 'other';
  /** The stage or tier of the policy; absent where no stage decides. */
  readonly stage?: string;
  /** Such as `NetworkPolicy shop/web`; absent where no policy decides. */
  readonly policy?: string;
  /** The place of the rule in it, such as `ingress[0]`, where one matches. */
  readonly rule?: string;
  /** Which of its peers and ports match, where that can be told: such as `ingress[0].from[1]`. */
  readonly parts?: readonly string[];
  /** Whom the rule is about, and what, in words. */
  readonly about?: string;
  readonly effect: Effect;
  /** Whether that is sure: `maybe` where facts are missing, `some` where it depends on the request. */
  readonly certainty: 'yes' | 'maybe' | 'some';
  /** `file:line` of the rule or the policy, or the construct path. */
  readonly at?: string;
  /** Why it closes the direction, or decides nothing. */
  readonly because?: string;
  /** Why the rule is there, or the policy, where its documents say it. */
  readonly justifications?: readonly Justified[];
  /** Rules of the policy that do not match, the nearest first. */
  readonly near?: readonly NearRule[];
  /** How many more of them there are. */
  readonly more?: number;
}

/**
 * `closes`: the policy isolates its subject, and no rule matches. `nothing`: it selects the subject, and says nothing about the flow.
 * `default`: no policy decides. `inert`: the policy is staged, or ignored.
 */
export type Effect = 'allows' | 'denies' | 'passes on' | 'decided elsewhere' | 'closes' | 'nothing' | 'default' | 'inert';

/** A rule that does not match, and why. */
export interface NearRule {
  /** Such as `ingress[0]`. */
  readonly rule: string;
  readonly at?: string;
  readonly action: string;
  readonly reasons: readonly Reason[];
}

export interface Reason {
  readonly about: 'peer' | 'own end' | 'protocol' | 'port' | 'source port' | 'message' | 'IP version' | 'request';
  readonly text: string;
}
