import { CalicoRule } from './rule';
import { CalicoSelector } from './selector';
import { ICalicoTier } from './tier';

/** The directions of a policy. */
export enum CalicoPolicyType {
  /** What connects to the endpoints. */
  INGRESS = 'Ingress',
  /** What the endpoints connect to. */
  EGRESS = 'Egress',
}

/** Hints for how Calico works a policy out. */
export enum CalicoPerformanceHint {
  /** Felix works the selectors out on every node from the start. */
  ASSUME_NEEDED_ON_EVERY_NODE = 'AssumeNeededOnEveryNode',
}

/** What a staged policy previews. */
export enum CalicoStagedAction {
  /** That the policy is made or changed. */
  SET = 'Set',
  /** That the enforced policy of the same name is deleted. Only name, namespace and tier may be stated. */
  DELETE = 'Delete',
}

/** What all policies of Calico state. */
export interface CalicoPolicyOptions {
  /**
   * The tier of the policy.
   * @default - the tier "default"
   */
  readonly tier?: ICalicoTier;
  /**
   * Its place in the tier, lowest first. Kubernetes NetworkPolicies stand at 1000 of the tier "default".
   * @default 1000
   */
  readonly order?: number;
  /**
   * The endpoints that it is about, by their labels.
   * @default CalicoSelector.all()
   */
  readonly selector?: CalicoSelector;
  /**
   * The endpoints that it is about, by the labels of their service accounts.
   * @default - any
   */
  readonly serviceAccountSelector?: CalicoSelector;
  /**
   * The directions that it judges. In a tier whose default action is Deny, what none of its rules allows in these directions is dropped.
   * @default - those with rules
   */
  readonly types?: CalicoPolicyType[];
  /**
   * The rules for what connects to the endpoints; the first that matches decides.
   * @default - none
   */
  readonly ingress?: CalicoRule[];
  /**
   * The rules for what the endpoints connect to; the first that matches decides.
   * @default - none
   */
  readonly egress?: CalicoRule[];
  /**
   * Hints for how Calico works it out.
   * @default - none
   */
  readonly performanceHints?: CalicoPerformanceHint[];
  /**
   * The name of the object, without dots and without the tier, which is put before it outside the tier "default".
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

/** What policies of the whole cluster state. */
export interface CalicoGlobalPolicyOptions extends CalicoPolicyOptions {
  /**
   * The namespaces of the pods that it is about, by their labels.
   * @default - every namespace; none with `hostEndpoints`
   */
  readonly namespaceSelector?: CalicoSelector;
  /**
   * Whether it is about host endpoints too, as their labels say. A policy that closes these can cut off nodes.
   * @default false
   */
  readonly hostEndpoints?: boolean;
  /**
   * Whether it judges packets of host endpoints before connection tracking; then both directions need rules. Not with `preDnat`.
   * @default false
   */
  readonly doNotTrack?: boolean;
  /**
   * Whether it judges packets of host endpoints before their destination is translated; ingress only. Not with `doNotTrack`.
   * @default false
   */
  readonly preDnat?: boolean;
  /**
   * Whether it judges packets that host endpoints forward, too.
   * @default - true with `doNotTrack` and `preDnat`, else false
   */
  readonly applyOnForward?: boolean;
}
