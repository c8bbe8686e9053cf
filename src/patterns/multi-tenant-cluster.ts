import { Construct } from 'constructs';
import { declaredNamespaces } from './declared-namespaces';
import { notNamed } from './other-namespaces';
import { Permit, Permits } from './permit';
import { TenantIsolation } from './tenant-isolation';
import { insideOf, isWholeCluster, namedByOthers, overlapOfDeclared, ownerOf, sameLabels } from './tenant-overlaps';
import { buildWall, hasWalls, needed } from './wall';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { ClusterPolicy, PolicyTier } from '../constructs/cluster-policy';
import { firstSaid, Justification, justificationIn } from '../constructs/justification';
import { LabelExpression } from '../constructs/label-expression';
import { podsOfNamespaces } from '../constructs/namespace-labels';
import { Namespaces } from '../constructs/namespaces';
import { pathOf } from '../constructs/network-policy';
import { IPeer, Peer } from '../constructs/peer';
import { PolicyMode } from '../constructs/policy-props';
import { RuleAction } from '../constructs/policy-rule';
import { LateRules } from '../constructs/policy-statement';
import { Port } from '../constructs/port';
import { checkProps, FLAG, LABELS, PEER, PEERS, PORT, PORTS, REASON, TEXT, TEXTS } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Statements } from '../constructs/statements';
import { targetOf } from '../constructs/target';
import { lastPriorityOfTier, longestSelector } from '../constructs/tier-room';
import { dnsLabelProblem, NAMESPACE_NAME } from '../model/labels';

/** Who else may connect to the pods of a tenant. */
export interface TenantInbound extends Justification {
  /** Who; at least one. */
  readonly peers: IPeer[];
  /** The ports of the tenant's pods; at least one. */
  readonly ports: Port[];
}

/** One tenant of a cluster. A reason goes with its policies. */
export interface Tenant extends Justification {
  /** The name, at most 63 characters; no two tenants have the same. */
  readonly name: string;
  /**
   * Its namespaces, by name.
   * @default - those with `namespaceLabels`
   */
  readonly namespaces?: string[];
  /**
   * Labels of its namespaces. Whoever may set the labels of a namespace decides whose it is, so names are safer. Namespaces that belong to the
   * cluster, or that another tenant names, are not among them.
   * @default - those named by `namespaces`
   */
  readonly namespaceLabels?: { [key: string]: string };
  /**
   * Whether all pods of the tenant may talk to each other, as far as its own policies let them. Otherwise those may that its own policies let, at
   * both ends. Cilium needs the option `clusterNetworkPolicy` for it.
   * @default true
   */
  readonly internalTraffic?: boolean;
  /**
   * Whether its pods may connect to the internet, on every port of every protocol.
   * @default false
   */
  readonly internet?: boolean;
  /**
   * Addresses outside the cluster to which its pods may connect, on every port of every protocol.
   * @default - none
   */
  readonly cidrs?: string[];
  /**
   * The port of its pods that the ingress controller, a fact of the cluster, may reach.
   * @default - the ingress controller may reach nothing
   */
  readonly ingress?: Port;
  /**
   * The port of its pods that monitoring, a fact of the cluster, may scrape.
   * @default - monitoring may reach nothing
   */
  readonly monitoring?: Port;
  /**
   * Who else may connect to its pods, such as load balancers, or nodes and the API server for webhooks.
   * @default - nobody
   */
  readonly inbound?: TenantInbound[];
}

/** What pods of tenants may connect to outside of their own namespaces. */
export interface SharedService extends Justification {
  /** What is shared: a workload, pods, whole namespaces, the API server. Not in the namespaces of a tenant. */
  readonly peer: IPeer;
  /** The ports of the pods; at least one. */
  readonly ports: Port[];
  /**
   * The names of the tenants that may connect.
   * @default - all
   */
  readonly tenants?: string[];
}

/** Properties of `MultiTenantCluster`. A reason goes with the policies of tenants that do not give one. */
export interface MultiTenantClusterProps extends Justification {
  /** The tenants; at least one. */
  readonly tenants: Tenant[];
  /**
   * What tenants share.
   * @default - nothing but DNS
   */
  readonly shared?: SharedService[];
  /**
   * Whether it is accepted that policies of a tenant's own namespaces open what is closed here. Plain Kubernetes has nothing stronger than the policies of
   * namespaces, and fails without it. Where there are tiers, or denies, they are written in any case, and nobody overrides them.
   * @default false
   */
  readonly tenantsCanOverride?: boolean;
  /**
   * The priority of the first tenant in the tier of the platform, 0 to 499; each other tenant has 1 more. Not used on Cilium, where denies have no order.
   * @default 150, or where a CNI has no room for that the last ones that there are
   */
  readonly priority?: number;
  /**
   * Whether the policies decide, or only show what they would decide.
   * @default PolicyMode.ENFORCE
   */
  readonly mode?: PolicyMode;
}

const TENANT = struct<Tenant>({ name: TEXT }, {
  ...REASON,
  namespaces: TEXTS,
  namespaceLabels: LABELS,
  internalTraffic: FLAG,
  internet: FLAG,
  cidrs: TEXTS,
  ingress: PORT,
  monitoring: PORT,
  inbound: [struct<TenantInbound>({ peers: PEERS, ports: PORTS }, REASON)],
});
const PROPS = struct<MultiTenantClusterProps>({ tenants: [TENANT] }, {
  ...REASON, shared: [struct<SharedService>({ peer: PEER, ports: PORTS }, { ...REASON, tenants: TEXTS })], tenantsCanOverride: FLAG, priority: 'any', mode: 'any',
});

const FIRST_PRIORITY = 150;
/** What a selector of namespaces by name takes beside the names. */
const SELECTOR_LENGTH = "kubernetes.io/metadata.name in {''}".length;

/**
 * Closes tenants of a cluster against each other and everything else, in both directions, save what is stated: their own namespaces, shared services, DNS, the
 * ingress controller, places outside. No policy that a tenant writes opens more; what is stated, its own policies may close.
 *
 * Written in the tier of the platform (Calico, ClusterNetworkPolicy), on Cilium as clusterwide denies. Plain Kubernetes cannot keep a tenant from opening
 * its own namespaces, so there it fails unless `tenantsCanOverride` accepts that. NetworkPolicies add up, so there what is stated also stays open to
 * pods that other policies close, unless a policy of this app closes the whole namespace.
 *
 * @see https://kubernetes.io/docs/concepts/security/multi-tenancy/#network-isolation
 */
export class MultiTenantCluster extends Construct {
  /**
   * @throws when a tenant or its namespaces are not valid or stated twice, a shared service is in the namespaces of a tenant or the whole cluster, or tenants
   * could override the policies and that is not accepted
   */
  public constructor(scope: Construct, id: string, props: MultiTenantClusterProps) {
    super(scope, id);
    const path = pathOf(scope, id);
    checkProps(path, PROPS, props);
    const facts = Statements.of(this).factsFor(this);
    const { tenants, shared = [], mode } = props;
    checkTenants(path, tenants, facts);
    checkShared(path, shared, tenants, facts);
    const priority = priorityOf(path, props, facts);
    if (!hasWalls(facts) && !props.tenantsCanOverride) {
      throw new Error(`${path}: plain Kubernetes has no policy that a tenant could not override by a NetworkPolicy of its own; use Calico, Cilium or a CNI with the option clusterNetworkPolicy, or accept it by tenantsCanOverride: true`);
    }
    for (const [i, tenant] of tenants.entries()) {
      const others = namedByOthers(tenant, tenants);
      const own = Peer.namespaces(tenant.namespaces ? namespacesOf(tenant) : namespacesOf(tenant, notNamed(others, facts)));
      const subject = tenant.namespaces ? own : Peer.namespaces(namespacesOf(tenant, notNamed([...facts.systemNamespaces, ...others], facts)));
      const permits = permitsOf(tenant, shared);
      if (hasWalls(facts)) {
        const internal: Permit = { peer: own, port: Port.all() };
        const basic = needed(facts);
        const wall = buildWall(this, tenant.name, {
          subject,
          tier: PolicyTier.PLATFORM,
          priority: priority + i,
          mode,
          why: firstSaid(tenant, props),
          permits: { ingress: [internal, ...basic.ingress, ...permits.ingress], egress: [internal, ...basic.egress, ...permits.egress] },
        }, `${path}: tenant ${tenant.name}`);
        const { monitoring } = tenant;
        if (monitoring) { Statements.of(this).scrape({ statement: wall._statement, port: () => monitoring }); }
        if (i === 0) { wall._addLate('egress', () => this.checkDeclared(path, props, facts)); }
      }
      const stated = { mode, ...firstSaid(tenant, props) };
      if (!hasWalls(facts)) {
        this.isolate(path, tenant, own, permits, stated);
      } else if (tenant.internalTraffic === false) {
        this.closeInside(path, tenant, { subject, own }, facts, { ...stated, priority: priority + i });
      }
    }
  }

  /** Of namespaces by labels, only those that the app holds are known, and those at synth. */
  private checkDeclared(path: string, props: MultiTenantClusterProps, facts: ResolvedFacts): LateRules {
    return Statements.of(this).once(props, () => {
      const declared = { namespaces: declaredNamespaces(this), podsOf: podsOfNamespaces(this) };
      const problem = overlapOfDeclared(props.tenants, props.shared ?? [], declared, facts);
      if (problem) { throw new Error(`${path}: ${problem}`); }
      return { rules: [] };
    });
  }

  /** Beside the policies of namespaces: they add to it. */
  private isolate(path: string, tenant: Tenant, own: Peer, permits: Permits, stated: Stated): void {
    const internal: Permit[] = tenant.internalTraffic === false ? [] : [{ peer: own, port: Port.all() }];
    if (!tenant.namespaces) {
      throw new Error(`${path}: tenant ${tenant.name} is stated by labels of namespaces, and plain Kubernetes has no policy for several namespaces; state namespaces`);
    }
    for (const namespace of tenant.namespaces) {
      const open = { ingress: [...internal, ...permits.ingress], egress: [...internal, ...permits.egress] };
      new TenantIsolation(this, `${tenant.name}.${namespace}`, { ...stated, namespace, open, scraped: tenant.monitoring, what: `${path}: tenant ${tenant.name}` });
    }
  }

  /** After the policies of namespaces: an allow beside them would add up with theirs, and open what they close. */
  private closeInside(path: string, { name }: Tenant, { subject, own }: TenantPods, facts: ResolvedFacts, stated: StatedInTier): void {
    if (facts.dialect === Dialect.CILIUM && !targetOf(facts).clusterNetworkPolicy) {
      throw new Error(`${path}: tenant ${name} states internalTraffic: false, and Cilium without the option clusterNetworkPolicy has nothing that comes after the policies of namespaces; leave it out, and close the tenant's namespaces by a ZeroTrustNamespace or a DefaultDeny each`);
    }
    const rules = [{ action: RuleAction.DENY, peers: [own], ports: [Port.all()] }];
    new ClusterPolicy(this, `${name}-inside`, { ...stated, subject, tier: PolicyTier.BASELINE, ingress: rules, egress: rules });
  }
}

function priorityOf(path: string, { tenants, priority: stated }: MultiTenantClusterProps, facts: ResolvedFacts): number {
  const last = lastPriorityOfTier(facts);
  const latest = last + 1 - tenants.length;
  const priority = stated ?? Math.min(FIRST_PRIORITY, latest);
  const isOrdered = facts.dialect === Dialect.CILIUM ? tenants.some(({ internalTraffic }) => internalTraffic === false) : hasWalls(facts);
  // What is no such number at all is an error of the policy.
  if (!isOrdered || (priority >= 0 && priority <= latest) || !Number.isInteger(priority)) { return priority; }
  const { cni, dialect } = facts;
  const fix = latest < 0 ? `state at most ${last + 1} tenants` : `state priority ${latest} or a lower one, or leave it out`;
  throw new Error(`${path}: tenants (${tenants.length}) from priority ${priority} on do not fit, since on ${cni.name} (${dialect}) a tier has the priorities 0 to ${last}; ${fix}`);
}

interface Stated extends Justification {
  readonly mode?: PolicyMode;
}

interface StatedInTier extends Stated {
  readonly priority: number;
}

interface TenantPods {
  readonly subject: Peer;
  /** The same, save that a namespace of the cluster's own may be among them: who may label that one is no tenant. */
  readonly own: Peer;
}

function namespacesOf({ namespaces, namespaceLabels }: Tenant, except: readonly LabelExpression[] = []): Namespaces {
  const named = namespaces ? [LabelExpression.oneOf(NAMESPACE_NAME, ...namespaces)] : [];
  return Namespaces.labeled({ labels: namespaceLabels, expressions: [...named, ...except] });
}

/** What is open to a tenant beside its own namespaces and DNS. */
function permitsOf({ name, ingress, monitoring, inbound = [], internet, cidrs = [] }: Tenant, shared: readonly SharedService[]): Permits {
  const outside = [...(internet ? [Peer.internet()] : []), ...cidrs.map(cidr => Peer.cidr(cidr))];
  return {
    ingress: [
      ...(ingress ? [{ peer: Peer.ingressController(), port: ingress }] : []),
      ...(monitoring ? [{ peer: Peer.monitoring(), port: monitoring }] : []),
      ...inbound.flatMap(({ peers, ports, ...why }) => peers.map(peer => ({ peer, port: Port.oneOf(...ports), why: justificationIn(why) }))),
    ],
    egress: [
      ...shared.filter(({ tenants }) => tenants?.includes(name) ?? true)
        .map(({ peer, ports, ...why }) => ({ peer, port: Port.oneOf(...ports), why: justificationIn(why) })),
      ...outside.map(peer => ({ peer, port: Port.all() })),
    ],
  };
}

function checkTenants(path: string, tenants: readonly Tenant[], facts: ResolvedFacts): void {
  const { systemNamespaces } = facts;
  if (tenants.length === 0) { throw new Error(`${path}: no tenants are stated; state at least one`); }
  const owners = new Map<string, string>();
  for (const [i, { name, namespaces, namespaceLabels, inbound = [] }] of tenants.entries()) {
    const problem = dnsLabelProblem('tenant', name);
    if (problem) { throw new Error(`${path}: ${problem}`); }
    const where = `${path}: tenant ${name}`;
    if (tenants.findIndex(other => other.name === name) !== i) { throw new Error(`${where} is stated twice; state all of its namespaces in one`); }
    if ((namespaces === undefined) === (namespaceLabels === undefined)) {
      throw new Error(`${where} must state either namespaces or namespaceLabels, ${namespaces ? 'and states both' : 'and states neither'}`);
    }
    const byName = namespaceLabels && Object.hasOwn(namespaceLabels, NAMESPACE_NAME);
    if (byName) { throw new Error(`${where} states the label ${NAMESPACE_NAME}, which is the name of a namespace; state namespaces: [${JSON.stringify(namespaceLabels[NAMESPACE_NAME])}]`); }
    const empty = namespaces ? namespaces.length === 0 : Object.keys(namespaceLabels!).length === 0;
    if (empty) { throw new Error(`${where} has no namespaces, which never means all of them; state at least one`); }
    for (const namespace of namespaces ?? []) {
      const wrong = dnsLabelProblem('namespace', namespace);
      if (wrong) { throw new Error(`${where}: ${wrong}`); }
      if (systemNamespaces.includes(namespace)) { throw new Error(`${where}: namespace ${namespace} belongs to the cluster (fact systemNamespaces), and no tenant can own it; leave it out`); }
      const owner = owners.get(namespace);
      if (owner !== undefined) { throw new Error(`${where}: namespace ${namespace} is ${owner === name ? 'stated twice' : `that of tenant ${owner}`}; state it once`); }
      owners.set(namespace, name);
    }
    for (const { peers, ports } of inbound) {
      if (peers.length === 0 || ports.length === 0) { throw new Error(`${where}: inbound without peers or ports never means all of them; state at least one of each`); }
    }
    const inside = tenants.find(other => other.internalTraffic === false && name === `${other.name}-inside`);
    if (inside) { throw new Error(`${where} has the name of the policy that closes tenant ${inside.name} inside (internalTraffic: false); give one of them another name`); }
    const length = SELECTOR_LENGTH + (namespaces ?? []).join("', '").length;
    if (length > longestSelector(facts)) { throw new Error(`${where} names ${namespaces!.length} namespaces, and a selector of ${facts.cni.name} ${facts.cni.version ?? ''} takes ${longestSelector(facts)} characters; state namespaceLabels that only the platform sets, or several tenants`); }
  }
  const byLabels = tenants.find(({ namespaceLabels }) => namespaceLabels);
  if (byLabels) {
    const selector = [...systemNamespaces, ...namedByOthers(byLabels, tenants)].join("', '").length + SELECTOR_LENGTH;
    if (selector > longestSelector(facts)) { throw new Error(`${path}: tenant ${byLabels.name} is stated by labels, and leaves out the namespaces that other tenants name (${selector - SELECTOR_LENGTH} characters with those of the cluster), but a selector of ${facts.cni.name} ${facts.cni.version ?? ''} takes ${longestSelector(facts)}; state all tenants by labels that only the platform sets, or all by namespaces`); }
  }
  const overlap = sameLabels(tenants);
  if (overlap) { throw new Error(`${path}: ${overlap}`); }
}

function checkShared(path: string, shared: readonly SharedService[], tenants: readonly Tenant[], facts: ResolvedFacts): void {
  for (const { peer, ports, tenants: names } of shared) {
    const where = `${path}: shared service ${peer.toPeer()}`;
    if (ports.length === 0) { throw new Error(`${where} has no ports, which never means all of them; name at least one, or say Port.all()`); }
    if (names?.length === 0) { throw new Error(`${where} is shared with no tenants; name at least one, or leave tenants out for all of them`); }
    const unknown = names?.find(name => !tenants.some(tenant => tenant.name === name));
    if (unknown !== undefined) { throw new Error(`${where} is shared with ${JSON.stringify(unknown)}, which is no tenant; use some of ${tenants.map(({ name }) => name).join(', ')}`); }
    if (isWholeCluster(peer.toPeer(), facts)) { throw new Error(`${where} is the whole cluster, so that tenants would share everything; name what is shared, such as Peer.pods({ namespaces: Namespaces.named(...) })`); }
    const owner = ownerOf(peer.toPeer(), tenants, facts);
    if (owner) { throw new Error(`${path}: ${insideOf(peer.toPeer(), owner)}`); }
  }
}
