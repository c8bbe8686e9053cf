import { globalNetworkPolicy, networkPolicy } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { allOf, EndpointExpr, labelIn } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';
import { Policy, tieredPipeline } from '../../../src/model/policy-set';

const HOSTS: EndpointExpr = { kind: 'hostEndpoint' };
const gateways = allOf(HOSTS, labelIn('hostEndpoint', 'role', 'gateway'));

function problem(document: unknown, version?: string): string {
  try {
    calico.read(document, undefined, version);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocument);
    return (error as Error).message;
  }
  throw new Error('it was read');
}
const summary = (policies: readonly Policy[]) => policies.map(({ direction, hook, isolates, subject }) => ({ direction, hook, isolates, subject }));

describe('a policy for host endpoints', () => {
  const read = (spec: object) => calico.read(globalNetworkPolicy({ selector: 'role == "gateway"', ...spec }));

  test('before connection tracking speaks of host endpoints only, and closes nothing', () => {
    expect(summary(read({ doNotTrack: true, applyOnForward: true, types: ['Ingress', 'Egress'] }))).toEqual([
      { direction: 'ingress', hook: 'untracked', isolates: false, subject: gateways }, { direction: 'egress', hook: 'untracked', isolates: false, subject: gateways },
    ]);
  });

  test('before address translation too, in ingress', () => {
    expect(summary(read({ preDNAT: true, applyOnForward: true }))).toEqual([{ direction: 'ingress', hook: 'pre-dnat', isolates: false, subject: gateways }]);
  });

  test('in forwarding is one more policy beside the ordinary one', () => {
    const [own, forwarded, ...others] = read({ applyOnForward: true, ingress: [{ action: 'Deny' }] });
    expect(others).toEqual([]);
    expect(own.hook).toBeUndefined();
    expect(own.subject).toEqual({ anyOf: [allOf({ kind: 'pod' }, labelIn('pod', 'role', 'gateway')), gateways] });
    expect(forwarded).toEqual({ ...own, hook: 'forwarded', subject: gateways });
  });

  test('leaves pods as they are: what a flag says of packets is not said of them', () => {
    const pod = { kind: 'pod' as const, namespace: 'shop', labels: { role: 'gateway' }, serviceAccount: 'x', address: '10.244.0.1' };
    const host = { kind: 'hostEndpoint' as const, labels: { role: 'gateway' }, address: '192.168.7.1' };
    const other = { kind: 'external' as const, address: '192.0.2.1' };
    const ask = (spec: object, destination: typeof pod | typeof host) => evaluate(
      calico.link(read({ ...spec, ingress: [{ action: 'Deny' }] }), []), { source: other, destination, protocol: 6, port: 80 }, { cidrMatches: ['external'] });
    expect(ask({}, pod)).toBe('denied');
    expect(ask({ applyOnForward: true }, pod)).toBe('denied');
    expect(ask({ applyOnForward: true, doNotTrack: true }, pod)).toBe('allowed');
    expect(ask({ applyOnForward: true, preDNAT: true }, pod)).toBe('allowed');
    expect(ask({}, host)).toBe('denied');
    // Whether a packet meets the hook is not known of a flow.
    expect(ask({ applyOnForward: true, preDNAT: true }, host)).toBe('unknown');
  });

  test.each([
    [{ doNotTrack: true, preDNAT: true, applyOnForward: true }, 'spec.preDNAT: may not stand beside doNotTrack'],
    [{ preDNAT: true }, 'spec.applyOnForward: must be true beside preDNAT'],
    [{ doNotTrack: true, applyOnForward: false }, 'spec.applyOnForward: must be true beside doNotTrack'],
    [{ preDNAT: true, applyOnForward: true, types: ['Ingress', 'Egress'] }, 'spec.preDNAT: is for ingress only'],
    [{ preDNAT: true, applyOnForward: true, types: ['Ingress'], egress: [{ action: 'Allow' }] }, 'spec.preDNAT: is for ingress only'],
    [{ doNotTrack: 'yes' }, 'spec.doNotTrack: must be true or false'],
  ])('%j is refused', (spec, said) => {
    expect(problem(globalNetworkPolicy(spec))).toContain(said);
    expect(problem({ ...globalNetworkPolicy(spec) as object, kind: 'StagedGlobalNetworkPolicy' })).toContain(said);
  });

  test.each(['doNotTrack', 'preDNAT', 'applyOnForward'])('%s has no place in a namespaced policy', field => {
    expect(problem(networkPolicy({ [field]: true }))).toContain(`spec.${field}: this field is not known here`);
  });
});

describe('a service', () => {
  const to = (destination: object, more: object = {}) => networkPolicy({ egress: [{ action: 'Allow', destination, ...more }] });
  const from = (source: object, more: object = {}) => networkPolicy({ ingress: [{ action: 'Allow', source, ...more }] });
  const services = { name: 'db', namespace: 'data' };

  test('is where egress goes to, or where ingress comes from', () => {
    expect(calico.read(to({ services }))[0].rules[0].match.destination).toEqual({ ref: 'service', namespace: 'data', name: 'db' });
    expect(calico.read(from({ services }, { protocol: 'TCP', destination: { ports: [80] } }))[0].rules[0].match).toMatchObject({
      source: { ref: 'service', namespace: 'data', name: 'db' }, traffic: [{ destinationPorts: { ranges: [[80, 80]] } }],
    });
    expect(calico.read(to({ services, selector: '', nets: [] }))[0].rules[0].match.destination).toMatchObject({ ref: 'service' });
  });

  test.each([
    ['at the source of egress', networkPolicy({ egress: [{ action: 'Allow', source: { services } }] }), 'refuses a service at the source of egress rules; it may only stand at the destination'],
    ['at the destination of ingress', networkPolicy({ ingress: [{ action: 'Allow', destination: { services } }] }), 'refuses a service at the destination of ingress rules'],
    ['with a selector', to({ services, selector: 'all()' }), 'destination.selector: may not stand beside services'],
    ['with a notSelector', to({ services, notSelector: 'all()' }), 'destination.notSelector: may not stand beside services'],
    ['with a namespaceSelector', to({ services, namespaceSelector: 'all()' }), 'destination.namespaceSelector: may not stand beside services'],
    ['with nets', to({ services, nets: ['10.0.0.0/8'] }), 'destination.nets: may not stand beside services'],
    ['with notNets', to({ services, notNets: ['10.0.0.0/8'] }), 'destination.notNets: may not stand beside services'],
    ['with service accounts', to({ services, serviceAccounts: { names: ['x'] } }), 'destination.serviceAccounts: may not stand beside services'],
    ['with ports', to({ services, ports: [80] }, { protocol: 'TCP' }), 'destination.ports: may not stand beside services: a Service brings the ports'],
    ['with notPorts', to({ services, notPorts: [80] }, { protocol: 'TCP' }), 'destination.notPorts: may not stand beside services'],
    ['without a name', to({ services: { namespace: 'data' } }), 'services.name: the name of a Service "" is invalid'],
    ['without a namespace in a global policy', globalNetworkPolicy({ egress: [{ action: 'Allow', destination: { services: { name: 'db' } } }] }), 'Calico\'s validator wants it in a global policy'],
    ['without a namespace in a namespaced policy', to({ services: { name: 'db' } }), 'Felix looks for a Service without a namespace, which never matches; write namespace: shop'],
    ['with another field', to({ services: { ...services, port: 80 } }), 'services.port: this field is not known here'],
  ])('%s is refused', (_, document, said) => {
    expect(problem(document)).toContain(said);
  });
});

describe('what differs between versions', () => {
  const inTier = (name: string, tier: string) => globalNetworkPolicy({ tier, selector: 'all()' }, name);

  test.each([
    ['web', 'security', 'call it "security.web"'],
    ['other.web', 'security', 'call it "security.web"'],
    ['other.web', 'default', 'call it "web" or "default.web"'],
  ])('before 3.32 the name %s has no place in the tier %s', (name, tier, said) => {
    for (const version of ['3.30', '3.31.7']) { expect(problem(inTier(name, tier), version)).toContain(said); }
    for (const version of ['3.32', '3.33', undefined]) { expect(calico.read(inTier(name, tier), undefined, version)).toHaveLength(1); }
  });

  test.each([['security.web', 'security'], ['web', 'default'], ['default.web', 'default']])('the name %s in the tier %s is taken by all', (name, tier) => {
    for (const version of ['3.30', '3.31', '3.32', '3.33']) { expect(calico.read(inTier(name, tier), undefined, version)).toHaveLength(1); }
  });

  test('names that Calico makes of Kubernetes policies are taken in every version', () => {
    expect(calico.read(networkPolicy({}, 'knp.default.a.b'), undefined, '3.30')).toHaveLength(1);
    expect(problem(globalNetworkPolicy({}, 'knp.default.a'))).toContain('one "." at most');
  });

  const repeated = (count: number, of: (i: number) => unknown) => Array.from({ length: count }, (_, i) => of(i));
  const end = (destination: object) => networkPolicy({ egress: [{ action: 'Allow', protocol: 'TCP', destination }] });
  test.each([
    ['1025 rules', networkPolicy({ egress: repeated(1025, () => ({ action: 'Allow' })) }), 'spec.egress: has 1025 entries and the API server takes 1024 at most'],
    ['51 ports', end({ ports: repeated(51, i => 1000 + i) }), 'destination.ports: has 51 entries and the API server takes 50 at most'],
    ['51 other ports', end({ notPorts: repeated(51, i => 1000 + i) }), '50 at most'],
    ['257 ranges', end({ nets: repeated(257, i => `10.${Math.floor(i / 256)}.${i % 256}.0/24`) }), 'destination.nets: has 257 entries and the API server takes 256 at most'],
    ['a long selector', end({ selector: `a == '${'x'.repeat(1024)}'` }), 'destination.selector: has more than 1024 characters'],
    ['a long subject', networkPolicy({ selector: `a == '${'x'.repeat(1024)}'` }), 'spec.selector: has more than 1024 characters'],
  ])('%s are too many since 3.33', (_, document, said) => {
    expect(problem(document)).toContain(said);
    expect(problem(document, '3.33')).toContain(said);
    expect(calico.read(document, undefined, '3.32')).toHaveLength(1);
  });

  test('ICMP by its number has types since 3.33', () => {
    const document = networkPolicy({ ingress: [{ action: 'Allow', protocol: 1, icmp: { type: 8 } }] });
    expect(problem(document, '3.32')).toContain('icmp: needs the protocol by its name here: write protocol: ICMP');
    expect(calico.read(document, undefined, '3.33')).toHaveLength(1);
  });

  test('kube-admin and kube-baseline take the place of adminnetworkpolicy and baselineadminnetworkpolicy in 3.32', () => {
    const isolates = (tier: string, version: string) => calico.read(inTier(`${tier}.web`, tier), undefined, version)[0].isolates;
    expect(['adminnetworkpolicy', 'baselineadminnetworkpolicy'].map(tier => isolates(tier, '3.31'))).toEqual([false, false]);
    expect(['kube-admin', 'kube-baseline'].map(tier => isolates(tier, '3.32'))).toEqual([false, false]);
  });
});

describe('what no version takes', () => {
  test.each([
    ['a tier that is no name', networkPolicy({ tier: 'a.b' }), 'spec.tier: "a.b" is no name of a tier'],
    ['a namespace that is none', { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: '<namespace>' }, spec: {} }, 'metadata.namespace'],
    ['annotations of a rule that are no text', networkPolicy({ ingress: [{ action: 'Allow', metadata: { annotations: { a: 1 } } }] }), 'metadata.annotations[a]: must be a string'],
  ])('%s', (_, document, said) => {
    expect(problem(document)).toContain(said);
  });
});

describe('what policies of open-source Calico evaluate', () => {
  test('is the order of their tiers, of their orders, and of their names', () => {
    const allow = globalNetworkPolicy({ order: 10, types: ['Ingress'], ingress: [{ action: 'Allow' }] }, 'b');
    const deny = (name: string, order: number) => globalNetworkPolicy({ order, types: ['Ingress'], ingress: [{ action: 'Deny' }] }, name);
    const pod = { kind: 'pod' as const, namespace: 'shop', labels: {}, serviceAccount: 'x', address: '10.244.0.1' };
    const ask = (...documents: unknown[]) => evaluate(
      { pipeline: tieredPipeline(['default']), policies: documents.flatMap(document => calico.read(document)) }, { source: pod, destination: pod, protocol: 6, port: 80 }, { cidrMatches: ['pod'] });
    expect(ask(deny('a', 20), allow)).toBe('allowed');
    expect(ask(deny('a', 10), allow)).toBe('denied');
    expect(ask(deny('c', 10), allow)).toBe('allowed');
    expect(ask(deny('c', 9.5), allow)).toBe('denied');
  });
});
