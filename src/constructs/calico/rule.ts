import { CalicoPort } from './port';
import { CalicoProtocol } from './protocol';
import { CalicoSelector } from './selector';

/** What a matching rule does. */
export enum CalicoAction {
  /** The packet passes. */
  ALLOW = 'Allow',
  /** The packet is dropped. */
  DENY = 'Deny',
  /** The packet is logged, and the next rule is asked. */
  LOG = 'Log',
  /** The next tier is asked. */
  PASS = 'Pass',
}

/** Service accounts of pods. Both must hold where both are stated. */
export interface CalicoServiceAccounts {
  /**
   * Their names.
   * @default - any
   */
  readonly names?: string[];
  /**
   * A selector of their labels.
   * @default - any
   */
  readonly selector?: CalicoSelector;
}

/** A Kubernetes Service, which stands for the endpoints behind it. */
export interface CalicoServiceRef {
  /** The name of the Service. */
  readonly name: string;
  /**
   * The namespace of the Service.
   * @default - the policy's; a global policy has none, and must state it
   */
  readonly namespace?: string;
}

/**
 * One end of a connection. All that is stated must hold, and the entries of a list are alternatives; nothing stated is anything.
 *
 * Selectors match endpoints and NetworkSets; in a namespaced policy those of its own namespace, unless `namespaceSelector` is stated.
 */
export interface CalicoEntity {
  /**
   * Address ranges.
   * @default - any
   */
  readonly nets?: string[];
  /**
   * Address ranges that are not meant.
   * @default - none
   */
  readonly notNets?: string[];
  /**
   * A selector of labels.
   * @default - any
   */
  readonly selector?: CalicoSelector;
  /**
   * A selector of what is not meant.
   * @default - none
   */
  readonly notSelector?: CalicoSelector;
  /**
   * A selector of namespaces by their labels; `CalicoSelector.globalOnly()` is what is in none.
   * @default - in a namespaced policy its own namespace where a selector is stated, else any
   */
  readonly namespaceSelector?: CalicoSelector;
  /**
   * Ports; more than 50 are written as several rules.
   * @default - any
   */
  readonly ports?: CalicoPort[];
  /**
   * Ports that are not meant.
   * @default - none
   */
  readonly notPorts?: CalicoPort[];
  /**
   * Service accounts of pods.
   * @default - any
   */
  readonly serviceAccounts?: CalicoServiceAccounts;
  /**
   * A Service: the destination of egress rules, or the source of ingress rules.
   * @default - none
   */
  readonly services?: CalicoServiceRef;
}

/** ICMP messages. A code needs a type. */
export interface CalicoIcmp {
  /**
   * The type, 0 to 254.
   * @default - any
   */
  readonly type?: number;
  /**
   * The code, 0 to 255.
   * @default - any
   */
  readonly code?: number;
}

/** A path of HTTP requests: exactly one of the two. */
export interface CalicoHttpPath {
  /**
   * The whole path.
   * @default - by its beginning
   */
  readonly exact?: string;
  /**
   * How the path begins.
   * @default - the whole path
   */
  readonly prefix?: string;
}

/** HTTP requests. Needs application layer policy, without which it is not enforced. */
export interface CalicoHttp {
  /**
   * Methods, such as `GET`.
   * @default - any
   */
  readonly methods?: string[];
  /**
   * Paths.
   * @default - any
   */
  readonly paths?: CalicoHttpPath[];
}

/**
 * A rule. All that is stated must hold; the first rule that matches decides.
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#rule
 */
export interface CalicoRule {
  /** What it does. */
  readonly action: CalicoAction;
  /**
   * The IP version, 4 or 6.
   * @default - both; a rule with ranges of both is written as two
   */
  readonly ipVersion?: number;
  /**
   * The protocol.
   * @default - any
   */
  readonly protocol?: CalicoProtocol;
  /**
   * The protocol that is not meant.
   * @default - none
   */
  readonly notProtocol?: CalicoProtocol;
  /**
   * ICMP messages; needs the protocol ICMP or ICMPv6.
   * @default - any
   */
  readonly icmp?: CalicoIcmp;
  /**
   * ICMP messages that are not meant; needs the protocol ICMP or ICMPv6.
   * @default - none
   */
  readonly notIcmp?: CalicoIcmp;
  /**
   * Who connects.
   * @default - anything
   */
  readonly source?: CalicoEntity;
  /**
   * What is connected to.
   * @default - anything
   */
  readonly destination?: CalicoEntity;
  /**
   * HTTP requests, in ingress rules that allow.
   * @default - any
   */
  readonly http?: CalicoHttp;
  /**
   * Notes on the rule, which decide nothing.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}
