import { isOlder } from './cni-capabilities';

/** What depends on the version of Kubernetes, as data. */

/** The oldest version that is supported, and the one that policies are written for where none is stated. */
export const OLDEST_KUBERNETES = '1.29';

export interface KubernetesFeature {
  readonly name: string;
  /** The first version that has it for everybody, major and minor. */
  readonly since: string;
  readonly note?: string;
  readonly source: string;
}

export const KUBERNETES_FEATURES = {
  sctp: {
    name: 'SCTP in NetworkPolicy',
    since: '1.20',
    source: 'https://github.com/kubernetes/enhancements/blob/master/keps/sig-network/614-SCTP-support/kep.yaml',
  },
  namespaceName: {
    name: 'the label kubernetes.io/metadata.name of every namespace',
    since: '1.22',
    source: 'https://github.com/prometheus-community/helm-charts/pull/3217',
  },
  dualStack: {
    name: 'pods and Services with an IPv4 and an IPv6 address',
    since: '1.23',
    source: 'https://kubernetes.io/docs/concepts/services-networking/dual-stack',
  },
  endPort: {
    name: 'endPort in NetworkPolicy',
    since: '1.25',
    source: 'https://www.kubernetes.dev/resources/keps/2079/',
  },
  validatingAdmissionPolicy: {
    name: 'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy',
    since: '1.30',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  },
  calicoNativeCrds: {
    name: 'CRDs of projectcalico.org/v3 without Calico\'s API server',
    since: '1.34',
    note: 'they need MutatingAdmissionPolicy, which is beta and switched on with its feature gate; from 1.36 it is there for everybody',
    source: 'https://docs.tigera.io/calico/latest/operations/native-v3-crds',
  },
  mutatingAdmissionPolicy: {
    name: 'admissionregistration.k8s.io/v1 MutatingAdmissionPolicy',
    since: '1.36',
    source: 'https://raw.githubusercontent.com/kubernetes/enhancements/master/keps/sig-api-machinery/3962-mutating-admission-policies/kep.yaml',
  },
} as const satisfies Record<string, KubernetesFeature>;

export type KubernetesFeatureId = keyof typeof KUBERNETES_FEATURES;

/**
 * Major and minor, such as "1.31"; a patch version, a leading "v" and what a distribution adds are left out.
 * @throws when it is not understood, or older than the oldest that is supported
 */
export function parseKubernetesVersion(text: string): string {
  const match = /^v?(\d+)\.(\d+)(\.\d+([-+][0-9A-Za-z.+-]+)?)?$/.exec(text.trim());
  if (!match) { throw new Error(`version ${JSON.stringify(text)} of Kubernetes is not understood; write it like "${OLDEST_KUBERNETES}"`); }
  const version = `${Number(match[1])}.${Number(match[2])}`;
  if (isOlder(version, OLDEST_KUBERNETES)) {
    throw new Error(`version ${JSON.stringify(text)} of Kubernetes is older than the oldest supported one, ${OLDEST_KUBERNETES}`);
  }
  return version;
}

/** Whether a cluster of that version has a feature. */
export const hasKubernetes = (version: string, feature: KubernetesFeatureId): boolean => !isOlder(version, KUBERNETES_FEATURES[feature].since);
