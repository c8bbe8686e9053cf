import { cli, deployment, folder, namespace, policy, SHOP } from './support';

const shop = folder(SHOP);
const explain = (...options: string[]) => cli(['explain', shop, ...options]);
const web = (...options: string[]) => explain('--from', 'shop/web', ...options);

test('what is allowed is said with the rules of both sides, and ends with 0', async () => {
  const { code, stdout, stderr } = await web('--to', 'shop/api', '--port', '8080/tcp');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed\n');
  expect(stdout).toMatch(/NetworkPolicy shop\/web, .*policies\.yaml:\d+/);
  expect(stdout).toMatch(/NetworkPolicy shop\/api, .*policies\.yaml:\d+/);
});

test('what is denied ends with 1, and so does what is not known', async () => {
  const denied = await web('--to', 'shop/database', '--port', '5432');
  expect(denied.code).toBe(1);
  expect(denied.stdout).toContain('TCP 5432 is denied\n');
  const open = folder({
    'a.yaml': deployment('shop', 'web', 80) + deployment('other', 'api', 80)
    + policy('shop', 'web', 'podSelector: {}\ningress:\n- from: [{ namespaceSelector: { matchLabels: { team: a } } }]'),
  });
  const unknown = await cli(['explain', open, '--from', 'other/api', '--to', 'shop/web']);
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain('TCP 80 is unknown\n');
});

test('the ingress controller is who it is stated to be', async () => {
  const open = folder({
    'a.yaml': deployment('shop', 'web', 80) + policy('shop', 'web', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress:\n- from: [{ namespaceSelector: {} }]'),
  });
  const ask = (...options: string[]) => cli(['explain', open, '--from', '{ingress-controller}', '--to', 'shop/web', ...options]);
  const unknown = await ask();
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain('the namespace of {ingress-controller} (asked for: shop): state which controller it is (--ingress-controller)');
  expect((await ask('--ingress-controller', 'traefik@kube-system')).code).toBe(0);
  expect((await ask('--ingress-controller', 'ingress-nginx@shop')).code).toBe(1);
});

test.each([
  ['8080', 'TCP 8080'], ['8080/tcp', 'TCP 8080'], ['TCP 8080'.split(' ').reverse().join('/'), 'TCP 8080'], ['53/udp', 'UDP 53'], ['http', 'TCP 8080'], ['http/tcp', 'TCP 8080'],
  ['icmp', 'ICMP'], ['icmp/8', 'ICMP type 8 code 0'], ['icmp/3/4', 'ICMP type 3 code 4'],
])('--port %s asks about %s', async (port, traffic) => {
  expect((await web('--to', 'shop/api', '--port', port)).stdout).toContain(`shop/api[Deployment] : ${traffic} is `);
});

test('the port of a Service becomes that of its pods, and may be left out', async () => {
  for (const to of ['svc/shop/api', 'svc/shop/api:http', 'svc/shop/api:80']) {
    const { code, stdout } = await web('--to', to);
    expect({ to, code, line: stdout.split('\n')[0] }).toEqual({ to, code: 0, line: 'shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed' });
  }
  expect((await web('--to', 'svc/shop/api', '--port', '80')).code).toBe(0);
});

test('a Service of which nothing answers is not reached', async () => {
  const files = folder({ ...SHOP, 'z.yaml': '{ apiVersion: v1, kind: Service, metadata: { name: gone, namespace: shop }, spec: { selector: { app: gone }, ports: [{ port: 80 }] } }' });
  const { code, stdout, stderr } = await cli(['explain', files, '--from', 'shop/web', '--to', 'svc/shop/gone']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'shop/web => svc/shop/gone: nothing answers there\n' });
  expect(stderr).toContain('note: Service shop/gone selects no pods (app=gone): nothing answers there\n');
});

test('who answers for a Service without a selector and endpoints is not known', async () => {
  const files = folder({ ...SHOP, 'z.yaml': '{ apiVersion: v1, kind: Service, metadata: { name: own, namespace: shop }, spec: { ports: [{ port: 80 }] } }' });
  expect(await cli(['explain', files, '--from', 'shop/web', '--to', 'svc/shop/own'])).toMatchObject({ code: 1, stdout: 'shop/web => svc/shop/own: who answers there is not known\n' });
});

describe('from outside', () => {
  const open = (type: string, more = '') => folder({
    ...SHOP,
    'z.yaml': `{ apiVersion: v1, kind: Service, metadata: { name: front, namespace: shop }, spec: { type: ${type}, selector: { app: web }, ports: [{ port: 80 }]${more} } }\n`
      + policy('shop', 'clients', 'podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]'),
  });
  const ask = (files: string, from: string, to = 'svc/shop/front:80') => cli(['explain', files, '--from', from, '--to', to, '--port', '80']);

  test('a Service may show the address of a node to its backends', async () => {
    const { code, stdout, stderr } = await ask(open('LoadBalancer'), '203.0.113.1');
    expect(code).toBe(1);
    expect(stdout).toContain('TCP 80 is unknown\n');
    expect(stderr).toContain('note: LoadBalancer Service shop/front has externalTrafficPolicy Cluster');
    expect((await ask(open('LoadBalancer', ', externalTrafficPolicy: Local'), '203.0.113.1')).code).toBe(0);
  });

  test('a Service of the cluster is not reached by itself, which is bad usage', async () => {
    const { code, stderr } = await ask(open('ClusterIP'), '203.0.113.1');
    expect(code).toBe(2);
    expect(stderr).toContain('Service shop/front is of type ClusterIP: from outside the cluster nothing reaches it by itself');
  });

  test.each(['198.51.100.7', '198.51.100.0/24', 'example.com'])('to %s no policy has a say, which is bad usage', async to => {
    const { code, stderr } = await ask(shop, '203.0.113.1', to);
    expect(code).toBe(2);
    expect(stderr).toContain(`203.0.113.1 and ${to} are both outside the cluster`);
  });
});

test('nothing answers on a port of a Service that no container has', async () => {
  const files = folder({ ...SHOP, 'workloads.yaml': SHOP['workloads.yaml'].replace('targetPort: 8080', 'targetPort: grpc') });
  const { code, stdout, stderr } = await cli(['explain', files, '--from', 'shop/web', '--to', 'svc/shop/api']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'shop/web => svc/shop/api: nothing answers there\n' });
  expect(stderr).toContain('note: no container of shop/api[Deployment] has a port named grpc');
});

test('what does not pass is diagnosed, and what passes is not', async () => {
  expect((await web('--to', 'shop/database')).stdout).toContain('\nDiagnosis\n');
  expect((await web('--to', 'shop/api')).stdout).not.toContain('Diagnosis');
  expect(JSON.parse((await web('--to', 'shop/database', '--format', 'json')).stdout).explanations[0].diagnosis.checks).not.toEqual([]);
});

test('of several backends each is explained, and all must be allowed', async () => {
  const two = folder({
    'a.yaml': `${namespace('shop')}${deployment('shop', 'web', 80)}${deployment('shop', 'one', 80)}${deployment('shop', 'two', 80)}`
      .replaceAll(/labels: \{ app: (one|two) \}/g, 'labels: { app: $1, part: back }')
      + '---\n{ apiVersion: v1, kind: Service, metadata: { name: back, namespace: shop }, spec: { selector: { part: back }, ports: [{ port: 80 }] } }\n'
      + policy('shop', 'two', 'podSelector: { matchLabels: { app: two } }\npolicyTypes: [Ingress]'),
  });
  const { code, stdout } = await cli(['explain', two, '--from', 'shop/web', '--to', 'svc/shop/back']);
  expect(code).toBe(1);
  expect(stdout).toContain('shop/one[Deployment] : TCP 80 is allowed\n');
  expect(stdout).toContain('shop/two[Deployment] : TCP 80 is denied\n');
});

test('a request and a DNS name are part of the question', async () => {
  expect((await web('--to', 'shop/api', '--port', '8080', '--http', 'GET /api', '--host', 'api.shop')).stdout).toMatch(/TCP 8080 GET \/api.* is allowed/);
  expect((await web('--to', 'shop/api', '--dns', 'example.com')).stdout).toMatch(/UDP 53 .*example\.com is denied/);
});

test('addresses and names outside are ends too', async () => {
  expect((await web('--to', '203.0.113.7', '--port', '443')).stdout).toContain('203.0.113.7-203.0.113.7[External] : TCP 443 is denied');
  expect((await web('--to', 'api.stripe.com', '--port', '443')).stdout).toContain('api.stripe.com : TCP 443 is denied');
  expect((await explain('--from', '203.0.113.7', '--to', 'shop/web')).stdout).toContain('shop/web[Deployment] : TCP 80 is denied');
});

test('json has the explanations and the notes', async () => {
  const { code, stdout, stderr } = await web('--to', 'shop/api', '--format', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ explanations: [{ source: 'shop/web[Deployment]', answer: 'allowed', sides: [{ direction: 'egress' }, { direction: 'ingress' }] }], notes: expect.any(Array) });
});

test('on a terminal the answer is coloured, and nowhere else', async () => {
  const asked = ['explain', shop, '--from', 'shop/web', '--to', 'shop/api'];
  expect((await cli(asked, { terminal: true })).stdout).toContain('\u001b[32mallowed\u001b[0m');
  expect((await cli([...asked, '--no-color'], { terminal: true })).stdout).not.toContain('\u001b');
  expect((await cli([...asked, '--format', 'json'], { terminal: true })).stdout).not.toContain('\u001b');
});

const HUBBLE = 'Nov 21 04:00:00.000: shop/web-5d8f7c9b6d-abcde:41234 (ID:1) -> shop/api-7c9b6d5d8f-fghij:8080 (ID:2) to-endpoint FORWARDED (TCP Flags: SYN)';

test('a flow that was seen is explained', async () => {
  const { code, stdout, stderr } = await explain('--flow', HUBBLE);
  expect(code).toBe(0);
  expect(stdout).toContain('shop/web[Deployment] => shop/api[Deployment] : TCP 8080');
  expect(stderr).not.toContain('the cluster has other policies');
});

test('a flow that fared otherwise than the manifests say is noted', async () => {
  const { code, stderr } = await explain('--flow', HUBBLE.replace('to-endpoint FORWARDED', 'Policy denied DROPPED'));
  expect(code).toBe(0);
  expect(stderr).toContain('note: the flow was dropped in the cluster, and by these manifests it is allowed: the cluster has other policies');
});

test.each<readonly [string, readonly string[], string]>([
  ['one end only', ['--from', 'shop/web'], 'state both --from and --to'],
  ['a flow beside an end', ['--flow', HUBBLE, '--from', 'shop/web'], '--flow says what --from would'],
  ['a flow that is none', ['--flow', 'hello'], '"hello" is no flow of Hubble or Goldmane'],
  ['a workload that is not there', ['--from', 'shop/wbe', '--to', 'shop/api'], 'there is no workload "shop/wbe"'],
  ['a Service that is not there', ['--from', 'shop/web', '--to', 'svc/shop/apo'], 'there is no Service "shop/apo"'],
  ['no port where there is no saying which', ['--from', 'shop/web', '--to', '203.0.113.7'], 'state --port: 203.0.113.7-203.0.113.7[External] states no port'],
  ['a port that is none', ['--from', 'shop/web', '--to', 'shop/api', '--port', '0'], '--port: "0/tcp": port 0 is not a number from 1 to 65535'],
  ['a port that the Service does not have', ['--from', 'shop/web', '--to', 'svc/shop/api', '--port', '81/tcp'], 'Service shop/api has no port "81"; it has 80 (http)'],
  ['a range of ports', ['--from', 'shop/web', '--to', 'shop/api', '--port', '80-90'], '--port 80-90: ask about one port'],
  ['a name that no port has', ['--from', 'shop/web', '--to', 'shop/api', '--port', 'grpc'], '--port grpc: shop/api[Deployment] has no port of that name'],
  ['a request that is none', ['--from', 'shop/web', '--to', 'shop/api', '--http', '/api'], '--http: "/api" is no request'],
])('%s is bad usage', async (_, options, message) => {
  const { code, stdout, stderr } = await explain(...options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`error: ${message}`);
});
