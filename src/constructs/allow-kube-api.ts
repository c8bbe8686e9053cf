import { Construct } from 'constructs';
import { NetworkPolicy, NetworkPolicyOptions, pathOf } from './network-policy';
import { IPeer, Peer } from './peer';
import { Port } from './port';
import { checkProps, FLAG, PEER, POLICY_OPTIONS, PORT } from './prop-kinds';
import { struct } from './props';
import { Statements } from './statements';
import { apiServerOf } from '../cluster/api-server';

/** Properties of `AllowKubeApi`. */
export interface AllowKubeApiProps extends NetworkPolicyOptions {
  /**
   * The pods that may connect.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
  /**
   * The port of the API server itself, behind the Service `default/kubernetes`, which is not always the 443 of that Service.
   * `kubectl get endpointslices --namespace default` shows it.
   * @default - that of the fact `distribution`: 6443 of Kubernetes, K3s, RKE2, OpenShift and Talos; 443 of EKS, GKE and AKS
   */
  readonly port?: Port;
  /**
   * Whether DNS goes along, by which clients may look for `kubernetes.default`.
   * @default true
   */
  readonly dns?: boolean;
}

const PROPS = struct<AllowKubeApiProps>({}, { ...POLICY_OPTIONS, subject: PEER, port: PORT, dns: FLAG });

/**
 * Pods may reach the Kubernetes API server. Isolates their egress: all else is closed unless another policy allows it, save DNS.
 *
 * Dialects without entities need the fact `apiServerCidrs`.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export class AllowKubeApi extends NetworkPolicy {
  /**
   * @throws when the namespace is not known, or no port is stated and that of the distribution is not known
   */
  public constructor(scope: Construct, id: string, props: AllowKubeApiProps = {}) {
    checkProps(pathOf(scope, id), PROPS, props);
    const { port, ...options } = props;
    super(scope, id, { ...options, egress: [{ peers: [Peer.kubeApiServer()], ports: [port ?? portOf(scope, id)] }] });
  }
}

function portOf(scope: Construct, id: string): Port {
  const { distribution } = Statements.of(scope).factsFor(scope);
  const { port } = apiServerOf(distribution.name);
  if (port === 'unknown') {
    throw new Error(`${pathOf(scope, id)}: the port of the API server of ${distribution} is not known; state port, such as port: Port.tcp(6443), as kubectl get endpointslices --namespace default shows it`);
  }
  return Port.tcp(port);
}
