import { ApiObject } from 'cdk8s';
import type { ResolvedFacts } from '../cluster/cluster';
import type { CloudEndpoint } from '../cluster/cloud-endpoints';
import { Dialect } from '../cluster/dialect';
import { dialectModule } from '../dialects';
import { hostRange } from '../model/cidr';
import { containsCidr, overlaps } from '../model/cidr';
import { Conjunction, disjunction, exprOfAll } from '../model/dnf';
import { address, EndpointExpr, POD } from '../model/endpoint';
import { matchesEndpoint, NO } from '../model/evaluate';
import { Policy, Rule } from '../model/policy-set';
import { inRanges, PROTOCOL_NUMBERS, TrafficBox } from '../model/traffic';
import { AppObjects } from './app-objects';
import type { MetadataBlock } from './metadata-block';
import { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';

/**
 * Keeps cloud metadata closed in company. A dialect with deny denies; plain NetworkPolicies only add up, so there the
 * addresses are carved out of every rule of the namespace that can reach them, and a rule that is not ours
 * fails the synth.
 *
 * Returns the policies of each statement that is written.
 */
export function applyMetadataBlocks(
  statements: Statements, stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, app: AppObjects, facts: ResolvedFacts, onError: (error: string) => void,
): ReadonlyMap<PolicyStatement, readonly Policy[]> {
  if (statements.metadataBlocks.length === 0) { return stated; }
  const written = new Map(stated);
  for (const block of statements.metadataBlocks) {
    if (facts.dialect === Dialect.KUBERNETES) {
      blockByCarving(block, statements, written, app, facts, onError);
    } else if (facts.dialect === Dialect.CALICO) {
      refuseEarlierTiers(block, app, facts, onError);
    }
  }
  return written;
}

function blockByCarving(
  block: MetadataBlock, statements: Statements, written: Map<PolicyStatement, readonly Policy[]>, app: AppObjects, facts: ResolvedFacts, onError: (error: string) => void,
): void {
  const foreign = foreignEgress(block, app, onError);
  const own = statements.policies.filter(statement =>
    statement.props.namespace === block.namespace && statement.isolates.egress && !statements.metadataBlocks.some(other => other.statement === statement));
  const everyPodIsolated = own.some(statement => statement.coversNamespace) || foreign.some(({ policy }) => selectsEveryPod(policy, block.namespace));

  if (!everyPodIsolated && (own.length > 0 || foreign.length > 0)) {
    const some = own[0]?.toString() ?? foreign[0].object.node.path;
    onError(`BlockCloudMetadata (${block.path}): some pods of namespace ${block.namespace} are isolated for egress (by ${some}) and others may be not, and plain NetworkPolicy cannot deny; add new DefaultDeny(...) for the namespace, or use the cilium or calico dialect`);
    return;
  }
  if (!everyPodIsolated) {
    if (!facts.cni._profile.cidrMatchesPods) {
      onError(`BlockCloudMetadata (${block.path}): no pod of namespace ${block.namespace} is isolated, and on ${facts.cni.name} an address range never matches pods or nodes, so "everything except the metadata addresses" would cut them off; add new DefaultDeny(...) for the namespace, or use the cilium dialect`);
    }
    return;
  }

  written.delete(block.statement);
  block.object.node.scope?.node.tryRemoveChild(block.object.node.id);
  for (const statement of own) {
    const { subject } = statement.props;
    if ('workload' in subject && block.except.includes(subject.workload)) { continue; }
    const policies = written.get(statement);
    if (policies) { written.set(statement, policies.map(policy => carvePolicy(policy, statement, block, facts, onError))); }
  }
  for (const { object, policy } of foreign) {
    const reaching = policy.rules.find(rule => reaches(rule, block.blocked));
    if (reaching) {
      onError(`BlockCloudMetadata (${block.path}): the policy ${object.node.path} (${object.kind} ${object.name}, ${reaching.origin?.part}) allows egress to ${reached(reaching, block.blocked)}, and policies add up; except the address there, or state the policy with this library`);
    }
  }
}

interface ForeignPolicy {
  readonly object: ApiObject;
  readonly policy: Policy;
}

/** The egress of NetworkPolicies in the block's namespace that the app holds but this library did not make. */
function foreignEgress(block: MetadataBlock, app: AppObjects, onError: (error: string) => void): ForeignPolicy[] {
  return readForeign('kubernetes', block, app.foreignPolicies.filter(({ apiGroup, kind }) => apiGroup === 'networking.k8s.io' && kind === 'NetworkPolicy'), onError)
    .filter(({ policy }) => policy.direction === 'egress' && policy.origin.namespace === block.namespace);
}

function readForeign(dialect: 'kubernetes' | 'calico', block: MetadataBlock, objects: readonly ApiObject[], onError: (error: string) => void): ForeignPolicy[] {
  return objects.flatMap(object => {
    try {
      return dialectModule(dialect).read(object.toJson(), object.node.path).map(policy => ({ object, policy }));
    } catch (error) {
      onError(`BlockCloudMetadata (${block.path}): a policy beside it cannot be judged: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

/** In Calico only an earlier tier can accept before the tier that denies. */
function refuseEarlierTiers(block: MetadataBlock, app: AppObjects, facts: ResolvedFacts, onError: (error: string) => void): void {
  const objects = app.foreignPolicies.filter(({ apiGroup, kind }) => apiGroup === 'projectcalico.org' && (kind === 'NetworkPolicy' || kind === 'GlobalNetworkPolicy'));
  for (const { object, policy } of readForeign('calico', block, objects, onError)) {
    if (policy.direction !== 'egress' || policy.stage === 'default' || policy.stage === facts.calicoDenyTier) { continue; }
    if (policy.origin.namespace !== undefined && policy.origin.namespace !== block.namespace) { continue; }
    const reaching = policy.rules.find(rule => reaches(rule, block.blocked));
    if (reaching) {
      onError(`BlockCloudMetadata (${block.path}): the policy ${object.node.path} in tier ${policy.stage} allows egress to ${reached(reaching, block.blocked)} and may be judged before the tier ${facts.calicoDenyTier}; except the address there, or let it pass`);
    }
  }
}

function selectsEveryPod(policy: Policy, namespace: string): boolean {
  const conjunctions = disjunction(policy.subject);
  return conjunctions.length === 1 && conjunctions[0].every(({ atom, negated }) =>
    !negated && (('kind' in atom && atom.kind === 'pod') || ('namespace' in atom && !('ref' in atom) && atom.namespace === namespace)));
}

function carvePolicy(policy: Policy, statement: PolicyStatement, block: MetadataBlock, facts: ResolvedFacts, onError: (error: string) => void): Policy {
  if (policy.direction !== 'egress') { return policy; }
  return {
    ...policy,
    rules: policy.rules.map((rule, i) => {
      if (!reaches(rule, block.blocked)) { return rule; }
      const blocked = block.blocked.filter(endpoint => reaches(rule, [endpoint])).map(endpoint => hostRange(endpoint.address));
      const destination = carve(rule.match.destination, blocked, facts, problem =>
        onError(`${statement}, egress rule ${i + 1}: ${problem}; BlockCloudMetadata (${block.path}) closes it: leave the rule out, or name the workload in its except`));
      return { ...rule, match: { ...rule.match, destination } };
    }),
  };
}

function carve(expr: EndpointExpr, blocked: readonly string[], facts: ResolvedFacts, onError: (problem: string) => void): EndpointExpr {
  return exprOfAll(disjunction(expr).flatMap((conjunction): Conjunction[] => {
    if (conjunction.length === 0) { return everythingExcept(blocked, facts, onError); }
    const closed = conjunction.flatMap(({ atom, negated }) => ('cidr' in atom && !negated ? [atom.cidr] : []))
      .find(cidr => blocked.some(hole => containsCidr(hole, cidr)));
    if (closed) {
      onError(`it allows only ${closed}`);
      return [conjunction];
    }
    return [conjunction.map(literal => {
      if (!('cidr' in literal.atom) || literal.negated) { return literal; }
      const { cidr, except } = literal.atom;
      const holes = blocked.filter(hole => overlaps(cidr, hole) && !except.some(other => containsCidr(other, hole)));
      return { ...literal, atom: { cidr, except: [...except, ...holes] } };
    })];
  }));
}

/** "Anything" without some addresses: every pod, and every address but those. */
function everythingExcept(blocked: readonly string[], facts: ResolvedFacts, onError: (problem: string) => void): Conjunction[] {
  if (!facts.cni._profile.cidrMatchesNodes) {
    onError(`it allows any peer, and on ${facts.cni.name} an address range never matches nodes, so "any peer except the metadata addresses" cannot be written in plain NetworkPolicy`);
  }
  const range = (cidr: string) => address(cidr, blocked.filter(hole => overlaps(cidr, hole)));
  return [POD, range('0.0.0.0/0'), range('::/0')].flatMap(disjunction);
}

function reaches(rule: Rule, blocked: readonly CloudEndpoint[]): boolean {
  return blocked.some(endpoint => reachesOne(rule, endpoint));
}

const reached = (rule: Rule, blocked: readonly CloudEndpoint[]): string =>
  blocked.filter(endpoint => reachesOne(rule, endpoint)).map(({ address: text, ports }) => `${text} TCP ${ports.join(', ')}`).join(' and ');

function reachesOne({ action, match }: Rule, endpoint: CloudEndpoint): boolean {
  if (action !== 'allow' || !match.traffic.some(box => endpoint.ports.some(port => carries(box, port)))) { return false; }
  // On the node or outside: whichever kind the CNI takes the address for.
  return (['external', 'node'] as const).some(kind =>
    matchesEndpoint(match.destination, { kind, address: endpoint.address }, { cidrMatches: ['external', 'node', 'pod'] }) !== NO);
}

const carries = ({ protocols, destinationPorts }: TrafficBox, port: number): boolean =>
  inRanges(protocols, PROTOCOL_NUMBERS.TCP) && (!destinationPorts || inRanges(destinationPorts.ranges, port));
