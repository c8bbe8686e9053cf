import * as fc from 'fast-check';
import { Asking, askings, Cni, RANGES } from './agreement';
import { CALICO_OBJECTS, calicoPolicies } from './calico-policies';
import { CILIUM_OBJECTS, ciliumPolicies } from './cilium-policies';
import { clusterDocuments, ClusterFacts, ClusterOptions, clusters } from './cluster';
import { networkPolicies } from './kubernetes-policies';
import { Manifest } from './manifest';
import { ALL_PROBES, BY_NAME, OUTSIDE, PROBES_OF_PORTS } from './questions';

/** The CNIs, each with worlds of its policies. */

export interface Place {
  readonly name: string;
  readonly cni: Cni;
  /** A cluster and its policies, as one list of documents. */
  readonly documents: (options?: WorldOptions) => fc.Arbitrary<Manifest[]>;
  /** The policies, and what they refer to. */
  readonly policies: (options: { readonly inner: boolean }) => fc.Arbitrary<Manifest[]>;
  readonly asking: fc.Arbitrary<Asking>;
  /** All that there is to ask. */
  readonly everything: Asking;
}

export interface WorldOptions extends ClusterOptions {
  /** Whether ranges of policies tell pods apart. */
  readonly inner?: boolean;
}

/** As one list, which says in messages only what differs from world to world. */
function shown(facts: ClusterFacts, policies: readonly Manifest[], objects: readonly Manifest[] = []): Manifest[] {
  const text = [JSON.stringify(facts), ...policies.map(policy => JSON.stringify(policy))].join('\n');
  return Object.assign([...clusterDocuments(facts), ...objects, ...policies], { [fc.toStringMethod]: () => text });
}

type Policies = Place['policies'];

const placeOf = (name: string, cni: Omit<Cni, 'ranges'>, objects: readonly Manifest[], policies: Policies, outside: Asking['outside'], probes: Asking['probes']): Place => ({
  name,
  cni: { ...cni, ranges: RANGES },
  documents: ({ inner = false, ...options } = {}) => fc.tuple(clusters(options), policies({ inner }))
    .map(([facts, some]) => shown(facts, some, objects)),
  policies: options => policies(options).map(some => [...objects, ...some]),
  asking: askings(outside, probes),
  everything: { outside, probes },
});

/** With NetworkPolicies beside them, sometimes. */
const beside = (own: Policies): Policies => options =>
  fc.tuple(own(options), fc.option(networkPolicies(options, { maxLength: 1 }), { nil: [], freq: 2 })).map(lists => lists.flat());

export const KUBERNETES = placeOf('plain Kubernetes', { dialect: 'kubernetes' }, [], networkPolicies, OUTSIDE, PROBES_OF_PORTS);

const ciliumOf = (version: string): Place =>
  placeOf(`Cilium ${version}`, { dialect: 'cilium', version }, CILIUM_OBJECTS, beside(options => ciliumPolicies({ ...options, version })), [...OUTSIDE, ...BY_NAME], ALL_PROBES);
export const CILIUM = ciliumOf('1.20');
export const CILIUM_1_18 = ciliumOf('1.18');

const calicoOf = (version: string): Place => placeOf(`Calico ${version}`, { dialect: 'calico', version }, CALICO_OBJECTS, beside(calicoPolicies), OUTSIDE, ALL_PROBES);
export const CALICO = calicoOf('3.33');
export const CALICO_3_30 = calicoOf('3.30');

export const PLACES: readonly Place[] = [KUBERNETES, CILIUM, CALICO];
