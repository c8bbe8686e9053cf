import type { ResolvedFacts } from './cluster';
import { everyNode } from './nodes';
import { PodsAt, podsAt } from './place';
import { anyOf, EndpointExpr } from '../model/endpoint';

/** What scrapes the metrics of pods. */
export class Monitoring {
  /**
   * Prometheus, in the namespace "monitoring" unless another place is stated.
   * @param at where its pods are. Default: namespace "monitoring", pods labelled `app.kubernetes.io/name: prometheus`
   * @throws when the place is not valid
   * @see https://github.com/prometheus-operator/kube-prometheus/blob/main/manifests/prometheus-prometheus.yaml
   */
  public static prometheus(at: PodsAt = { namespace: 'monitoring', labels: PROMETHEUS }): Monitoring {
    podsAt(at);
    return new Monitoring('prometheus', [at]);
  }

  /**
   * OpenShift's own: Prometheus of the platform, and that of user-defined projects.
   * @see https://github.com/openshift/cluster-monitoring-operator/blob/main/assets/prometheus-user-workload/prometheus.yaml
   */
  public static openShift(): Monitoring {
    return new Monitoring('openshift', ['openshift-monitoring', 'openshift-user-workload-monitoring'].map(namespace => ({ namespace, labels: PROMETHEUS })));
  }

  /**
   * Managed Service for Prometheus of Google Cloud: a collector on each node, as pods of "gmp-system", or of "gke-gmp-system" where GKE runs them
   * itself, such as on Autopilot.
   * @see https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/manifests/operator.yaml
   * @see https://github.com/GoogleCloudPlatform/ai-on-gke/pull/689
   */
  public static googleManagedPrometheus(): Monitoring {
    return new Monitoring('gmp', ['gmp-system', 'gke-gmp-system'].map(namespace => ({ namespace, labels: { 'app.kubernetes.io/name': 'collector' } })));
  }

  /**
   * Agents that are pods of their own, such as those of Datadog or collectors of OpenTelemetry without the host network.
   * @throws when the place is not valid
   */
  public static pods(at: PodsAt): Monitoring {
    podsAt(at);
    return new Monitoring(at.namespace, [at]);
  }

  /**
   * Agents on the network of their nodes, such as a DaemonSet with `hostNetwork`: to a policy they are nodes, and every node is meant. An agent
   * that scrapes only the pods of its own node needs nothing where nodes always reach their own pods; then `Monitoring.none()` says less.
   * Dialects without entities need the fact `nodeCidrs`.
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
   */
  public static hostNetworkAgent(): Monitoring {
    return new Monitoring('host-network', [], true);
  }

  /** Nothing that a policy would have to let in: `Peer.monitoring()` is nobody, and a policy for it only isolates. */
  public static none(): Monitoring {
    return new Monitoring('none', []);
  }

  /**
   * Several at once: any of them may scrape.
   * @throws when there is none
   */
  public static several(...kinds: Monitoring[]): Monitoring {
    if (kinds.length === 0) { throw new Error('no monitoring is stated; name at least one, or say Monitoring.none()'); }
    return new Monitoring(
      [...new Set(kinds.map(({ name }) => name))].join('+'), kinds.flatMap(({ places }) => places), kinds.some(({ onNodes }) => onNodes));
  }

  /**
   * A kind of monitoring by name, or several joined by "+", as in the environment variable.
   * @throws when there is none of that name
   */
  public static parse(text: string): Monitoring {
    const kinds = text.split('+').map(part => {
      const name = part.trim();
      if (!Object.hasOwn(PARSED, name)) { throw new Error(`monitoring ${JSON.stringify(part)} is not known; use one of ${Object.keys(PARSED).join(', ')}`); }
      return PARSED[name]();
    });
    return kinds.length === 1 ? kinds[0] : Monitoring.several(...kinds);
  }

  private constructor(
    /** The name of this kind of monitoring. */
    public readonly name: string,
    private readonly places: readonly PodsAt[],
    private readonly onNodes: boolean = false,
  ) {}

  /** The name. */
  public toString(): string {
    return this.name;
  }

  /**
   * The pods that scrape. None where only agents on the network of nodes do.
   * @internal
   */
  public _pods(): readonly PodsAt[] {
    return this.places;
  }

  /**
   * Whether agents on the network of nodes scrape.
   * @internal
   */
  public get _onNodes(): boolean {
    return this.onNodes;
  }

  /**
   * Who scrapes; nobody, where nothing has to be let in.
   * @throws when nodes scrape and their addresses are needed and not stated
   * @internal
   */
  public _peer(facts: ResolvedFacts): EndpointExpr {
    return anyOf(...this.places.map(podsAt), ...(this.onNodes ? [everyNode(`monitoring ${this.name}`, facts)] : []));
  }
}

const PROMETHEUS = { 'app.kubernetes.io/name': 'prometheus' };

const PARSED: Readonly<Record<string, () => Monitoring>> = {
  'prometheus': () => Monitoring.prometheus(),
  'openshift': () => Monitoring.openShift(),
  'gmp': () => Monitoring.googleManagedPrometheus(),
  'host-network': () => Monitoring.hostNetworkAgent(),
  'none': () => Monitoring.none(),
};
