import * as fc from 'fast-check';
import { Manifest, optional } from './manifest';
import { blocks, namespaceSelectors, podSelectors } from './selectors';

/** networking.k8s.io/v1 NetworkPolicies, with every field that they have, present and absent. */

export interface PolicyOptions {
  /** Whether ranges may tell pods apart. */
  readonly inner: boolean;
}

export const ports: fc.Arbitrary<Manifest> = fc.constantFrom<Manifest>(
  { port: 80 }, { port: 443, protocol: 'TCP' }, { port: 8080, endPort: 8090 }, { port: 8080, endPort: 8080, protocol: 'TCP' }, { port: 'http' }, { port: 'metrics', protocol: 'UDP' },
  { port: 53, protocol: 'UDP' }, { port: 53, endPort: 80, protocol: 'UDP' }, { port: 80, protocol: 'SCTP' }, { protocol: 'TCP' }, { protocol: 'UDP' }, {},
);

const peers = ({ inner }: PolicyOptions): fc.Arbitrary<Manifest> => fc.oneof(
  { weight: 2, arbitrary: podSelectors.map(podSelector => ({ podSelector })) },
  { weight: 2, arbitrary: namespaceSelectors.map(namespaceSelector => ({ namespaceSelector })) },
  { weight: 3, arbitrary: fc.record({ podSelector: podSelectors, namespaceSelector: namespaceSelectors }) },
  { weight: 3, arbitrary: blocks({ inner }).map(ipBlock => ({ ipBlock })) },
);

const lists = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[] | undefined> => fc.oneof(
  { weight: 4, arbitrary: fc.array(one, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom<T[] | undefined>(undefined, undefined, []) },
);

const rules = (field: 'from' | 'to', options: PolicyOptions): fc.Arbitrary<Manifest> =>
  fc.record({ peers: lists(peers(options)), ports: fc.oneof(lists(ports), fc.constant(undefined)) }).map(rule => ({ ...optional(field, rule.peers), ...optional('ports', rule.ports) }));

const TYPES: readonly (readonly string[] | undefined)[] = [undefined, [], ['Ingress'], ['Egress'], ['Ingress', 'Egress'], ['Ingress', 'Egress']];

export function networkPolicySpecs(options: PolicyOptions): fc.Arbitrary<Manifest> {
  return fc.record({
    podSelector: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: podSelectors }),
    policyTypes: fc.constantFrom(...TYPES),
    ingress: fc.option(fc.array(rules('from', options), { maxLength: 2 }), { nil: undefined, freq: 4 }),
    egress: fc.option(fc.array(rules('to', options), { maxLength: 2 }), { nil: undefined, freq: 4 }),
  }).map(({ podSelector, ...rest }) => ({ podSelector, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) }));
}

export function networkPolicies(options: PolicyOptions, { maxLength = 3 } = {}): fc.Arbitrary<Manifest[]> {
  const policy = fc.record({ namespace: fc.constantFrom('shop', 'shop', 'shop', 'data'), spec: networkPolicySpecs(options) });
  return fc.array(policy, { minLength: 1, maxLength }).map(all => all.map(({ namespace, spec }, i) => (
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: `plain-${i}`, namespace }, spec })));
}
