import type { CalicoKubernetesPeer, CalicoKubernetesPort, CalicoKubernetesRule } from './calico-staged-kubernetes-network-policy';
import { CalicoGlobalPolicyOptions, CalicoPolicyOptions } from './policy-spec';
import { CalicoEntity, CalicoHttp, CalicoHttpPath, CalicoIcmp, CalicoRule, CalicoServiceAccounts, CalicoServiceRef } from './rule';
import { LabelSelection } from '../label-expression';
import { anyOf, LIST, Part, struct } from '../props';

/** The structs of policies, property by property: a field that is not known is refused by the name that was stated. */

const ACCOUNTS = struct<CalicoServiceAccounts>({}, { names: LIST, selector: 'any' });
const SERVICE = struct<CalicoServiceRef>(anyOf('name'), anyOf('namespace'));
const ENTITY = struct<CalicoEntity>({}, {
  nets: LIST, notNets: LIST, ports: LIST, notPorts: LIST, ...anyOf('selector', 'notSelector', 'namespaceSelector'), serviceAccounts: ACCOUNTS, services: SERVICE,
});
const ICMP = struct<CalicoIcmp>({}, anyOf('type', 'code'));
const HTTP = struct<CalicoHttp>({}, { methods: LIST, paths: [struct<CalicoHttpPath>({}, anyOf('exact', 'prefix'))] });
const RULE = struct<CalicoRule>(anyOf('action'), {
  ...anyOf('ipVersion', 'protocol', 'notProtocol', 'annotations'), icmp: ICMP, notIcmp: ICMP, source: ENTITY, destination: ENTITY, http: HTTP,
});

/** The props of policies of a namespace, save the namespace. */
export const POLICY: Readonly<Record<keyof CalicoPolicyOptions, Part>> = {
  ...anyOf('tier', 'order', 'selector', 'serviceAccountSelector', 'name'), types: LIST, ingress: [RULE], egress: [RULE], performanceHints: LIST,
};

/** The props of policies of the whole cluster. */
export const GLOBAL_POLICY: Readonly<Record<keyof CalicoGlobalPolicyOptions, Part>> = {
  ...POLICY, ...anyOf('namespaceSelector', 'hostEndpoints', 'doNotTrack', 'preDnat', 'applyOnForward'),
};

/** Pods or namespaces by their labels. */
export const SELECTION = struct<LabelSelection>({}, { labels: 'any', expressions: LIST }, { matchLabels: 'state labels', matchExpressions: 'state expressions' });

const KUBERNETES_PEER = struct<CalicoKubernetesPeer>({}, { podSelector: SELECTION, namespaceSelector: SELECTION, cidr: 'any', except: LIST });
const KUBERNETES_PORT = struct<CalicoKubernetesPort>({}, anyOf('port', 'endPort', 'portName', 'protocol'));

/** A rule of a staged Kubernetes policy. */
export const KUBERNETES_RULE = struct<CalicoKubernetesRule>({}, { peers: [KUBERNETES_PEER], ports: [KUBERNETES_PORT] });
