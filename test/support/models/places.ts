import * as fc from 'fast-check';
import { nativeCalico, TIER_DOCUMENTS } from './native-calico';
import { nativeCilium } from './native-cilium';
import { nativeKubernetes } from './native-kubernetes';
import { Vocabulary } from './statements';
import { NODE_CIDRS, POD_CIDRS } from './vocabulary';
import { calico } from '../../../src/dialects/calico';
import { cilium } from '../../../src/dialects/cilium';
import { DialectModule, Refusal, Target } from '../../../src/dialects/dialect';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { Profile } from '../../../src/model/evaluate';
import { Policy, PolicySet, REFERENCE_PIPELINE } from '../../../src/model/policy-set';

/** A dialect, and the CNI that enforces it. */
export interface Place {
  readonly name: string;
  readonly dialect: DialectModule;
  /** Whose rules decide how the documents are taken. */
  readonly enforcedBy: 'kubernetes' | 'cilium' | 'calico';
  readonly target: Target;
  readonly profile: Profile;
  /** Policy sets in the dialect's own pipeline, all of which it can write. */
  readonly native: fc.Arbitrary<PolicySet>;
  /** What it never refuses. */
  readonly expresses: Vocabulary;
  /** Documents that stand beside the policies. */
  readonly beside?: readonly unknown[];
}

/** Where an address is whatever holds it: what statements mean. */
export const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };
const OUTSIDE_ONLY: Profile = { cidrMatches: ['external'] };

const target = (cni: string, byAddress: boolean): Target => ({
  cni,
  cidrMatchesPods: byAddress,
  cidrMatchesNodes: byAddress,
  clusterCidrs: [...POD_CIDRS, ...NODE_CIDRS],
  clusterCidrsComplete: true,
  denyTier: 'netpol-deny',
});

export const inReference = (policies: readonly Policy[]): PolicySet => ({ pipeline: REFERENCE_PIPELINE, policies });

export const KUBERNETES: Place = {
  name: 'kubernetes',
  dialect: kubernetes,
  enforcedBy: 'kubernetes',
  target: target('kubernetes', true),
  profile: BY_ADDRESS,
  native: nativeKubernetes.map(inReference),
  expresses: { addresses: true, namedPorts: true },
};
export const KUBERNETES_ON_CILIUM: Place = {
  ...KUBERNETES,
  name: 'kubernetes on Cilium',
  enforcedBy: 'cilium',
  target: target('cilium', false),
  profile: OUTSIDE_ONLY,
  expresses: { namedPorts: true },
};
export const CILIUM: Place = {
  name: 'cilium',
  dialect: cilium,
  enforcedBy: 'cilium',
  target: target('cilium', false),
  profile: OUTSIDE_ONLY,
  native: nativeCilium.map(inReference),
  expresses: { deny: true, serviceAccounts: true, fqdn: true, clusterScope: true, entities: true, namedPorts: true },
};
export const CALICO: Place = {
  name: 'calico',
  dialect: calico,
  enforcedBy: 'calico',
  target: target('calico', true),
  profile: BY_ADDRESS,
  native: nativeCalico,
  expresses: { deny: true, serviceAccounts: true, addresses: true, clusterScope: true, namedPorts: true },
  beside: TIER_DOCUMENTS,
};
/** Plain NetworkPolicies as Calico takes them, in its default tier. */
export const KUBERNETES_ON_CALICO: Place = {
  ...KUBERNETES,
  name: 'kubernetes on Calico',
  dialect: { ...kubernetes, link: calico.link },
  enforcedBy: 'calico',
  target: target('calico', true),
  beside: TIER_DOCUMENTS,
};

export const PLACES: readonly Place[] = [KUBERNETES, KUBERNETES_ON_CILIUM, KUBERNETES_ON_CALICO, CILIUM, CALICO];

/** As YAML would hold them. */
export const written = ({ dialect, target: where }: Place, policies: readonly Policy[]): unknown[] =>
  JSON.parse(JSON.stringify(dialect.write(policies, where)));

/** What stands in the manifests, as a policy set. */
export function throughDocuments(place: Place, policies: readonly Policy[]): PolicySet {
  const documents = written(place, policies);
  return place.dialect.link(documents.flatMap(document => place.dialect.read(document)), [...place.beside ?? [], ...documents]);
}

/** Statements in the reference pipeline as policies of the dialect that it can write; undefined when it refuses, which is the only other thing that it may do. */
export function lowered(place: Place, statements: readonly Policy[]): readonly Policy[] | undefined {
  try {
    const { policies, wider } = place.dialect.lower(statements, place.target);
    expect(wider).toEqual([]);
    place.dialect.write(policies, place.target);
    return policies;
  } catch (error) {
    if (error instanceof Refusal) { return undefined; }
    throw error;
  }
}

/** What the manifests of statements enforce, unless they are refused. */
export function enforced(place: Place, statements: readonly Policy[]): PolicySet | undefined {
  const policies = lowered(place, statements);
  return policies && throughDocuments(place, policies);
}
