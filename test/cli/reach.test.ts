import { cli, deployment, folder, namespace, policy, SHOP } from './support';

const shop = folder(SHOP);
const reach = (...options: string[]) => cli(['reach', shop, '--from', 'shop/web', ...options]);

test('what is reached is said with the shortest path, and the rule of each hop', async () => {
  const { code, stdout, stderr } = await reach();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Blast radius of shop\/web\[Deployment\]: 2 of 2 other workloads\n/);
  expect(stdout).toMatch(new RegExp([
    '  shop/database\\[Deployment\\]',
    '    shop/web\\[Deployment\\] => shop/api\\[Deployment\\] : TCP 8080',
    '    shop/api\\[Deployment\\] => shop/database\\[Deployment\\] : TCP 5432',
    '      egress: NetworkPolicy shop/api, .*policies.yaml:\\d+\\); ingress: NetworkPolicy shop/database, .*policies.yaml:\\d+\\)',
  ].join('\n')));
});

test('hops are bounded', async () => {
  const { stdout } = await reach('--hops', '1');
  expect(stdout).toMatch(/^Blast radius of shop\/web\[Deployment\] within 1 hop: 1 of 2 other workloads\n/);
  expect(stdout).not.toContain('shop/database');
});

test('what is closed has no exits', async () => {
  const { reached } = JSON.parse((await reach('--format', 'json')).stdout);
  expect(reached.map(({ kind }: { kind: string }) => kind)).toEqual(['workload', 'workload']);
});

test('what is open reaches everything: addresses, DNS, metadata and the API server', async () => {
  const open = folder({ 'a.yaml': namespace('shop') + deployment('shop', 'web', 80) });
  const { stdout } = await cli(['reach', open, '--from', 'shop/web', '--format', 'json']);
  const { reached } = JSON.parse(stdout);
  expect(reached.map(({ kind, text, answer }: Record<string, string>) => `${kind} ${text} ${answer}`)).toEqual([
    'range 0.0.0.0-255.255.255.255[External] allowed',
    expect.stringMatching(/^metadata 100\.100\.100\.200 \{metadata of alibaba\} allowed$/),
    expect.stringMatching(/^metadata 169\.254\.169\.254 \{metadata of aws, .*\} allowed$/),
    expect.stringMatching(/^metadata 169\.254\.42\.42 \{metadata of scaleway\} allowed$/),
    'api-server {API server} allowed',
    'dns {cluster DNS} allowed',
  ]);
});

test('DNS is an exit where it is allowed, and the DNS of the manifests is that of the cluster', async () => {
  const dns = `
podSelector: {}
policyTypes: [Egress]
egress:
- to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }]
  ports: [{ port: 53, protocol: UDP }]`;
  const kinds = async (...more: string[]) => {
    const files = folder({ 'a.yaml': [namespace('shop'), deployment('shop', 'web', 80), policy('shop', 'dns', dns), ...more].join('') });
    const { stdout } = await cli(['reach', files, '--from', 'shop/web', '--format', 'json', '--hops', '1']);
    return JSON.parse(stdout).reached.map(({ kind, text, path }: { kind: string; text: string; path: { what: string }[] }) => `${kind} ${text} ${path[0].what}`);
  };
  expect(await kinds()).toEqual(['dns {cluster DNS} UDP 53']);
  const coredns = namespace('kube-system') + deployment('kube-system', 'coredns', 53).replaceAll('app: coredns', 'k8s-app: kube-dns');
  expect(await kinds(coredns)).toEqual(['dns kube-system/coredns[Deployment] UDP 53']);
});

test('names outside are exits', async () => {
  const files = folder({
    'a.yaml': `${namespace('shop')}${deployment('shop', 'web', 80)}---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  endpointSelector: {}
  egress:
    - { toFQDNs: [{ matchName: api.stripe.com }], toPorts: [{ ports: [{ port: "443", protocol: TCP }] }] }
    - toEndpoints: [{ matchLabels: { k8s-app: kube-dns, io.kubernetes.pod.namespace: kube-system } }]
      toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }]
`,
  });
  const { stdout } = await cli(['reach', files, '--from', 'shop/web']);
  expect(stdout).toMatch(/Ways out, by address or name:\n(.*\n)*? {2}api\.stripe\.com\n {4}shop\/web\[Deployment\] => api\.stripe\.com : TCP 443\n/);
});

test('what depends on facts that are missing is marked and counted apart', async () => {
  const files = folder({
    'a.yaml': [deployment('shop', 'web', 80), namespace('other'), deployment('other', 'api', 80), policy('other', 'api', `
podSelector: {}
ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: a } } }] }]`)].join(''),
  });
  const { stdout } = await cli(['reach', files, '--from', 'shop/web']);
  expect(stdout).toMatch(/^Blast radius of shop\/web\[Deployment\]: 0 of 1 other workload; 1 more unknown\n/);
  expect(stdout).toContain('  other/api[Deployment]  (unknown: ');
});

test('as mermaid it is a picture', async () => {
  const { stdout } = await reach('--format', 'mermaid');
  expect(stdout).toBe(`\
flowchart LR
  n0[["shop/web[Deployment]"]]
  n1["shop/api[Deployment]"]
  n2["shop/database[Deployment]"]
  n0 -->|"TCP 8080"| n1
  n1 -->|"TCP 5432"| n2
`);
});

test.each<readonly [string, string, string]>([
  ['an address', '203.0.113.7', '"203.0.113.7" is not one workload; write ns/workload, such as shop/web'],
  ['a Service', 'svc/shop/api', ''],
  ['a workload that is not there', 'shop/wbe', 'there is no workload "shop/wbe"'],
])('from %s', async (_, from, message) => {
  const { code, stderr } = await cli(['reach', shop, '--from', from]);
  expect({ code, stderr }).toEqual(message === '' ? { code: 0, stderr: '' } : { code: 2, stderr: expect.stringContaining(`error: ${message}`) });
});

test('addresses of a family that pods have not are no place that they get to', async () => {
  const six = folder({
    'a.yaml': namespace('shop') + deployment('shop', 'web', 80) + deployment('shop', 'other', 80)
      + policy('shop', 'web', '{ policyTypes: [Egress], egress: [] }')
      + policy('shop', 'other', '{ policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: "2001:db8::/32" } }] }] }'),
  });
  const { stdout } = await cli(['reach', six, '--from', 'shop/web', '--pod-cidr', '10.244.0.0/16', '--cni', 'kubernetes']);
  expect(stdout).toBe('Blast radius of shop/web[Deployment]: 0 of 1 other workload\n');
});
