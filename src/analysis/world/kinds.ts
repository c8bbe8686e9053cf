import { Draft } from './draft';
import { readFelixConfiguration, readHostEndpoint, readIpPool, readProfile, readWorkloadEndpoint } from './read-calico';
import { readApiService, readWebhooks } from './read-calls';
import { readCiliumEndpoint, readLocalRedirectPolicy } from './read-cilium';
import { readNamespace, readNode, readServiceAccount } from './read-objects';
import { readGatewayRoute, readIngress, readOpenShiftRoute, readReferenceGrant } from './read-routes';
import { readEndpoints, readEndpointSlice, readService } from './read-services';
import { readController, readPod } from './read-workloads';
import { WorldObject } from './world-object';

/** What an object of a kind says of the world. */
export type KindReader = (object: WorldObject, draft: Draft) => void;

/** Known, and without a say in who may talk to whom. */
const seen: KindReader = ({ kind }, draft) => { draft.seen.set(kind, (draft.seen.get(kind) ?? 0) + 1); };

const of = (group: string, kinds: Readonly<Record<string, KindReader>>): [string, KindReader][] =>
  Object.entries(kinds).map(([kind, read]) => [`${group}/${kind}`, read]);

const GATEWAY_ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

/** By group and kind, whatever the version. The core group is ''. */
export const KINDS: ReadonlyMap<string, KindReader> = new Map([
  ...of('', {
    Namespace: readNamespace,
    Pod: readPod,
    ReplicationController: readController,
    Service: readService,
    Endpoints: readEndpoints,
    ServiceAccount: readServiceAccount,
    Node: readNode,
    PodTemplate: seen,
    ConfigMap: seen,
    Secret: seen,
    PersistentVolumeClaim: seen,
    PersistentVolume: seen,
    LimitRange: seen,
    ResourceQuota: seen,
    Event: seen,
  }),
  ...of('apps', { Deployment: readController, StatefulSet: readController, DaemonSet: readController, ReplicaSet: readController, ControllerRevision: seen }),
  ...of('extensions', { Deployment: readController, DaemonSet: readController, ReplicaSet: readController, Ingress: readIngress }),
  ...of('batch', { Job: readController, CronJob: readController }),
  ...of('discovery.k8s.io', { EndpointSlice: readEndpointSlice }),
  ...of('networking.k8s.io', { Ingress: readIngress, IngressClass: seen }),
  ...of('route.openshift.io', { Route: readOpenShiftRoute }),
  ...of('gateway.networking.k8s.io', {
    ...Object.fromEntries(GATEWAY_ROUTES.map(kind => [kind, readGatewayRoute])),
    ReferenceGrant: readReferenceGrant,
    Gateway: seen,
    GatewayClass: seen,
  }),
  ...of('projectcalico.org', {
    HostEndpoint: readHostEndpoint,
    WorkloadEndpoint: readWorkloadEndpoint,
    IPPool: readIpPool,
    FelixConfiguration: readFelixConfiguration,
    Profile: readProfile,
  }),
  ...of('cilium.io', {
    CiliumEndpoint: readCiliumEndpoint,
    CiliumIdentity: seen,
    CiliumNode: seen,
    CiliumLocalRedirectPolicy: readLocalRedirectPolicy,
  }),
  ...of('rbac.authorization.k8s.io', { Role: seen, RoleBinding: seen, ClusterRole: seen, ClusterRoleBinding: seen }),
  ...of('monitoring.coreos.com', { ServiceMonitor: seen, PodMonitor: seen }),
  ...of('admissionregistration.k8s.io', { ValidatingWebhookConfiguration: readWebhooks, MutatingWebhookConfiguration: readWebhooks }),
  ...of('apiregistration.k8s.io', { APIService: readApiService }),
  ...of('apiextensions.k8s.io', { CustomResourceDefinition: seen }),
  ...of('policy', { PodDisruptionBudget: seen }),
  ...of('autoscaling', { HorizontalPodAutoscaler: seen }),
]);
