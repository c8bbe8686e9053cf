import { Construct } from 'constructs';
import { acceptExtra, connectOutside, connectParts, DESTINATION, isolatePart, partOf, requireOwn, SERVER_PART, ServerPartProps } from './part';
import { ExternalDestination } from '../constructs/allow-external';
import { Justification } from '../constructs/justification';
import { Peer } from '../constructs/peer';
import { checkProps, PORT, REASON, TEXT } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Workload } from '../constructs/workload';

/** One tier of a `ThreeTierApp`: a workload, or its labels. */
export interface TierProps extends ServerPartProps {
  /**
   * Where the tier may connect to outside the cluster.
   * @default - nowhere
   */
  readonly egress?: ExternalDestination[];
}

/** Properties of `ThreeTierApp`. A reason goes with what its tiers do not give one for. */
export interface ThreeTierAppProps extends Justification {
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

const TIER = struct<TierProps>({ port: PORT }, { ...SERVER_PART, egress: [DESTINATION] });
const PROPS = struct<ThreeTierAppProps>({ web: TIER, api: TIER, database: TIER }, { ...REASON, namespace: TEXT });

/**
 * Ingress controller to web, web to api, api to database, and nothing else. Each tier is isolated in both directions.
 * Web and api may resolve names; the database only when it has egress, since answers need no egress.
 *
 * Nothing is written for an api or a database by `Workload.external(...)`, which another app holds: that app states what it accepts.
 */
export class ThreeTierApp extends Construct {
  /** The web tier. */
  public readonly web: Workload;
  /** The api tier. */
  public readonly api: Workload;
  /** The database tier. */
  public readonly database: Workload;

  /**
   * @throws when a tier states neither a workload nor labels, or both, or an entry of its `extraIngress` names no peers, web is of another
   * app, or more is stated for a tier of another app than who connects to it
   */
  public constructor(scope: Construct, id: string, props: ThreeTierAppProps) {
    super(scope, id);
    checkProps(this.node.path, PROPS, props);
    const tier = (name: 'web' | 'api' | 'database') => partOf(this, `${this.node.path}: tier ${name}`, props[name], props);
    const [web, api, database] = [tier('web'), tier('api'), tier('database')];
    [this.web, this.api, this.database] = [web.workload, api.workload, database.workload];

    requireOwn(web);
    this.web.connections.allowFrom(Peer.ingressController(), props.web.port, web.why);
    connectParts(web, api, props.api.port);
    connectParts(api, database, props.database.port);
    // Answers belong to the connection that was allowed.
    isolatePart(database, false);
    for (const [part, stated] of [[web, props.web], [api, props.api], [database, props.database]] as const) {
      acceptExtra(part, stated);
      connectOutside(part, stated.egress);
    }
  }
}
