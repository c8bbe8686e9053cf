import { AppObjects } from './app-objects';
import { type MetadataBlock, sharedServices } from './metadata-block';
import { acceptsBefore, egressOf, foreignEgress, ForeignPolicy, patchedPolicies } from './metadata-foreign';
import { allowedBefore } from './metadata-tiers';
import { PolicyStatement } from './policy-statement';
import type { Statements } from './statements';
import type { CloudEndpoint } from '../cluster/cloud-endpoints';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { describeOrigin, Document } from '../dialects/dialect';
import { containsCidr, hostRange, overlaps } from '../model/cidr';
import { Conjunction, disjunction, exprOfAll } from '../model/dnf';
import { address, allOf, EndpointExpr, EXTERNAL, isNamespace, POD } from '../model/endpoint';
import { Endpoint, matchesEndpoint, NO } from '../model/match';
import { Policy, Rule } from '../model/policy-set';
import { inRanges, portRange, PROTOCOL_NUMBERS, ProtocolName, TrafficBox } from '../model/traffic';

/**
 * Keeps cloud metadata closed in company. A dialect with deny denies; plain NetworkPolicies only add up, so there the
 * addresses are carved out of every rule of the namespace that can reach them, and a rule that is not ours
 * fails the synth.
 *
 * Returns the policies of each statement that is written.
 */
export function applyMetadataBlocks(
  statements: Statements, stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, app: AppObjects, facts: ResolvedFacts,
  onError: (error: string) => void,
): ReadonlyMap<PolicyStatement, readonly Policy[]> {
  if (statements.metadataBlocks.length === 0) { return stated; }
  const written = new Map(stated);
  for (const block of statements.metadataBlocks) {
    refuseUpperTiers(block, stated, onError);
    if (facts.dialect === Dialect.KUBERNETES) {
      blockByCarving(block, statements, written, app, facts, onError);
    } else if (facts.dialect === Dialect.CALICO) {
      refuseEarlierTiers(block, app, facts, onError);
    }
  }
  return written;
}

function blockByCarving(
  block: MetadataBlock, statements: Statements, written: Map<PolicyStatement, readonly Policy[]>, app: AppObjects, facts: ResolvedFacts,
  onError: (error: string) => void,
): void {
  const fail = (problem: string): void => onError(`BlockCloudMetadata (${block.path}): ${problem}`);
  const onNode = block.blocked.filter(endpoint => endpoint.onNode);
  if (onNode.length > 0) {
    fail(`${onNode.map(endpoint => endpoint.address).join(', ')} ${onNode.length === 1 ? 'is' : 'are'} served on the node itself, and plain NetworkPolicy never closes a node to its own pods; leave out blockPodCredentials, or use the cilium or calico dialect`);
    return;
  }
  const blocks = statements.metadataBlocks.map(other => other.statement);
  const own = statements.policies.filter(statement =>
    statement.props.namespace === block.namespace && statement.isolates.egress && !blocks.includes(statement));
  const foreign = foreignEgress(block, app, ['kubernetes', 'cilium', 'calico'], onError).filter(({ policy }) => !isExempt(policy, block));
  refuseReaching(block, app, foreign, fail);

  // Whether a tier of Calico isolates is not known here, so only NetworkPolicies count as doing so for all.
  const everyPodIsolated = own.some(statement => statement.coversNamespace)
    || foreign.some(candidate => isolatesEveryPod(candidate, block.namespace));
  if (!everyPodIsolated) {
    const some = own.find(statement => !written.get(statement)?.every(policy => isExempt(policy, block)))?.toString()
      ?? foreign.find(({ policy }) => policy.isolates)?.object.path;
    // What could not be read is already reported.
    if (written.has(block.statement)) { allowExcept(block, statements, some, facts, fail, () => written.delete(block.statement)); }
    return;
  }

  written.delete(block.statement);
  block.object.node.scope?.node.tryRemoveChild(block.object.node.id);
  for (const statement of own) {
    const policies = written.get(statement);
    const carved = policies?.map(policy => (isExempt(policy, block) ? policy : carvePolicy(policy, block, facts, onError)));
    if (carved) { written.set(statement, carved); }
  }
}

function refuseUpperTiers(block: MetadataBlock, stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, onError: (error: string) => void): void {
  const found = allowedBefore(block, stated, policy => isExempt(policy, block));
  if (found) {
    onError(`BlockCloudMetadata (${block.path}): ${found.statement} is in a tier that comes before, and allows egress to ${found.endpoint.address} TCP ${found.endpoint.ports.join(', ')}; except the address there, or deny it in a rule before that one`);
  }
}

/** Policies add up: one that reaches the addresses opens them, whatever stands beside it. */
function refuseReaching(block: MetadataBlock, app: AppObjects, foreign: readonly ForeignPolicy[], fail: (problem: string) => void): void {
  for (const { object, policy } of foreign) {
    const reaching = policy.rules.find(rule => reaches(rule, block.blocked));
    if (reaching) {
      fail(`the policy ${object.path} (${object.kind} ${object.name}, ${reaching.origin?.part}) allows egress to ${reached(reaching, block.blocked)}, and policies add up; except the address there, or state the policy with this library`);
    }
  }
  for (const object of acceptsBefore(app)) {
    fail(`a policy beside it cannot be judged: ${object.kind} ${object.name} (${object.path}) accepts egress before any NetworkPolicy is asked; leave its egress rules that accept out of this app`);
  }
}

/**
 * A JSON patch changes a policy of ours after the addresses were carved out of it. Where policies add up it may open them again.
 * Returns what is wrong, as sentences.
 */
export function checkPatchedPolicies(
  statements: Statements, documents: ReadonlyMap<PolicyStatement, readonly Document[]>, app: AppObjects, facts: ResolvedFacts,
): string[] {
  if (facts.dialect !== Dialect.KUBERNETES || statements.metadataBlocks.length === 0) { return []; }
  const patched = patchedPolicies(documents);
  if (patched.size === 0) { return []; }
  const errors: string[] = [];
  const onError = (error: string): void => { errors.push(error); };
  for (const block of statements.metadataBlocks) {
    const policies = egressOf([...patched.values()].flat(), block, ['kubernetes'], onError).filter(({ policy }) => !isExempt(policy, block));
    for (const { object, policy } of policies) {
      const reaching = policy.rules.find(rule => reaches(rule, block.blocked));
      if (reaching) {
        errors.push(`BlockCloudMetadata (${block.path}): the policy ${object.path} (${object.kind} ${object.name}, ${reaching.origin?.part}) allows egress to ${reached(reaching, block.blocked)} after its JSON patch, and policies add up; take the address out of the patch`);
      }
    }
    if (documents.has(block.statement)) { continue; }
    // The addresses are closed by what isolates every pod.
    const covering = statements.policies.filter(statement =>
      statement.props.namespace === block.namespace && statement.coversNamespace && statement.isolates.egress && documents.has(statement));
    const opened = covering.find(statement => patched.has(statement));
    const isClosed = (): boolean => covering.some(statement => !patched.has(statement))
      || [...policies, ...foreignEgress(block, app, ['kubernetes'], onError)].some(candidate => isolatesEveryPod(candidate, block.namespace));
    if (opened && !isClosed()) {
      errors.push(`BlockCloudMetadata (${block.path}): ${opened} no longer isolates every pod of namespace ${block.namespace} for egress after its JSON patch, so that the addresses are open to others; take that out of the patch`);
    }
  }
  return errors;
}

/** Not every pod is isolated: "everything except the addresses" for all of them, where that can be said. */
function allowExcept(
  block: MetadataBlock, statements: Statements, some: string | undefined, facts: ResolvedFacts, fail: (problem: string) => void, drop: () => void,
): void {
  const { namespace, statement } = block;
  const problem = ((): string | undefined => {
    if (some !== undefined) {
      return `some pods of namespace ${namespace} are isolated for egress (by ${some}) and others may be not, and plain NetworkPolicy cannot deny; add new DefaultDeny(...) for the namespace, or use the cilium or calico dialect`;
    }
    if (!facts.cni._profile.cidrMatchesPods) {
      return `no pod of namespace ${namespace} is isolated, and on ${facts.cni.name} an address range never matches pods or nodes, so "everything except the metadata addresses" would cut them off; add new DefaultDeny(...) for the namespace, or use the cilium dialect`;
    }
    const other = statements.metadataBlocks.find(candidate =>
      candidate.namespace === namespace && block.blocked.some(({ address: text }) => !candidate.blocked.some(endpoint => endpoint.address === text)));
    if (other) { return `another BlockCloudMetadata of namespace ${namespace} (${other.path}) closes fewer addresses, and what it allows adds up with this one; state one of them`; }
    if (disjunction(statement.subjectExpr(facts)).length > 1) {
      return `except names a workload with several labels (${block.except.join(', ')}), and no pod of namespace ${namespace} is isolated: "every pod without all of these labels" cannot be written as one plain NetworkPolicy; add new DefaultDeny(...) for the namespace, name a workload with one label, or use the cilium or calico dialect`;
    }
    return undefined;
  })();
  if (problem !== undefined) {
    fail(problem);
    // Nothing further is said of what cannot be written.
    drop();
  }
}

/** In Calico only what is asked before the policy that denies can accept. */
function refuseEarlierTiers(block: MetadataBlock, app: AppObjects, facts: ResolvedFacts, onError: (error: string) => void): void {
  for (const { object, policy } of foreignEgress(block, app, ['calico'], onError)) {
    if (policy.stage === 'default' || isExempt(policy, block)) { continue; }
    const reaching = policy.rules.find(rule => reaches(rule, block.blocked));
    if (reaching) {
      onError(`BlockCloudMetadata (${block.path}): the policy ${object.path} in tier ${policy.stage} allows egress to ${reached(reaching, block.blocked)} and may be judged before ${policy.stage === facts.calicoDenyTier ? 'the policy that denies' : `the tier ${facts.calicoDenyTier}`}; except the address there, or let it pass`);
    }
  }
}

/** Whether a policy is only about pods that keep the addresses. */
function isExempt(policy: Policy, block: MetadataBlock): boolean {
  return block.except.some(workload => {
    try {
      const [literals, ...others] = disjunction(workload._expr()).map(conjunction => conjunction.map(literal => JSON.stringify(literal)));
      return others.length === 0 && disjunction(policy.subject).every(conjunction => {
        const own = conjunction.map(literal => JSON.stringify(literal));
        return literals.every(literal => own.includes(literal));
      });
    } catch {
      return false; // Reported where the block itself was compiled.
    }
  });
}

/** In plain Kubernetes. A policy of which the namespace is not known may be another's. */
const isolatesEveryPod = ({ dialect, policy, certain }: ForeignPolicy, namespace: string): boolean =>
  certain && dialect === 'kubernetes' && selectsEveryPod(policy, namespace);

function selectsEveryPod(policy: Policy, namespace: string): boolean {
  const conjunctions = disjunction(policy.subject);
  return conjunctions.length === 1 && conjunctions[0].every(({ atom, negated }) =>
    !negated && (('kind' in atom && atom.kind === 'pod') || (isNamespace(atom) && atom.namespace === namespace)));
}

function carvePolicy(
  policy: Policy, block: MetadataBlock, facts: ResolvedFacts, onError: (error: string) => void,
): Policy {
  if (policy.direction !== 'egress') { return policy; }
  return {
    ...policy,
    rules: policy.rules.flatMap((rule, i) => {
      const blocked = block.blocked.filter(endpoint => reachesOne(rule, endpoint));
      if (blocked.length === 0) { return [rule]; }
      const destination = carve(rule.match.destination, blocked.map(endpoint => hostRange(endpoint.address)), facts, problem =>
        onError(`${describeOrigin(policy, i)}: ${problem}; BlockCloudMetadata (${block.path}) closes it: leave the rule out, or name the workload in its except`));
      return [{ ...rule, match: { ...rule.match, destination } }, ...keptOpen(rule, blocked, facts)];
    }),
  };
}

/** What the rule allowed of DNS and the platform's services on the addresses that it loses. */
function keptOpen(rule: Rule, blocked: readonly CloudEndpoint[], facts: ResolvedFacts): Rule[] {
  return sharedServices(facts, blocked).flatMap(({ address: text, port }): Rule[] => {
    const traffic = (['UDP', 'TCP'] as const).filter(protocol => rule.match.traffic.some(box => carries(box, port, protocol)))
      .map(protocol => portRange(protocol, port));
    return traffic.length === 0 ? [] : [{ ...rule, match: { ...rule.match, destination: outsideOrAnywhere(text, facts), traffic } }];
  });
}

/** Where ranges match only what is outside, an address cannot be meant whoever holds it. */
const outsideOrAnywhere = (text: string, facts: ResolvedFacts): EndpointExpr =>
  (facts.cni._profile.cidrMatchesPods ? address(hostRange(text)) : allOf(EXTERNAL, address(hostRange(text))));

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
  if (action !== 'allow' || !match.traffic.some(box => endpoint.ports.some(port => carries(box, port, 'TCP')))) { return false; }
  const places: Endpoint[] = [
    { kind: 'external', address: endpoint.address, entities: ['world'] },
    ...(endpoint.onNode ? [{ kind: 'node' as const, address: endpoint.address, entities: ['host', 'cluster'] }] : []),
  ];
  return places.some(place => matchesEndpoint(match.destination, place, { cidrMatches: ['external', 'node', 'pod'] }) !== NO);
}

const carries = ({ protocols, destinationPorts }: TrafficBox, port: number, protocol: ProtocolName): boolean =>
  inRanges(protocols, PROTOCOL_NUMBERS[protocol]) && (!destinationPorts || inRanges(destinationPorts.ranges, port));
