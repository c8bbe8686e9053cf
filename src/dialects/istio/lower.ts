import { DEFAULT_MESH, IstioMesh } from './mesh';
import { notSeen } from './read';
import { identityIn, OF_TCP } from './terms';
import { Called, refuse } from './write-source';
import { Conjunction, disjunction } from '../../model/dnf';
import { ANY, anyOf, EndpointExpr } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';
import { MESH, NORMAL, Policy, Rule } from '../../model/policy-set';
import { inRanges, PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';
import { describeOrigin, Lowered, Target } from '../dialect';
import { narrowToOutside } from '../outside';
import { foreignTerm, PeerTerms, peerTerms } from '../peer-terms';

/**
 * Statements of the reference pipeline in the mesh's terms: pods become the identities that they prove. The mesh stands beside the network policy,
 * which keeps what the mesh does not see: every protocol but TCP.
 */
export function lowerIstio(policies: readonly Policy[], target: Target, mesh: Partial<IstioMesh> = {}): Lowered {
  const facts = { ...DEFAULT_MESH, ...mesh };
  policies.forEach(checkPolicy);
  // To a mesh an address is an address, whoever holds it.
  const { policies: narrowed, wider } = narrowToOutside('istio', policies, { ...target, cidrMatchesPods: true, cidrMatchesNodes: true });
  return { policies: narrowed.flatMap(policy => lowerPolicy(policy, facts)), wider };
}

function checkPolicy(policy: Policy): void {
  const statement = () => describeOrigin(policy);
  if (policy.direction === 'egress') { throw refuse('egress', statement); }
  if (policy.stage !== NORMAL) { throw refuse('stage', statement, policy.stage); }
  if (policy.hook) { throw refuse('hook', statement, policy.hook); }
}

function lowerPolicy(policy: Policy, mesh: IstioMesh): Policy[] {
  const rules = policy.rules.flatMap((rule, i) => lowerRule(rule, mesh, () => describeOrigin(policy, i)));
  // Denials of what the mesh does not see are the network policy's.
  if (rules.length === 0 && !policy.isolates) { return []; }
  return [{ ...policy, stage: MESH, order: [1], rules: policy.isolates ? [...rules, notSeen(policy.origin)] : rules }];
}

function lowerRule(rule: Rule, mesh: IstioMesh, statement: Called): Rule[] {
  const { action, match } = rule;
  if (action === 'pass' || action === 'log') { throw refuse(action, statement); }
  if (action === 'external') { throw refuse('external-action', statement); }
  if (!('any' in match.destination)) { throw refuse('own-end', statement); }
  const traffic = match.traffic
    .filter(box => inRanges(box.protocols, PROTOCOL_NUMBERS.TCP) && !box.icmp)
    .map((box): TrafficBox => ({ ...box, ...OF_TCP }));
  if (traffic.length === 0) { return []; }
  if (traffic.some(({ l7 }) => l7 !== undefined && 'http' in l7)) { checkRequests(action, traffic, mesh, statement); }
  const peers = disjunction(match.source).map(conjunction => identity(conjunction, mesh, statement));
  if (action === 'deny' && !mesh.strictMtls && peers.some(({ proven }) => proven)) {
    throw refuse('principal', statement, 'a deny of identities does not reach callers in plaintext, who have none');
  }
  return [{ ...rule, match: { ...match, source: anyOf(...peers.map(({ expr }) => expr)), traffic } }];
}

function checkRequests(action: Rule['action'], traffic: readonly TrafficBox[], mesh: IstioMesh, statement: Called): void {
  if (mesh.dataPlane === 'ambient') { throw refuse('http', statement, 'ztunnel sees no requests; this needs a waypoint'); }
  if (action === 'deny' && traffic.some(({ l7, destinationPorts }) => l7 !== undefined && !destinationPorts)) {
    throw refuse('http', statement, 'without a port a deny of requests closes every port that is not HTTP; state the port');
  }
}

interface Identity {
  readonly expr: EndpointExpr;
  /** Whether it is known by what it has proven, and not by its address. */
  readonly proven: boolean;
}

function identity(conjunction: Conjunction, { trustDomain }: IstioMesh, statement: Called): Identity {
  if (conjunction.length === 0) { return { expr: ANY, proven: false }; }
  const terms = peerTerms(conjunction);
  checkTerms(terms, statement);
  if (terms.cidrs.length > 0) { return { expr: addresses(terms, statement), proven: false }; }
  const namespaces = [...new Set([...terms.namespaces, ...namesOf(terms, statement)])];
  const [principal] = terms.principals;
  if (principal) {
    if (terms.principals.length + namespaces.length + terms.serviceAccounts.length > 1) { throw refuse('negated-peer', statement, 'a principal beside other conditions'); }
    return { expr: { principal: principal.principal }, proven: true };
  }
  const [account, ...accounts] = [...new Set(terms.serviceAccounts)];
  if (accounts.length > 0) { throw refuse('negated-peer', statement, `service accounts ${terms.serviceAccounts.join(' and ')} at once`); }
  if (account !== undefined) {
    if (namespaces.length === 0) { throw refuse('service-account', statement, `${account} of any namespace`); }
    return { expr: anyOf(...namespaces.map(namespace => ({ principal: `${trustDomain}/ns/${namespace}/sa/${account}` }))), proven: true };
  }
  return { expr: namespaces.length > 0 ? anyOf(...namespaces.map(identityIn)) : { principal: `${trustDomain}/*` }, proven: true };
}

/** Namespaces that are selected by their name. */
function namesOf({ labels, namespaces }: PeerTerms, statement: Called): readonly string[] {
  const [label, ...more] = labels;
  if (!label) { return []; }
  const { test, negated } = label;
  if (more.length > 0 || namespaces.length > 0 || negated || test.of !== 'namespace' || test.label !== NAMESPACE_NAME || test.op !== 'in') {
    throw refuse('label-scope', statement, `${test.of} label ${test.label}`);
  }
  return test.values;
}

function addresses(terms: PeerTerms, statement: Called): EndpointExpr {
  const [range, ...more] = terms.cidrs;
  if (more.length > 0) { throw refuse('several-cidrs', statement, terms.cidrs.map(({ cidr }) => cidr).join(', ')); }
  if (terms.namespaces.length + terms.serviceAccounts.length + terms.labels.length + terms.principals.length > 0 || terms.kinds.some(kind => kind !== 'external')) {
    throw refuse('negated-peer', statement, 'an address together with other conditions');
  }
  return { ...range, except: [...range.except, ...terms.notCidrs.map(({ cidr }) => cidr)], anyone: true };
}

function checkTerms(terms: PeerTerms, statement: Called): void {
  if (terms.fqdns.length > 0) { throw refuse('fqdn', statement, terms.fqdns.join(', ')); }
  if (terms.entities.length > 0) { throw refuse('entity', statement, terms.entities.join(', ')); }
  if (terms.clusters.length > 0) { throw refuse('cluster', statement, terms.clusters.join(', ')); }
  const foreign = foreignTerm({ ...terms, principals: terms.principals.filter(({ negated }) => negated) });
  if (foreign) { throw refuse(foreign.negated ? 'negated-peer' : 'reference', statement, foreign.what); }
  if (terms.kinds.includes('node')) { throw refuse('node', statement); }
  if (terms.kinds.includes('hostEndpoint')) { throw refuse('host-endpoint', statement); }
  if (terms.cidrs.length === 0 && terms.kinds.some(kind => kind !== 'pod')) { throw refuse('entity', statement, terms.kinds.join(', ')); }
  const negated = [...terms.notKinds, ...terms.notNamespaces, ...terms.notServiceAccounts];
  if (negated.length > 0) { throw refuse('negated-peer', statement, negated.join(', ')); }
  if (terms.notCidrs.length > 0 && (terms.cidrs.length === 0 || terms.notCidrs.some(({ except }) => except.length > 0))) { throw refuse('negated-peer', statement); }
}
