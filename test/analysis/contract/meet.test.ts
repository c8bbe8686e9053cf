import { analysisOf, namespace, policy, sentences } from './support';

/** Ends between which nothing ever travels. */

const pod = (place: string, ip: string, hostNetwork = false) => {
  const [own, name] = place.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: own, labels: { app: name } },
    spec: { nodeName: 'n2', hostNetwork, containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 8080 }] }] },
    status: { podIP: ip },
  };
};
const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n2' }, status: { addresses: [{ type: 'InternalIP', address: '192.168.0.2' }] } };
const shop = analysisOf([
  namespace('a'), namespace('b'), NODE, pod('a/web', '10.0.0.1'), pod('b/api', '10.0.1.2'), pod('b/agent', '192.168.0.2', true),
  policy('b/api', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } }, podSelector: { matchLabels: { app: 'web' } } }] }] }),
]);

test('only: who is on the network of the node of the subject always reaches it, and is not judged', () => {
  expect(sentences(shop, 'only: [{ from: a/web, to: b/api }]')).toEqual([]);
});

test('what a pod sends to itself never leaves it', () => {
  expect(sentences(shop, 'deny: [{ from: b/api, to: b/api }]')).toEqual(['b/api and b/api never meet: what a pod sends to itself never leaves it']);
});
