import * as fc from 'fast-check';
import { calicoSupport, nativeCalico } from './native-calico';
import { CILIUM_SUPPORT, nativeCilium } from './native-cilium';
import { nativeKubernetes } from './native-kubernetes';
import { REQUEST_PROBES } from './requests';
import { Vocabulary } from './statements';
import { NODE_CIDRS, POD_CIDRS, Probe, PROBES } from './vocabulary';
import { WorldOptions } from './worlds';
import { calico } from '../../../src/dialects/calico';
import { cilium } from '../../../src/dialects/cilium';
import { DialectModule, Refusal, Target, TargetFeatures } from '../../../src/dialects/dialect';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { Profile } from '../../../src/model/match';
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
  /** What can tell its policies apart, beyond pods and addresses. */
  readonly world: WorldOptions;
  readonly probes: readonly Probe[];
}

/** Where an address is whatever holds it: what statements mean. */
export const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };
const OUTSIDE_ONLY: Profile = { cidrMatches: ['external'] };

const target = (cni: string, byAddress: boolean, more: Partial<Target> = {}): Target => ({
  cni,
  ...more,
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
  world: { nodes: true },
  probes: PROBES,
};
export const KUBERNETES_ON_CILIUM: Place = {
  ...KUBERNETES,
  name: 'kubernetes on Cilium',
  enforcedBy: 'cilium',
  target: target('cilium', false),
  profile: OUTSIDE_ONLY,
  expresses: { namedPorts: true },
};
/** With requests, server names and questions, which only some dialects can tell apart. */
export const EVERY_PROBE = [...PROBES, ...REQUEST_PROBES];

/** Probes that can tell statements apart. */
export const probesOf = (stated: readonly Policy[]): readonly Probe[] =>
  (stated.some(({ rules }) => rules.some(({ match }) => match.traffic.some(({ l7 }) => l7))) ? EVERY_PROBE : PROBES);

/** Everything that is off by default, on. */
const CILIUM_FEATURES = { nodeSelectorLabels: true, extendedProtocols: true, hostFirewall: true, mutualAuthentication: true };

const ciliumOf = (version: string, features: TargetFeatures): Place => ({
  name: `cilium ${version}`,
  dialect: cilium,
  enforcedBy: 'cilium',
  target: target('cilium', false, { version, features }),
  profile: OUTSIDE_ONLY,
  native: nativeCilium({ version, features }).map(inReference),
  expresses: {
    deny: true, serviceAccounts: true, fqdn: version === '1.18' ? 'one-label' : 'any-depth', clusterScope: true, entities: true, namedPorts: true, http: 'patterns', upper: 'deny',
  },
  beside: CILIUM_SUPPORT,
  world: { nodes: true, mesh: true },
  probes: EVERY_PROBE,
});
export const CILIUM = ciliumOf('1.20', CILIUM_FEATURES);
/** With mutual authentication, which no policy could ask for without; all else as it is by default. */
export const CILIUM_1_18 = ciliumOf('1.18', { mutualAuthentication: true });

const calicoOf = (version: string): Place => ({
  name: `calico ${version}`,
  dialect: calico,
  enforcedBy: 'calico',
  target: target('calico', true, { version, features: { applicationLayerPolicy: true } }),
  profile: BY_ADDRESS,
  native: nativeCalico({ version }),
  expresses: {
    deny: true, serviceAccounts: true, addresses: true, clusterScope: true, namedPorts: true, http: 'methods-and-paths', upper: 'any',
  },
  beside: calicoSupport(version),
  world: { nodes: true, hosts: true },
  probes: EVERY_PROBE,
});
export const CALICO = calicoOf('3.33');
export const CALICO_3_30 = calicoOf('3.30');

/** Plain NetworkPolicies as Calico takes them, in its default tier. */
export const KUBERNETES_ON_CALICO: Place = {
  ...KUBERNETES,
  name: 'kubernetes on Calico',
  dialect: { ...kubernetes, link: calico.link },
  enforcedBy: 'calico',
  target: target('calico', true),
  beside: calicoSupport('3.33'),
};

export const PLACES: readonly Place[] = [KUBERNETES, KUBERNETES_ON_CILIUM, KUBERNETES_ON_CALICO, CILIUM_1_18, CILIUM, CALICO_3_30, CALICO];

/** As YAML would hold them. */
export const written = ({ dialect, target: where }: Place, policies: readonly Policy[]): unknown[] =>
  JSON.parse(JSON.stringify(dialect.write(policies, where)));

export const readAll = ({ dialect, target: { version } }: Place, documents: readonly unknown[]): Policy[] =>
  documents.flatMap(document => dialect.read(document, undefined, version));

/** Policies of the dialect with what they refer to. */
export const linked = ({ dialect, beside = [], target: { version } }: Place, policies: readonly Policy[]): PolicySet =>
  dialect.link(policies, beside, version);

/** What stands in the manifests, as a policy set. */
export const throughDocuments = (place: Place, policies: readonly Policy[]): PolicySet => linked(place, readAll(place, written(place, policies)));

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
