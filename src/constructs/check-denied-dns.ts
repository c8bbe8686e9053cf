import { PolicyStatement } from './policy-statement';
import type { Workload } from './workload';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { boundsOf } from '../model/cidr';
import { EndpointExpr, isNamespace } from '../model/endpoint';
import { evaluate } from '../model/evaluate';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint, Profile } from '../model/match';
import { BASELINE, Direction, DIRECTIONS, NORMAL, Policy, REFERENCE_PIPELINE } from '../model/policy-set';
import { PROTOCOL_NUMBERS } from '../model/traffic';

/** A namespace of which nobody has heard. */
const ANYWHERE = 'cdk8s-netpol-any-other-namespace';

/** Who answers DNS requests. */
interface Server {
  readonly text: string;
  readonly namespace?: string;
  readonly port: number;
  /** What it may be taken for: a deny of any of them is one of the server. */
  readonly ends: readonly Endpoint[];
}

/** Who asks. */
interface Asker {
  readonly text: string;
  readonly namespace: string;
  /** Absent: whatever labels its pods have. */
  readonly labels?: Readonly<Record<string, string>>;
}

type Stated = ReadonlyMap<PolicyStatement, readonly Policy[]>;

/**
 * A deny of everything is also one of DNS, and no policy has to isolate a pod for that. Whoever means it says dns: false; a deny of a server that is
 * about named askers only is what was stated. Returns what is wrong, as sentences.
 */
export function checkDeniedDns(stated: Stated, facts: ResolvedFacts): string[] {
  const denying = [...stated].filter(([statement, policies]) => statement.isEnforced && statement.guardsDns && policies.some(denies));
  if (denying.length === 0) { return []; }
  const servers = serversOf(facts);
  const judge = new Judge(facts);
  const near = nearest(stated);
  return denying.flatMap(([statement, policies]) => {
    for (const direction of DIRECTIONS) {
      const own = policies.filter(policy => policy.direction === direction && denies(policy));
      for (const asker of askers(own, statement)) {
        for (const server of servers) {
          if (!judge.denied(withoutIsolation(own), server, asker)) { continue; }
          const all = near(direction, direction === 'egress' ? asker.namespace : server.namespace);
          if (judge.denied(all, server, asker) && !judge.denied(all.map(withoutDenies), server, asker)) {
            return [problem(statement, direction, judge.rule(own, server, asker), server, asker)];
          }
        }
      }
    }
    return [];
  });
}

const denies = ({ rules }: Policy): boolean => rules.some(({ action }) => action === 'deny');
const withoutDenies = (policy: Policy): Policy => ({ ...policy, rules: policy.rules.filter(({ action }) => action !== 'deny') });
const withoutIsolation = (policies: readonly Policy[]): Policy[] => policies.map(policy => ({ ...policy, isolates: false }));

/** Who may be denied all answers: the pods of any other namespace, and those that the egress of a statement is about. */
function askers(policies: readonly Policy[], { guardsSubject, props: { namespace, subject: stated } }: PolicyStatement): Asker[] {
  const egress = policies.filter(({ direction }) => direction === 'egress');
  const namespaces = new Set(egress.flatMap(({ subject }) => (namespace === undefined ? namespacesIn(subject) : [namespace])));
  return [
    { text: 'pods of every namespace', namespace: ANYWHERE },
    ...[...namespaces].map((name): Asker => ({ text: `the pods of namespace ${name}`, namespace: name })),
    ...(guardsSubject && egress.length > 0 && 'workload' in stated ? [ofWorkload(stated.workload)] : []),
  ];
}

const ofWorkload = (workload: Workload): Asker => ({ text: `${workload}`, namespace: workload.namespace, labels: workload._podLabels() });

function namespacesIn(expr: EndpointExpr): readonly string[] {
  if ('allOf' in expr) { return expr.allOf.flatMap(namespacesIn); }
  if ('anyOf' in expr) { return expr.anyOf.flatMap(namespacesIn); }
  if (isNamespace(expr)) { return [expr.namespace]; }
  return 'label' in expr && expr.of === 'namespace' && expr.label === NAMESPACE_NAME && expr.op === 'in' ? expr.values : [];
}

/** The policies that may be about the pods of a namespace; what was stated with dns: false denies nothing here. */
function nearest(stated: Stated): (direction: Direction, namespace: string | undefined) => Policy[] {
  const byNamespace = new Map<string | undefined, Policy[]>();
  for (const [{ guardsDns, props: { namespace } }, policies] of stated) {
    const known = byNamespace.get(namespace) ?? [];
    byNamespace.set(namespace, known);
    known.push(...(guardsDns ? policies : policies.map(policy => (denies(policy) ? withoutDenies(policy) : policy))));
  }
  const of = (namespace: string | undefined) => byNamespace.get(namespace) ?? [];
  return (direction, namespace) => [...of(undefined), ...(namespace === undefined ? [] : of(namespace))]
    .filter(policy => policy.direction === direction);
}

function serversOf({ dns, dialect }: ResolvedFacts): Server[] {
  const pods = dns._pods().map(({ pods: { namespace, labels = {} }, port }): Server => {
    const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return {
      text: `the pods ${wanted.length > 0 ? `with ${wanted.join(', ')} ` : ''}in namespace ${namespace}`,
      namespace,
      port,
      ends: [{ ...podIn(namespace), labels }],
    };
  });
  const addresses = dns._addresses().map(({ address, onNode, port }): Server => {
    const outside: Endpoint = { kind: 'external', address, entities: ['all', 'world'] };
    const node: Endpoint = { kind: 'node', address, entities: ['all', 'cluster', 'host'] };
    // Only Cilium tells an address on the node from one outside.
    return { text: address, port, ends: !onNode ? [outside] : dialect === Dialect.CILIUM ? [node] : [node, outside] };
  });
  return [...pods, ...addresses];
}

const podIn = (namespace: string): Endpoint =>
  ({ kind: 'pod', namespace, namespaceLabels: { [NAMESPACE_NAME]: namespace }, entities: ['all', 'cluster'] });

class Judge {
  private readonly profile: Profile;
  /** Addresses that pods may have; a deny by address must hold for all of them. */
  private readonly addresses: readonly (string | undefined)[];

  public constructor({ cni: { _profile: { cidrMatchesPods, cidrMatchesNodes } }, podCidrs }: ResolvedFacts) {
    this.profile = { cidrMatches: ['external', ...(cidrMatchesPods ? ['pod' as const] : []), ...(cidrMatchesNodes ? ['node' as const] : [])] };
    this.addresses = podCidrs.length === 0 ? [undefined] : podCidrs.flatMap(boundsOf);
  }

  /** Whether the policies surely deny the asker UDP or TCP of the server: DNS needs both. */
  public denied(policies: readonly Policy[], { ends, port }: Server, { namespace, labels }: Asker): boolean {
    return ends.some(end => (['UDP', 'TCP'] as const).some(protocol => this.addresses.every(address => {
      const source = { ...podIn(namespace), ...(labels ? { labels } : {}), address };
      const destination = end.kind === 'pod' ? { ...end, address } : end;
      const flow = { source, destination, protocol: PROTOCOL_NUMBERS[protocol], port };
      return evaluate({ pipeline: REFERENCE_PIPELINE, policies }, flow, this.profile) === 'denied';
    })));
  }

  /** The first rule that denies it on its own. */
  public rule(policies: readonly Policy[], server: Server, asker: Asker): string | undefined {
    for (const policy of withoutIsolation(policies)) {
      const rule = policy.rules.find(each => each.action === 'deny' && this.denied([{ ...policy, rules: [each] }], server, asker));
      if (rule) { return rule.origin?.part; }
    }
    return undefined;
  }
}

function problem(statement: PolicyStatement, direction: Direction, rule: string | undefined, server: Server, asker: Asker): string {
  const { text, port, namespace: home } = server;
  const closesServer = direction === 'ingress' && home !== undefined;
  const allow = closesServer
    ? `ingress of those pods: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.udp(${port}), Port.tcp(${port})] }]`
    : `egress: [{ peers: [Peer.dns()], ports: [Port.udp(${port}), Port.tcp(${port})] }]`;
  const fix = [
    ...(closesServer ? ['leave those pods out of the subject'] : []),
    statement.stage === NORMAL
      ? 'deny less, since beside policies of namespaces no allow outweighs a deny'
      : `allow DNS before it in the same tier, at both ends where both are denied, such as ${allow}`,
    ...(statement.stage === BASELINE ? ['state the baseline by PolicyTiers, which brings DNS along'] : []),
  ].join(', or ');
  return `${statement}, ${rule ?? direction}: it denies ${asker.text} the cluster's DNS, which is ${text} on UDP and TCP ${port}; ${fix}; or state dns: false where that is meant`;
}
