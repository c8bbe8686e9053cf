import { ConnectivityContract, Namespaces, Peer, PodSecurityLevel, Port, ZeroTrustNamespace } from 'cdk8s-netpol';
import { Construct } from 'constructs';

/** Properties of `AcmeNamespace`. */
export interface AcmeNamespaceProps {
  /** The name, which begins with that of the team. */
  readonly name: string;
  /** The team that answers for what runs there. */
  readonly team: string;
  /** Who pays, as four digits. */
  readonly costCentre: string;
}

/** The port of metrics, the same in every service of the company. */
const METRICS = 9102;

/** Stands for every place that nobody names: what reaches it reaches more than what is named. */
const NOT_STATED = 'not-stated.invalid';

/**
 * A namespace of the company. All else is closed: its pods resolve names and are scraped, until a service says more. It carries the
 * company's labels and the restricted Pod Security level, and no statement whatsoever opens it from the internet at large, or to a place
 * there that is not stated by its name.
 */
export class AcmeNamespace extends Construct {
  /** The name of the namespace. */
  public readonly name: string;

  /**
   * @throws when the name does not begin with that of the team, or the cost centre is none
   */
  public constructor(scope: Construct, id: string, props: AcmeNamespaceProps) {
    super(scope, id);
    const { name, team, costCentre } = props;
    if (name !== team && !name.startsWith(`${team}-`)) { throw new Error(`${this.node.path}: namespace ${name} is not of team ${team}; name it ${team} or ${team}-...`); }
    if (!/^\d{4}$/.test(costCentre)) { throw new Error(`${this.node.path}: cost centre ${JSON.stringify(costCentre)} is not four digits`); }
    this.name = name;
    new ZeroTrustNamespace(this, 'namespace', {
      name,
      labels: { 'acme.example/team': team, 'acme.example/cost-centre': costCentre },
      podSecurity: PodSecurityLevel.RESTRICTED,
      monitoring: Port.tcp(METRICS),
    });
    const pods = Peer.namespaces(Namespaces.named(name));
    new ConnectivityContract(this, 'contract', {
      deny: [
        { source: Peer.internet(), destination: pods, because: 'what comes in goes through the ingress controller' },
        { source: pods, destination: Peer.fqdn(NOT_STATED), because: 'what goes out names its destinations, in AcmeService' },
      ],
    });
  }
}
