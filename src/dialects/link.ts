import { describeOrigin, DialectId, DialectModule, isOfKind } from './dialect';
import { UnreadableDocument } from './document-reader';
import { ALL_DIALECTS, dialectModule } from './index';
import { unevaluated } from './unevaluated';
import { MESH, Policy, PolicySet } from '../model/policy-set';

/** Documents of all dialects together, as a cluster has them: the policies of its CNI, those that every CNI takes, and those of a mesh. */

/** What one document is to the reader. */
export type Read =
  | { readonly dialect: DialectId; readonly policies: readonly Policy[] }
  /** It goes to `linkAll` beside the policies. */
  | { readonly dialect: DialectId; readonly support: true }
  /** Known, and without a say in who may talk to whom. */
  | { readonly dialect: DialectId; readonly other: true }
  /** A policy of an enforcer that is not evaluated: what that leaves open. */
  | { readonly unevaluated: string };

/**
 * One document of any dialect; undefined for a kind that has nothing to do with policies.
 * @param version of the CNI that enforces it; a mesh has versions of its own
 * @throws UnreadableDocument
 */
export function readAny(document: unknown, at?: string, version?: string): Read | undefined {
  for (const dialect of ALL_DIALECTS) {
    const { id } = dialect;
    switch (roleOf(dialect, document)) {
      case 'policy': return { dialect: id, policies: dialect.read(document, at, id === 'istio' ? undefined : version) };
      case 'support': return { dialect: id, support: true };
      case 'other': return { dialect: id, other: true };
      default:
    }
  }
  const sentence = unevaluated(document);
  return sentence === undefined ? undefined : { unevaluated: at === undefined ? sentence : `${at}: ${sentence}` };
}

const roleOf = ({ kinds }: DialectModule, document: unknown) => kinds.find(kind => isOfKind(document, [kind]))?.role;

/** NetworkPolicy and ClusterNetworkPolicy belong to the network layer of every CNI. */
const OF_EVERY_CNI: readonly DialectId[] = ['kubernetes', 'cluster-network-policy'];

/**
 * All policies of a cluster in one pipeline: the network layer of its CNI, and above it the mesh where there are policies of one.
 * @param dialect of the CNI
 * @throws UnreadableDocument for policies that this CNI does not enforce, and for what its dialect cannot link
 */
export function linkAll(dialect: DialectId, policies: readonly Policy[], documents: readonly unknown[], version?: string): PolicySet {
  if (dialect === 'istio') { throw new Error('a mesh is no CNI: name the dialect of the CNI below it'); }
  const network = policies.filter(({ stage }) => stage !== MESH);
  const mesh = policies.filter(({ stage }) => stage === MESH);
  network.forEach(policy => refuseForeign(dialect, policy));
  const layers = [
    dialectModule(dialect).link(network, documents, version),
    ...(mesh.length > 0 ? [dialectModule('istio').link(mesh, documents)] : []),
  ];
  const set: PolicySet = { pipeline: layers.flatMap(({ pipeline }) => pipeline), policies: layers.flatMap(layer => layer.policies) };
  set.policies.forEach(policy => refuseUnplaced(set, policy));
  return set;
}

/** A CNI stores the policies of another one without a look at them. */
function refuseForeign(dialect: DialectId, policy: Policy): void {
  const home = ALL_DIALECTS.find(({ id, kinds }) => id !== dialect && !OF_EVERY_CNI.includes(id) && isOfKind(policy.origin, kinds));
  if (home && !isOfKind(policy.origin, dialectModule(dialect).kinds)) {
    throw new UnreadableDocument(
      describeOrigin(policy), `a ${policy.origin.kind} of ${policy.origin.apiVersion} is enforced by ${home.id} only, and the CNI's dialect is ${dialect}; leave it out`);
  }
}

/** Such a policy would be ignored in silence. */
function refuseUnplaced({ pipeline }: PolicySet, policy: Policy): void {
  if (!pipeline.some(({ stages }) => stages.some(({ id }) => id === policy.stage))) {
    throw new UnreadableDocument(describeOrigin(policy), `no layer has a stage ${JSON.stringify(policy.stage)}`);
  }
}
