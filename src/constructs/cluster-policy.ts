import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { nameOf, pathOf, subjectOf } from './network-policy';
import { IPeer } from './peer';
import { extendPolicy, finishPolicy, PreparedPolicy, preparePolicy } from './policy-object';
import { Isolation, PolicyRule } from './policy-rule';

/** Properties of `ClusterPolicy`. */
export interface ClusterPolicyProps {
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
  /**
   * The pods that the policy is about, such as `Peer.pods({ namespaces: Namespaces.all(), labels: ... })`.
   * @default - every pod of the cluster
   */
  readonly subject?: IPeer;
  /**
   * Who may (or may not) connect to the pods.
   * @default - nothing is said
   */
  readonly ingress?: PolicyRule[];
  /**
   * Where the pods may (or may not) connect to.
   * @default - nothing is said
   */
  readonly egress?: PolicyRule[];
  /**
   * Which directions are closed for all that no policy allows.
   * @default - the directions with rules that allow
   */
  readonly isolate?: Isolation;
  /**
   * Whether DNS goes with egress isolation.
   * @default true
   */
  readonly dns?: boolean;
}

/**
 * A policy for pods of the whole cluster, written as CiliumClusterwideNetworkPolicy or Calico GlobalNetworkPolicy.
 * Plain Kubernetes has no such kind: there it fails the synth.
 *
 * It is about pods only, never about nodes.
 *
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/#ciliumclusterwidenetworkpolicy
 * @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy
 */
export class ClusterPolicy extends ApiObject {
  private readonly prepared: PreparedPolicy;

  /**
   * @throws when a name is not valid, or a rule has no peers or no ports
   */
  public constructor(scope: Construct, id: string, props: ClusterPolicyProps = {}) {
    const prepared = preparePolicy(scope, pathOf(scope, id), {
      name: nameOf(scope, id, props.name),
      subject: subjectOf(props.subject),
      ingress: props.ingress,
      egress: props.egress,
      isolate: props.isolate,
      dns: props.dns ?? true,
    });
    super(scope, id, prepared.statements.objectProps(prepared.statement, scope, prepared.documentName));
    this.prepared = prepared;
    finishPolicy(this, prepared);
  }

  /** Adds an ingress rule; one that allows isolates ingress. */
  public addIngressRule(rule: PolicyRule): void {
    extendPolicy(this, this.prepared, 'ingress', rule);
  }

  /** Adds an egress rule; one that allows isolates egress. */
  public addEgressRule(rule: PolicyRule): void {
    extendPolicy(this, this.prepared, 'egress', rule);
  }
}
