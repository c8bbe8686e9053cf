import * as fc from 'fast-check';
import { EndpointExpr, LabelScope } from '../../../src/model/endpoint';
import { Endpoint, Flow } from '../../../src/model/match';
import { Action, DIRECTIONS, Hook, MESH, MESH_LAYER, Mode, Pipeline, Policy, PolicySet, Rule } from '../../../src/model/policy-set';
import { PROTOCOL_NUMBERS, TrafficBox } from '../../../src/model/traffic';
import { expressions } from '../../support/models/expressions';
import { EVERY_PROBE } from '../../support/models/places';
import { httpBoxes, ICMP_TYPES, serverNameBoxes } from '../../support/models/requests';
import { NODE_CIDRS, POD_CIDRS, trafficBoxes } from '../../support/models/vocabulary';
import { World } from '../../support/models/worlds';

/** Endpoints of which less is known. */

const FACTS = [
  'namespace', 'labels', 'namespaceLabels', 'serviceAccount', 'serviceAccountLabels', 'address', 'entities', 'names', 'cluster', 'principal', 'ports',
] as const satisfies readonly (keyof Endpoint)[];

const SCOPES: readonly LabelScope[] = ['pod', 'namespace', 'serviceAccount', 'node', 'hostEndpoint', 'addressSet'];

interface Ignorance {
  readonly forgotten: readonly (typeof FACTS[number])[];
  readonly openLabels: readonly LabelScope[];
  readonly addressIn: readonly string[] | undefined;
}

const ignorance: fc.Arbitrary<Ignorance> = fc.record({
  forgotten: fc.subarray([...FACTS], { maxLength: 4 }),
  openLabels: fc.subarray([...SCOPES], { maxLength: 3 }),
  addressIn: fc.constantFrom(undefined, [], POD_CIDRS, NODE_CIDRS, ['10.0.0.0/9', '203.0.113.0/24'], ['0.0.0.0/0', '::/0'], ['203.0.113.64/27']),
});

/** Some endpoints as they are, and some with facts removed. */
export const withFactsRemoved = (endpoints: readonly Endpoint[]): fc.Arbitrary<Endpoint[]> => fc
  .array(fc.option(ignorance), { minLength: endpoints.length, maxLength: endpoints.length })
  .map(all => endpoints.map((endpoint, i) => forget(endpoint, all[i])));

function forget(endpoint: Endpoint, how: Ignorance | null): Endpoint {
  if (!how) { return endpoint; }
  const { forgotten, openLabels, addressIn } = how;
  const rest: Partial<Endpoint> = Object.fromEntries(Object.entries(endpoint).filter(([fact]) => !(forgotten as readonly string[]).includes(fact)));
  return {
    kind: endpoint.kind,
    ...rest,
    ...(openLabels.length > 0 ? { openLabels } : {}),
    ...(rest.address === undefined && addressIn !== undefined ? { addressIn } : {}),
  };
}

/** Every pair, also of two ends outside and of two families. */
export function everyFlow(world: World): Flow[] {
  const probes = [...EVERY_PROBE, { protocol: 6 }, { protocol: 1 }, { protocol: 6, port: 8080, sourcePort: 40000 }];
  return world.flatMap(source => world.flatMap(destination => probes.map(probe => ({ ...probe, source, destination }))));
}

/** Policies that no dialect needs to have a word for: whatever the model can say, at both ends. */

const boxes: fc.Arbitrary<readonly TrafficBox[]> = fc.oneof(
  { weight: 4, arbitrary: trafficBoxes() },
  { weight: 1, arbitrary: httpBoxes('patterns').map(box => [box]) },
  { weight: 1, arbitrary: serverNameBoxes(true).map(box => [box]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<readonly TrafficBox[]>(
      [],
      [{ protocols: [[0, 255]], ipVersion: 6 }],
      [{ protocols: [[PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP]], destinationPorts: { ranges: [[53, 80], [8080, 8080]], names: [] } }],
      [{ protocols: [[1, 1]], icmp: ICMP_TYPES }],
      [{ protocols: [[6, 6]], destinationPorts: { ranges: [[1, 65535]], names: [], exceptNames: ['http'] } }],
      [{ protocols: [[6, 6]], destinationPorts: { ranges: [], names: [] } }],
      [{ protocols: [[6, 6]], sourcePorts: { ranges: [[40000, 50000]], names: [] } }],
      [{ protocols: [[17, 17]], l7: { dns: ['*.example.com'] } }, { protocols: [[6, 6]], l7: { opaque: 'kafka', value: {} } }],
    ),
  },
);

/** Many alternatives are looked up in another way than few. */
const ends: fc.Arbitrary<EndpointExpr> = fc.oneof(
  { weight: 9, arbitrary: expressions },
  { weight: 1, arbitrary: fc.array(expressions, { minLength: 16, maxLength: 20 }).map((parts): EndpointExpr => ({ anyOf: parts })) },
);

const rules: fc.Arbitrary<Rule> = fc.record({
  action: fc.oneof({ weight: 4, arbitrary: fc.constant<Action>('allow') }, { weight: 2, arbitrary: fc.constantFrom<Action>('deny', 'pass', 'log', 'external') }),
  match: fc.record({ source: ends, destination: ends, traffic: boxes }),
});

/** Many rules in one policy are looked up in another way than few. */
const ruleLists: fc.Arbitrary<Rule[]> = fc.oneof(fc.array(rules, { maxLength: 3 }), fc.array(rules, { minLength: 12, maxLength: 30 }));

const PIPELINE: Pipeline = [
  { name: 'network', otherwise: 'allow', stages: [{ id: 'first', combine: 'first-match' }, { id: 'second', combine: 'deny-overrides' }] },
];

const policies: fc.Arbitrary<Policy> = fc.record({
  stage: fc.constantFrom('first', 'second', MESH),
  order: fc.constantFrom([], [1], [1, 'a'], [2, 'b']),
  mode: fc.oneof({ weight: 5, arbitrary: fc.constant<Mode>('enforce') }, { weight: 1, arbitrary: fc.constantFrom<Mode>('staged', 'void') }),
  direction: fc.constantFrom(...DIRECTIONS),
  subject: expressions,
  isolates: fc.boolean(),
  rules: ruleLists,
  hook: fc.option(fc.constantFrom<Hook>('untracked', 'forwarded'), { freq: 8, nil: undefined }),
}).map(({ hook, ...rest }) => ({ ...rest, origin: { apiVersion: 'v1', kind: 'policy', name: 'some' }, ...(hook ? { hook } : {}) }));

export const anySet: fc.Arbitrary<PolicySet> = fc
  .record({ policies: fc.array(policies, { minLength: 1, maxLength: 5 }), otherwise: fc.constantFrom('allow' as const, 'deny' as const), mesh: fc.boolean() })
  .map(({ policies: all, otherwise, mesh }) => {
    const pipeline = PIPELINE.map(layer => ({ ...layer, otherwise }));
    return { policies: all, pipeline: mesh ? [...pipeline, MESH_LAYER] : pipeline };
  });
