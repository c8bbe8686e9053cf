import * as fc from 'fast-check';
import { blocks, FQDNS, labelTests, namespaces, SERVICE_ACCOUNTS } from './vocabulary';
import { address, allOf, ANY, anyOf, EndpointExpr, NONE, not, OWN_CLUSTER } from '../../../src/model/endpoint';
import { Endpoint } from '../../../src/model/match';

const labelOperators: fc.Arbitrary<EndpointExpr> = fc.record({
  of: fc.constantFrom('pod' as const, 'namespace' as const, 'serviceAccount' as const, 'node' as const, 'hostEndpoint' as const, 'addressSet' as const),
  label: fc.constantFrom('app', 'team', 'duty', 'kubernetes.io/os'),
  op: fc.constantFrom('contains' as const, 'startsWith' as const, 'endsWith' as const, 'in' as const),
  values: fc.subarray(['we', 'b', 'r', 'red', 'robot', 'linux'], { maxLength: 2 }),
});

/** Every kind of atom that an endpoint of which everything is known answers with yes or no. */
export const atoms: fc.Arbitrary<EndpointExpr> = fc.oneof(
  fc.constantFrom('pod' as const, 'node' as const, 'hostEndpoint' as const, 'addressSet' as const, 'external' as const).map(kind => ({ kind })),
  labelTests('pod'),
  labelTests('namespace'),
  labelOperators,
  namespaces.map(namespace => ({ namespace })),
  fc.constantFrom(...SERVICE_ACCOUNTS).map(serviceAccount => ({ serviceAccount })),
  fc.constantFrom('world', 'cluster', 'host', 'all').map(entity => ({ entity })),
  blocks.map(({ cidr, except }) => address(cidr, except)),
  blocks.map((block): EndpointExpr => ({ ...block, anyone: true })),
  fc.constantFrom(OWN_CLUSTER, 'mars').map(cluster => ({ cluster })),
  fc.constantFrom(...FQDNS).map(fqdn => ({ fqdn })),
);

/** Any boolean expression over them, written without the helpers that simplify, or with them. */
export const expressions: fc.Arbitrary<EndpointExpr> = fc.letrec<{ expr: EndpointExpr }>(tie => ({
  expr: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 6, arbitrary: atoms },
    { weight: 1, arbitrary: fc.constantFrom(ANY, NONE) },
    { weight: 2, arbitrary: fc.array(tie('expr'), { maxLength: 3 }).map((parts): EndpointExpr => ({ allOf: parts })) },
    { weight: 2, arbitrary: fc.array(tie('expr'), { maxLength: 3 }).map((parts): EndpointExpr => ({ anyOf: parts })) },
    { weight: 2, arbitrary: tie('expr').map((part): EndpointExpr => ({ not: part })) },
    { weight: 1, arbitrary: fc.array(tie('expr'), { maxLength: 3 }).map(parts => allOf(...parts)) },
    { weight: 1, arbitrary: fc.array(tie('expr'), { maxLength: 3 }).map(parts => anyOf(...parts)) },
    { weight: 1, arbitrary: tie('expr').map(not) },
  ),
})).expr;

const FACTS = ['namespace', 'labels', 'namespaceLabels', 'serviceAccount', 'serviceAccountLabels', 'address', 'entities', 'names', 'ports'] as const;
export type Fact = typeof FACTS[number];

/** Facts to forget. */
export const forgotten: fc.Arbitrary<readonly Fact[]> = fc.subarray([...FACTS]);

export function forget(endpoint: Endpoint, facts: readonly Fact[]): Endpoint {
  return Object.fromEntries(Object.entries(endpoint).filter(([fact]) => !facts.some(gone => gone === fact))) as unknown as Endpoint;
}
