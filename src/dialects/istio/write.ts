import { DEFAULT_MESH, IstioMesh } from './mesh';
import { DRY_RUN } from './read';
import { writeRule } from './write-rule';
import { Json, refuse } from './write-source';
import { disjunction } from '../../model/dnf';
import { Action, MESH, Policy } from '../../model/policy-set';
import { mergeRanges } from '../../model/traffic';
import { byDocument, describeOrigin, Document, ObjectKind } from '../dialect';
import { Reasons } from '../justifications';
import { foreignTerm, PeerTerms, peerTerms } from '../peer-terms';

export const AUTHORIZATION_POLICY: ObjectKind = { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' };

const NAMES: Readonly<Partial<Record<Action, string>>> = { allow: 'ALLOW', deny: 'DENY', log: 'AUDIT', external: 'CUSTOM' };

/** https://istio.io/latest/docs/reference/config/security/authorization-policy/ */
export function writeIstio(policies: readonly Policy[], mesh: Partial<IstioMesh> = {}): Document[] {
  const documents = byDocument(policies).flatMap(group => writePolicies(group, { ...DEFAULT_MESH, ...mesh }));
  const names = new Set<string>();
  for (const { policy, document } of documents) {
    const key = `${document.metadata.namespace}/${document.metadata.name}`;
    if (names.has(key)) { throw refuse('subject', () => describeOrigin(policy), `two documents would be named ${key}`); }
    names.add(key);
  }
  return documents.map(({ document }) => document);
}

interface Named {
  readonly policy: Policy;
  readonly document: Document;
}

/** A document has one action; a policy with several becomes several documents. */
function writePolicies([policy, other]: readonly Policy[], mesh: IstioMesh): Named[] {
  const statement = () => describeOrigin(policy);
  if (other) { throw refuse(other.direction === 'egress' ? 'egress' : 'subject', () => describeOrigin(other), 'a second policy of one document'); }
  checkPolicy(policy);
  const { namespace, name } = policy.origin;
  if (namespace === undefined) { throw refuse('cluster-scope', statement); }
  const spec = writeSubject(policy, namespace, mesh);
  const actions = (['allow', 'deny', 'log', 'external'] as const).flatMap(action => {
    const reasons = new Reasons();
    const rules = reasons.once('rules', policy.rules, (rule, i) => (rule.action === action ? writeRule(rule, policy, i) : []));
    if (rules.length > 512) { throw refuse('subject', statement, `${rules.length} rules, where an API server takes 512`); }
    return rules.length > 0 || (action === 'allow' && policy.isolates) ? [{ action, rules, reasons: reasons.annotations([policy]).annotations }] : [];
  });
  if (actions.length === 0) { throw refuse('empty', statement); }
  return actions.map(({ action, rules, reasons }, i) => {
    if (policy.mode === 'staged' && action !== 'allow' && action !== 'deny') { throw refuse('staged', statement, action); }
    const metadata = {
      name: i === 0 ? name : `${name}-${NAMES[action]!.toLowerCase()}`,
      namespace,
      ...(policy.mode === 'staged' || reasons ? { annotations: { ...(policy.mode === 'staged' ? { [DRY_RUN]: 'true' } : {}), ...reasons } } : {}),
    };
    // Without rules it allows nothing.
    const content = rules.length === 0 ? {} : { action: NAMES[action], ...(action === 'external' ? { provider: providerOf(policy) } : {}), rules };
    return { policy, document: { ...AUTHORIZATION_POLICY, metadata, spec: { ...spec, ...content } } };
  });
}

function providerOf({ effects, ...policy }: Policy): Json {
  const provider = effects?.provider;
  if (typeof provider !== 'string' || provider === '') { throw refuse('external-action', () => describeOrigin(policy), 'no provider'); }
  return { name: provider };
}

function checkPolicy(policy: Policy): void {
  const statement = () => describeOrigin(policy);
  if (policy.direction === 'egress') { throw refuse('egress', statement); }
  if (policy.hook) { throw refuse('hook', statement, policy.hook); }
  if (policy.stage !== MESH || policy.mode === 'void') { throw refuse('stage', statement, `stage ${policy.stage}, mode ${policy.mode}`); }
  const lost = Object.keys(policy.effects ?? {}).filter(key => key !== 'provider');
  if (lost.length > 0) { throw refuse('effects', statement, lost.join(', ')); }
  policy.rules.forEach(({ action }, i) => {
    if (action === 'pass') { throw refuse('pass', () => describeOrigin(policy, i)); }
  });
  if (!policy.isolates && policy.rules.some(({ action }) => action === 'allow')) { throw refuse('allow-without-isolation', statement); }
  // A mesh cannot close what it does not see.
  if (policy.isolates && !leavesOtherProtocols(policy)) { throw refuse('protocol', statement, 'isolation of more than TCP'); }
}

function leavesOtherProtocols({ rules }: Policy): boolean {
  const left = rules.filter(({ action, match }) => action === 'allow' && 'any' in match.source && 'any' in match.destination)
    .flatMap(({ match }) => match.traffic)
    .filter(box => !box.destinationPorts && !box.sourcePorts && !box.icmp && !box.ipVersion && !box.l7 && !box.serverNames)
    .flatMap(box => box.protocols);
  const covered = mergeRanges([...left, [6, 6]]);
  return covered.length === 1 && covered[0][0] <= 0 && covered[0][1] >= 255;
}

function writeSubject(policy: Policy, namespace: string, mesh: IstioMesh): Json {
  const statement = () => `${describeOrigin(policy)}, subject`;
  const conjunctions = disjunction(policy.subject).map(peerTerms);
  const services = conjunctions.flatMap(terms => serviceOf(terms, namespace));
  if (conjunctions.length > 0 && services.length === conjunctions.length) {
    if (services.length > 16) { throw refuse('subject', statement, 'more than 16 Services'); }
    return { targetRefs: services.map(name => ({ group: '', kind: 'Service', name })) };
  }
  const [terms, ...others] = conjunctions;
  if (terms === undefined || others.length > 0) { throw refuse('subject', statement, `${conjunctions.length} alternatives`); }
  const own = terms.namespaces.length === 1 && terms.namespaces[0] === namespace;
  const place = namespace === mesh.rootNamespace ? terms.namespaces.length === 0 && terms.kinds.includes('pod') : own;
  const left = terms.notNamespaces.length + terms.serviceAccounts.length + terms.notServiceAccounts.length + terms.notKinds.length
    + terms.cidrs.length + terms.notCidrs.length + terms.entities.length + terms.fqdns.length;
  if (!place || left > 0 || terms.kinds.some(kind => kind !== 'pod') || foreignTerm(terms)) {
    const where = namespace === mesh.rootNamespace ? `a policy in ${namespace} is for the whole mesh` : `it must be pods of namespace ${namespace}`;
    throw refuse('subject', statement, where);
  }
  const labels = terms.labels.map(({ test, negated }): [string, string] => {
    if (test.of !== 'pod') { throw refuse('label-scope', statement, `${test.of} label ${test.label}`); }
    if (negated || test.op !== 'in' || test.values.length !== 1) { throw refuse('label-operator', statement, `${test.label} ${negated ? 'not ' : ''}${test.op}`); }
    return [test.label, test.values[0]];
  });
  const distinctKeys = new Map(labels);
  if (labels.some(([key, value]) => distinctKeys.get(key) !== value)) { throw refuse('subject', statement, 'one label with two values'); }
  return labels.length === 0 ? {} : { selector: { matchLabels: Object.fromEntries([...distinctKeys].sort(([a], [b]) => (a < b ? -1 : 1))) } };
}

function serviceOf(terms: PeerTerms, namespace: string): string[] {
  const [reference] = terms.refs;
  const only = terms.refs.length === 1 && !reference.negated && reference.ref.ref === 'service' && reference.ref.namespace === namespace && terms.labels.length === 0
    && terms.namespaces.length === 1 && terms.namespaces[0] === namespace;
  return only && reference.ref.name !== undefined ? [reference.ref.name] : [];
}
