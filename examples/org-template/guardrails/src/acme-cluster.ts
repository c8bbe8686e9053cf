import { App } from 'cdk8s';
import { Cloud, Cluster, Cni, IngressController } from 'cdk8s-netpol';

/** What is true of every cluster of the company. */
export class AcmeCluster {
  /**
   * States the facts, before the first policy.
   * @param app the app that is deployed to a cluster of the company
   */
  public static configure(app: App): void {
    Cluster.of(app).configure({
      cni: Cni.cilium('1.18'),
      cloud: Cloud.AWS,
      ingressController: IngressController.ciliumIngress(),
      podCidrs: ['10.244.0.0/16'],
      nodeCidrs: ['172.18.0.0/16'],
      strict: true,
    });
  }

  private constructor() {}
}
