import * as fc from 'fast-check';
import { cilium } from '../../../src/dialects/cilium';
import { DialectModule, Refusal, Target } from '../../../src/dialects/dialect';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { Profile } from '../../../src/model/evaluate';
import { Policy, PolicySet, REFERENCE_PIPELINE } from '../../../src/model/policy-set';
import { nativeCilium } from './native-cilium';
import { nativeKubernetes } from './native-kubernetes';
import { NODE_CIDRS, POD_CIDRS } from './vocabulary';

/** A dialect, and the CNI that enforces it. */
export interface Place {
  readonly name: string;
  readonly dialect: DialectModule;
  readonly target: Target;
  readonly profile: Profile;
  /** Policy sets in the dialect's own pipeline, all of which it can write. */
  readonly native: fc.Arbitrary<PolicySet>;
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
  name: 'kubernetes', dialect: kubernetes, target: target('kubernetes', true), profile: BY_ADDRESS, native: nativeKubernetes.map(inReference),
};
export const KUBERNETES_ON_CILIUM: Place = {
  name: 'kubernetes on Cilium', dialect: kubernetes, target: target('cilium', false), profile: OUTSIDE_ONLY, native: nativeKubernetes.map(inReference),
};
export const CILIUM: Place = {
  name: 'cilium', dialect: cilium, target: target('cilium', false), profile: OUTSIDE_ONLY, native: nativeCilium.map(inReference),
};

export const PLACES: readonly Place[] = [KUBERNETES, KUBERNETES_ON_CILIUM, CILIUM];

/** What stands in the manifests, as a policy set: written as YAML would be, and read again. */
export function throughDocuments({ dialect, target: where }: Place, policies: readonly Policy[], others: readonly unknown[] = []): PolicySet {
  const documents: unknown[] = JSON.parse(JSON.stringify(dialect.write(policies, where)));
  return dialect.link(documents.flatMap(document => dialect.read(document)), [...others, ...documents]);
}

/** What the manifests of statements in the reference pipeline enforce; undefined when the dialect refuses, which is the only other thing that it may do. */
export function enforced(place: Place, statements: readonly Policy[]): PolicySet | undefined {
  try {
    const { policies, wider } = place.dialect.lower(statements, place.target);
    expect(wider).toEqual([]);
    return throughDocuments(place, policies);
  } catch (error) {
    if (error instanceof Refusal) { return undefined; }
    throw error;
  }
}
