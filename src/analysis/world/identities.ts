import { crowdOf } from './crowd';
import { WITHOUT_HOST_ENDPOINT } from './forwarded';
import { variantsOn } from './node-variants';
import { generatedLabelsOf, withGenerated } from './open-labels';
import { NOWHERE, Place, placesAt, placesIn } from './places';
import { podRangesOf } from './pod-ranges';
import { PodShape } from './pod-shape';
import { Namespace, Workload, workloadText, World } from './world';
import { isIdentityLabel } from '../../dialects/identity-labels';
import { PolicySet } from '../../model/policy-set';
import { ResolvedCluster } from '../cluster';
import { isOutside } from '../mesh-members';
import { Party, Variant } from '../party';

/** Who the workloads of a world are to its policies: all that each of them may be. */
export function identities(world: World, cluster: ResolvedCluster, set?: PolicySet): Party[] {
  const identity = new Identities(world, cluster, set);
  return world.workloads.map(workload => ({ text: workloadText(workload), workload, variants: identity.of(workload) }));
}

type Labels = Readonly<Record<string, string>>;

/** Where a workload has more of them, what is said is said of all at once. */
const MOST_ADDRESSES = 8;
const MOST_SHAPES = 16;

const NO_LABELS: Labels = Object.freeze({});
const NO_NAMES: readonly string[] = Object.freeze([]);
const OPEN_NAMESPACE = Object.freeze(['namespace'] as const);
const POD_ENTITIES: readonly string[] = Object.freeze(['all', 'cluster', 'cluster-mesh']);
const ENTITIES_WITHOUT_HOST_ENDPOINT: readonly string[] = Object.freeze([...POD_ENTITIES, WITHOUT_HOST_ENDPOINT]);

class Identities {
  private readonly onCilium: boolean;
  private readonly generated: ReadonlyMap<string, readonly string[]>;
  private readonly podPlaces: readonly Place[];
  private readonly rangesByNode = new Map<string, string[]>();
  private readonly visibleLabels = new Map<Labels, Labels>();

  constructor(private readonly world: World, private readonly cluster: ResolvedCluster, set: PolicySet | undefined) {
    this.onCilium = cluster.cni === 'cilium';
    this.generated = set ? generatedLabelsOf(set) : new Map();
    const ranges = podRangesOf(world, cluster);
    this.podPlaces = placesIn(ranges.map(({ cidr }) => cidr));
    for (const { node, cidr } of ranges) {
      if (node === undefined) { continue; }
      const own = this.rangesByNode.get(node);
      if (own) { own.push(cidr); } else { this.rangesByNode.set(node, [cidr]); }
    }
  }

  public of(workload: Workload): Variant[] {
    const namespace = this.world.namespaces.get(workload.namespace)!;
    const { shapes = [workload] } = workload;
    const variants = shapes.flatMap(shape => (shape.hostNetwork
      ? variantsOn(shape, this.world, this.cluster)
      : this.ofPods(workload, shape, namespace)));
    return shapes.length > MOST_SHAPES ? crowdOf(variants) : variants;
  }

  private ofPods({ namespace, kind }: Workload, shape: PodShape, { labels: namespaceLabels, declared }: Namespace): Variant[] {
    const { closed } = this.cluster;
    const accountLabels = shape.serviceAccountLabels ?? (closed ? NO_LABELS : undefined);
    const labels = this.visible(shape.labels, isIdentityLabel);
    const visibleNamespaceLabels = this.visible(namespaceLabels, isNamespaceIdentityLabel);
    const principal = this.principalOf(namespace, shape, namespaceLabels);
    // Of these there are many, and copies by spreading take longer.
    const pods = this.placesOf(shape).map(({ address, addressIn }): Variant => {
      const pod: { -readonly [K in keyof Variant]: Variant[K] } = {
        kind: 'pod',
        namespace,
        labels,
        namespaceLabels: visibleNamespaceLabels,
        serviceAccount: shape.serviceAccount,
        ports: shape.ports,
        entities: this.hasNoHostEndpoint(shape) ? ENTITIES_WITHOUT_HOST_ENDPOINT : POD_ENTITIES,
        names: NO_NAMES,
      };
      if (principal !== undefined) { pod.principal = principal; }
      if (!declared && !closed) { pod.openLabels = OPEN_NAMESPACE; }
      if (accountLabels !== undefined) { pod.serviceAccountLabels = accountLabels; }
      if (shape.nodes.length > 0 && shape.nodes.length <= MOST_ADDRESSES) { pod.nodes = shape.nodes; }
      if (address !== undefined) { pod.address = address; }
      if (addressIn !== undefined) { pod.addressIn = addressIn; }
      return pod;
    });
    return this.generated.size === 0 ? pods : pods.flatMap(each => withGenerated(each, kind, this.generated));
  }

  private hasNoHostEndpoint({ nodes }: PodShape): boolean {
    const { hostEndpoints } = this.world;
    return hostEndpoints.length > 0 && nodes.length > 0 && hostEndpoints.every(({ node }) => node !== undefined && !nodes.includes(node));
  }

  /** The identity that the proxies of a mesh prove; without a mesh that is stated it is not known. */
  private principalOf(namespace: string, { serviceAccount, labels }: PodShape, namespaceLabels: Labels): string | undefined {
    const { mesh } = this.cluster;
    if (mesh === undefined) { return undefined; }
    return isOutside(mesh, namespace, labels, namespaceLabels) ? '' : `${mesh.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  }

  /** Cilium leaves some labels out of what policies can see. */
  private visible(labels: Labels, isSeen: (key: string) => boolean): Labels {
    if (!this.onCilium) { return labels; }
    let visible = this.visibleLabels.get(labels);
    if (!visible) {
      const kept = Object.entries(labels).filter(([key]) => isSeen(key));
      visible = kept.length === Object.keys(labels).length ? labels : Object.fromEntries(kept);
      this.visibleLabels.set(labels, visible);
    }
    return visible;
  }

  /** Cilium tells no pod by its address, so that one place for each family is enough there. */
  private placesOf({ addresses, nodes }: PodShape): readonly Place[] {
    if (addresses.length > 0) { return placesAt(addresses, this.onCilium ? 1 : MOST_ADDRESSES); }
    if (this.cluster.closed) { return NOWHERE; }
    const own = this.rangesOfNodes(nodes);
    return own.length > 0 ? placesIn(own) : this.podPlaces;
  }

  /** The ranges of the nodes that its pods are on, where each of these nodes has one. */
  private rangesOfNodes(nodes: readonly string[]): string[] {
    const own = nodes.map(node => this.rangesByNode.get(node));
    return own.every((each): each is string[] => each !== undefined) ? own.flat() : [];
  }
}

/** Namespace labels reach an identity behind a prefix of their own, through which one filter sees. */
const isNamespaceIdentityLabel = (key: string): boolean => !/beta\.kubernetes\.io\//.test(key);
