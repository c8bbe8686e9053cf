import { Analysis } from '../../src/analysis/analysis';
import { findParty } from '../../src/analysis/find-party';
import { PROTOCOL_NUMBERS } from '../../src/model/traffic';

/** Cilium knows the addresses of a name by the answers that its DNS proxy saw. */

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } }, spec: { containers: [{ name: 'main' }] } };
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

const policy = (name: string, egress: readonly unknown[], spec: object = {}) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec: { endpointSelector: { matchLabels: { app: 'web' } }, egress, ...spec },
});

const STRIPE = { toFQDNs: [{ matchName: 'api.stripe.com' }] };
const lookUp = (rules: object | undefined, port = '53', protocol = 'ANY') => ({
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: [{ port, protocol }], ...(rules ? { rules } : {}) }],
});
const OF_STRIPE = { dns: [{ matchPattern: '*.stripe.com' }] };

function answer(policies: readonly object[], name = 'api.stripe.com'): string {
  const analysis = Analysis.of([namespace, pod, ...policies].map((value, i) => ({ value, at: `document ${i}` })), { cni: 'cilium' });
  expect(analysis.problems).toEqual([]);
  const [source, destination] = ['shop/web', name].map(text => findParty(analysis, text).parties[0]);
  return analysis.answer(source, destination, { protocol: PROTOCOL_NUMBERS.TCP, port: 443 });
}

test.each<[string, object[], string]>([
  ['without a DNS rule no name is learned', [policy('a', [STRIPE])], 'denied'],
  ['a port for DNS without a rule sends nothing through the proxy', [policy('a', [STRIPE, lookUp(undefined)])], 'denied'],
  ['a rule that covers the name', [policy('a', [STRIPE, lookUp(OF_STRIPE)])], 'allowed'],
  ['a rule of another policy of the same pod', [policy('a', [STRIPE]), policy('b', [lookUp(OF_STRIPE)])], 'allowed'],
  ['a rule that covers other names', [policy('a', [STRIPE, lookUp({ dns: [{ matchName: 'example.com' }] })])], 'denied'],
  ['a rule on another port may be that of a server of names', [policy('a', [STRIPE, lookUp(OF_STRIPE, '5353')])], 'unknown'],
  ['a rule of a policy of other pods', [policy('a', [STRIPE]), policy('b', [lookUp(OF_STRIPE)], { endpointSelector: { matchLabels: { app: 'api' } } })], 'denied'],
  ['what does not isolate hears every name', [policy('a', [STRIPE, lookUp(OF_STRIPE)], { enableDefaultDeny: { egress: false } })], 'allowed'],
])('%s: %#', (_, policies, expected) => {
  expect(answer(policies)).toBe(expected);
});

test('a name that no rule allows is denied, whether or not it is learned', () => {
  expect(answer([policy('a', [STRIPE, lookUp({ dns: [{ matchPattern: '*' }] })])], 'other.stripe.com')).toBe('denied');
});
