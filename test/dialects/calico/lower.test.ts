import { allowFrom, allowTo, denyFrom, denyTo, policy, rule, SHOP, TARGET, tier, write } from './support';
import { calico, tierDocument, tierDocumentOf } from '../../../src/dialects/calico';
import { Refusal, Target } from '../../../src/dialects/dialect';
import { narrowToOutside } from '../../../src/dialects/outside';
import { address, allOf, ANY, EndpointExpr, EXTERNAL, inNamespace, labelIn, POD } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';
import { Endpoint, Flow, Profile } from '../../../src/model/match';
import { ADMIN, BASELINE, Policy, REFERENCE_PIPELINE, SECURITY } from '../../../src/model/policy-set';
import { allOfProtocol, portRange } from '../../../src/model/traffic';

/** As constructs state it. */
const stated = (direction: 'ingress' | 'egress', rules: Policy['rules'], more: Partial<Policy> = {}): Policy => policy(direction, rules, { stage: 'normal', order: [], ...more });
const lower = (policies: readonly Policy[], target: Target = TARGET) => calico.lower(policies, target);
const summary = (policies: readonly Policy[]) => policies.map(({ origin, stage, order, isolates, rules }) =>
  ({ name: origin.name, stage, order, isolates, actions: rules.map(({ action }) => action) }));

const outside = (cidr: string, ...except: string[]): EndpointExpr => allOf(EXTERNAL, address(cidr, except));

describe('a statement', () => {
  test('that only allows stands in the default tier', () => {
    expect(summary(lower([stated('ingress', [allowFrom(SHOP)])]).policies)).toEqual([
      { name: 'web', stage: 'default', order: [1000, 'web/shop/NetworkPolicy'], isolates: true, actions: ['allow'] },
    ]);
  });

  test('that denies and allows is split, and its denies come first', () => {
    expect(summary(lower([stated('egress', [allowTo(SHOP), denyTo(SHOP)])]).policies)).toEqual([
      { name: 'netpol-deny.web', stage: 'netpol-deny', order: [1000, 'netpol-deny.web/shop/NetworkPolicy'], isolates: false, actions: ['deny'] },
      { name: 'web', stage: 'default', order: [1000, 'web/shop/NetworkPolicy'], isolates: true, actions: ['allow'] },
    ]);
  });

  test('that only denies and does not isolate has no part in the default tier', () => {
    expect(summary(lower([stated('egress', [denyTo(SHOP)], { isolates: false })]).policies)).toMatchObject([{ stage: 'netpol-deny', isolates: false }]);
  });

  test('that only denies and isolates still isolates', () => {
    expect(summary(lower([stated('egress', [denyTo(SHOP)])]).policies)).toMatchObject([
      { stage: 'netpol-deny', actions: ['deny'] }, { stage: 'default', isolates: true, actions: [] },
    ]);
  });

  test('of the whole cluster is split into global policies', () => {
    const { policies } = lower([stated('egress', [denyTo(SHOP), allowTo(POD)], { subject: POD, origin: { apiVersion: 'x', kind: 'x', name: 'web' } })]);
    expect(policies.map(({ order }) => order[1])).toEqual(['netpol-deny.web//GlobalNetworkPolicy', 'web//GlobalNetworkPolicy']);
    expect(write(...policies).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([['GlobalNetworkPolicy', 'netpol-deny.web'], ['GlobalNetworkPolicy', 'web']]);
  });

  test('that logs does so before anything is decided', () => {
    expect(summary(lower([stated('egress', [rule('log', ANY, ANY), allowTo(SHOP), denyTo(SHOP)])]).policies).map(({ actions }) => actions)).toEqual([['log', 'deny'], ['allow']]);
    expect(summary(lower([stated('egress', [rule('log', ANY, ANY), allowTo(SHOP)])]).policies)).toMatchObject([{ stage: 'default', actions: ['log', 'allow'] }]);
    expect(summary(lower([stated('egress', [rule('log', ANY, ANY)], { isolates: false })]).policies)).toMatchObject([{ stage: 'netpol-deny', actions: ['log'] }]);
  });

  test('that says nothing is nothing', () => {
    expect(lower([stated('egress', [], { isolates: false })]).policies).toEqual([]);
  });

  test('with a tier of its own stays there', () => {
    const own = policy('egress', [denyTo(SHOP), allowTo(SHOP)], { stage: 'company', order: [20] });
    expect(lower([own]).policies).toEqual([own]);
  });

  test('about addresses outside loses those of pods and nodes', () => {
    const { policies, wider } = lower([stated('egress', [allowTo(outside('0.0.0.0/0'))])]);
    expect(wider).toEqual([]);
    expect(policies[0].rules[0].match.destination).toEqual(address('0.0.0.0/0', ['10.244.0.0/16', '192.168.7.0/24']));
  });

  test('about addresses, whoever holds them, stays as it is', () => {
    expect(lower([stated('egress', [allowTo(address('10.0.0.0/8'))])]).policies[0].rules[0].match.destination).toEqual(address('10.0.0.0/8'));
  });

  test('that is wider than stated, since no facts are known, is reported', () => {
    const target: Target = { ...TARGET, clusterCidrs: [], clusterCidrsComplete: false };
    expect(lower([stated('egress', [allowTo(outside('10.0.0.0/8'))])], target).wider).toEqual([
      'NetworkPolicy shop/web, egress rule 1: 10.0.0.0/8 may hold pods or nodes, which calico matches by address; state podCidrs and nodeCidrs to leave them out',
    ]);
  });

  test.each([
    ['a name', stated('egress', [allowTo({ fqdn: 'api.example.com' })]), 'egress rule 1: api.example.com'],
    ['a name in company', stated('egress', [allowTo({ anyOf: [SHOP, { not: { fqdn: 'a.example.com' } }] })]), 'egress rule 1: a.example.com'],
    ['an entity', stated('egress', [allowTo({ entity: 'cluster' })]), 'egress rule 1: cluster'],
    ['an entity in a tier of its own', policy('ingress', [allowFrom({ entity: 'all' })], { stage: 'security' }), 'ingress rule 1: all'],
    ['an allow that does not isolate', stated('egress', [allowTo(SHOP)], { isolates: false }), 'isolates every endpoint that it selects'],
    ['a pass without an order', stated('egress', [rule('pass', ANY, ANY)]), 'state a tier and an order'],
  ])('with %s is refused', (_, one, said) => {
    expect(() => lower([one])).toThrow(Refusal);
    expect(() => lower([one])).toThrow(said);
  });
});

describe('what is lowered, written, read and linked', () => {
  const profile: Profile = { cidrMatches: ['pod', 'node', 'hostEndpoint', 'addressSet', 'external'] };
  const pod = (namespace: string, app: string, host: number): Endpoint =>
    ({ kind: 'pod', namespace, labels: { app }, namespaceLabels: {}, serviceAccount: 'default', serviceAccountLabels: {}, address: `10.244.0.${host}`, ports: [] });
  const external = (own: string): Endpoint => ({ kind: 'external', address: own });
  const world = [pod('shop', 'web', 1), pod('shop', 'api', 2), pod('data', 'db', 3), external('203.0.113.5'), external('198.51.100.1')];
  const flows: Flow[] = world.flatMap(source => world.filter(destination => source !== destination && (source.kind === 'pod' || destination.kind === 'pod'))
    .flatMap(destination => [[6, 80], [6, 443], [17, 53]].map(([protocol, port]) => ({ source, destination, protocol, port, sourcePort: 40000 }))));
  const web = allOf(SHOP, labelIn('pod', 'app', 'web'));
  const named = (name: string, namespace?: string) => ({ origin: { apiVersion: 'x', kind: 'x', name, ...(namespace === undefined ? {} : { namespace }) } });

  test.each([
    ['an allow and a deny of the same pods by two policies', [
      stated('egress', [allowTo(ANY, allOfProtocol('TCP'))], named('a', 'shop')),
      stated('egress', [denyTo(outside('203.0.113.0/24'))], { ...named('b', 'shop'), isolates: false }),
    ]],
    ['a deny that does not isolate', [stated('egress', [denyTo(outside('203.0.113.0/24', '203.0.113.128/25'), portRange('TCP', 80))], { isolates: false })]],
    ['a deny that isolates', [stated('ingress', [denyFrom(web), allowFrom(SHOP), allowFrom(POD, portRange('TCP', 443))])]],
    ['a default deny with an allow', [
      stated('ingress', [], named('deny', 'shop')), stated('egress', [], named('deny', 'shop')),
      stated('egress', [allowTo(allOf(POD, inNamespace('data')), portRange('TCP', 80))], { ...named('allow', 'shop'), subject: web }),
    ]],
    ['a cluster-wide deny and a local allow', [
      stated('ingress', [denyFrom(allOf(POD, inNamespace('data')))], { ...named('global'), subject: POD, isolates: false }),
      stated('ingress', [allowFrom(POD)], named('local', 'shop')),
    ]],
  ])('means what was stated: %s', (_, policies) => {
    const documents = write(...lower(policies).policies);
    const enforced = calico.link(documents.flatMap(document => calico.read(document)), [tierDocument(TARGET), ...documents]);
    const answers = (set: Parameters<typeof evaluate>[0]) => flows.map(flow => evaluate(set, flow, profile));
    expect(answers(enforced)).toEqual(answers({ pipeline: REFERENCE_PIPELINE, policies: narrowToOutside('calico', policies, TARGET).policies }));
    expect(new Set(answers(enforced))).toEqual(new Set(['allowed', 'denied']));
  });

  const tiers = [SECURITY, ADMIN, BASELINE].map(stage => tierDocumentOf(stage, TARGET));
  const clusterWide = (stage: string, priority: number, name: string, rules: Policy['rules'], more: Partial<Policy> = {}) =>
    stated('ingress', rules, { ...named(name), subject: POD, isolates: false, stage, order: [priority, name], ...more });

  test.each<[string, Policy[]]>([
    ['a deny before everything', [clusterWide(SECURITY, 1, 'a', [denyFrom(web)]), stated('ingress', [allowFrom(POD)], named('local', 'shop'))]],
    ['an allow that no namespace can take back', [clusterWide(ADMIN, 1, 'a', [allowFrom(web)]), stated('ingress', [denyFrom(POD)], named('local', 'shop'))]],
    ['a pass that goes on with the next stage', [
      clusterWide(SECURITY, 1, 'a', [rule('pass', web, ANY), denyFrom(POD)]), clusterWide(ADMIN, 1, 'b', [denyFrom(web, portRange('TCP', 80)), allowFrom(web)]),
      stated('ingress', [], named('local', 'shop')),
    ]],
    ['a pass out of the last stage', [clusterWide(BASELINE, 1, 'a', [rule('pass', web, ANY), denyFrom(POD)])]],
    ['a baseline that holds where namespaces say nothing', [clusterWide(BASELINE, 1, 'a', [allowFrom(web), denyFrom(POD)]), stated('ingress', [allowFrom(POD)], named('local', 'shop'))]],
    ['priorities', [clusterWide(ADMIN, 2, 'a', [denyFrom(POD, portRange('TCP', 80))]), clusterWide(ADMIN, 1, 'z', [allowFrom(web)]), clusterWide(ADMIN, 1, 'y', [denyFrom(web, portRange('UDP', 53))])]],
  ])('means what was stated for the whole cluster: %s', (_, policies) => {
    const documents = write(...lower(policies).policies);
    const enforced = calico.link(documents.flatMap(document => calico.read(document)), [tierDocument(TARGET), ...tiers]);
    const answers = (set: Parameters<typeof evaluate>[0]) => flows.map(flow => evaluate(set, flow, profile));
    expect(answers(enforced)).toEqual(answers({ pipeline: REFERENCE_PIPELINE, policies }));
    expect(new Set(answers(enforced))).toEqual(new Set(['allowed', 'denied']));
  });

  test('for the whole cluster stands in the tier of its stage, at its priority', () => {
    expect(tiers).toEqual([
      tier('netpol-security', { order: 100, defaultAction: 'Pass' }), tier('netpol-platform', { order: 200, defaultAction: 'Pass' }),
      tier('netpol-baseline', { order: 2_000_000, defaultAction: 'Pass' }),
    ]);
    expect(tierDocumentOf('normal', TARGET)).toBeUndefined();
    expect(summary(lower([clusterWide(SECURITY, 7, 'a', [denyFrom(web)])]).policies))
      .toEqual([{ name: 'netpol-security.a', stage: 'netpol-security', order: [7, 'netpol-security.a//GlobalNetworkPolicy'], isolates: false, actions: ['deny'] }]);
    expect(() => lower([clusterWide(ADMIN, 7, 'a', [], { isolates: true })])).toThrow('isolation is the default action of a tier');
    expect(() => lower([clusterWide(ADMIN, 7, 'a', [], { order: [] })])).toThrow('stage admin without a priority');
  });

  test('that is staged is staged in each of its tiers', () => {
    const documents = write(...lower([stated('ingress', [denyFrom(web), allowFrom(SHOP)], { ...named('a', 'shop'), mode: 'staged' }), clusterWide(ADMIN, 1, 'b', [denyFrom(POD)], { mode: 'staged' })]).policies);
    expect(documents.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ['StagedNetworkPolicy', 'netpol-deny.a'], ['StagedNetworkPolicy', 'a'], ['StagedGlobalNetworkPolicy', 'netpol-platform.b'],
    ]);
    const enforced = calico.link(documents.flatMap(document => calico.read(document)), [tierDocument(TARGET), ...tiers]);
    expect(new Set(flows.map(flow => evaluate(enforced, flow, profile)))).toEqual(new Set(['allowed']));
  });

  test('needs the Tier of the denies, and no other order of it', () => {
    expect(tierDocument(TARGET)).toEqual(tier('netpol-deny', { order: 500, defaultAction: 'Pass' }));
    const documents = write(...lower([stated('egress', [denyTo(SHOP)], { isolates: false })]).policies);
    expect(() => calico.link(documents.flatMap(document => calico.read(document)), documents)).toThrow('there is no Tier "netpol-deny" among the documents');
  });
});
