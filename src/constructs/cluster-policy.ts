import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { nameOf, pathOf, statedBy, subjectOf } from './network-policy';
import { Peer } from './peer';
import { onlyName } from './policy-kind';
import { extendPolicy, finishPolicy, PreparedPolicy, preparePolicy } from './policy-object';
import { PolicyProps } from './policy-props';
import { PolicyRule } from './policy-rule';
import { LateRules, PolicyStatement, UpperStage } from './policy-statement';
import { Port } from './port';
import { Statements } from './statements';

/** Where a `ClusterPolicy` stands: tiers are asked in this order, and the first that decides is final. */
export enum PolicyTier {
  /** First. What it allows or denies, nobody overrides. */
  SECURITY = 'security',
  /** Second: for the platform team. Namespaces cannot override it. */
  PLATFORM = 'platform',
  /** Together with the policies of namespaces, which add up: a deny wins over every allow, and rules isolate. */
  APPLICATION = 'application',
  /** Last: for pods and directions that no policy isolates. */
  BASELINE = 'baseline',
}

/** Properties of `ClusterPolicy`. */
export interface ClusterPolicyProps extends PolicyProps {
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
  /**
   * The tier of the policy. In another one than `PolicyTier.APPLICATION` the first rule that matches decides, in the order of the list; a policy
   * isolates nothing there, so `isolate` must not be stated, and what no rule matches goes on to the next tier. Of `dns` only `false` can be stated:
   * that what it denies may be the cluster's DNS too.
   * @default PolicyTier.APPLICATION
   */
  readonly tier?: PolicyTier;
  /**
   * Which policy of a tier comes first: 0 to 499, lower first. Not in `PolicyTier.APPLICATION`, where the order has no meaning.
   * @default 100
   */
  readonly priority?: number;
}

/**
 * A policy for pods of the whole cluster, written as CiliumClusterwideNetworkPolicy or Calico GlobalNetworkPolicy; with a tier also as
 * ClusterNetworkPolicy, where the CNI enforces it. Plain Kubernetes has no such kind: there it fails the synth.
 *
 * It is about pods only, never about nodes.
 *
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/#ciliumclusterwidenetworkpolicy
 * @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy
 * @see https://network-policy-api.sigs.k8s.io/
 */
export class ClusterPolicy extends ApiObject {
  private readonly prepared: PreparedPolicy;

  /**
   * @throws when a name is not valid, a rule has no peers or no ports, or something is stated that the tier does not have
   */
  public constructor(scope: Construct, id: string, props: ClusterPolicyProps = {}) {
    const path = pathOf(scope, id);
    const place = placeOf(props, path);
    const prepared = preparePolicy(scope, path, {
      name: nameOf(scope, id, props.name ?? onlyName(place, Statements.of(scope).factsFor(scope))),
      subject: subjectOf(props.subject),
      ...statedBy(props),
      ...place,
    });
    super(scope, id, prepared.statements.objectProps(prepared.statement, scope, prepared.documentName));
    this.prepared = prepared;
    finishPolicy(this, prepared);
  }

  /** Adds an ingress rule, after those that are there; without a tier, one that allows isolates ingress. */
  public addIngressRule(rule: PolicyRule): void {
    extendPolicy(this, this.prepared, 'ingress', rule);
  }

  /** Adds an egress rule, after those that are there; without a tier, one that allows isolates egress. */
  public addEgressRule(rule: PolicyRule): void {
    extendPolicy(this, this.prepared, 'egress', rule);
  }

  /**
   * Adds what only the synth tells: rules, and what no rule of its dialect can say.
   * @internal
   */
  public _addLate(direction: 'ingress' | 'egress', produce: () => LateRules): void {
    this.prepared.statement.addLate(direction, produce);
    this.prepared.statements.touch();
  }

  /**
   * What it says, before it is written.
   * @internal
   */
  public get _statement(): PolicyStatement {
    return this.prepared.statement;
  }

  /**
   * What it denies may not be the DNS of the workload that it is about.
   * @internal
   */
  public _guardSubject(): void {
    this.prepared.statement.guardsSubject = true;
  }

  /**
   * No policy of a namespace opens what it denies.
   * @internal
   */
  public _markWall(): void {
    this.prepared.statement.isWall = true;
    this.prepared.statements.touch();
  }

  /**
   * Allows what proxies of a mesh never carry.
   * @internal
   */
  public _allowPlain(direction: 'ingress' | 'egress', peer: Peer, port: Port): void {
    this.prepared.statement.add(direction, { action: 'allow', peer, port, plain: true });
    this.prepared.statements.touch();
  }
}

const STAGES: Readonly<Record<PolicyTier, UpperStage | undefined>> = {
  [PolicyTier.SECURITY]: 'security',
  [PolicyTier.PLATFORM]: 'admin',
  [PolicyTier.APPLICATION]: undefined,
  [PolicyTier.BASELINE]: 'baseline',
};
/** Of each tier. */
export const LAST_PRIORITY = 499;

interface Place {
  readonly stage?: UpperStage;
  readonly priority?: number;
}

function placeOf({ tier = PolicyTier.APPLICATION, priority, isolate, dns }: ClusterPolicyProps, path: string): Place {
  if (!Object.hasOwn(STAGES, tier)) { throw new Error(`${path}: tier ${JSON.stringify(tier)} is not known; use one of ${Object.keys(STAGES).join(', ')}`); }
  const stage = STAGES[tier];
  if (stage === undefined) {
    if (priority !== undefined) { throw new Error(`${path}: priority is stated without a tier, where the order of policies has no meaning; state tier, or leave priority out`); }
    return {};
  }
  if (isolate !== undefined) {
    throw new Error(`${path}: isolate is stated in tier ${tier}, where a policy isolates nothing; leave it out, and end the rules with one that denies`);
  }
  if (dns === true) {
    throw new Error(`${path}: dns is stated in tier ${tier}, where a policy brings no DNS along; leave it out, and allow DNS in a rule before the one that denies, or state the baseline by PolicyTiers`);
  }
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= LAST_PRIORITY)) {
    throw new Error(`${path}: priority ${String(priority)} is not a whole number from 0 to ${LAST_PRIORITY}`);
  }
  return { stage, priority: priority ?? 100 };
}
