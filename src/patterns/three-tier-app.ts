import { Construct } from 'constructs';
import { ExternalDestination, externalPeers } from '../constructs/allow-external';
import { pathOf } from '../constructs/network-policy';
import { Peer } from '../constructs/peer';
import { Port } from '../constructs/port';
import { Workload } from '../constructs/workload';

/** One tier of a `ThreeTierApp`: a workload, or its labels. */
export interface TierProps {
  /**
   * The workload of the tier.
   * @default - the pods with `labels`
   */
  readonly workload?: Workload;
  /**
   * The labels of the tier's pods.
   * @default - `workload` is stated
   */
  readonly labels?: { [key: string]: string };
  /** The port on which the tier's pods are reached, not that of a Service. */
  readonly port: Port;
  /**
   * Where the tier may connect to outside the cluster.
   * @default - nowhere
   */
  readonly egress?: ExternalDestination[];
}

/** Properties of `ThreeTierApp`. */
export interface ThreeTierAppProps {
  /** What the ingress controller reaches. */
  readonly web: TierProps;
  /** What web reaches. */
  readonly api: TierProps;
  /** What api reaches. */
  readonly database: TierProps;
  /**
   * The namespace of tiers that are stated by labels.
   * @default - the chart's
   */
  readonly namespace?: string;
}

/**
 * Ingress controller to web, web to api, api to database, and nothing else. Each tier is isolated in both directions.
 * Web and api may resolve names; the database only when it has egress, since answers need no egress.
 */
export class ThreeTierApp extends Construct {
  /** The web tier. */
  public readonly web: Workload;
  /** The api tier. */
  public readonly api: Workload;
  /** The database tier. */
  public readonly database: Workload;

  /**
   * @throws when a tier states neither a workload nor labels, or both
   */
  public constructor(scope: Construct, id: string, props: ThreeTierAppProps) {
    super(scope, id);
    const tier = (name: string, stated: TierProps) => this.tier(`${pathOf(scope, id)}: tier ${name}`, stated, props.namespace);
    this.web = tier('web', props.web);
    this.api = tier('api', props.api);
    this.database = tier('database', props.database);

    this.web.connections.allowFrom(Peer.ingressController(), props.web.port);
    this.web.connections.allowTo(this.api, props.api.port);
    this.api.connections.allowTo(this.database, props.database.port);
    this.database.connections.isolate({ dns: false });
    for (const [workload, stated] of [[this.web, props.web], [this.api, props.api], [this.database, props.database]] as const) {
      for (const destination of stated.egress ?? []) {
        for (const peer of externalPeers(destination)) { workload.connections.allowTo(peer, destination.port ?? Port.HTTPS); }
      }
    }
  }

  private tier(where: string, { workload, labels }: TierProps, namespace: string | undefined): Workload {
    if ((workload === undefined) === (labels === undefined)) {
      throw new Error(`${where} must state either a workload or labels, ${workload ? 'and states both' : 'and states neither'}`);
    }
    return workload ?? Workload.select(this, { labels: labels!, namespace });
  }
}
