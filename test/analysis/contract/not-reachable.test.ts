import { analysisOf, deployment, namespace, policy, pods, range, sentences, violations } from './support';

const database = policy('shop/database', { ingress: [{ from: [pods('api')], ports: [{ port: 5432 }] }] });
const api = policy('shop/api', { ingress: [{ from: [pods('web')], ports: [{ port: 8080 }] }] });
const web = policy('shop/web', { ingress: [{ from: [range('203.0.113.0/24')], ports: [{ port: 8080 }] }] });
const WORKLOADS = [namespace('shop'), deployment('shop/web'), deployment('shop/api'), deployment('shop/database')];
const shop = analysisOf([...WORKLOADS, web, api, database]);

test('what is reached directly is reachable', () => {
  expect(sentences(shop, 'notReachable: [{ from: shop/api, to: shop/database }]')).toEqual(['shop/api[Deployment] => shop/database[Deployment] : TCP 5432 is allowed']);
});

test('what is reached by way of others is reachable where that is asked for', () => {
  expect(sentences(shop, 'notReachable: [{ from: shop/web, to: shop/database }]')).toEqual([]);
  const [violation, ...others] = violations(shop, 'notReachable: [{ from: shop/web, to: shop/database, transitive: true }]');
  expect(others).toEqual([]);
  expect(violation.sentence).toBe('shop/web[Deployment] => shop/api[Deployment] => shop/database[Deployment] : each connection of this chain is allowed');
  expect(violation.explanations.map(({ source, destination, answer }) => [source, destination, answer])).toEqual([
    ['shop/web[Deployment]', 'shop/api[Deployment]', 'allowed'],
    ['shop/api[Deployment]', 'shop/database[Deployment]', 'allowed'],
  ]);
});

test('addresses outside get on from the first workload that they reach', () => {
  expect(sentences(shop, 'notReachable: [{ from: internet, to: shop/database, transitive: true }]'))
    .toEqual([expect.stringMatching(/^203\.0\.113\.0-203\.0\.113\.255\[External\] => shop\/web.* => shop\/api.* => shop\/database/)]);
  expect(sentences(shop, 'notReachable: [{ from: 198.51.100.0/24, to: shop/database, transitive: true }]')).toEqual([]);
});

test('a chain may end outside', () => {
  const sealed = policy('shop/web', { ingress: [], egress: [{ to: [pods('api')] }] });
  const leaking = analysisOf([...WORKLOADS, sealed, policy('shop/api', { ingress: [{ from: [pods('web')] }], egress: [{ to: [range('203.0.113.0/24')] }] })]);
  expect(sentences(leaking, 'notReachable: [{ from: shop/web, to: 203.0.113.0/24 }]')).toEqual([]);
  expect(sentences(leaking, 'notReachable: [{ from: shop/web, to: 203.0.113.0/24, transitive: true }]'))
    .toEqual(['shop/web[Deployment] => shop/api[Deployment] => 203.0.113.0-203.0.113.255[External] : each connection of this chain is allowed']);
});

test('what may be open is taken for a way, and the chain is unknown', () => {
  const manifests = [...WORKLOADS, web, database, policy('shop/api', { ingress: [{ from: [range('10.0.0.0/8')] }] })];
  expect(violations(analysisOf(manifests, {}), 'notReachable: [{ from: shop/web, to: shop/database, transitive: true }]').map(({ answer }) => answer)).toEqual(['unknown']);
});
