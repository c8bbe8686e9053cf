import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { justificationIn } from './justification';
import { namespaceOf, NetworkPolicyOptions, pathOf } from './network-policy';
import { finishPolicy, preparePolicy } from './policy-object';
import { PolicyMode } from './policy-props';

/** Properties of `DefaultDeny`. */
export interface DefaultDenyProps extends NetworkPolicyOptions {
  /**
   * Whether ingress is closed.
   * @default true
   */
  readonly ingress?: boolean;
  /**
   * Whether egress is closed.
   * @default true
   */
  readonly egress?: boolean;
  /**
   * Whether DNS stays open where egress is closed. Without it the pods of the namespace cannot resolve names.
   * @default true
   */
  readonly dns?: boolean;
  /**
   * Whether the policy decides, or only shows what it would decide.
   * @default PolicyMode.ENFORCE
   */
  readonly mode?: PolicyMode;
}

/**
 * Closes a namespace: its pods may talk to nothing that no policy allows, save the cluster's DNS.
 *
 * The object is named `default-deny` unless a name is given, and is written after everything of its chart that allows.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
 */
export class DefaultDeny extends Construct {
  /**
   * @throws when the namespace is not known, or neither direction is closed
   */
  public constructor(scope: Construct, id: string, props: DefaultDenyProps = {}) {
    super(scope, id);
    const path = pathOf(scope, id);
    const [ingress, egress] = [props.ingress ?? true, props.egress ?? true];
    if (!ingress && !egress) { throw new Error(`${path}: a DefaultDeny that closes neither ingress nor egress says nothing; leave it out`); }
    const namespace = namespaceOf(scope, path, props.namespace);
    const prepared = preparePolicy(this, path, {
      namespace,
      name: props.name ?? 'default-deny',
      subject: { everyone: true, except: [] },
      isolate: { ingress, egress },
      dns: props.dns ?? true,
      mode: props.mode,
      step: 'default-deny',
      why: justificationIn(props),
    });
    const { statements, statement } = prepared;
    const group = statements.defaultDenies(Chart.of(this));
    const object = new ApiObject(group, this.node.addr, statements.objectProps(statement, this));
    this.node.defaultChild = object;
    finishPolicy(object, prepared, this);
  }
}
