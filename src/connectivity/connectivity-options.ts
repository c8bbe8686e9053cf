import { Cni } from '../cluster/cni';
import { Dns } from '../cluster/dns';
import { IngressController } from '../cluster/ingress-controller';
import { Mesh } from '../cluster/mesh';
import { Monitoring } from '../cluster/monitoring';

/** What is true of the cluster for which manifests are read. */
export interface ConnectivityOptions {
  /**
   * The network plugin, which decides what a policy means.
   * @default - of an app: the fact; of manifests: follows from the kinds of the policies
   */
  readonly cni?: Cni;
  /**
   * The address ranges of pods. Without them a pod may have any address, and what a range decides about it is unknown, save on Cilium.
   * @default - of an app: the fact; of manifests: not known
   */
  readonly podCidrs?: string[];
  /**
   * The address ranges of nodes.
   * @default - of an app: the fact; of manifests: not known
   */
  readonly nodeCidrs?: string[];
  /**
   * The address ranges of Services, which nobody outside has.
   * @default - of an app: the fact; of manifests: not known
   */
  readonly serviceCidrs?: string[];
  /**
   * The addresses of the Kubernetes API server, which `Peer.kubeApiServer()` stands for.
   * @default - of an app: the fact; of manifests: not known
   */
  readonly apiServerCidrs?: string[];
  /**
   * How pods resolve names: what `Peer.dns()` stands for.
   * @default - of an app: the fact; of manifests: Dns.coreDns()
   */
  readonly dns?: Dns;
  /**
   * What brings requests from outside: what `Peer.ingressController()` and the name `{ingress-controller}` stand for.
   * @default - of an app: the fact; of manifests: IngressController.ingressNginx()
   */
  readonly ingressController?: IngressController;
  /**
   * The service mesh in which the workloads take part, which proves who is whom.
   * @default - of an app: the fact; of manifests: not known, and what depends on the identities of a mesh is unknown
   */
  readonly mesh?: Mesh;
  /**
   * What `Peer.monitoring()` stands for.
   * @default - of an app: the fact; of manifests: Monitoring.prometheus()
   */
  readonly monitoring?: Monitoring;
}
