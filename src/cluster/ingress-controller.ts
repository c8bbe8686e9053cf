import { PodsAt, podsAt } from './place';
import { EndpointExpr } from '../model/endpoint';

/** What brings requests from outside to the pods. */
export class IngressController {
  /**
   * ingress-nginx, as its chart installs it.
   * @see https://kubernetes.github.io/ingress-nginx/deploy/
   */
  public static ingressNginx(): IngressController {
    return IngressController.pods({
      namespace: 'ingress-nginx',
      labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
    });
  }

  /**
   * Traefik, as its chart installs it in the namespace "traefik".
   * @see https://doc.traefik.io/traefik/getting-started/install-traefik/
   */
  public static traefik(): IngressController {
    return IngressController.pods({ namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } });
  }

  /**
   * Cilium's own ingress and Gateway API. Only the Cilium dialect can name it.
   * @see https://docs.cilium.io/en/stable/network/servicemesh/ingress/
   */
  public static ciliumIngress(): IngressController {
    return new IngressController('cilium', { entity: 'ingress' });
  }

  /** A controller whose pods are at a known place. */
  public static pods(pods: PodsAt): IngressController {
    return new IngressController(pods.namespace, podsAt(pods));
  }

  /**
   * A controller by name, as in the environment variable.
   * @throws when there is none of that name
   */
  public static parse(text: string): IngressController {
    switch (text.trim()) {
      case 'ingress-nginx': return IngressController.ingressNginx();
      case 'traefik': return IngressController.traefik();
      case 'cilium': return IngressController.ciliumIngress();
      default: throw new Error(`ingress controller ${JSON.stringify(text)} is not known; use one of ingress-nginx, traefik, cilium`);
    }
  }

  private constructor(
    /** The name of the controller. */
    public readonly name: string,
    private readonly expr: EndpointExpr,
  ) {}

  /** The name. */
  public toString(): string {
    return this.name;
  }

  /** @internal */
  public _peer(): EndpointExpr {
    return this.expr;
  }
}
