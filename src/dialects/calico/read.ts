import { dnsLabelProblem } from '../../model/labels';
import { Policy } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { withReasons } from '../justifications';
import { policyNameProblem } from './names';
import { ReadContext } from './read-context';
import { readSpec } from './read-spec';
import { readStagedKubernetes } from './read-staged-kubernetes';
import { readStagedAction } from './staged-action';
import { CALICO_V3, DEFAULT_TIER } from './tiers';

interface Kind {
  readonly global: boolean;
  readonly staged: boolean;
}

export const POLICY_KINDS: Readonly<Record<string, Kind>> = {
  NetworkPolicy: { global: false, staged: false },
  GlobalNetworkPolicy: { global: true, staged: false },
  StagedNetworkPolicy: { global: false, staged: true },
  StagedGlobalNetworkPolicy: { global: true, staged: true },
};
export const STAGED_KUBERNETES = 'StagedKubernetesNetworkPolicy';

/**
 * NetworkPolicy and GlobalNetworkPolicy of projectcalico.org/v3 and the staged kinds, with the defaults that Calico fills in
 * and the checks that it makes: what its validator refuses Felix treats as missing, where an API server has stored it.
 */
export function readCalico(document: unknown, at?: string, version?: string): Policy[] {
  const { reader, fields, origin: { namespace, ...named } } = DocumentReader.open(document, at);
  if (named.apiVersion === 'crd.projectcalico.org/v1') { throw reader.fail('apiVersion', `this is how Calico stores its objects; write ${CALICO_V3}`); }
  if (named.apiVersion !== CALICO_V3) { throw reader.fail('kind', `this is not a policy of ${CALICO_V3}`); }
  const misplaced = namespace === undefined ? undefined : dnsLabelProblem('namespace', namespace);
  if (misplaced) { throw reader.fail('metadata.namespace', misplaced); }
  const bound = version === undefined ? { reader } : { reader, version };
  if (named.kind === STAGED_KUBERNETES) { return withReasons(document, readStagedKubernetes({ ...bound, origin: { ...named, namespace: namespace ?? 'default' } }, fields)); }
  const kind = Object.hasOwn(POLICY_KINDS, named.kind) ? POLICY_KINDS[named.kind] : undefined;
  if (!kind) { throw reader.fail('kind', `a ${named.kind} is no policy`); }
  if (kind.global && namespace !== undefined) { throw reader.fail('metadata.namespace', `a ${named.kind} has no namespace`); }
  return withReasons(document, readPolicy({ ...bound, origin: kind.global ? named : { ...named, namespace: namespace ?? 'default' } }, fields, kind));
}

// `performanceHints` change no answer.
const SPEC = ['tier', 'order', 'selector', 'serviceAccountSelector', 'types', 'ingress', 'egress', 'performanceHints'];
const GLOBAL_SPEC = ['namespaceSelector', 'doNotTrack', 'preDNAT', 'applyOnForward'];

function readPolicy(context: ReadContext, fields: Fields, { global, staged }: Kind): Policy[] {
  const { reader, origin } = context;
  const spec = reader.object(reader.own(fields, 'spec'), 'spec');
  reader.only(spec, 'spec', [...SPEC, ...(global ? GLOBAL_SPEC : []), ...(staged ? ['stagedAction'] : [])]);
  const tier = readTierName(reader, spec);
  const problem = policyNameProblem(origin.name, global, tier, context.version);
  if (problem) { throw reader.fail('metadata.name', problem); }
  if (!staged) { return readSpec(context, spec, tier); }
  const action = readStagedAction(reader, spec, ['tier']);
  if (action === 'Delete') { return []; }
  const policies = readSpec(context, spec, tier);
  return policies.map(policy => ({
    ...policy,
    mode: 'staged',
    ...(action === 'Set' ? {} : { effects: { ...policy.effects, stagedAction: action } }),
  }));
}

const readTierName = (reader: DocumentReader, spec: Fields): string => {
  const tier = reader.string(reader.own(spec, 'tier') ?? DEFAULT_TIER, 'spec.tier') || DEFAULT_TIER;
  if (tier.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(tier)) { throw reader.fail('spec.tier', `${JSON.stringify(tier.slice(0, 80))} is no name of a tier: use lower-case letters, digits and "-"`); }
  return tier;
};
