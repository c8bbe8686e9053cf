/**
 * What the cluster is, which decides the namespaces that belong to it.
 */
export class Distribution {
  /** Kubernetes as its own tools install it: kubeadm, kind, and whatever adds no namespace of its own. */
  public static readonly KUBERNETES = new Distribution('kubernetes');
  /** Amazon Elastic Kubernetes Service. */
  public static readonly EKS = new Distribution('eks');
  /** Google Kubernetes Engine. */
  public static readonly GKE = new Distribution('gke');
  /** Azure Kubernetes Service. */
  public static readonly AKS = new Distribution('aks');
  /** OpenShift Container Platform and OKD. */
  public static readonly OPENSHIFT = new Distribution('openshift');
  /** K3s. */
  public static readonly K3S = new Distribution('k3s');
  /** RKE2. */
  public static readonly RKE2 = new Distribution('rke2');
  /** A cluster that Rancher manages, or on which it runs, where nothing more is to be said. Rancher is an add-on of every other distribution too. */
  public static readonly RANCHER = new Distribution('rancher');
  /** DigitalOcean Kubernetes. */
  public static readonly DIGITAL_OCEAN = new Distribution('digitalocean');
  /** IBM Cloud Kubernetes Service. */
  public static readonly IBM = new Distribution('ibm');
  /** MicroK8s. */
  public static readonly MICROK8S = new Distribution('microk8s');
  /** Talos Linux. */
  public static readonly TALOS = new Distribution('talos');

  /**
   * A distribution by name, as in the environment variable.
   * @throws when there is none of that name
   */
  public static parse(text: string): Distribution {
    const found = Distribution.all().find(({ name }) => name === text.trim());
    if (!found) {
      throw new Error(`distribution ${JSON.stringify(text)} is not known; use one of ${Distribution.all().join(', ')}`);
    }
    return found;
  }

  private static all(): Distribution[] {
    return [
      Distribution.KUBERNETES, Distribution.EKS, Distribution.GKE, Distribution.AKS, Distribution.OPENSHIFT, Distribution.K3S, Distribution.RKE2,
      Distribution.RANCHER, Distribution.DIGITAL_OCEAN, Distribution.IBM, Distribution.MICROK8S, Distribution.TALOS,
    ];
  }

  private constructor(
    /** The distribution's name, such as "openshift". */
    public readonly name: string,
  ) {}

  /** The name. */
  public toString(): string {
    return this.name;
  }
}
