import * as fc from 'fast-check';
import { allowFrom, allowTo, denyTo, GLOBAL, policy, rule, SHOP, TARGET, write, writeOne } from './support';
import { calico } from '../../../src/dialects/calico';
import { Refusal } from '../../../src/dialects/dialect';
import { address, allOf, ANY, anyOf, EndpointExpr, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';
import { Endpoint } from '../../../src/model/match';
import { Rule } from '../../../src/model/policy-set';
import { portRange } from '../../../src/model/traffic';

const HOSTS: EndpointExpr = { kind: 'hostEndpoint' };
const web = labelIn('pod', 'app', 'web');
const sets = (selector?: EndpointExpr, namespace?: string): EndpointExpr =>
  ({ ref: 'addressSet', ...(namespace === undefined ? {} : { namespace }), ...(selector ? { selector } : {}) });
const partners = labelIn('addressSet', 'role', 'partner');
const K8S = 'projectcalico.org/orchestrator == \'k8s\'';

const own = (...rules: Rule[]): any[] => writeOne(policy('egress', rules)).spec.egress;
const global = (...rules: Rule[]): any[] => writeOne(policy('egress', rules, GLOBAL)).spec.egress;
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Error).message;
  }
  throw new Error('it was written');
}

describe('what was one selector is one selector again', () => {
  /** A selector as the peer of a rule, and what is written for it. */
  const again = (destination: object, kind: 'NetworkPolicy' | 'GlobalNetworkPolicy'): unknown => {
    const metadata = kind === 'NetworkPolicy' ? { name: 'web', namespace: 'shop' } : { name: 'web' };
    const [document] = write(...calico.read({ apiVersion: 'projectcalico.org/v3', kind, metadata, spec: { types: ['Egress'], egress: [{ action: 'Allow', destination }] } }));
    const rules = document.spec!.egress as any[];
    expect(rules).toHaveLength(1);
    return rules[0].destination;
  };

  test.each([
    [{ selector: 'app == \'web\'' }, undefined],
    [{ selector: 'all()' }, undefined],
    [{ namespaceSelector: 'all()' }, undefined],
    [{ namespaceSelector: 'global()' }, undefined],
    [{ namespaceSelector: 'global()', selector: 'role == \'partner\'' }, undefined],
    [{ namespaceSelector: 'team == \'red\'', selector: 'app == \'web\'' }, undefined],
    [{ namespaceSelector: 'projectcalico.org/name == \'data\'' }, undefined],
    [{ selector: 'app != \'web\' && !has(team)' }, { selector: '!has(team) && app != \'web\'' }],
    [{ selector: 'app in {\'a\', \'b\'} || has(c)' }, undefined],
    [{ notSelector: 'app == \'web\'' }, undefined],
    [{ selector: 'app == \'web\'', notSelector: 'has(b) || has(c)' }, undefined],
    [{ namespaceSelector: 'all()', notSelector: 'app == \'web\'', nets: ['10.0.0.0/8'] }, undefined],
    [{ selector: 'app == \'web\'', nets: ['10.0.0.0/8'], notNets: ['10.1.0.0/16'] }, undefined],
    [{ selector: K8S }, undefined],
    [{ selector: `app == 'web' && ${K8S}`, notSelector: 'has(b)' }, undefined],
    [{ selector: 'app == \'web\' || projectcalico.org/serviceaccount == \'robot\'' }, undefined],
    [{ serviceAccounts: { names: ['a', 'b'] } }, { selector: K8S, serviceAccounts: { names: ['a', 'b'] } }],
    [{ namespaceSelector: 'team starts with \'re\'' }, undefined],
    [{ selector: 'app == "web"' }, { selector: 'app == \'web\'' }],
  ])('in a namespaced policy: %j', (destination, expected) => {
    expect(again(destination, 'NetworkPolicy')).toEqual(expected ?? destination);
  });

  test.each([
    [{ selector: 'app == \'web\'' }, undefined],
    [{ selector: 'all()' }, undefined],
    [{ selector: '!has(projectcalico.org/namespace)' }, { namespaceSelector: 'global()' }],
    [{ selector: 'role == \'partner\' && !has(projectcalico.org/namespace)' }, { namespaceSelector: 'global()', selector: 'role == \'partner\'' }],
    [{ selector: 'projectcalico.org/namespace == \'shop\'' }, { namespaceSelector: 'projectcalico.org/name == \'shop\'' }],
    [{ namespaceSelector: 'all()', selector: 'app == \'web\'' }, undefined],
    [{ notSelector: 'app == \'web\'' }, undefined],
    [{ selector: 'projectcalico.org/orchestrator != \'k8s\' && has(a)' }, { selector: 'has(a) && projectcalico.org/orchestrator != \'k8s\'' }],
    [{ namespaceSelector: 'team != \'red\'' }, undefined],
    [{ selector: 'app == \'web\' || projectcalico.org/namespace starts with \'s\'' }, { selector: 'app == \'web\' || pcns.kubernetes.io/metadata.name starts with \'s\'' }],
    [{ selector: 'pcsa.duty != \'x\' && has(a)' }, { selector: 'has(a) && pcsa.duty != \'x\'' }],
  ])('in a global policy: %j', (destination, expected) => {
    expect(again(destination, 'GlobalNetworkPolicy')).toEqual(expected ?? destination);
  });
});

describe('network sets that are stated', () => {
  test('of a namespace are found there, and nothing else', () => {
    expect(own(allowTo(sets(partners, 'shop')))).toEqual([{ action: 'Allow', destination: { selector: 'projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'' } }]);
    expect(own(allowTo(sets(partners, 'data')))).toEqual([
      { action: 'Allow', destination: { namespaceSelector: 'projectcalico.org/name == \'data\'', selector: 'projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'' } },
    ]);
  });

  test('of no namespace are found by global()', () => {
    const globalOnes = sets(allOf(not(labelExists('addressSet', 'projectcalico.org/namespace')), partners));
    expect(own(allowTo(globalOnes))).toEqual([{ action: 'Allow', destination: { namespaceSelector: 'global()', selector: 'role == \'partner\'' } }]);
    expect(global(allowTo(globalOnes))).toEqual([{ action: 'Allow', destination: { namespaceSelector: 'global()', selector: 'role == \'partner\'' } }]);
  });

  test('of any kind are found in some namespace and in none', () => {
    const selector = 'projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'';
    expect(own(allowTo(sets(partners)))).toEqual([
      { action: 'Allow', destination: { namespaceSelector: 'all()', selector } }, { action: 'Allow', destination: { namespaceSelector: 'global()', selector } },
    ]);
    expect(global(allowTo(sets(partners)))).toEqual([{ action: 'Allow', destination: { selector } }]);
  });

  test('stand beside pods and addresses in rules of their own', () => {
    expect(own(allowTo(anyOf(allOf(SHOP, web), sets(partners, 'shop'), address('192.0.2.0/24')), portRange('TCP', 443)))).toEqual([
      { action: 'Allow', protocol: 'TCP', destination: { selector: `app == 'web' && ${K8S}`, ports: [443] } },
      { action: 'Allow', protocol: 'TCP', destination: { selector: 'projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'', ports: [443] } },
      { action: 'Allow', protocol: 'TCP', destination: { nets: ['192.0.2.0/24'], ports: [443] } },
    ]);
  });

  test('may be narrowed by addresses', () => {
    expect(own(allowTo(allOf(sets(partners, 'data'), not(address('192.0.2.0/24')))))).toEqual([
      {
        action: 'Allow',
        ipVersion: 4,
        destination: { namespaceSelector: 'projectcalico.org/name == \'data\'', selector: 'projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'', notNets: ['192.0.2.0/24'] },
      },
      {
        action: 'Allow',
        ipVersion: 6,
        destination: { namespaceSelector: 'projectcalico.org/name == \'data\'', selector: 'projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'' },
      },
    ]);
  });

  test('mean what was stated', () => {
    const documents = [
      { apiVersion: 'projectcalico.org/v3', kind: 'NetworkSet', metadata: { name: 'x', namespace: 'shop', labels: { role: 'partner' } }, spec: { nets: ['192.0.2.0/24'] } },
      { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata: { name: 'x', labels: { role: 'partner' } }, spec: { nets: ['198.51.100.0/24'] } },
    ];
    const pod: Endpoint = { kind: 'pod', namespace: 'shop', labels: { role: 'partner' }, namespaceLabels: {}, serviceAccount: 'default', address: '10.244.0.1' };
    const answers = (rules: Rule[]) => {
      const set = calico.link(write(policy('egress', rules)).flatMap(document => calico.read(document)), documents);
      return [pod, { kind: 'external' as const, address: '192.0.2.9' }, { kind: 'external' as const, address: '198.51.100.9' }]
        .map(destination => evaluate(set, { source: pod, destination, protocol: 6, port: 80 }, { cidrMatches: ['pod', 'external'] }));
    };
    expect(answers([allowTo(sets(partners, 'shop'))])).toEqual(['denied', 'allowed', 'denied']);
    expect(answers([allowTo(sets(partners))])).toEqual(['denied', 'allowed', 'allowed']);
    expect(answers([denyTo(sets(partners, 'shop')), allowTo(ANY)])).toEqual(['allowed', 'denied', 'allowed']);
  });

  test.each([
    ['by name', sets(undefined), { ref: 'addressSet' as const, name: 'partners' }, 'the network set partners by its name; selectors find sets by labels'],
    ['that are pods too', sets(partners), allOf(SHOP, sets(partners)), 'a rule names a Service'],
  ])('%s are refused', (_, __, expr, detail) => {
    expect(refusal(() => calico.write([policy('egress', [allowTo(expr)])], TARGET))).toContain(detail);
  });

  test('that are left out must be told apart from host endpoints', () => {
    const but = (expr: EndpointExpr) => () => calico.write([policy('egress', [allowTo(not(expr))], GLOBAL)], TARGET);
    expect(refusal(but(sets(partners)))).toContain('network sets apart from host endpoints with the same labels');
    expect(global(allowTo(not(sets(partners, 'data'))))).toEqual([{
      action: 'Allow', destination: { notSelector: 'projectcalico.org/namespace == \'data\' && projectcalico.org/orchestrator != \'k8s\' && role == \'partner\'' },
    }]);
  });
});

describe('host endpoints', () => {
  test.each([
    ['by labels', allOf(HOSTS, labelIn('hostEndpoint', 'role', 'gateway')), '!has(projectcalico.org/namespace) && role == \'gateway\''],
    ['by labels, with pods of the same labels', anyOf(allOf(POD, web), allOf(HOSTS, labelIn('hostEndpoint', 'app', 'web'))), 'app == \'web\''],
    ['by labels, with pods of others', anyOf(allOf(POD, web), allOf(HOSTS, labelExists('hostEndpoint', 'edge'))),
      '!has(projectcalico.org/namespace) && has(edge) || app == \'web\' && has(projectcalico.org/namespace)'],
    ['all of them, with no pod', HOSTS, '!has(projectcalico.org/namespace)'],
    ['by labels, with all pods', anyOf(POD, allOf(HOSTS, labelExists('hostEndpoint', 'edge'))), '!has(projectcalico.org/namespace) && has(edge) || has(projectcalico.org/namespace)'],
  ])('are subjects: %s', (_, subject, selector) => {
    const document = writeOne(policy('ingress', [], { ...GLOBAL, subject }));
    expect(document.spec).toMatchObject({ selector });
    expect(document.spec).not.toHaveProperty('namespaceSelector');
    const [back] = calico.read(document);
    const subjects = ([{ app: 'web' }, { role: 'gateway' }, { edge: '' }, {}] as Record<string, string>[]).flatMap((labels): Endpoint[] => [
      { kind: 'pod', namespace: 'shop', labels, namespaceLabels: {}, serviceAccount: 'x', address: '10.244.0.1' }, { kind: 'hostEndpoint', labels, address: '192.168.7.1' },
    ]);
    const closed = (expr: EndpointExpr) => subjects.map(destination => evaluate(
      { pipeline: [{ name: 'network', stages: [{ id: 'default', combine: 'first-match' }], otherwise: 'allow' }], policies: [{ ...back, subject: expr }] },
      { source: { kind: 'external', address: '192.0.2.1' }, destination, protocol: 6, port: 80 }, { cidrMatches: ['external'] }));
    expect(closed(back.subject)).toEqual(closed(subject));
  });

  test('as a peer are refused where sets with the same labels are not meant', () => {
    expect(refusal(() => calico.write([policy('egress', [allowTo(allOf(HOSTS, labelExists('hostEndpoint', 'edge')))], GLOBAL)], TARGET)))
      .toContain('a selector of a rule that finds host endpoints finds network sets with the same labels too');
    expect(refusal(() => calico.write([policy('egress', [allowTo(allOf(HOSTS, labelExists('hostEndpoint', 'edge')))])], TARGET))).toContain('host endpoints apart from network sets');
  });
});

describe('Services', () => {
  const db: EndpointExpr = { ref: 'service', namespace: 'data', name: 'db' };

  test('stand at the destination of egress and at the source of ingress', () => {
    expect(own(allowTo(db))).toEqual([{ action: 'Allow', destination: { services: { name: 'db', namespace: 'data' } } }]);
    expect(writeOne(policy('ingress', [allowFrom(db, portRange('TCP', 80))])).spec.ingress)
      .toEqual([{ action: 'Allow', protocol: 'TCP', source: { services: { name: 'db', namespace: 'data' } }, destination: { ports: [80] } }]);
  });

  test('stand beside pods in rules of their own', () => {
    expect(own(allowTo(anyOf(SHOP, db)))).toEqual([
      { action: 'Allow', destination: { selector: K8S } }, { action: 'Allow', destination: { services: { name: 'db', namespace: 'data' } } },
    ]);
  });

  test.each([
    ['at the source of egress', rule('allow', db, ANY), 'the Service data/db at the source of egress rules'],
    ['with ports', allowTo(db, portRange('TCP', 80)), 'ports beside a Service, which brings its own'],
    ['with labels', allowTo(allOf(db, labelIn('pod', 'a', 'b'))), 'a reference to a service'],
    ['left out', allowTo(not(db)), 'a reference to a service'],
    ['without a namespace', allowTo({ ref: 'service', name: 'db' }), 'a Service without its name or namespace'],
  ])('%s are refused', (_, refused, detail) => {
    expect(refusal(() => calico.write([policy('egress', [refused])], TARGET))).toContain(detail);
  });
});

/** Every selector over a few labels, as the peer of a rule. */
const tests = fc.oneof(
  fc.constantFrom('app', 'role', 'pcns.team', 'projectcalico.org/namespace', 'projectcalico.org/orchestrator', 'pcsa.duty').map(label => `has(${label})`),
  fc.tuple(fc.constantFrom('app', 'role', 'pcns.team', 'projectcalico.org/namespace', 'projectcalico.org/serviceaccount', 'projectcalico.org/orchestrator'),
    fc.constantFrom('==', '!='), fc.constantFrom('shop', 'web', 'red', 'k8s')).map(([label, op, value]) => `${label} ${op} '${value}'`),
  fc.constantFrom('all()', 'app starts with \'w\'', 'role in {\'web\', \'red\'}', 'app in {}'),
);
const { selectors } = fc.letrec<{ selectors: string }>(tie => ({
  selectors: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: tests },
    { weight: 1, arbitrary: tie('selectors').map(one => `!(${one})`) },
    { weight: 1, arbitrary: fc.tuple(tie('selectors'), fc.constantFrom('&&', '||'), tie('selectors')).map(([a, op, b]) => `(${a}) ${op} (${b})`) },
  ),
}));

test('whatever a selector finds, what is written again finds the same', () => {
  const documents = [
    ['GlobalNetworkSet', undefined, { role: 'web' }, '192.0.2.0/26'],
    ['GlobalNetworkSet', undefined, { app: 'web' }, '192.0.2.64/26'],
    ['NetworkSet', 'shop', { role: 'red' }, '192.0.2.128/26'],
    ['NetworkSet', 'data', { app: 'web' }, '192.0.2.192/26'],
  ].map(([kind, namespace, labels, net], i) => ({ apiVersion: 'projectcalico.org/v3', kind, metadata: { name: `set-${i}`, labels, ...(namespace ? { namespace } : {}) }, spec: { nets: [net] } }));
  const namespaces = ['shop', 'data'].map((name, i) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: i === 0 ? { team: 'red' } : {} } }));
  const pods: Endpoint[] = [['shop', { app: 'web' }], ['shop', { role: 'red' }], ['data', { role: 'web' }], ['data', {}]].map(([namespace, labels], i): Endpoint => ({
    kind: 'pod',
    namespace: namespace as string,
    labels: labels as Record<string, string>,
    namespaceLabels: { 'kubernetes.io/metadata.name': namespace as string, ...(namespace === 'shop' ? { team: 'red' } : {}) },
    serviceAccount: i % 2 ? 'web' : 'default',
    serviceAccountLabels: (i % 2 ? { duty: 'x' } : {}) as Record<string, string>,
    address: `10.244.0.${i}`,
  }));
  const everyone: Endpoint[] = [
    ...pods,
    ...([{}, { app: 'web' }, { role: 'red' }] as Record<string, string>[]).map((labels, i): Endpoint => ({ kind: 'hostEndpoint', labels, address: `192.168.7.${i}` })),
    ...['192.0.2.1', '192.0.2.65', '192.0.2.129', '192.0.2.193', '198.51.100.1'].map((outside): Endpoint => ({ kind: 'external', address: outside })),
  ];
  const answers = (document: unknown) => {
    const set = calico.link(calico.read(document), [...documents, ...namespaces]);
    return everyone.map(destination => evaluate(set, { source: pods[0], destination, protocol: 6, port: 80 }, { cidrMatches: ['pod', 'hostEndpoint', 'external'] }));
  };
  const seen = new Set<string>();
  const place = fc.constantFrom<[string, string | undefined]>(['NetworkPolicy', 'shop'], ['GlobalNetworkPolicy', undefined]);
  const [some, others] = [fc.option(selectors, { nil: undefined }), fc.option(selectors, { nil: undefined, freq: 1 })];
  fc.assert(fc.property(place, some, others, ([kind, namespace], selector, notSelector) => {
    const destination = { ...(selector === undefined ? {} : { selector }), ...(notSelector === undefined ? {} : { notSelector }) };
    const document = {
      apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'x', ...(namespace ? { namespace } : {}) }, spec: { types: ['Egress'], egress: [{ action: 'Allow', destination }] },
    };
    const before = answers(document);
    seen.add(JSON.stringify(before));
    const [written] = write(...calico.read(document));
    expect(answers(written)).toEqual(before);
  }), { numRuns: 500 });
  // It must not always say the same.
  expect(seen.size).toBeGreaterThan(20);
});
