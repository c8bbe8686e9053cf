import { EXAMPLES } from './examples';
import { skeleton } from './skeleton';
import { ALL_DIALECTS } from '../../src/dialects';
import { DialectId, DialectModule, isOfKind, Refusal, Target } from '../../src/dialects/dialect';
import { UnreadableDocument } from '../../src/dialects/document-reader';
import { checkFields, FieldTree } from '../../src/dialects/field-tree';
import { Feature, REFUSALS } from '../../src/dialects/refusals';
import { evaluate } from '../../src/model/evaluate';
import { Endpoint, Flow, Profile } from '../../src/model/match';
import { MESH_LAYER, Policy, PolicySet, REFERENCE_PIPELINE } from '../../src/model/policy-set';
import { difference, opens } from '../support/models/compare';
import { describeFlow } from '../support/models/worlds';
import { fieldTreeOf } from '../support/schemas';

/** What every folder of a dialect keeps, and what the smallest one that keeps it looks like (`skeleton.ts`). */

const BY_ADDRESS: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };
const OUTSIDE_ONLY: Profile = { cidrMatches: ['external'] };

const target = (cni: string, version: string | undefined, byAddress: boolean): Target => ({
  cni,
  ...(version === undefined ? {} : { version }),
  cidrMatchesPods: byAddress,
  cidrMatchesNodes: byAddress,
  clusterCidrs: ['10.244.0.0/16', '192.168.7.0/24'],
  clusterCidrsComplete: true,
  denyTier: 'netpol-deny',
  features: { nodeSelectorLabels: true, extendedProtocols: true, hostFirewall: true, mutualAuthentication: true, applicationLayerPolicy: true },
  clusterNetworkPolicy: { version: 'v1alpha2', experimental: true },
});

interface Place {
  readonly target: Target;
  readonly profile: Profile;
  /** A document of anyone, with something of what the dialect is for. */
  readonly sample: unknown;
  readonly beside?: readonly unknown[];
}

const metadata = { name: 'web', namespace: 'shop' };
const tier = (name: string, order: number) => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { order, defaultAction: 'Pass' } });

const PLACES: Readonly<Record<string, Place>> = {
  'kubernetes': {
    target: target('kubernetes', undefined, true),
    profile: BY_ADDRESS,
    sample: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80 }] }] },
    },
  },
  'cilium': {
    target: target('cilium', '1.20', false),
    profile: OUTSIDE_ONLY,
    sample: {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata,
      spec: {
        endpointSelector: { matchLabels: { app: 'api' } },
        ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
        ingressDeny: [{ fromEntities: ['world'] }],
      },
    },
  },
  'calico': {
    target: target('calico', '3.33', true),
    profile: BY_ADDRESS,
    sample: {
      apiVersion: 'projectcalico.org/v3',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        selector: "app == 'api'",
        types: ['Ingress'],
        ingress: [
          { action: 'Deny', source: { nets: ['198.51.100.0/24'] } },
          { action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'" }, destination: { ports: [80] } },
        ],
      },
    },
    beside: [tier('netpol-security', 100), tier('netpol-platform', 200), tier('netpol-deny', 300), tier('of-my-own', 400), tier('netpol-baseline', 2_000_000)],
  },
  'cluster-network-policy': {
    target: target('cilium', '1.20', false),
    profile: BY_ADDRESS,
    sample: {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'web' },
      spec: {
        tier: 'Admin',
        priority: 10,
        subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
        ingress: [
          { action: 'Accept', from: [{ namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }], protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
          { action: 'Deny', from: [{ namespaces: {} }] },
        ],
      },
    },
  },
  'istio': {
    target: target('istio', undefined, true),
    profile: BY_ADDRESS,
    sample: {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata,
      spec: {
        selector: { matchLabels: { app: 'api' } },
        action: 'ALLOW',
        rules: [{ from: [{ source: { namespaces: ['shop'] } }], to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }],
      },
    },
  },
  'skeleton': {
    target: target('skeleton', undefined, true),
    profile: BY_ADDRESS,
    sample: { apiVersion: 'example.com/v1', kind: 'Gate', metadata, spec: { app: 'api', from: ['web'] } },
  },
};

// --- a small world, in which every sample says something

const pod = (namespace: string, app: string, i: number): Endpoint => ({
  kind: 'pod',
  namespace,
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
  labels: { app },
  serviceAccount: 'default',
  serviceAccountLabels: {},
  address: `10.244.0.${i}`,
  ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  entities: ['all', 'cluster'],
  principal: `cluster.local/ns/${namespace}/sa/default`,
});
const outside = (address: string, ...names: string[]): Endpoint => ({ kind: 'external', address, names, entities: ['all', 'world', 'world-ipv4'], principal: '' });
const WORLD: readonly Endpoint[] = [
  pod('shop', 'web', 1), pod('shop', 'api', 2), pod('data', 'api', 3), outside('198.51.100.7', 'api.example.org'), outside('203.0.113.9'),
  { kind: 'node', labels: {}, address: '192.168.7.1', entities: ['all', 'cluster', 'remote-node'], principal: '' },
];
const PROBES: readonly Omit<Flow, 'source' | 'destination'>[] = [
  { protocol: 6, port: 80, http: { method: 'GET', path: '/', host: 'api', headers: {} } },
  { protocol: 6, port: 80, http: { method: 'POST', path: '/', host: 'api', headers: { 'x-team': 'red' } } },
  { protocol: 6, port: 443 },
  { protocol: 17, port: 53, dnsName: 'api.example.org' },
  { protocol: 1, icmp: { type: 8, code: 0 } },
  { protocol: 47 },
];
const FLOWS: readonly Flow[] = WORLD.flatMap(source => WORLD
  .filter(destination => source.kind === 'pod' || destination.kind === 'pod')
  .flatMap(destination => PROBES.map(probe => ({ source, destination, ...(probe.port === undefined ? {} : { sourcePort: 40000 }), ...probe }))));

const asYaml = (value: unknown): any => JSON.parse(JSON.stringify(value));

function linkedBy(dialect: DialectModule, documents: readonly unknown[]): PolicySet {
  const { target: { version }, beside = [] } = PLACES[dialect.id];
  return dialect.link(documents.flatMap(document => dialect.read(document, undefined, version)), [...beside, ...documents], version);
}

const treeOfKind = ({ fields }: DialectModule, apiVersion: string, kind: string): FieldTree | undefined =>
  fieldTreeOf(apiVersion, kind) ?? fields[kind];

const fieldErrors = (dialect: DialectModule, documents: readonly any[]): string[] => documents.flatMap(document => {
  const tree = treeOfKind(dialect, document.apiVersion, document.kind);
  return tree ? checkFields(tree, document, '', PLACES[dialect.id].target.version) : [`no field tree for ${document.kind}`];
});

const EVERY: readonly DialectModule[] = [...ALL_DIALECTS, skeleton];

describe.each(EVERY)('the dialect $id', dialect => {
  const { id, kinds } = dialect;
  const { target: where, profile, sample } = PLACES[id];
  const policyKinds = kinds.filter(({ role }) => role === 'policy');
  const treeOf = (apiVersion: string, kind: string) => treeOfKind(dialect, apiVersion, kind);
  const linked = (documents: readonly unknown[]): PolicySet => linkedBy(dialect, documents);

  test('has kinds of its own, each of them once', () => {
    const all = kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    expect(new Set(all).size).toBe(all.length);
    expect(policyKinds).not.toEqual([]);
    const others = EVERY.filter(other => other !== dialect).flatMap(other => other.kinds.filter(({ role }) => role === 'policy'));
    expect(policyKinds.filter(kind => others.some(other => other.apiVersion === kind.apiVersion && other.kind === kind.kind))).toEqual([]);
  });

  test('knows the fields of every kind of policy', () => {
    const problems = policyKinds.flatMap(({ apiVersion, kind }) => {
      const tree = treeOf(apiVersion, kind);
      if (!tree) { return [`no field tree for ${apiVersion} ${kind}`]; }
      return checkFields(tree, { apiVersion, kind }).filter(error => /^(apiVersion|kind):/.test(error));
    });
    expect(problems).toEqual([]);
  });

  test('writes statements in kinds that it reads', () => {
    for (const scope of ['namespaced', 'cluster'] as const) { expect(policyKinds).toContainEqual(expect.objectContaining(dialect.kindOf(scope))); }
  });

  test('reads its own documents, and says of all others that it cannot', () => {
    expect(dialect.read(sample).length).toBeGreaterThan(0);
    const foreign: unknown[] = [
      ...Object.entries(PLACES).flatMap(([other, place]) => (other === id ? [] : [place.sample])),
      { apiVersion: 'v1', kind: 'Service', metadata, spec: {} },
      { ...sample as object, kind: 'constructor' },
      { ...sample as object, apiVersion: 'example.org/v1' },
      Object.create(sample as object),
      {}, [], [sample], null, undefined, 5, 'kind: NetworkPolicy',
    ];
    for (const document of foreign) { expect(() => dialect.read(document, 'a.yaml:1')).toThrow(UnreadableDocument); }
  });

  test('says of a document that is not what it says it is where it is wrong', () => {
    const deep = JSON.parse('[{"a":'.repeat(20_000) + '1' + '}]'.repeat(20_000));
    const circle: any = {};
    circle.spec = circle;
    const { apiVersion, kind } = sample as { apiVersion: string; kind: string };
    const withoutSpec = checkFields(treeOf(apiVersion, kind)!, { ...sample as object, spec: undefined }).length === 0 ? [] : [undefined, null];
    for (const spec of [...withoutSpec, 5, 'all', [], [[]], true, deep, circle, { __proto__: null, unheardOf: true }, JSON.parse('{"__proto__": {"a": 1}}')]) {
      expect(() => dialect.read({ ...sample as object, spec }, 'a.yaml:1')).toThrow(UnreadableDocument);
    }
  });

  test('writes what it read with the same meaning, in documents that fit their fields', () => {
    const set = linked([sample]);
    const documents = asYaml(dialect.write(set.policies, where));
    expect(fieldErrors(dialect, documents)).toEqual([]);
    expect(difference({ set, profile }, { set: linked(documents), profile }, FLOWS)).toBeUndefined();
    const answers = new Set(FLOWS.map(flow => evaluate(set, flow, profile)));
    expect(answers).toEqual(new Set(['allowed', 'denied']));
  });

  test('gives the same bytes for the same policies', () => {
    const { policies } = linked([sample]);
    expect(JSON.stringify(dialect.write(policies, where))).toBe(JSON.stringify(dialect.write(policies, where)));
  });
});

test('a sample that loses a condition is seen to differ', () => {
  const { sample, profile } = PLACES.skeleton;
  const set = (document: unknown): PolicySet => skeleton.link(skeleton.read(document), []);
  const wider = { ...sample as object, spec: { app: 'api', from: ['web', 'api'] } };
  expect(difference({ set: set(sample), profile }, { set: set(wider), profile }, FLOWS)).toMatch(/denied became allowed/);
});

const FEATURES = Object.keys(REFUSALS) as Feature[];

test('every feature has an example, and every refusal a reason and an alternative', () => {
  expect(FEATURES.filter(feature => !Object.hasOwn(EXAMPLES, feature))).toEqual([]);
  for (const [feature, row] of Object.entries(REFUSALS)) {
    for (const [dialect, why] of Object.entries(row)) {
      expect(ALL_DIALECTS.map(({ id }) => id)).toContain(dialect);
      for (const sentence of [why.reason, why.alternative]) {
        expect([feature, dialect, sentence.trim().length > 10, /[.;:]$/.test(sentence)]).toEqual([feature, dialect, true, false]);
      }
    }
  }
});

type Outcome = { readonly refused: Refusal } | { readonly documents: any[]; readonly wider: readonly string[] };

/** What a dialect makes of a statement. */
function outcomeOf(dialect: DialectModule, policy: Policy): Outcome {
  const { target: where } = PLACES[dialect.id];
  try {
    const { policies, wider } = dialect.lower([policy], where);
    return { documents: asYaml(dialect.write(policies, where)), wider };
  } catch (error) {
    if (error instanceof Refusal) { return { refused: error }; }
    throw error;
  }
}

const isOf = (dialect: DialectModule, document: unknown): boolean => isOfKind(document, dialect.kinds);

describe.each(ALL_DIALECTS)('of what can be stated, the dialect $id', dialect => {
  const { id } = dialect;
  const { profile } = PLACES[id];

  test.each(FEATURES.filter(feature => Object.hasOwn(EXAMPLES, feature)))('writes or refuses %s, and makes it no weaker', feature => {
    const stated = EXAMPLES[feature];
    const outcome = outcomeOf(dialect, stated);
    if ('refused' in outcome) {
      expect(outcome.refused.dialect).toBe(id);
      expect(Object.values(REFUSALS).map(row => row[id]?.reason)).toContain(outcome.refused.reason);
      expect(outcome.refused.statement).not.toBe('');
      return;
    }
    const { documents, wider } = outcome;
    expect(documents.filter(document => !isOf(dialect, document))).toEqual([]);
    expect(fieldErrors(dialect, documents)).toEqual([]);
    if (wider.length > 0 || stated.mode !== 'enforce') { return; }
    const set = linkedBy(dialect, documents);
    const reference: PolicySet = { pipeline: id === 'istio' ? [...REFERENCE_PIPELINE, MESH_LAYER] : REFERENCE_PIPELINE, policies: [stated] };
    // A mesh is the second layer of two; what it does not say is said by the first.
    if (id === 'istio') { return; }
    const opened = FLOWS.find(flow => opens(evaluate(reference, flow, profile), evaluate(set, flow, profile)));
    expect(opened && describeFlow(opened)).toBeUndefined();
  });

  test('says something, and refuses something', () => {
    const outcomes = FEATURES.filter(feature => Object.hasOwn(EXAMPLES, feature)).map(feature => outcomeOf(dialect, EXAMPLES[feature]));
    expect(outcomes.some(outcome => 'refused' in outcome)).toBe(true);
    expect(outcomes.some(outcome => 'documents' in outcome && outcome.documents.length > 0)).toBe(true);
  });
});

test('the places of this test are those of every dialect', () => {
  expect(Object.keys(PLACES).sort()).toEqual(EVERY.map(({ id }: { id: DialectId }) => id).sort());
});
