import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { justificationIn } from './justification';
import { blockedEndpoints, OpenService, sharedServices } from './metadata-block';
import { namespaceOf, NetworkPolicyOptions, pathOf } from './network-policy';
import { Peer } from './peer';
import { finishPolicy, preparePolicy } from './policy-object';
import { PolicyRule, RuleAction } from './policy-rule';
import { Port } from './port';
import { Statements } from './statements';
import type { Workload } from './workload';
import type { CloudEndpoint } from '../cluster/cloud-endpoints';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { hostRange, overlaps } from '../model/cidr';
import { address, allOf, EXTERNAL, POD } from '../model/endpoint';

/** Properties of `BlockCloudMetadata`. */
export interface BlockCloudMetadataProps extends NetworkPolicyOptions {
  /**
   * Workloads that need the metadata service, and keep what other statements allow them.
   * @default - none
   */
  readonly except?: Workload[];
  /**
   * Whether the endpoints that give pods the credentials of their own identity are closed as well
   * (AWS 169.254.170.2, 169.254.170.23 and fd00:ec2::23, GKE 169.254.169.252). Workloads that use them need them.
   *
   * Those of EKS Pod Identity and GKE are served on the node itself. Cilium knows them as the node only, so their port of the pod's own node
   * is closed; plain Kubernetes never closes a node to its own pods, so there it fails the synth.
   * @default false
   */
  readonly blockPodCredentials?: boolean;
}

/**
 * Closes the cloud's metadata service, which gives a pod the credentials of its node, to the pods of a namespace.
 * Nothing else is closed or opened.
 *
 * - In a dialect with deny (Cilium, Calico) the metadata ports are denied, and the pods are not isolated.
 * - In plain Kubernetes, when every pod of the namespace is isolated for egress (`DefaultDeny`), nothing is written; the addresses are
 *   left out of every rule that could reach them. When no pod is isolated, one policy allows everything except the
 *   addresses. When only some are, it fails the synth, and so does a policy beside it that reaches the addresses.
 *   There the whole addresses are closed, save DNS and platform services that share them.
 *
 * The platform's DNS and its other services (Azure 168.63.129.16, AWS 169.254.169.253) are never closed.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * @see https://cloud.google.com/compute/docs/metadata/querying-metadata
 */
export class BlockCloudMetadata extends Construct {
  /**
   * @throws when the namespace is not known, or a workload in `except` is of another namespace
   */
  public constructor(scope: Construct, id: string, props: BlockCloudMetadataProps = {}) {
    super(scope, id);
    const path = pathOf(scope, id);
    const namespace = namespaceOf(scope, path, props.namespace);
    const except = props.except ?? [];
    for (const workload of except) {
      if (workload.namespace !== namespace) { throw new Error(`${path}: ${workload} is in namespace ${workload.namespace}, not in ${namespace}; leave it out of except`); }
    }
    const prepared = preparePolicy(this, path, {
      namespace,
      name: props.name ?? 'block-cloud-metadata',
      subject: { everyone: true, except },
      ...this.rules(props.blockPodCredentials ?? false, path),
      dns: false,
      why: justificationIn(props),
    });
    const { statements, statement, documentName } = prepared;
    const object = new ApiObject(this, 'Resource', statements.objectProps(statement, this, documentName));
    finishPolicy(object, prepared, this);
    const facts = statements.factsFor(this);
    statements.block({ path, namespace, blocked: blockedEndpoints(facts, props.blockPodCredentials ?? false), except, statement, object });
  }

  private rules(credentials: boolean, path: string): { egress: PolicyRule[] } {
    const facts = this.facts;
    const blocked = blockedEndpoints(facts, credentials);
    if (blocked.length === 0) { throw new Error(`${path}: no metadata addresses are known for the cloud ${facts.cloud}`); }
    const { dialect } = facts;
    return { egress: dialect === Dialect.KUBERNETES ? allowTheRest(blocked, sharedServices(facts, blocked)) : denyEach(blocked, dialect) };
  }

  private get facts(): ResolvedFacts {
    return Statements.of(this).factsFor(this);
  }
}

/** Plain Kubernetes, no pod isolated: everything but the addresses, every pod, and what else lives on the addresses. */
function allowTheRest(blocked: readonly CloudEndpoint[], shared: readonly OpenService[]): PolicyRule[] {
  const holes = blocked.map(endpoint => hostRange(endpoint.address));
  const range = (cidr: string) => Peer._ofExpr(`addresses ${cidr} except metadata`, address(cidr, holes.filter(hole => overlaps(cidr, hole))));
  return [
    { peers: [Peer._ofExpr('pods in namespace all', POD), range('0.0.0.0/0'), range('::/0')], ports: [Port.all()] },
    ...shared.map(({ address: text, port }): PolicyRule => ({
      peers: [Peer._ofExpr(`platform ${text}`, address(hostRange(text)))],
      ports: [Port.udp(port), Port.tcp(port)],
    })),
  ];
}

function denyEach(blocked: readonly CloudEndpoint[], dialect: Dialect): PolicyRule[] {
  return blocked.map(endpoint => ({
    action: RuleAction.DENY,
    peers: [Peer._ofExpr(`metadata ${endpoint.address}`, denied(endpoint, dialect))],
    ports: endpoint.ports.map(port => Port.tcp(port)),
  }));
}

/** Cilium takes an address on the node for the node, and never matches it by its range. */
function denied({ address: text, onNode }: CloudEndpoint, dialect: Dialect) {
  if (dialect !== Dialect.CILIUM) { return address(hostRange(text)); }
  return onNode ? { entity: 'host' } : allOf(EXTERNAL, address(hostRange(text)));
}
