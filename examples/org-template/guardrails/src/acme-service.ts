import { Peer, Port, Workload } from 'cdk8s-netpol';
import { Construct } from 'constructs';
import { AcmeJustification, checkJustification } from './acme-justification';

/** A service of the company that is called. */
export interface AcmeCall extends AcmeJustification {
  /** Who is called, on the port that it states itself. */
  readonly service: AcmeService;
}

/** A place in the internet, which is always stated by name. */
export interface AcmeDestination extends AcmeJustification {
  /** The name, such as "api.example.com". Wildcards are not taken. */
  readonly fqdn: string;
}

/** Properties of `AcmeService`. */
export interface AcmeServiceProps {
  /** Its pods. */
  readonly workload: Workload;
  /** The team that answers for it. */
  readonly team: string;
  /** The port of its pods. */
  readonly port: number;
  /**
   * Why the ingress controller may reach it.
   * @default - it may not
   */
  readonly exposed?: AcmeJustification;
  /**
   * Which services it calls.
   * @default - none
   */
  readonly calls?: AcmeCall[];
  /**
   * Which places in the internet it connects to, by HTTPS.
   * @default - none
   */
  readonly internet?: AcmeDestination[];
}

/**
 * A service of the company. All else is closed: it is reached, and reaches, what is stated here, each with a reason, a ticket and a day of review.
 */
export class AcmeService extends Construct {
  /** Its pods, which take further statements. */
  public readonly workload: Workload;
  /** The port of its pods. */
  public readonly port: Port;

  /**
   * @throws when a justification is empty, or a destination has a wildcard
   */
  public constructor(scope: Construct, id: string, props: AcmeServiceProps) {
    super(scope, id);
    this.workload = props.workload;
    this.port = Port.tcp(props.port);
    const { connections } = this.workload;
    const justified = (what: string, { because, ticket, reviewBy }: AcmeJustification) => {
      checkJustification(`${this.node.path}: ${what}`, { because, ticket, reviewBy });
      return { because, ticket, reviewBy, owner: props.team };
    };

    connections.isolate();
    if (props.exposed) { connections.allowFrom(Peer.ingressController(), this.port, justified('exposed', props.exposed)); }
    for (const call of props.calls ?? []) {
      connections.allowTo(call.service.workload, call.service.port, justified(`call of ${call.service.workload.name}`, call));
    }
    for (const destination of props.internet ?? []) {
      const { fqdn } = destination;
      if (fqdn.includes('*')) { throw new Error(`${this.node.path}: internet destination ${fqdn} has a wildcard; name each host`); }
      connections.allowTo(Peer.fqdn(fqdn), Port.HTTPS, justified(`internet destination ${fqdn}`, destination));
    }
  }
}
