import { LabelExpression, Namespaces, NetworkPolicy, Peer, Port } from '../../src';
import { Pod } from '../oracle';
import { api, db, dns, flow, outside, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, sound } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const SOURCES: Readonly<Record<string, Pod>> = { 'shop': api, 'data': db, 'kube-system': dns };

/** The namespaces whose pods reach web. */
function reaching(cluster: ClusterName, namespaces: Namespaces): string[] {
  const manifests = sound(cluster, ({ chart }) => {
    new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.namespaces(namespaces)], ports: [Port.all()] }] });
  }, FACTS);
  expect(allowed(cluster, manifests, world, flow(outside, web))).toBe(false);
  return Object.keys(SOURCES).filter(name => allowed(cluster, manifests, world, flow(SOURCES[name], web)));
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  // shop is labelled team=red, data team=blue, kube-system has no such label.
  test.each<[string, Namespaces, string[]]>([
    ['one by name', Namespaces.named('data'), ['data']],
    ['several by name', Namespaces.named('data', 'kube-system'), ['data', 'kube-system']],
    ['one that does not exist', Namespaces.named('nowhere'), []],
    ['every one', Namespaces.all(), ['shop', 'data', 'kube-system']],
    ['the policy\'s own', Namespaces.same(), ['shop']],
    ['one that is named like a word of ours', Namespaces.named('all', 'same'), []],
    ['by a label', Namespaces.labeled({ labels: { team: 'blue' } }), ['data']],
    ['by one of several values', Namespaces.labeled({ expressions: [LabelExpression.oneOf('team', 'blue', 'red')] }), ['shop', 'data']],
    ['by the presence of a label', Namespaces.labeled({ expressions: [LabelExpression.exists('team')] }), ['shop', 'data']],
    ['by the absence of a label', Namespaces.labeled({ expressions: [LabelExpression.doesNotExist('team')] }), ['kube-system']],
    ['by other values, or none', Namespaces.labeled({ expressions: [LabelExpression.noneOf('team', 'red')] }), ['data', 'kube-system']],
    ['by everything that is stated', Namespaces.labeled({ labels: { team: 'red' }, expressions: [LabelExpression.noneOf('team', 'red')] }), []],
  ])('%s', (_, namespaces, expected) => {
    expect(reaching(cluster, namespaces)).toEqual(expected);
  });
});

describe('mistakes', () => {
  test.each<[string, () => Namespaces, string]>([
    ['no names', () => Namespaces.named(), 'no namespaces are named, which never means all of them; name at least one, or say Namespaces.all()'],
    ['an empty name', () => Namespaces.named(''), 'namespace "" is invalid'],
    ['a name with capitals', () => Namespaces.named('shop', 'Data'), 'namespace "Data" is invalid'],
    ['a name with a dot', () => Namespaces.named('a.b'), 'namespace "a.b" is invalid'],
    ['a name of 64 characters', () => Namespaces.named('a'.repeat(64)), 'has 64 characters; at most 63 are allowed'],
    ['no labels', () => Namespaces.labeled({}), 'no namespace labels are stated, which never means all namespaces; state some, or say Namespaces.all()'],
    ['empty labels', () => Namespaces.labeled({ labels: {}, expressions: [] }), 'no namespace labels are stated'],
    ['a label that is none', () => Namespaces.labeled({ labels: { 'a b': 'c' } }), 'label key "a b" is invalid'],
  ])('%s: is an error', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
