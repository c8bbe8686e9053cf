import { Construct } from 'constructs';
import { NetworkPolicy, NetworkPolicyOptions, pathOf } from './network-policy';
import { IPeer, Peer } from './peer';
import { Port } from './port';
import { checkProps, PEER, POLICY_OPTIONS, PORT, TEXTS } from './prop-kinds';
import { struct } from './props';
import { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { balancer } from '../cluster/ingress-source';
import { AMBIENT_PROBES } from '../cluster/mesh';
import { parseCidr } from '../model/cidr';
import { address, allOf, anyOf, EXTERNAL } from '../model/endpoint';

/** Properties of `AllowHealthChecks`. */
export interface AllowHealthChecksProps extends NetworkPolicyOptions {
  /**
   * The pods whose health is checked.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
  /** The port of the pods on which load balancers check them. Probes of ambient mode come from one address, and may have any TCP port. */
  readonly port: Port;
  /**
   * The address ranges of load balancers that check the health of pods themselves, and are no ingress controller of the facts. They may be in the
   * ranges of pods and nodes; where the CNI matches these by address, whoever holds such an address is let in.
   * @default - none beside those of the fact `ingressController`
   */
  readonly loadBalancerCidrs?: string[];
}

const PROPS = struct<AllowHealthChecksProps>({ port: PORT }, { ...POLICY_OPTIONS, subject: PEER, loadBalancerCidrs: TEXTS });

/**
 * Health checks may reach pods, where a policy could close them out. Where it writes a policy, that isolates ingress of the pods: all else is closed
 * unless another policy allows it. Where none is needed it writes nothing, and `reason` says why.
 *
 * - Probes of the kubelet come from the pods' own node, which no network policy closes out: nothing is needed, and never are ranges of nodes.
 * - In Istio's ambient mode they come from an address of their own, which is let in.
 * - A load balancer that sends straight to pods checks them from its own addresses, which are let in.
 *
 * State `DefaultDeny` beside it, so that it means the same for every cluster.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/
 */
export class AllowHealthChecks extends Construct {
  /** Whether a policy is needed, and written. */
  public readonly isNeeded: boolean;
  /** Why a policy is needed, or why none is. */
  public readonly reason: string;

  /**
   * @throws when the namespace is not known, or a range is not valid
   */
  public constructor(scope: Construct, id: string, props: AllowHealthChecksProps) {
    super(scope, id);
    checkProps(pathOf(scope, id), PROPS, props);
    const { port, loadBalancerCidrs = [], ...options } = props;
    const facts = Statements.of(this).factsFor(this);
    const checkers = [
      ...checkersOf(facts, port),
      ...loadBalancerCidrs.map((cidr): Checker => ({ peer: Peer._ofExpr(`load balancers of ${cidr}`, balancer(parseCidr(cidr), false, facts)), port, who: `the load balancers of ${cidr} send straight to pods` })),
    ];
    this.isNeeded = checkers.length > 0;
    this.reason = this.isNeeded
      ? `${checkers.map(({ who }) => who).join(', ')}: a policy that isolates the pods would close this out`
      : 'the kubelet checks pods from their own node, which no network policy closes out, and nothing else is known that checks pods';
    if (this.isNeeded) {
      const policy = new NetworkPolicy(this, 'Resource', { ...options, name: props.name ?? 'allow-health-checks', ingress: checkers.map(checker => ({ peers: [checker.peer], ports: [checker.port] })) });
      this.node.defaultChild = policy;
    }
  }
}

/** What checks pods from elsewhere than their own node. */
interface Checker {
  readonly peer: Peer;
  readonly port: Port;
  readonly who: string;
}

function checkersOf(facts: ResolvedFacts, port: Port): Checker[] {
  const balancers = facts.ingressController._balancers(facts);
  return [
    ...(facts.mesh._facts?.kind === 'istio-ambient' ? [{ peer: AMBIENT_PROBE, port: Port.allTcp(), who: 'probes of the kubelet come from an address of their own in Istio\'s ambient mode' }] : []),
    ...(balancers ? [{ peer: Peer._ofExpr('load balancers', balancers), port, who: `the load balancers of ${facts.ingressController} send straight to pods` }] : []),
  ];
}

const AMBIENT_PROBE = Peer._ofExpr('probes of ambient mode', anyOf(...AMBIENT_PROBES.map(probe => allOf(EXTERNAL, address(probe)))));
