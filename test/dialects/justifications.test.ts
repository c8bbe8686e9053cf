import { dialectModule } from '../../src/dialects';
import { JUSTIFICATION } from '../../src/dialects/justifications';
import { readAny } from '../../src/dialects/link';
import { Policy } from '../../src/model/policy-set';

const line = (value: object): string => JSON.stringify(value);
const read = (document: object): Policy[] => {
  const found = readAny(document);
  return found && 'policies' in found ? [...found.policies] : [];
};
const reasons = (policies: readonly Policy[]) =>
  policies.map(({ justifications, rules }) => [justifications, ...rules.map(rule => rule.justifications)]);

const ingress = [{ from: [{ podSelector: {} }] }, { ports: [{ port: 80 }] }];
const networkPolicy = (text: unknown) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'shop', annotations: { [JUSTIFICATION]: text } },
  spec: { podSelector: {}, ingress },
});
const cilium = (spec: object) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }], ...spec },
});
const calico = (annotations: object) => ({
  apiVersion: 'projectcalico.org/v3',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { ingress: [{ action: 'Allow', metadata: { annotations } }] },
});

test('reasons of all of a policy and of its rules are told apart', () => {
  const text = [line({ because: 'all' }), line({ rules: ['ingress[1]'], statement: 'from anybody', because: 'one', owner: 'me', ticket: 'T-1', reviewBy: '2027-01-31' })].join('\n');
  expect(reasons(read(networkPolicy(text)))).toEqual([
    [[{ because: 'all' }], undefined, [{ statement: 'from anybody', because: 'one', owner: 'me', ticket: 'T-1', reviewBy: '2027-01-31' }]],
  ]);
});

test.each<[string, unknown]>([
  ['other text', 'because it is so'],
  ['no text', { because: 'x' }],
  ['a list', '[{"because":"x"}]'],
  ['a cut line', '{"because":"x'],
  ['null', 'null\n{}'],
  ['no reason', line({ rules: ['ingress[0]'] })],
  ['an unknown field', line({ because: 'x', approved: true })],
  ['a field of a prototype', '{"__proto__":{"because":"x"}}'],
  ['two lines in one', line({ because: 'a\nb' })],
  ['an escape of a terminal', line({ because: 'a\u001b[2J' })],
  ['a turned direction of writing', line({ owner: 'a\u202eb' })],
  ['too long a text', line({ because: 'x'.repeat(501) })],
  ['no day', line({ reviewBy: '2027-02-30' })],
  ['a number', line({ because: 5 })],
  ['no places', line({ rules: 'ingress[0]', because: 'x' })],
  ['a place that is none', line({ rules: ['spec'], because: 'x' })],
  ['no place', line({ rules: [], because: 'x' })],
  ['deep JSON', `{"because":${'['.repeat(50_000)}`],
])('%s is nobody\'s reason', (_, text) => {
  const policies = read(networkPolicy(text));
  expect(reasons(policies)).toEqual([[undefined, undefined, undefined]]);
});

test('a reason of a rule that there is not is nobody\'s', () => {
  expect(reasons(read(networkPolicy(line({ rules: ['ingress[7]', 'egress[0]'], because: 'x' }))))).toEqual([[undefined, undefined, undefined]]);
});

describe('of very much text the first is read, quickly, and the policy is there', () => {
  const numbered = (count: number, fields: (i: number) => object) => Array.from({ length: count }, (_, i) => line(fields(i))).join('\n');

  test('very many reasons', () => {
    const [policy] = read(networkPolicy(numbered(20_000, i => ({ because: `${i}` }))));
    expect(policy.justifications).toHaveLength(100);
    expect(policy.rules).toHaveLength(2);
  });

  test('very many reasons of one rule', () => {
    const [policy] = read(networkPolicy(numbered(20_000, i => ({ rules: ['ingress[1]'], because: `${i}` }))));
    expect(policy.rules.map(({ justifications }) => justifications?.length)).toEqual([undefined, 100]);
  });

  test('one rule, very many times in each line', () => {
    const text = numbered(4, i => ({ rules: Array(4_900).fill('ingress[0]'), because: `x${i}` }));
    expect(reasons(read(networkPolicy(text)))).toEqual([[undefined, [{ because: 'x0' }, { because: 'x1' }, { because: 'x2' }, { because: 'x3' }], undefined]]);
  });

  test('very long text', () => {
    const text = numbered(60, i => ({ rules: Array(4_900).fill('ingress[0]'), because: `x${i}` }));
    const document = cilium({ description: text });
    const [policy] = read(document);
    expect(policy.rules[0].justifications).toEqual([0, 1, 2, 3].map(i => ({ because: `x${i}` })));
    expect(policy.effects).toEqual({ description: text.split('\n').slice(4).join('\n') });
  });

  test('many rules of one place have one list', () => {
    const fromEndpoints = Array.from({ length: 50 }, (_, i) => ({ matchLabels: { app: `a${i}` } }));
    const [{ rules }] = read(cilium({ ingress: [{ fromEndpoints }], description: line({ rules: ['ingress[0]'], because: 'x' }) }));
    expect(new Set(rules.map(({ justifications }) => justifications)).size).toBe(1);
  });
});

test('a description keeps what else it says, and is written as it was', () => {
  const document = cilium({ description: `the team wrote this\n${line({ rules: ['ingress[0]'], because: 'x' })}` });
  const policies = read(document);
  expect(policies[0].effects).toEqual({ description: 'the team wrote this' });
  expect(reasons(policies)).toEqual([[undefined, [{ because: 'x' }]]]);
  expect(dialectModule('cilium').write(policies, TARGET)).toEqual([document]);
});

test('a description of somebody else stays what it is', () => {
  const document = cilium({ description: '{"note": "lets metrics in"}' });
  expect(read(document)[0].effects).toEqual({ description: '{"note": "lets metrics in"}' });
  expect(dialectModule('cilium').write(read(document), TARGET)).toEqual([document]);
});

test('annotations of a rule of Calico keep what is not a reason', () => {
  const policies = read(calico({ 'example.com/a': 'b', [JUSTIFICATION]: line({ because: 'x' }) }));
  expect(policies[0].rules[0]).toMatchObject({ effects: { annotations: { 'example.com/a': 'b' } }, justifications: [{ because: 'x' }] });
  const [written] = dialectModule('calico').write(policies, TARGET) as unknown as [{ spec: { ingress: [{ metadata: object }] } }];
  expect(written.spec.ingress[0].metadata).toEqual({ annotations: { 'example.com/a': 'b', [JUSTIFICATION]: line({ because: 'x' }) } });
  expect(read(calico({ [JUSTIFICATION]: 'somebody else\'s' }))[0].rules[0]).toMatchObject({ effects: { annotations: { [JUSTIFICATION]: 'somebody else\'s' } } });
});

test('the preview of a Kubernetes policy carries them in its annotation', () => {
  const document = {
    ...networkPolicy([line({ because: 'all' }), line({ rules: ['ingress[0]'], because: 'one' })].join('\n')),
    apiVersion: 'projectcalico.org/v3',
    kind: 'StagedKubernetesNetworkPolicy',
  };
  const policies = read(document);
  expect(reasons(policies)).toEqual([[[{ because: 'all' }], [{ because: 'one' }], undefined]]);
  expect(dialectModule('calico').write(policies, TARGET)[0].metadata).toEqual(document.metadata);
});

test('the specs of one policy share the room that an object has', () => {
  const description = Array.from({ length: 80 }, (_, i) => line({ because: `${i}${'x'.repeat(490)}` })).join('\n');
  const policies = (count: number) => read({ ...cilium({}), spec: undefined, specs: Array(count).fill({ ...cilium({}).spec, description }) });
  expect(() => dialectModule('cilium').write(policies(2), TARGET)).not.toThrow();
  expect(() => dialectModule('cilium').write(policies(3), TARGET)).toThrow(/the reasons that one object carries have 1\d{5} bytes, and there is room for 100000/);
});

const TARGET = { cni: 'any', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [], clusterCidrsComplete: true, denyTier: 'netpol-deny' };
