import { ApiBackend, apiBackendsOf, BackendPods, podsBehind } from './api-backends';
import { AppObjects } from './app-objects';
import { selects, servicesOf } from './app-services';
import { apiServerCallersText } from './from-api-server';
import { PolicyStatement } from './policy-statement';
import { apiServerOf } from '../cluster/api-server';
import type { ResolvedFacts } from '../cluster/cluster';
import { ANY, EndpointExpr } from '../model/endpoint';
import { evaluate } from '../model/evaluate';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint, matchesEndpoint, NO, Profile, YES } from '../model/match';
import { BASELINE, Policy, REFERENCE_PIPELINE } from '../model/policy-set';
import { PROTOCOL_NUMBERS } from '../model/traffic';

/** Whoever isolates the pods behind an APIService or a webhook must let the API server in: without them requests to it fail. */
export function checkApiBackends(stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, app: AppObjects, facts: ResolvedFacts): string[] {
  const backends = apiBackendsOf(app);
  const services = backends.length > 0 ? servicesOf(app) : [];
  return backends.flatMap(backend => {
    const pods = podsBehind(backend, services);
    const closing = pods ? closedBy(backend, pods, stated, app, facts) : undefined;
    if (!pods || !closing) { return []; }
    const name = `pods behind Service ${backend.namespace}/${backend.service}, which the API server calls for ${backend.text}`;
    const peers = apiServerCallersText(facts);
    const [labels, port] = [JSON.stringify(pods.labels), typeof pods.port === 'number' ? `Port.tcp(${pods.port})` : `Port.named('${pods.port}')`];
    if (closing.denies) {
      return [`${closing.statement} denies the API server the ${name}, on ${pods.port}; let it in there before that, such as by inbound: [{ peers: [${peers}], ports: [${port}] }] of a tenant of MultiTenantCluster`];
    }
    const rule = `new NetworkPolicy(chart, '${backend.service}', { namespace: '${backend.namespace}', subject: Peer.pods({ labels: ${labels} }), ingress: [{ peers: [${peers}], ports: [${port}] }] })`;
    const fix = facts.systemNamespaces.includes(backend.namespace)
      ? `state backends: [{ service: '${backend.service}', labels: ${labels}, port: ${port} }] of ProtectSystemNamespace, make that one after the Service, or let it in: ${rule}`
      : `let it in: ${rule}`;
    return [`${closing.statement} isolates ingress of the ${name}, and no rule lets it reach them on ${pods.port}; ${fix}`];
  });
}

interface Closing {
  readonly statement: PolicyStatement;
  /** Whether no allow of a namespace outweighs it. */
  readonly denies: boolean;
}

/** The policy that surely closes the pods, where surely none lets the API server in. */
function closedBy(
  { namespace }: ApiBackend, { labels, port }: BackendPods,
  stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, app: AppObjects, facts: ResolvedFacts,
): Closing | undefined {
  const declared = app.pods.filter(pods => pods.kind === 'pod' && pods.namespace === namespace && selects(labels, pods.labels ?? {}));
  const ports = declared.flatMap(({ template }) => template.ports);
  const number = typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.port;
  const [first] = declared;
  const destination: Endpoint = {
    ...endpointOf(namespace, first?.labels ?? labels, namespaceLabels(app, namespace)),
    ...(first ? { ports, serviceAccount: first.serviceAccount } : {}),
  };
  const near = [...stated].flatMap(([statement, policies]) => policies
    .filter(({ direction, mode, subject }) => direction === 'ingress' && mode === 'enforce' && isAbout(subject, destination, first ? undefined : labels))
    .map(policy => ({ statement, policy })));
  const sure = near.filter(({ policy }) => closes(policy) && matchesEndpoint(policy.subject, destination, PROFILE) === YES);
  if (sure.length === 0) { return undefined; }
  const flow = { destination, protocol: PROTOCOL_NUMBERS.TCP, ...(number === undefined ? {} : { port: number }) };
  const closed = (policies: readonly Policy[]) => callers(facts).every(source => evaluate({ pipeline: REFERENCE_PIPELINE, policies }, { ...flow, source }, profileOf(facts)) === 'denied');
  // What may be about these pods can open them, and surely closes nothing.
  const policies = near.map(each => (sure.includes(each) ? each.policy : opening(each.policy)));
  if (!closed(policies)) { return undefined; }
  const isolating = sure.find(({ policy }) => policy.isolates);
  const denying = sure.find(({ policy }) => policy.stage !== BASELINE && closed([{ ...policy, isolates: false }]))
    ?? (isolating ? undefined : sure.find(({ policy }) => closed([policy])));
  const closing = denying ?? isolating;
  return closing && { statement: closing.statement, denies: denying !== undefined };
}

const opening = (policy: Policy): Policy => ({ ...policy, subject: ANY, isolates: false, rules: policy.rules.filter(({ action }) => action !== 'deny') });
const closes = ({ isolates, rules }: Policy): boolean => isolates || rules.some(({ action }) => action === 'deny');

/** @param known the only labels that are known of the pods, which may have others: what asks for one of these and more may be about them */
function isAbout(subject: EndpointExpr, pods: Endpoint, known: Readonly<Record<string, string>> | undefined): boolean {
  if (matchesEndpoint(subject, pods, PROFILE) !== NO) { return true; }
  if (!known) { return false; }
  const others = Object.fromEntries(Object.keys(known).map(key => [key, '']));
  return matchesEndpoint(subject, { ...pods, openLabels: ['pod'] }, PROFILE) !== NO
    && matchesEndpoint(subject, { ...pods, labels: others, openLabels: ['pod'] }, PROFILE) === NO;
}

const PROFILE: Profile = { cidrMatches: ['pod', 'node', 'external'] };
const OUTSIDE_AND_NODES: Profile = { cidrMatches: ['node', 'external'] };
const profileOf = ({ cni }: ResolvedFacts): Profile => (cni._profile.cidrMatchesPods ? PROFILE : OUTSIDE_AND_NODES);

const endpointOf = (namespace: string, labels: Endpoint['labels'], ofNamespace: Readonly<Record<string, string>> = {}): Endpoint =>
  ({ kind: 'pod', namespace, labels, namespaceLabels: { ...ofNamespace, [NAMESPACE_NAME]: namespace } });

const namespaceLabels = (app: AppObjects, namespace: string): Readonly<Record<string, string>> =>
  app.ofKind('core', 'Namespace').find(({ name }) => name === namespace)?.manifest.metadata?.labels ?? {};

/** What the API server may be to a policy: its agents where it has some, nobody's node where a provider runs it. */
function callers({ apiServerCidrs, nodeCidrs, podCidrs, distribution }: ResolvedFacts): Endpoint[] {
  const { agents, managed = false } = apiServerOf(distribution.name);
  if (agents) { return [{ ...endpointOf('kube-system', agents.labels), entities: ['all', 'cluster'], ...(podCidrs.length > 0 ? { addressIn: podCidrs } : {}) }]; }
  const entities = ['all', 'kube-apiserver'];
  const nodes = managed ? [] : nodeCidrs.length > 0 ? nodeCidrs : [undefined];
  return [
    ...(apiServerCidrs.length > 0 ? apiServerCidrs : [undefined]).map((cidr): Endpoint => ({ kind: 'external', entities: [...entities, 'world'], ...inside(cidr) })),
    ...nodes.map((cidr): Endpoint => ({ kind: 'node', entities: [...entities, 'cluster', 'remote-node'], ...inside(cidr) })),
  ];
}

const inside = (cidr: string | undefined): Pick<Endpoint, 'addressIn'> => (cidr === undefined ? {} : { addressIn: [cidr] });
