import { LabelExpression, NetworkPolicy, Peer, PodSelection, Port } from '../../src';
import { Pod } from '../oracle';
import { flow, outside, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, sound } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const pod = (name: string, labels: Record<string, string>, ip: string): Pod => ({ namespace: 'shop', name, labels, ips: [ip] });
const PODS = [pod('gold', { tier: 'gold' }, '10.0.7.1'), pod('silver', { tier: 'silver' }, '10.0.7.2'), pod('empty', { tier: '' }, '10.0.7.3'), pod('bare', { app: 'bare' }, '10.0.7.4')];
const place = { ...world, pods: [...world.pods, ...PODS] };

function reaching(cluster: ClusterName, selection: PodSelection): string[] {
  const manifests = sound(cluster, ({ chart }) => {
    new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.pods(selection)], ports: [Port.all()] }] });
  }, FACTS);
  // "A pod without the label" is never the internet.
  expect(allowed(cluster, manifests, place, flow(outside, web))).toBe(false);
  return PODS.filter(each => allowed(cluster, manifests, place, flow(each, web))).map(({ name }) => name);
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test.each<[string, LabelExpression[], string[]]>([
    ['one of one', [LabelExpression.oneOf('tier', 'gold')], ['gold']],
    ['one of several', [LabelExpression.oneOf('tier', 'gold', 'silver')], ['gold', 'silver']],
    ['the empty value is a value', [LabelExpression.oneOf('tier', '')], ['empty']],
    ['none of, or absent', [LabelExpression.noneOf('tier', 'gold')], ['silver', 'empty', 'bare']],
    ['none of several', [LabelExpression.noneOf('tier', 'gold', 'silver')], ['empty', 'bare']],
    ['exists', [LabelExpression.exists('tier')], ['gold', 'silver', 'empty']],
    ['does not exist', [LabelExpression.doesNotExist('tier')], ['bare']],
    ['all of what is stated', [LabelExpression.exists('tier'), LabelExpression.noneOf('tier', 'gold')], ['silver', 'empty']],
    ['what contradicts itself', [LabelExpression.exists('tier'), LabelExpression.doesNotExist('tier')], []],
    ['nothing', [], ['gold', 'silver', 'empty', 'bare']],
  ])('%s', (_, expressions, expected) => {
    expect(reaching(cluster, { expressions })).toEqual(expected);
  });

  test('labels and requirements must both hold', () => {
    expect(reaching(cluster, { labels: { tier: 'gold' }, expressions: [LabelExpression.noneOf('tier', 'silver')] })).toEqual(['gold']);
    expect(reaching(cluster, { labels: { tier: 'gold' }, expressions: [LabelExpression.noneOf('tier', 'gold')] })).toEqual([]);
  });

  test('the order of values changes nothing', () => {
    const written = (...values: string[]) => sound(cluster, ({ chart }) => {
      new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.pods({ expressions: [LabelExpression.oneOf('tier', ...values)] })], ports: [Port.HTTP] }] });
    });
    expect(written('b', 'a', 'a')).toEqual(written('a', 'b'));
  });
});

test('a requirement reads like one', () => {
  expect([
    LabelExpression.oneOf('tier', 'web', 'api'), LabelExpression.noneOf('tier', 'web'), LabelExpression.exists('tier'), LabelExpression.doesNotExist('tier'),
  ].map(String)).toEqual(['tier In (web, api)', 'tier NotIn (web)', 'tier Exists', 'tier DoesNotExist']);
});

describe('mistakes', () => {
  test.each<[string, () => unknown, string]>([
    ['no values', () => LabelExpression.oneOf('tier'), 'label "tier": In needs at least one value'],
    ['no values to exclude', () => LabelExpression.noneOf('tier'), 'label "tier": NotIn needs at least one value'],
    ['an empty key', () => LabelExpression.exists(''), 'label key "" is invalid: a name has 1 to 63 letters, digits, "-", "_" or ".", and begins and ends with a letter or digit'],
    ['a key of 64 characters', () => LabelExpression.exists('a'.repeat(64)), 'is invalid: a name has 1 to 63 letters'],
    ['a key that begins with a dash', () => LabelExpression.doesNotExist('-a'), 'label key "-a" is invalid'],
    ['a key with two slashes', () => LabelExpression.exists('a/b/c'), 'label key "a/b/c" has an invalid prefix: it must be a DNS name of at most 253 characters before one "/"'],
    ['a prefix with capitals', () => LabelExpression.exists('Example.com/a'), 'label key "Example.com/a" has an invalid prefix'],
    ['a value with a space', () => LabelExpression.oneOf('tier', 'a b'), 'label value "a b" of "tier" is invalid'],
    ['a value of 64 characters', () => LabelExpression.noneOf('tier', 'a'.repeat(64)), 'a value has at most 63 letters, digits, "-", "_" or "."'],
    ['a value with a quote, which Calico would read', () => LabelExpression.oneOf('tier', 'x\' || all()'), 'is invalid'],
    ['a label of a selection', () => Peer.pods({ labels: { 'tier': 'gold', 'a b': 'c' } }), 'label key "a b" is invalid'],
    ['a value of a selection', () => Peer.pods({ labels: { tier: 'ü' } }), 'label value "ü" of "tier" is invalid'],
  ])('%s: is an error', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
