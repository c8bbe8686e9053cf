import { allowFrom, allowTo, denyFrom, GLOBAL, globalNetworkPolicy, policy, rule, SHOP, TARGET, write, writeOne } from './support';
import { calico } from '../../../src/dialects/calico';
import { Refusal, Target } from '../../../src/dialects/dialect';
import { address, allOf, ANY, anyOf, EndpointExpr, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { HttpMatch } from '../../../src/model/http';
import { Policy } from '../../../src/model/policy-set';
import { allOfProtocol, portRange, TrafficBox } from '../../../src/model/traffic';

const HOSTS: EndpointExpr = { kind: 'hostEndpoint' };
const gateways = allOf(HOSTS, labelIn('hostEndpoint', 'role', 'gateway'));
const target = (more: Partial<Target>): Target => ({ ...TARGET, ...more });
function refusal(policies: readonly Policy[], where: Target = TARGET): string {
  try {
    calico.write(policies, where);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Error).message;
  }
  throw new Error('it was written');
}

describe('HTTP conditions', () => {
  const ON = { applicationLayerPolicy: true };
  const http = (...matches: HttpMatch[]): TrafficBox => ({ ...portRange('TCP', 80), l7: { http: matches } });
  const written = (box: TrafficBox, version = '3.33') => {
    const documents = calico.write([policy('ingress', [allowFrom(ANY, box)])], target({ features: ON, version }));
    return (JSON.parse(JSON.stringify(documents))[0].spec.ingress ?? []).map((one: any) => one.http);
  };

  test.each([
    ['any request', [{}], [undefined]],
    ['methods', [{ methods: [{ exact: 'GET' }, { exact: 'PUT' }] }], [{ methods: ['GET', 'PUT'] }]],
    ['a path', [{ paths: [{ exact: '/a' }] }], [{ paths: [{ exact: '/a' }] }]],
    ['every path', [{ paths: [{ prefix: '/' }] }], [{ paths: [{ prefix: '/' }] }]],
    ['a path and all below it', [{ paths: [{ exact: '/a' }, { prefix: '/a/' }] }], [{ paths: [{ prefix: '/a' }] }]],
    ['a path and all below it, stated apart', [{ methods: [{ exact: 'GET' }], paths: [{ exact: '/a' }] }, { methods: [{ exact: 'GET' }], paths: [{ prefix: '/a/' }] }],
      [{ methods: ['GET'], paths: [{ prefix: '/a' }] }]],
    ['alternatives', [{ methods: [{ exact: 'GET' }], paths: [{ exact: '/a' }] }, { methods: [{ exact: 'PUT' }], paths: [{ exact: '/b' }] }],
      [{ methods: ['GET'], paths: [{ exact: '/a' }] }, { methods: ['PUT'], paths: [{ exact: '/b' }] }]],
    ['no method at all', [{ methods: [] }], []],
    ['alternatives of which one is any request', [{ methods: [{ exact: 'GET' }] }, {}], [undefined]],
  ] as [string, HttpMatch[], unknown[]][])('%s', (_, matches, expected) => {
    expect(written(http(...matches))).toEqual(expected);
  });

  test('are read back as they were', () => {
    const matches: HttpMatch[] = [{ methods: [{ exact: 'GET' }], paths: [{ exact: '/a' }, { prefix: '/a/' }, { exact: '/c/d' }] }];
    for (const version of ['3.30', '3.31', '3.32', '3.33']) {
      const [document] = calico.write([policy('ingress', [allowFrom(ANY, http(...matches))])], target({ features: ON, version }));
      const [{ l7 }] = calico.read(document, undefined, version)[0].rules[0].match.traffic;
      expect(l7).toEqual({ http: [{ ...matches[0], paths: expect.arrayContaining([...matches[0].paths!]) }] });
    }
  });

  test('of a prefix are its whole segments since 3.31.6, and its text before', () => {
    expect(written(http({ paths: [{ prefix: '/api' }] }), '3.30')).toEqual([{ paths: [{ prefix: '/api' }] }]);
    expect(written(http({ paths: [{ exact: '/api' }, { prefix: '/api/' }] }), '3.31')).toEqual([{ paths: [{ exact: '/api' }, { prefix: '/api/' }] }]);
    for (const prefix of ['/api', '/api/']) {
      expect(refusal([policy('ingress', [allowFrom(ANY, http({ paths: [{ prefix }] }))])], target({ features: ON })))
        .toContain(`paths that begin with "${prefix}": Calico compares whole segments, so state both the path "/api" and the prefix "/api/"`);
    }
  });

  test('of more than 20 methods are several rules', () => {
    const methods = Array.from({ length: 45 }, (_, i) => ({ exact: `M${i}` }));
    expect(written(http({ methods })).map((one: any) => one.methods.length)).toEqual([20, 20, 5]);
  });

  test('beside everything that is not of TCP are one rule without a protocol', () => {
    const both = [{ ...allOfProtocol('TCP'), l7: { http: [{ methods: [{ exact: 'GET' }] }] } }, { protocols: [[0, 5], [7, 255]] as [number, number][] }];
    const [{ spec }] = calico.write([policy('ingress', [allowFrom(ANY, ...both)])], target({ features: ON }));
    expect(spec!.ingress).toEqual([{ action: 'Allow', http: { methods: ['GET'] } }]);
  });

  test('need application layer policy, without which every request would pass', () => {
    expect(refusal([policy('ingress', [allowFrom(ANY, http({ methods: [{ exact: 'GET' }] }))])]))
      .toContain('application layer policy is not stated as switched on, and without it Calico does not enforce HTTP rules: every request would pass');
  });

  test.each<[string, Policy, string]>([
    ['egress', policy('egress', [allowTo(ANY, http({ methods: [{ exact: 'GET' }] }))]), 'requests of egress rules that allow'],
    ['a deny', policy('ingress', [denyFrom(ANY, http({ methods: [{ exact: 'GET' }] }))]), 'requests of ingress rules that deny'],
    ['another protocol', policy('ingress', [allowFrom(ANY, { protocols: [[6, 17]], l7: { http: [{ methods: [{ exact: 'GET' }] }] } })]), 'requests over another protocol than TCP'],
    ['every protocol', policy('ingress', [allowFrom(ANY, { protocols: [[0, 255]], l7: { http: [{ methods: [{ exact: 'GET' }] }] } })]), 'requests over another protocol than TCP'],
    ['headers', policy('ingress', [allowFrom(ANY, http({ headers: [{ name: 'x' }] }))]), ': headers:'],
    ['hosts', policy('ingress', [allowFrom(ANY, http({ hosts: [{ exact: 'x' }] }))]), 'the host that is asked for'],
    ['a method that is excluded', policy('ingress', [allowFrom(ANY, http({ notMethods: [{ exact: 'GET' }] }))]), 'methods that are excluded'],
    ['a path that is excluded', policy('ingress', [allowFrom(ANY, http({ notPaths: [{ exact: '/a' }] }))]), 'paths that are excluded'],
    ['a claim', policy('ingress', [allowFrom(ANY, http({ conditions: [{ key: 'x', values: [], notValues: [] }] }))]), 'conditions that are known by name only'],
    ['a pattern', policy('ingress', [allowFrom(ANY, http({ paths: [{ pattern: '/a.*' }] }))]), 'a path that is stated neither exactly nor by its beginning'],
    ['a method by its beginning', policy('ingress', [allowFrom(ANY, http({ methods: [{ prefix: 'G' }] }))]), 'a method that is not stated exactly'],
    ['the method *', policy('ingress', [allowFrom(ANY, http({ methods: [{ exact: '*' }] }))]), 'the method *, which is every method to Calico'],
    ['a path without "/"', policy('ingress', [allowFrom(ANY, http({ paths: [{ exact: 'a' }] }))]), 'it must begin with "/"'],
    ['a query', policy('ingress', [allowFrom(ANY, http({ paths: [{ exact: '/a?b' }] }))]), 'may hold no "?"'],
    ['a path that is not normal', policy('ingress', [allowFrom(ANY, http({ paths: [{ exact: '/a/../b' }] }))]), 'which Calico compares in its normal form "/b"'],
    ['a path with a "/" at its end', policy('ingress', [allowFrom(ANY, http({ paths: [{ exact: '/a/' }] }))]), 'in its normal form "/a"'],
  ])('of %s are refused', (_, refused, detail) => {
    expect(refusal([refused], target({ features: ON }))).toContain(detail);
  });
});

describe('hooks', () => {
  const hosts = (more: Partial<Policy>): Policy => policy('ingress', [denyFrom(address('192.0.2.0/24'))], { ...GLOBAL, subject: gateways, isolates: false, ...more });

  test.each([
    ['untracked', 'doNotTrack'],
    ['pre-dnat', 'preDNAT'],
  ] as const)('%s is %s', (hook, flag) => {
    const document = writeOne(hosts({ hook }));
    expect(document.spec).toEqual({
      order: 1000, [flag]: true, applyOnForward: true, selector: 'role == \'gateway\'', types: ['Ingress'], ingress: [{ action: 'Deny', source: { nets: ['192.0.2.0/24'] } }],
    });
    expect(calico.read(document)).toMatchObject([{ hook, subject: gateways, isolates: false }]);
  });

  test('of forwarded packets is a flag of the policy with the same rules', () => {
    const own = policy('ingress', [denyFrom(address('192.0.2.0/24'))], { ...GLOBAL, subject: anyOf(POD, HOSTS) });
    const forwarded: Policy = { ...own, hook: 'forwarded', subject: HOSTS };
    const document = writeOne(own, forwarded);
    expect(document.spec).toMatchObject({ applyOnForward: true, selector: 'all()' });
    expect(calico.read(document).map(({ hook, subject }) => [hook, subject])).toEqual([[undefined, own.subject], ['forwarded', HOSTS]]);
    expect(refusal([forwarded])).toContain('forwarded, without the same rules for packets that are not');
    expect(refusal([own, { ...forwarded, rules: [] }])).toContain('forwarded, without the same rules');
    expect(refusal([own, { ...forwarded, subject: gateways }])).toContain('forwarded, without the same rules');
    expect(refusal([own, { ...own, direction: 'egress' }, forwarded])).toContain('forwarded, without the same rules');
  });

  test.each<[string, readonly Policy[], string]>([
    ['of pods', [hosts({ hook: 'untracked', subject: POD })], 'pods as the subject'],
    ['of a namespaced policy', [policy('ingress', [], { hook: 'untracked', subject: SHOP, isolates: false })], 'untracked, in a namespaced policy'],
    ['before address translation, in egress', [hosts({ hook: 'pre-dnat', direction: 'egress' })], 'pre-dnat, in egress'],
    ['of several kinds', [hosts({ hook: 'pre-dnat' }), hosts({ hook: 'untracked', direction: 'egress' })], 'beside rules that are not'],
    ['that isolate', [hosts({ hook: 'untracked', isolates: true })], 'isolation is the default action of a tier'],
  ])('%s are refused', (_, policies, detail) => {
    expect(refusal(policies)).toContain(detail);
  });
});

describe('effects', () => {
  test('on performance are kept', () => {
    expect(writeOne(policy('ingress', [], { effects: { performanceHints: ['AssumeNeededOnEveryNode'] } })).spec.performanceHints).toEqual(['AssumeNeededOnEveryNode']);
  });

  test('of a staged policy may be its action', () => {
    const document = writeOne(policy('ingress', [], { mode: 'staged', effects: { stagedAction: 'Learn' } }));
    expect(document).toMatchObject({ kind: 'StagedNetworkPolicy', spec: { stagedAction: 'Learn' } });
    expect(calico.read(document)[0].effects).toEqual({ stagedAction: 'Learn' });
    expect(refusal([policy('ingress', [], { effects: { stagedAction: 'Learn' } })])).toContain('stagedAction of a policy that is enforced');
  });

  test.each([
    ['authentication', 'Calico policy proves no identity'],
    ['terminatingTLS', 'it does not intercept TLS'],
    ['originatingTLS', 'it does not intercept TLS'],
    ['listener', 'it has no Envoy listeners'],
    ['log', 'the writer does not know this effect'],
  ])('of a rule: %s is refused', (effect, reason) => {
    expect(refusal([policy('ingress', [{ ...allowFrom(ANY), effects: { [effect]: {} } }])])).toContain(reason);
  });

  test('that are different in both directions, or unknown, are refused', () => {
    expect(refusal([policy('ingress', [], { effects: { description: 'x' } })])).toContain('description');
    expect(refusal([policy('ingress', [], { effects: { performanceHints: [] } }), policy('egress', [])])).toContain('its directions have different effects');
  });
});

describe('the limits of 3.33', () => {
  const addresses = (count: number) => anyOf(...Array.from({ length: count }, (_, i) => address(`10.${Math.floor(i / 128)}.${(i % 128) * 2}.0/24`)));
  const rules = (count: number) => Array.from({ length: count }, (_, i) => allowFrom(ANY, portRange('TCP', i + 1)));

  test('are not those of versions before', () => {
    const [old] = calico.write([policy('egress', [allowTo(addresses(300)), ...rules(1200)])], target({ version: '3.32' }));
    expect((old.spec!.egress as any[])).toHaveLength(1201);
    expect((old.spec!.egress as any[])[0].destination.nets).toHaveLength(300);
  });

  test.each([
    ['1025 rules', policy('ingress', rules(1025)), '1025 ingress rules'],
    ['257 ranges that are left out', policy('egress', [allowTo(not(addresses(257)))]), '257 ranges that are excluded'],
    ['a long selector', policy('ingress', [], { subject: allOf(SHOP, labelIn('pod', 'a', 'x'.repeat(1024))) }), 'a selector of 1031 characters'],
    ['a long selector of a rule', policy('ingress', [allowFrom(allOf(SHOP, labelIn('pod', 'a', 'x'.repeat(1024))))]), 'characters'],
  ])('%s are refused', (_, refused, detail) => {
    for (const version of ['3.33', undefined]) { expect(refusal([refused], target({ version }))).toContain(detail); }
    expect(calico.write([refused], target({ version: '3.32' }))).toHaveLength(1);
  });
});

describe('names', () => {
  const inTier = (name: string): Policy => policy('ingress', [], { ...GLOBAL, origin: { ...GLOBAL.origin, name }, stage: 'security', subject: POD });
  const names = (version: string, ...policies: Policy[]) => calico.write(policies, target({ version })).map(({ metadata }) => metadata.name);

  test('have the tier in them, in every version', () => {
    for (const version of ['3.30', '3.33']) { expect(names(version, inTier('a'), inTier('b'))).toEqual(['security.a', 'security.b']); }
    expect(names('3.33', policy('ingress', []))).toEqual(['web']);
  });

  test('are left alone where some have it and some do not, since names decide what comes first', () => {
    expect(names('3.33', inTier('security.b'), inTier('c'))).toEqual(['security.b', 'c']);
    expect(names('3.31', inTier('security.b'), inTier('c'))).toEqual(['security.b', 'security.c']);
  });

  test('of the default tier have at most one dot, and before 3.32 none but after the tier', () => {
    const called = (name: string) => policy('ingress', [], { origin: { ...policy('ingress', []).origin, name } });
    expect(names('3.33', called('a.b'))).toEqual(['a.b']);
    expect(names('3.33', called('a.b.c'))).toEqual(['a-b-c']);
    expect(names('3.31', called('a.b'))).toEqual(['a-b']);
    expect(names('3.31', called('default.b'))).toEqual(['default.b']);
  });
});

test('names of namespaces and of service accounts that are alternatives are one list', () => {
  const subject = allOf(POD, not(anyOf({ namespace: 'b' }, { namespace: 'a' })), anyOf({ serviceAccount: 'x' }, { serviceAccount: 'y' }));
  expect(writeOne(policy('ingress', [], { ...GLOBAL, subject })).spec).toMatchObject({
    namespaceSelector: 'has(projectcalico.org/name) && projectcalico.org/name not in {\'a\', \'b\'}',
    selector: 'projectcalico.org/serviceaccount in {\'x\', \'y\'}',
  });
  expect(writeOne(policy('ingress', [allowFrom(allOf(SHOP, anyOf({ serviceAccount: 'y' }, { serviceAccount: 'x' })))])).spec.ingress)
    .toMatchObject([{ source: { serviceAccounts: { names: ['x', 'y'] } } }]);
});

test('labels that are Calico\'s own are refused as labels of pods', () => {
  expect(refusal([policy('ingress', [allowFrom(allOf(POD, labelExists('pod', 'projectcalico.org/namespace')))])])).toContain('which is Calico\'s own');
});

test('what is written for one version is what that version reads', () => {
  const policies = [policy('ingress', [allowFrom(SHOP), rule('log', ANY, ANY)], { ...GLOBAL, stage: 'security', subject: POD, origin: { ...GLOBAL.origin, name: 'security.web' } })];
  for (const version of ['3.30', '3.31', '3.32', '3.33']) {
    const [document] = calico.write(policies, target({ version }));
    expect(calico.read(JSON.parse(JSON.stringify(document)), undefined, version)).toHaveLength(1);
  }
  expect(write(...policies)).toHaveLength(1);
  expect(calico.read(globalNetworkPolicy({ tier: 'security' }, 'security.web'), undefined, '3.30')).toHaveLength(1);
});
