import { Construct } from 'constructs';
import { declaredNamespaces } from './declared-namespaces';
import { notNamed } from './other-namespaces';
import { PolicyTiers } from './policy-tiers';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { ClusterPolicy } from '../constructs/cluster-policy';
import { DefaultDeny } from '../constructs/default-deny';
import { Justification, justificationIn } from '../constructs/justification';
import { Namespaces } from '../constructs/namespaces';
import { pathOf } from '../constructs/network-policy';
import { Peer } from '../constructs/peer';
import { PolicyMode } from '../constructs/policy-props';
import { RuleAction } from '../constructs/policy-rule';
import { Port } from '../constructs/port';
import { checkProps, FLAG, REASON, TEXT, TEXTS } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Statements } from '../constructs/statements';
import { targetOf } from '../constructs/target';
import { dnsLabelProblem } from '../model/labels';

/** Properties of `ClusterDefaultDeny`. */
export interface ClusterDefaultDenyProps extends Justification {
  /**
   * Further namespaces that are left alone, by name.
   * @default - only those that belong to the cluster, which are a fact
   */
  readonly except?: string[];
  /**
   * Namespaces to close, by name, where plain Kubernetes cannot say "every namespace". Elsewhere they are closed anyway.
   * @default - those whose Namespace objects the app holds before this construct
   */
  readonly namespaces?: string[];
  /**
   * Whether ingress is closed.
   * @default true
   */
  readonly ingress?: boolean;
  /**
   * Whether egress is closed, save to the cluster's DNS.
   * @default true
   */
  readonly egress?: boolean;
  /**
   * The name of the policies, at most 63 characters.
   * @default "cluster-default-deny"
   */
  readonly name?: string;
  /**
   * Whether the policies decide, or only show what they would decide.
   * @default PolicyMode.ENFORCE
   */
  readonly mode?: PolicyMode;
}

const PROPS = struct<ClusterDefaultDenyProps>({}, {
  ...REASON, except: TEXTS, namespaces: TEXTS, ingress: FLAG, egress: FLAG, name: TEXT, mode: 'any',
});

/**
 * Closes every namespace of the cluster, also those that are made later: pods may talk to nothing that no policy allows, save the cluster's DNS. The
 * namespaces that belong to the cluster and its add-ons (the fact `systemNamespaces`) are left alone. What policies of namespaces allow adds up with
 * it, as with a `DefaultDeny`.
 *
 * - Cilium and Calico: one policy of the cluster.
 * - Where ClusterNetworkPolicy is enforced: a baseline, and a default deny in each namespace that the app declares. A baseline cannot close ingress
 *   from outside the cluster and from nodes, which is recorded on it as wider than stated.
 * - Plain Kubernetes cannot say "every namespace": a default deny in each namespace that the app declares, and no other namespace is closed.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
 */
export class ClusterDefaultDeny extends Construct {
  /**
   * @throws when neither direction is closed, a name is not valid, a namespace is stated that is left alone, or plain Kubernetes knows no namespace
   */
  public constructor(scope: Construct, id: string, props: ClusterDefaultDenyProps = {}) {
    super(scope, id);
    const path = pathOf(scope, id);
    checkProps(path, PROPS, props);
    const closes = { ingress: props.ingress ?? true, egress: props.egress ?? true };
    if (!closes.ingress && !closes.egress) { throw new Error(`${path}: a ClusterDefaultDeny that closes neither ingress nor egress says nothing; leave it out`); }
    const { name = 'cluster-default-deny', mode, except = [], namespaces = [] } = props;
    const problem = dnsLabelProblem('policy name', name)
      ?? [...except, ...namespaces].map(each => dnsLabelProblem('namespace', each)).find(found => found !== undefined);
    if (problem) { throw new Error(`${path}: ${problem}`); }

    const facts = Statements.of(this).factsFor(this);
    const open = [...new Set([...facts.systemNamespaces, ...except])].sort();
    const refused = namespaces.find(each => open.includes(each));
    if (refused !== undefined) {
      throw new Error(`${path}: namespace ${refused} is stated to be closed, and ${except.includes(refused) ? 'is stated in except' : 'belongs to the cluster (fact systemNamespaces), which would stop working'}; leave it out`);
    }

    this.node.addValidation({ validate: () => this.mistyped(path, except) });
    const stated: Stated = { name, mode, closes, open, why: justificationIn(props) };
    if (facts.dialect !== Dialect.KUBERNETES) {
      new ClusterPolicy(this, 'policy', { ...stated.why, name, mode, subject: everyOther(open, facts), isolate: closes });
      return;
    }
    const baseline = targetOf(facts).clusterNetworkPolicy !== undefined;
    if (baseline) { this.closeByBaseline(path, stated, facts); }
    this.closeEach(path, namespaces, stated, baseline);
  }

  /** Letters in the wrong order: other names that are near each other, such as team-a and team-b, may both be meant. */
  private mistyped(path: string, except: readonly string[]): string[] {
    const declared = Statements.of(this).once(declaredNamespaces, () => declaredNamespaces(this));
    return except.filter(each => !declared.includes(each)).flatMap(each => declared.filter(other => lettersOf(other) === lettersOf(each))
      .map(other => `${path}: except names ${each}, and this app declares the Namespace ${other}, which would be closed; write ${other}`));
  }

  private closeEach(path: string, namespaces: readonly string[], { name, mode, closes, open, why }: Stated, baseline: boolean): void {
    const known = [...new Set([...namespaces, ...declaredNamespaces(this)])].filter(each => !open.includes(each)).sort();
    if (known.length === 0 && !baseline) {
      throw new Error(`${path}: plain Kubernetes has no policy for every namespace of a cluster, and this app declares none that is to be closed; state namespaces, make the Namespace objects before this construct, or state a CNI that has cluster-wide policies (Cilium, Calico, or the option clusterNetworkPolicy)`);
    }
    for (const namespace of known) { new DefaultDeny(this, namespace, { ...why, namespace, name, mode, ...closes }); }
    this.node.addValidation({
      validate: () => Statements.of(this).once(declaredNamespaces, () => declaredNamespaces(this))
        .filter(each => !open.includes(each) && !known.includes(each))
        .map(late => `${path}: Namespace ${late} was made after this construct, and plain Kubernetes would leave it open; make it before, or state it in namespaces or except`),
    });
  }

  private closeByBaseline(path: string, { name, mode, closes, open, why }: Stated, facts: ResolvedFacts): void {
    const everything = (peer: Peer) => [{ action: RuleAction.DENY, peers: [peer], ports: [Port.all()] }];
    const tiers = new PolicyTiers(this, 'tiers', {
      mode,
      baseline: [{
        ...why,
        name,
        priority: LAST,
        subject: everyOther(open, facts),
        ...(closes.ingress ? { ingress: everything(Peer.namespaces(Namespaces.all())) } : {}),
        ...(closes.egress ? { egress: everything(Peer.any()) } : {}),
      }],
    });
    if (!closes.ingress) { return; }
    const policy = tiers.node.findChild(`baseline-${name}`) as ClusterPolicy;
    const wider = [`${path}: in namespaces that the app does not declare, ingress from outside the cluster and from nodes stays open, since rules of ClusterNetworkPolicy for ingress know pods only`];
    policy._addLate('ingress', () => ({ rules: [], wider }));
  }
}

interface Stated {
  readonly name: string;
  readonly mode?: PolicyMode;
  readonly closes: { readonly ingress: boolean; readonly egress: boolean };
  /** The namespaces that are left alone. */
  readonly open: readonly string[];
  readonly why: Justification;
}

const lettersOf = (name: string): string => [...name].sort().join('');

/** After every set of the baseline that an app would state; some CNIs ignore what comes later. */
const LAST = 49;

const everyOther = (open: readonly string[], facts: ResolvedFacts): Peer =>
  Peer.namespaces(Namespaces.labeled({ expressions: notNamed(open, facts) }));
