import { Analysis } from '../../../src/analysis/analysis';
import { findParty, remarks } from '../../../src/analysis/find-party';
import { deployment, documents, namespace, pod, service } from '../world/documents';

/** What is said of a question beside its answer. */
function remarksOf(values: readonly unknown[], source: string, destination: string, port: number = 8080): string[] {
  const analysis = Analysis.of(documents(namespace('shop'), ...values));
  const [from, to] = [source, destination].map(text => findParty(analysis, text).parties[0]);
  return remarks(analysis, from, to, { protocol: 6, port });
}

const WEB = deployment('shop/web', { labels: { app: 'web' } });

test('there is nothing to say of two plain workloads', () => {
  expect(remarksOf([WEB, deployment('shop/api')], 'shop/web', 'shop/api')).toEqual([]);
});

test('what a pod sends to itself no policy sees, and a workload may have several pods', () => {
  expect(remarksOf([WEB], 'shop/web', 'shop/web')).toEqual(['what a pod sends to itself never leaves it; this is about two pods of the workload']);
  expect(remarksOf([pod('shop/a')], 'shop/a', 'shop/a')).toEqual(['what a pod sends to itself never leaves it, and no policy is asked']);
});

test('what is on the network of its nodes is no pod to policies', () => {
  const agent = deployment('shop/agent', { spec: { hostNetwork: true } });
  expect(remarksOf([WEB, agent], 'shop/agent', 'shop/web')).toEqual([expect.stringContaining('shop/agent[Deployment] is on the network of its nodes')]);
});

test('clients outside may come through Services and ports of nodes, on the port that these lead to', () => {
  const front = service('shop/front', { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] });
  const inside = service('shop/inside', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] });
  expect(remarksOf([WEB, front, inside], '203.0.113.7', 'shop/web')).toEqual([expect.stringContaining('LoadBalancer Service shop/front has externalTrafficPolicy Cluster')]);
  expect(remarksOf([WEB, front, inside], '203.0.113.7', 'shop/web', 9090)).toEqual([]);
  expect(remarksOf([WEB, front, deployment('shop/api')], 'shop/api', 'shop/web')).toEqual([]);
  const onHost = deployment('shop/web', { spec: { containers: [{ ports: [{ containerPort: 8080, hostPort: 80 }] }] } });
  expect(remarksOf([onHost], '203.0.113.7', 'shop/web')).toEqual([expect.stringContaining('port 80 of its nodes leads to it (hostPort)')]);
});

test('what the API server calls is said, with its place', () => {
  const hook = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'inject' },
    webhooks: [{ clientConfig: { service: { namespace: 'shop', name: 'hook' } } }],
  };
  const values = [WEB, service('shop/hook', { selector: { app: 'web' }, ports: [{ port: 443, targetPort: 8080 }] }), hook];
  expect(remarksOf(values, '203.0.113.7', 'shop/web')).toEqual(['world.yaml:4: the API server calls it for MutatingWebhookConfiguration inject']);
  expect(remarksOf(values, '203.0.113.7', 'shop/web', 1)).toEqual([]);
});

test('the action of Felix is said of what pods send to nodes', () => {
  const felix = { apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'default' }, spec: { defaultEndpointToHostAction: 'Drop' } };
  const agent = pod('shop/agent', { spec: { hostNetwork: true } });
  expect(remarksOf([WEB, agent, felix], 'shop/web', 'shop/agent').at(-1)).toContain('world.yaml:4: defaultEndpointToHostAction Drop of Felix decides');
  expect(remarksOf([WEB, agent, felix], 'shop/agent', 'shop/web')).toHaveLength(1);
});
