import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { LabelSelection } from '../label-expression';
import { acceptedPolicies, inConstruct, metadataOf, nativeNamespace, nativeOf, NativeKind, plain } from '../native-object';
import { Protocol } from '../port';
import { CalicoPolicyType, CalicoStagedAction } from './policy-spec';
import { writeStagedKubernetes } from './write-staged-kubernetes';
import { anyOf, LIST, struct } from '../props';
import { KUBERNETES_RULE, SELECTION } from './shapes';

/** Peers of a Kubernetes rule: pods, or addresses. */
export interface CalicoKubernetesPeer {
  /**
   * Pods by their labels; of the policy's namespace unless `namespaceSelector` is stated.
   * @default - every pod, where namespaces are stated
   */
  readonly podSelector?: LabelSelection;
  /**
   * Namespaces by their labels; `{}` is every namespace.
   * @default - the policy's
   */
  readonly namespaceSelector?: LabelSelection;
  /**
   * An address range, instead of pods.
   * @default - pods
   */
  readonly cidr?: string;
  /**
   * Parts of the range that are not meant.
   * @default - none
   */
  readonly except?: string[];
}

/** Ports of a Kubernetes rule. */
export interface CalicoKubernetesPort {
  /**
   * The port, 1 to 65535.
   * @default - every port of the protocol, or the one that `portName` names
   */
  readonly port?: number;
  /**
   * The last port of a range that begins at `port`.
   * @default - the port alone
   */
  readonly endPort?: number;
  /**
   * The name of a container port, instead of `port`.
   * @default - by number
   */
  readonly portName?: string;
  /**
   * The protocol.
   * @default Protocol.TCP
   */
  readonly protocol?: Protocol;
}

/** A rule as Kubernetes NetworkPolicy has it. */
export interface CalicoKubernetesRule {
  /**
   * The other end; alternatives.
   * @default - anything
   */
  readonly peers?: CalicoKubernetesPeer[];
  /**
   * The ports; alternatives.
   * @default - every port of every protocol
   */
  readonly ports?: CalicoKubernetesPort[];
}

/** Properties of `CalicoStagedKubernetesNetworkPolicy`. */
export interface CalicoStagedKubernetesNetworkPolicyProps {
  /**
   * What it previews.
   * @default CalicoStagedAction.SET
   */
  readonly stagedAction?: CalicoStagedAction;
  /**
   * The pods that it is about; `{}` is every pod of the namespace.
   * @default - none, for the preview of a deletion only
   */
  readonly podSelector?: LabelSelection;
  /**
   * The directions that it closes.
   * @default - those with rules
   */
  readonly policyTypes?: CalicoPolicyType[];
  /**
   * What may connect to the pods.
   * @default - none
   */
  readonly ingress?: CalicoKubernetesRule[];
  /**
   * What the pods may connect to.
   * @default - none
   */
  readonly egress?: CalicoKubernetesRule[];
  /**
   * The namespace of the policy and of its pods.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * The name of the object, that of the NetworkPolicy that it previews.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

const KIND: NativeKind = {
  construct: 'CalicoStagedKubernetesNetworkPolicy',
  cni: 'calico',
  instead: 'no other CNI previews policies as objects; test the manifests offline',
  props: struct<CalicoStagedKubernetesNetworkPolicyProps>({}, {
    podSelector: SELECTION, policyTypes: LIST, ingress: [KUBERNETES_RULE], egress: [KUBERNETES_RULE], ...anyOf('stagedAction', 'namespace', 'name'),
  }),
};

/**
 * A StagedKubernetesNetworkPolicy: it allows and denies nothing, and shows in flow logs what the same Kubernetes NetworkPolicy would do.
 * @see https://docs.tigera.io/calico/latest/reference/resources/stagedkubernetesnetworkpolicy
 */
export class CalicoStagedKubernetesNetworkPolicy extends ApiObject {
  /**
   * @throws when the cluster does not run Calico, or the policy is not valid as it is stated
   */
  public constructor(scope: Construct, id: string, props: CalicoStagedKubernetesNetworkPolicyProps) {
    const native = nativeOf(scope, id, KIND, props);
    const metadata = metadataOf(scope, id, native, 'policy', { name: props.name, namespace: nativeNamespace(scope, native, props.namespace) });
    const spec = inConstruct(native.path, () => writeStagedKubernetes(props));
    const document = plain({ apiVersion: 'projectcalico.org/v3', kind: 'StagedKubernetesNetworkPolicy', metadata, spec });
    acceptedPolicies(native, 'calico', document);
    super(scope, id, document as never);
  }
}
