import { justificationProblem } from '../model/justification';
import { dnsLabelProblem } from '../model/labels';

/** Options of a mesh of Istio. */
export interface IstioOptions {
  /**
   * The root namespace, in which istiod runs and whose policies hold for the whole mesh.
   * @default "istio-system"
   */
  readonly rootNamespace?: string;
  /**
   * The trust domain of the identities, the first part of every principal.
   * @default "cluster.local"
   */
  readonly trustDomain?: string;
  /**
   * Whether connections that isolate ingress get an AuthorizationPolicy beside their network policy.
   * Without them no HTTP condition can be stated, and in ambient mode every port is open between pods that may connect at all.
   * @default true
   */
  readonly authorization?: boolean;
}

/** Options of a mesh of Linkerd. */
export interface LinkerdOptions {
  /**
   * The namespace of the control plane.
   * @default "linkerd"
   */
  readonly namespace?: string;
  /**
   * Why it is accepted that pods of the mesh that may connect on one port may connect on every port: between them a CNI sees only the
   * proxy's port. Recorded on each policy that is wider for it.
   * @default - it is not accepted, and a statement about some ports only fails the synth
   */
  readonly acceptAnyPortBecause?: string;
}

/**
 * What the code of this library must know of a mesh.
 * @internal
 */
export interface MeshFacts {
  readonly kind: 'istio-sidecar' | 'istio-ambient' | 'linkerd';
  /** Where the control plane runs. */
  readonly namespace: string;
  readonly trustDomain: string;
  readonly authorization: boolean;
  /** The port on which proxies accept what other proxies send, where it is not the port that the application listens on. */
  readonly tunnelPort?: number;
  readonly acceptAnyPortBecause?: string;
}

/** The ports on which the proxies of a mesh listen or connect; TCP. */
export const ISTIO_PORTS = {
  /** Configuration and certificates, of istiod. https://istio.io/latest/docs/ops/deployment/application-requirements/ */
  controlPlane: 15012,
  /** Merged Prometheus telemetry, and Envoy's own. */
  metrics: [15020, 15090],
  /** HBONE: what travels between pods of ambient mode. https://istio.io/latest/docs/ambient/usage/networkpolicy/ */
  tunnel: 15008,
} as const;

/** The addresses from which ambient mode lets the kubelet's probes come. https://istio.io/latest/docs/ambient/usage/networkpolicy/ */
export const AMBIENT_PROBES = ['169.254.7.127/32', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'] as const;

export const LINKERD_PORTS = {
  /** Identity, destination and policy, of the control plane. https://linkerd.io/2/reference/proxy-configuration/ */
  controlPlane: [8080, 8086, 8090],
  /** The proxy's own metrics. */
  metrics: 4191,
  /** What travels between pods of the mesh. https://linkerd.io/2/common-errors/network-policy/ */
  tunnel: 4143,
} as const;

/**
 * The service mesh of a cluster, in which the workloads of the app take part. It is a second layer beside network policy: both must allow.
 */
export class Mesh {
  /** No mesh. */
  public static none(): Mesh {
    return new Mesh('none');
  }

  /**
   * Istio with sidecars. What isolates a workload leaves its proxy what it needs: egress to istiod, and ingress from the monitoring to the
   * proxy's metrics. HTTP conditions go to an AuthorizationPolicy, ports and labels to the network policy.
   * @throws when a name is not valid
   * @see https://istio.io/latest/docs/ops/deployment/application-requirements/
   */
  public static istioSidecar(options: IstioOptions = {}): Mesh {
    return new Mesh('istio-sidecar', istio('istio-sidecar', options));
  }

  /**
   * Istio in ambient mode, without waypoints. Between pods of the mesh a CNI sees only port 15008, so a statement opens that port between
   * the two, and an AuthorizationPolicy, which ztunnel enforces, keeps to the stated ports. HTTP conditions are refused: they need a waypoint.
   * @throws when a name is not valid
   * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/
   */
  public static istioAmbient(options: IstioOptions = {}): Mesh {
    return new Mesh('istio-ambient', { ...istio('istio-ambient', options), tunnelPort: ISTIO_PORTS.tunnel });
  }

  /**
   * Linkerd. Between pods of the mesh a CNI sees only port 4143, which carries every port, and this library writes no policies of Linkerd:
   * statements about some ports only are refused, unless that is accepted with a reason.
   * @throws when a name is not valid, or the reason is empty, has several lines or more than 500 characters
   * @see https://linkerd.io/2/common-errors/network-policy/
   */
  public static linkerd(options: LinkerdOptions = {}): Mesh {
    const { namespace = 'linkerd', acceptAnyPortBecause } = options;
    checkNamespace(namespace);
    if (acceptAnyPortBecause !== undefined && typeof acceptAnyPortBecause !== 'string') { throw new Error('acceptAnyPortBecause is no text; state the reason, which is recorded on the policies'); }
    if (acceptAnyPortBecause?.trim() === '') { throw new Error('acceptAnyPortBecause is empty; state the reason, which is recorded on the policies'); }
    const wrong = acceptAnyPortBecause === undefined ? undefined : justificationProblem('because', acceptAnyPortBecause);
    if (wrong) { throw new Error(`acceptAnyPortBecause ${JSON.stringify(acceptAnyPortBecause?.slice(0, 100))} ${wrong}`); }
    return new Mesh('linkerd', {
      kind: 'linkerd',
      namespace,
      trustDomain: 'cluster.local',
      authorization: false,
      tunnelPort: LINKERD_PORTS.tunnel,
      ...(acceptAnyPortBecause === undefined ? {} : { acceptAnyPortBecause }),
    });
  }

  /**
   * A mesh by name, as in the environment variable: "none", "istio-sidecar", "istio-ambient", "linkerd".
   * @throws when there is no such mesh
   */
  public static parse(text: string): Mesh {
    switch (text.trim()) {
      case 'none': return Mesh.none();
      case 'istio-sidecar': return Mesh.istioSidecar();
      case 'istio-ambient': return Mesh.istioAmbient();
      case 'linkerd': return Mesh.linkerd();
      default: throw new Error(`mesh ${JSON.stringify(text)} is not known; use one of none, istio-sidecar, istio-ambient, linkerd`);
    }
  }

  private constructor(
    private readonly name: string,
    /** @internal */
    public readonly _facts?: MeshFacts,
  ) {}

  /** Such as "istio-sidecar". */
  public toString(): string {
    return this.name;
  }
}

function istio(kind: MeshFacts['kind'], { rootNamespace = 'istio-system', trustDomain = 'cluster.local', authorization = true }: IstioOptions): MeshFacts {
  checkNamespace(rootNamespace);
  if (!/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(trustDomain)) {
    throw new Error(`trust domain ${JSON.stringify(trustDomain)} is not valid: use lower-case letters, digits, "-" and ".", such as "cluster.local"`);
  }
  return { kind, namespace: rootNamespace, trustDomain, authorization };
}

function checkNamespace(name: string): void {
  const problem = dnsLabelProblem('namespace', name);
  if (problem) { throw new Error(problem); }
}
