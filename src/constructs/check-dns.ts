import { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import type { PodsAt } from '../cluster/place';
import { ANY } from '../model/endpoint';
import { evaluate } from '../model/evaluate';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint, matchesEndpoint, NO, Profile, YES } from '../model/match';
import { Policy, REFERENCE_PIPELINE } from '../model/policy-set';
import { PROTOCOL_NUMBERS } from '../model/traffic';


interface DnsPods {
  readonly pods: PodsAt;
  readonly port: number;
}

/** Whoever isolates the pods that serve DNS must let everyone in on its port: without names the whole cluster stands still. */
export function checkDns(statements: Statements, facts: ResolvedFacts): string[] {
  const errors: string[] = [];
  for (const server of facts.dns._pods()) {
    const { pods: { namespace, labels = {} }, port } = server;
    const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const pods = `pods ${wanted.length > 0 ? `with ${wanted.join(', ')} ` : ''}in namespace ${namespace}`;
    for (const statement of closing(statements, server, facts)) {
      const example = statement.props.namespace === undefined
        ? `, such as namespaces: Namespaces.labeled({ expressions: [LabelExpression.noneOf('${NAMESPACE_NAME}', '${namespace}')] })` : '';
      errors.push(`${statement} isolates ingress of the ${pods}, which serve the cluster's DNS, and no rule lets pods of every namespace reach them on UDP and TCP ${port}: it would close the cluster's DNS for everyone; leave those pods out of the subject${example}, or allow DNS to them, such as ingress: [{ peers: [Peer.namespaces(Namespaces.all())], ports: [Port.udp(${port}), Port.tcp(${port})] }]`);
    }
  }
  return errors;
}

function closing(statements: Statements, server: DnsPods, facts: ResolvedFacts): PolicyStatement[] {
  const near = statements.policies.filter(({ isEnforced, props: { namespace } }) =>
    isEnforced && (namespace === undefined || namespace === server.pods.namespace));
  if (!near.some(({ isolates }) => isolates.ingress)) { return []; }
  // What may be about these pods may also be what lets others in.
  const selecting = near.flatMap(statement => ingressOf(statement, server.pods, facts));
  const isolating = selecting.filter(({ statement, surely }) => statement.isolates.ingress && (surely || statement.props.namespace === undefined));
  if (isolating.length === 0 || !closes(selecting.flatMap(({ policies }) => policies), server, facts)) { return []; }
  return isolating.map(({ statement }) => statement);
}

interface Selecting {
  readonly statement: PolicyStatement;
  /** Otherwise it only may be about the pods: one of their namespace is then taken to be about others, one of the whole cluster is not. */
  readonly surely: boolean;
  readonly policies: readonly Policy[];
}

/** The ingress of a statement that may be about the pods. */
function ingressOf(statement: PolicyStatement, pods: PodsAt, facts: ResolvedFacts): Selecting[] {
  try {
    const selected = matchesEndpoint(statement.subjectExpr(facts), endpointOf(pods.namespace, pods.labels), { cidrMatches: [] });
    if (selected === NO) { return []; }
    const policies = statement.toPolicies(facts).filter(({ direction }) => direction === 'ingress');
    return [{ statement, surely: selected === YES, policies }];
  } catch {
    return []; // Reported where the statement was compiled.
  }
}

const endpointOf = (namespace: string, labels: Endpoint['labels']): Endpoint =>
  ({ kind: 'pod', namespace, labels, namespaceLabels: { [NAMESPACE_NAME]: namespace } });

/** Whether what is allowed surely leaves out a pod of a namespace of which nobody has heard. */
function closes(policies: readonly Policy[], { pods, port }: DnsPods, facts: ResolvedFacts): boolean {
  const allowing = policies.map(policy => ({ ...policy, subject: ANY, rules: policy.rules.filter(({ action }) => action !== 'deny') }));
  const profile: Profile = { cidrMatches: facts.cni._profile.cidrMatchesPods ? ['pod'] : [] };
  const destination = endpointOf(pods.namespace, pods.labels);
  const denied = (address?: string): boolean => (['UDP', 'TCP'] as const).some(protocol =>
    evaluate({ pipeline: REFERENCE_PIPELINE, policies: allowing }, { source: stranger(address), destination, protocol: PROTOCOL_NUMBERS[protocol], port }, profile) === 'denied');
  // DNS is served on one of the address families at least.
  const families = [':', '.'].map(mark => facts.podCidrs.filter(cidr => cidr.includes(mark)).map(cidr => cidr.split('/')[0])).filter(({ length }) => length > 0);
  return families.length === 0 ? denied() : families.every(addresses => addresses.some(denied));
}

const stranger = (address?: string): Endpoint => ({
  ...endpointOf('cdk8s-netpol-any-other-namespace', {}),
  serviceAccount: 'cdk8s-netpol-any-other-account',
  entities: ['all', 'cluster'],
  ...(address === undefined ? {} : { address }),
});
