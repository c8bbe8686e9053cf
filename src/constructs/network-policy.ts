import { ApiObject, Chart, Names } from 'cdk8s';
import { Construct } from 'constructs';
import { Justification, justificationIn } from './justification';
import { IPeer } from './peer';
import { extendPolicy, finishPolicy, PreparedPolicy, preparePolicy } from './policy-object';
import { PolicyProps } from './policy-props';
import { PolicyRule } from './policy-rule';
import { Subject } from './policy-statement';
import type { DnsScope } from '../cluster/dns-scope';
import { dnsLabelProblem, dnsSubdomainProblem } from '../model/labels';

/** What policies of one namespace have in common. */
export interface NetworkPolicyOptions extends Justification {
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
  /**
   * The namespace of the object, and of the pods that it is about.
   * @default - the subject's, when it is a workload, else the chart's
   */
  readonly namespace?: string;
}

/** Properties of `NetworkPolicy`. */
export interface NetworkPolicyProps extends NetworkPolicyOptions, PolicyProps {}

/**
 * A policy for pods of one namespace, written as NetworkPolicy, CiliumNetworkPolicy or Calico NetworkPolicy by
 * the facts of the `Cluster`.
 *
 * The same rules mean the same in each dialect; what one cannot express fails the synth with the reason.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicy extends ApiObject {
  private readonly prepared: PreparedPolicy;

  /**
   * @throws when the namespace is not known, a name is not valid, or a rule has no peers or no ports
   */
  public constructor(scope: Construct, id: string, props: NetworkPolicyProps = {}) {
    const path = pathOf(scope, id);
    const subject = subjectOf(props.subject);
    const namespace = namespaceOf(scope, path, props.namespace, subject);
    const prepared = preparePolicy(scope, path, {
      namespace,
      name: nameOf(scope, id, props.name),
      subject,
      ...statedBy(props),
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

  /**
   * The statement that this writes, and all statements of its app.
   * @internal
   */
  protected get _prepared(): PreparedPolicy {
    return this.prepared;
  }

  /**
   * Records that it lets through more than was meant, which fails the synth with the fact `strict`.
   * @internal
   */
  public _recordWider(sentence: string): void {
    this.prepared.statement.addLate('ingress', () => ({ rules: [], wider: [sentence] }));
  }

  /** @internal */
  protected _limitDns(names: readonly string[]): void {
    this.prepared.statement.limitDns(names);
  }

  /** @internal */
  protected _scopeDns(scope: DnsScope): void {
    this.prepared.statement.dnsScope = scope;
  }
}

/** What the properties of every policy say. */
export const statedBy = ({ ingress, egress, isolate, dns = true, mode, ...props }: PolicyProps) =>
  ({ ingress, egress, isolate, dns, mode, why: justificationIn(props) });

export const pathOf = (scope: Construct, id: string): string => (scope.node.path ? `${scope.node.path}/${id}` : id);

export function subjectOf(peer: IPeer | undefined): Subject {
  if (!peer) { return { everyone: true, except: [] }; }
  const { _workload: workload } = peer.toPeer();
  return workload ? { workload } : { peer: peer.toPeer() };
}

/**
 * @throws when the namespace is not known, or is not the subject's
 */
export function namespaceOf(scope: Construct, path: string, stated: string | undefined, subject?: Subject): string {
  const own = subject && 'workload' in subject ? subject.workload.namespace : undefined;
  if (own !== undefined && stated !== undefined && own !== stated) {
    throw new Error(`${path}: the policy is stated in namespace ${stated}, but ${'workload' in subject! ? subject.workload : ''} is in ${own}; a policy selects pods of its own namespace only`);
  }
  const namespace = stated ?? own ?? Chart.of(scope).namespace;
  if (namespace === undefined) {
    throw new Error(`${path}: the namespace is not known; set it on the chart (new Chart(app, id, { namespace })) or on the construct`);
  }
  const problem = dnsLabelProblem('namespace', namespace);
  if (problem) { throw new Error(`${path}: ${problem}`); }
  return namespace;
}

/**
 * @throws when a stated name is not valid
 */
export function nameOf(scope: Construct, id: string, stated: string | undefined): string {
  if (stated === undefined) {
    return Names.toDnsLabel(scope, { extra: [id], includeHash: false });
  }
  const problem = dnsSubdomainProblem('policy name', stated);
  if (problem) { throw new Error(`${pathOf(scope, id)}: ${problem}`); }
  return stated;
}
