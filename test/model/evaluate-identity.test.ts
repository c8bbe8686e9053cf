import { address, allOf, ANY, Atom, EndpointExpr, EndpointKind, LabelScope, labelExists, not, OWN_CLUSTER, POD, Reference } from '../../src/model/endpoint';
import { Endpoint, matchesEndpoint, MAYBE, NO, Profile, Tri, YES } from '../../src/model/match';

const OUTSIDE_ONLY: Profile = { cidrMatches: ['external'] };
const matches = (expr: EndpointExpr, endpoint: Endpoint): Tri => matchesEndpoint(expr, endpoint, OUTSIDE_ONLY);
const pod = (facts: Partial<Endpoint> = {}): Endpoint => ({ kind: 'pod', ...facts });

describe('a principal', () => {
  const WEB = 'cluster.local/ns/shop/sa/web';
  test.each<[string, string, Tri]>([
    [WEB, WEB, YES],
    [WEB, 'cluster.local/ns/shop/sa/webshop', NO],
    ['cluster.local/ns/shop/*', WEB, YES],
    ['cluster.local/ns/shop/*', 'cluster.local/ns/shop/', YES],
    ['cluster.local/ns/data/*', WEB, NO],
    ['*/sa/web', WEB, YES],
    ['*/sa/api', WEB, NO],
    ['*', WEB, YES],
    // Nobody is no identity, whatever the wildcard.
    ['*', '', NO],
    ['', '', NO],
    [WEB, '', NO],
    // A star is a wildcard at one end only.
    ['cluster.local/*/sa/web', WEB, NO],
    ['a.*', 'axb', NO],
  ])('%j of %j: %d', (pattern, principal, expected) => {
    expect(matches({ principal: pattern }, pod({ principal }))).toBe(expected);
    expect(matches(not({ principal: pattern }), pod({ principal }))).toBe(expected === YES ? NO : YES);
  });

  test('that is not known is not certain, whoever it is', () => {
    expect((['pod', 'node', 'external'] as const).map(kind => matches({ principal: '*' }, { kind }))).toEqual([MAYBE, MAYBE, MAYBE]);
  });
});

describe('a cluster', () => {
  test.each<[string, Endpoint, Tri]>([
    [OWN_CLUSTER, pod(), YES],
    [OWN_CLUSTER, pod({ cluster: OWN_CLUSTER }), YES],
    [OWN_CLUSTER, pod({ cluster: 'mars' }), NO],
    ['mars', pod({ cluster: 'mars' }), YES],
    ['mars', pod({ cluster: 'venus' }), NO],
    // What the own cluster is called is not known.
    ['mars', pod(), MAYBE],
    [OWN_CLUSTER, { kind: 'node' }, YES],
    ['mars', { kind: 'node', cluster: 'mars' }, YES],
    [OWN_CLUSTER, { kind: 'external' }, NO],
    ['mars', { kind: 'external' }, NO],
  ])('%j: %j is in it: %d', (cluster, endpoint, expected) => {
    expect(matches({ cluster }, endpoint)).toBe(expected);
  });
});

describe('an address', () => {
  const kinds: EndpointKind[] = ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'];
  const at = (kind: EndpointKind): Endpoint => ({ kind, address: '10.0.0.1' });

  test('is that of kinds which the profile names, unless it is meant whoever holds it', () => {
    expect(kinds.map(kind => matches(address('10.0.0.0/8'), at(kind)))).toEqual([NO, NO, NO, NO, YES]);
    expect(kinds.map(kind => matches({ cidr: '10.0.0.0/8', except: [], anyone: true }, at(kind)))).toEqual([YES, YES, YES, YES, YES]);
  });

  test('of anyone has its holes too, and is not known of whoever has none', () => {
    expect(matches({ cidr: '10.0.0.0/8', except: ['10.0.0.0/24'], anyone: true }, at('pod'))).toBe(NO);
    expect([matches({ cidr: '10.0.0.0/8', except: [], anyone: true }, pod()), matches(address('10.0.0.0/8'), pod())]).toEqual([MAYBE, NO]);
  });
});

test('the labels of host endpoints and of address sets are their own', () => {
  const scopes: LabelScope[] = ['pod', 'namespace', 'serviceAccount', 'node', 'hostEndpoint', 'addressSet'];
  const zone = { zone: 'a' };
  const labelled = (kind: EndpointKind): Endpoint => ({ kind, labels: zone, namespaceLabels: zone, serviceAccountLabels: zone });
  const asked = (kind: EndpointKind) => scopes.filter(of => matches(labelExists(of, 'zone'), labelled(kind)) === YES);
  expect(asked('pod')).toEqual(['pod', 'namespace', 'serviceAccount']);
  expect(asked('node')).toEqual(['node']);
  expect(asked('hostEndpoint')).toEqual(['hostEndpoint']);
  expect(asked('addressSet')).toEqual(['addressSet']);
  expect(asked('external')).toEqual([]);
  const own = labelExists('hostEndpoint', 'zone');
  expect([matches(own, { kind: 'hostEndpoint' }), matches(own, labelled('node'))]).toEqual([MAYBE, NO]);
});

test('a reference that nobody resolved is not certain, nor is its negation', () => {
  const refs: Reference[] = [
    { ref: 'service', namespace: 'shop', name: 'api' },
    { ref: 'cidrGroup', name: 'partners' },
    { ref: 'addressSet', selector: ANY },
    { ref: 'cloudGroup', value: { aws: {} } },
  ];
  for (const ref of refs) {
    expect([matches(ref, pod()), matches(not(ref), pod()), matches(allOf(ref, not(POD)), pod())]).toEqual([MAYBE, MAYBE, NO]);
  }
});

test('an atom that no kind of this endpoint can have is false, not unknown', () => {
  const atoms: Atom[] = [{ namespace: 'shop' }, { serviceAccount: 'web' }, { fqdn: 'a.test' }, { label: 'a', of: 'pod', op: 'exists', values: [] }];
  expect(atoms.map(atom => matches(atom, { kind: 'node' }))).toEqual([NO, NO, NO, NO]);
});
