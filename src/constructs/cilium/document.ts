import type { ResolvedFacts } from '../../cluster/cluster';
import { Policy } from '../../model/policy-set';
import { acceptedPolicies, inConstruct, Json, Native, plain } from '../native-object';
import { WIDER } from '../wider';
import { wrong } from './context';
import { CiliumClusterwideRules } from './policy-spec';
import { saysSpec, writeSpec } from './write-spec';

/** What both kinds of policies are made of. */
export interface PolicyParts extends CiliumClusterwideRules {
  readonly specs?: readonly CiliumClusterwideRules[];
  readonly dnsElsewhere?: boolean;
}

/**
 * The document of a policy, accepted by Cilium.
 * @throws with the construct path, the value, the reason and what to state instead
 */
export function ciliumDocument(native: Native, kind: string, metadata: Json, parts: PolicyParts): Json {
  const { path, features, facts } = native;
  const { specs, dnsElsewhere, ...own } = parts;
  const namespace = metadata.namespace as string | undefined;
  const wider: string[] = [];
  // The pods of kube-system have no proxy.
  const mesh = facts.mesh._facts && namespace !== 'kube-system' ? facts.mesh.toString() : undefined;
  const context = {
    version: facts.cni.version,
    features,
    ...(namespace === undefined ? {} : { namespace }),
    ...(mesh === undefined ? {} : { mesh }),
    onWider: (sentence: string) => { wider.push(sentence); },
  };
  const document = inConstruct(path, () => {
    if (specs?.length === 0) { throw wrong('specs', 'an empty list says nothing; leave it out'); }
    // Without specs an empty spec is an error of its own.
    const spec = saysSpec(own) || specs === undefined ? writeSpec(own, 'spec', context) : undefined;
    const written = (specs ?? []).map((each, i) => writeSpec(each, `specs[${i}]`, context));
    return plain({ apiVersion: 'cilium.io/v2', kind, metadata: recordedWider(metadata, wider, facts), ...(spec ? { spec } : {}), ...(written.length > 0 ? { specs: written } : {}) });
  });
  const policies = acceptedPolicies(native, 'cilium', document);
  inConstruct(path, () => {
    if (dnsElsewhere !== true) { checkNames(policies); }
  });
  return document;
}

/** As of the policies that are written for every CNI: recorded, or with the fact `strict` an error. */
function recordedWider(metadata: Json, wider: readonly string[], { strict }: ResolvedFacts): Json {
  if (wider.length === 0) { return metadata; }
  if (strict) { throw new Error(wider.join('\n')); }
  return { ...metadata, annotations: { ...(metadata.annotations as Json | undefined), [WIDER]: [...new Set(wider)].join('\n') } };
}

/** Cilium learns the addresses of names from the DNS answers that pass its proxy, and only a DNS rule sends them there. */
function checkNames(policies: readonly Policy[]): void {
  const egress = policies.filter(({ direction }) => direction === 'egress').flatMap(({ rules }) => rules);
  if (egress.some(({ match }) => match.traffic.some(({ l7 }) => l7 && 'dns' in l7))) { return; }
  const named = egress.find(({ match }) => JSON.stringify(match.destination).includes('"fqdn"'));
  if (named) {
    throw wrong(named.origin?.part ?? 'egress', 'names are never learned without a DNS rule, so that the rule would match nothing; add egress to the cluster\'s DNS with dns: [{ matchPattern: \'*\' }] on port 53, or say dnsElsewhere: true where another policy of these pods has it');
  }
}
