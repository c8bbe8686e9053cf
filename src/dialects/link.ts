import { describeOrigin, DialectId, DialectKind, DialectModule, isOfKind, TargetFeatures } from './dialect';
import { UnreadableDocument } from './document-reader';
import { ALL_DIALECTS, dialectModule } from './index';
import { Effect, unevaluatedDocument } from './unevaluated';
import { MESH, Origin, Policy, PolicySet } from '../model/policy-set';

/** Documents of all dialects together, as a cluster has them: the policies of its CNI, those that every CNI takes, and those of a mesh. */

/** What one document is to the reader. */
export type Read =
  | { readonly dialect: DialectId; readonly policies: readonly Policy[] }
  /** It goes to `linkAll` beside the policies. */
  | { readonly dialect: DialectId; readonly support: true }
  /** Known, and without a say in who may talk to whom. */
  | { readonly dialect: DialectId; readonly other: true }
  /** A policy of an enforcer that is not evaluated: what that leaves open. */
  | { readonly unevaluated: string; readonly effect: Effect; readonly origin: Origin };

/**
 * One document of any dialect; undefined for a kind that has nothing to do with policies.
 * @param version of the CNI that enforces it; a mesh has versions of its own
 * @throws UnreadableDocument
 */
export function readAny(document: unknown, at?: string, version?: string): Read | undefined {
  const known = roleOf(document);
  if (!known) {
    const found = unevaluatedDocument(document, at);
    return found && { unevaluated: at === undefined ? found.sentence : `${at}: ${found.sentence}`, effect: found.effect, origin: found.origin };
  }
  const { dialect, role } = known;
  const { id } = dialect;
  switch (role) {
    case 'policy': return { dialect: id, policies: dialect.read(document, at, id === 'istio' ? undefined : version) };
    case 'support': return { dialect: id, support: true };
    case 'other': return { dialect: id, other: true };
  }
}

interface Role {
  readonly dialect: DialectModule;
  readonly role: DialectKind['role'];
}

/** By kind, then by version: what a kind is to the first dialect that knows it. */
const ROLES: ReadonlyMap<string, ReadonlyMap<string, Role>> = rolesOf(ALL_DIALECTS);

function rolesOf(dialects: readonly DialectModule[]): Map<string, Map<string, Role>> {
  const roles = new Map<string, Map<string, Role>>();
  for (const dialect of dialects) {
    for (const { kind, apiVersion, role } of dialect.kinds) {
      const versions = roles.get(kind) ?? new Map<string, Role>();
      roles.set(kind, versions);
      if (!versions.has(apiVersion)) { versions.set(apiVersion, { dialect, role }); }
    }
  }
  return roles;
}

function roleOf(document: unknown): Role | undefined {
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, 'apiVersion') || !Object.hasOwn(document, 'kind')) { return undefined; }
  const { apiVersion, kind } = document as { apiVersion: string; kind: string };
  return ROLES.get(kind)?.get(apiVersion);
}

/** NetworkPolicy and ClusterNetworkPolicy belong to the network layer of every CNI. */
const OF_EVERY_CNI: readonly DialectId[] = ['kubernetes', 'cluster-network-policy'];

/**
 * All policies of a cluster in one pipeline: the network layer of its CNI, and above it the mesh where there are policies of one,
 * or documents that close something by themselves.
 * @param dialect of the CNI
 * @throws UnreadableDocument for policies that this CNI does not enforce, and for what its dialect cannot link
 */
export function linkAll(
  dialect: DialectId, policies: readonly Policy[], documents: readonly unknown[], version?: string, features?: TargetFeatures,
): PolicySet {
  if (dialect === 'istio') { throw new Error('a mesh is no CNI: name the dialect of the CNI below it'); }
  const network: Policy[] = [];
  const mesh: Policy[] = [];
  for (const policy of policies) {
    if (policy.stage === MESH) { mesh.push(policy); continue; }
    refuseForeign(dialect, policy);
    network.push(policy);
  }
  const above = dialectModule('istio').link(mesh, documents);
  const layers = [dialectModule(dialect).link(network, documents, version, features), ...(above.policies.length > 0 ? [above] : [])];
  const set: PolicySet = { pipeline: layers.flatMap(({ pipeline }) => pipeline), policies: layers.flatMap(layer => layer.policies) };
  refuseUnplaced(set);
  return set;
}

/** Whether the CNI of a dialect enforces a policy: a CNI stores the policies of another one without a look at them. */
export const isEnforced = (dialect: DialectId, policy: Policy): boolean => policy.stage === MESH || foreignHome(dialect, policy) === undefined;

/** The dialect that a policy belongs to, where it is one of another CNI. */
function foreignHome(dialect: DialectId, { origin }: Policy): DialectId | undefined {
  const known = roleOf(origin);
  if (!known || known.dialect.id === dialect || OF_EVERY_CNI.includes(known.dialect.id)) { return undefined; }
  return isOfKind(origin, dialectModule(dialect).kinds) ? undefined : known.dialect.id;
}

function refuseForeign(dialect: DialectId, policy: Policy): void {
  const home = foreignHome(dialect, policy);
  if (home !== undefined) {
    throw new UnreadableDocument(
      describeOrigin(policy), `a ${policy.origin.kind} of ${policy.origin.apiVersion} is enforced by ${home} only, and the CNI's dialect is ${dialect}; leave it out`);
  }
}

/** Such a policy would be ignored in silence. */
function refuseUnplaced({ pipeline, policies }: PolicySet): void {
  const stages = new Set(pipeline.flatMap(layer => layer.stages.map(({ id }) => id)));
  const policy = policies.find(({ stage }) => !stages.has(stage));
  if (policy) {
    throw new UnreadableDocument(describeOrigin(policy), `no layer has a stage ${JSON.stringify(policy.stage)}`);
  }
}
