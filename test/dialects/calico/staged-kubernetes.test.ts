import { TARGET, write } from './support';
import { calico } from '../../../src/dialects/calico';
import { Refusal } from '../../../src/dialects/dialect';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { allOf, labelIn, not, POD } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';

const metadata = { name: 'web', namespace: 'shop' };
const staged = (spec: unknown) => ({ apiVersion: 'projectcalico.org/v3', kind: 'StagedKubernetesNetworkPolicy', metadata, spec });
const enforced = (spec: unknown) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
const problem = (spec: unknown): string => {
  try {
    calico.read(staged(spec));
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocument);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

const SPECS: readonly Record<string, unknown>[] = [
  { podSelector: {}, policyTypes: ['Ingress'] },
  { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
  {
    podSelector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a', 'b'] }, { key: 'x', operator: 'Exists' }] },
    policyTypes: ['Ingress'],
    ingress: [{
      from: [
        { podSelector: { matchLabels: { app: 'api' } } },
        { podSelector: {} },
        { namespaceSelector: {} },
        { namespaceSelector: { matchLabels: { team: 'red' } }, podSelector: { matchLabels: { app: 'api' } } },
        { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
      ],
      ports: [{ protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 53, endPort: 60 }, { protocol: 'TCP', port: 'http' }, { protocol: 'SCTP' }],
    }],
  },
];

describe('the preview of a Kubernetes NetworkPolicy', () => {
  test.each(SPECS)('says what the policy itself would say: %j', spec => {
    const shape = (policies: ReturnType<typeof calico.read>) => policies
      .map(({ direction, subject, isolates, rules }) => [direction, subject, isolates, rules.map(({ action, match }) => ({ action, match }))]);
    expect(shape(calico.read(staged(spec)))).toEqual(shape(kubernetes.read(enforced(spec))));
  });

  test.each(SPECS)('is written as it was: %j', spec => {
    expect(write(...calico.read(staged(spec)))).toEqual([staged(spec)]);
  });

  test('stands where Calico keeps such policies, and decides nothing', () => {
    const policies = calico.read(staged({ podSelector: {}, policyTypes: ['Ingress'] }));
    expect(policies).toMatchObject([{ mode: 'staged', stage: 'default', order: [1000, 'web/shop/StagedKubernetesNetworkPolicy'] }]);
    const pod = { kind: 'pod' as const, namespace: 'shop', labels: {}, serviceAccount: 'default', address: '10.244.0.1' };
    expect(evaluate(calico.link(policies, []), { source: pod, destination: pod, protocol: 6, port: 80 }, { cidrMatches: ['pod'] })).toBe('allowed');
  });

  test('has an action', () => {
    expect(calico.read(staged({ stagedAction: 'Delete' }))).toEqual([]);
    expect(write(...calico.read(staged({ stagedAction: 'Learn', podSelector: {}, policyTypes: ['Ingress'] })))).toEqual([staged({ stagedAction: 'Learn', podSelector: {}, policyTypes: ['Ingress'] })]);
    expect(problem({ stagedAction: 'Delete', podSelector: {} })).toContain('spec.podSelector: must be absent when stagedAction is Delete');
  });

  test('is of ingress, and of egress where it has such rules', () => {
    const directions = (spec: unknown) => calico.read(staged(spec)).map(({ direction }) => direction);
    expect(directions({})).toEqual(['ingress']);
    expect(directions({ egress: [{}] })).toEqual(['ingress', 'egress']);
  });

  test.each([
    [{ podSelector: { matchLabels: { 'a b': 'c' } } }, 'podSelector.matchLabels[a b]'],
    [{ ingress: [{ from: [{}] }] }, 'from[0]: a peer needs podSelector, namespaceSelector or ipBlock'],
    [{ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] }, 'ipBlock may not stand beside a selector'],
    [{ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.1/8' } }] }] }, 'has bits set beyond /8'],
    [{ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }] }] }, '10.0.0.0/8 must be a part of 10.0.0.0/8'],
    [{ ingress: [{ ports: [{ endPort: 80 }] }] }, 'endPort needs a port'],
    [{ ingress: [{ ports: [{ port: 'http', endPort: 80 }] }] }, 'endPort needs a port that is a number'],
    [{ ingress: [{ ports: [{ port: 'a--b' }] }] }, 'ports[0].port'],
    [{ ingress: [{ ports: [{ port: 90, endPort: 80 }] }] }, 'must be a whole number from 90'],
    [{ tier: 'default' }, 'spec.tier: this field is not known here'],
    [undefined, 'spec: must be an object'],
  ])('%j is refused', (spec, said) => {
    expect(problem(spec)).toContain(said);
  });

  test('can say no more than a NetworkPolicy', () => {
    const [policy] = calico.read(staged({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] }));
    const [rule] = policy.rules;
    const match = (more: object) => [{ ...policy, rules: [{ ...rule, match: { ...rule.match, ...more } }] }];
    for (const policies of [
      [{ ...policy, rules: [{ ...rule, action: 'deny' as const }] }],
      [{ ...policy, subject: POD }],
      match({ source: not(labelIn('pod', 'a', 'b')) }),
      match({ source: allOf(POD, { namespace: 'data' }) }),
      match({ source: allOf(POD, { serviceAccount: 'x' }) }),
      match({ destination: allOf(POD, labelIn('pod', 'a', 'b')) }),
      match({ traffic: [{ protocols: [[1, 1]] }] }),
    ]) { expect(() => calico.write(policies, TARGET)).toThrow(Refusal); }
  });
});
