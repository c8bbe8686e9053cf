import { cli, deployment, folder, namespace, policy, SHOP } from './support';
import { LIST_FORMATS } from '../../src/report/list/list-report';

const shop = folder(SHOP);
const list = (...options: string[]) => cli(['list', shop, ...options]);

const LINES = 'shop/api[Deployment] => shop/database[Deployment] : TCP 5432\nshop/web[Deployment] => shop/api[Deployment] : TCP 8080\n';

test('connections are listed, and a note says that the world is closed', async () => {
  const { code, stdout, stderr } = await list();
  expect({ code, stdout }).toEqual({ code: 0, stdout: LINES });
  expect(stderr).toMatch(/^note: the world is taken to be closed: /);
  expect((await list('--quiet')).stderr).toBe('');
});

test('json stays an array, with the notes on stderr', async () => {
  const { stdout, stderr } = await list('--format', 'json');
  expect(JSON.parse(stdout)).toEqual([
    { src: 'shop/api[Deployment]', dst: 'shop/database[Deployment]', conn: 'TCP 5432' },
    { src: 'shop/web[Deployment]', dst: 'shop/api[Deployment]', conn: 'TCP 8080' },
  ]);
  expect(stderr).toContain('note: the world');
});

test('what is unknown is told once for each reason, beside the list', async () => {
  const host = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: agent, namespace: shop }\nspec: { selector: { matchLabels: { app: agent } }, '
    + 'template: { metadata: { labels: { app: agent } }, spec: { hostNetwork: true, containers: [{ name: main, image: main }] } } }\n';
  const { stdout, stderr } = await cli(['list', folder({ ...SHOP, 'host.yaml': host }), '--format', 'json']);
  expect(JSON.parse(stdout)).toContainEqual({ src: 'shop/agent[DaemonSet]', dst: 'shop/web[Deployment]', conn: 'Unknown All Connections' });
  const reasons = stderr.split('\n').filter(line => line.startsWith('note: Unknown'));
  expect(reasons.filter(line => line.includes('where the source is on the node of the other end, allowed'))).toHaveLength(1);
  expect(reasons[0]).toContain('shop/agent[DaemonSet] is on the network of a node');
});

test('a quiet list has no notes in any format', async () => {
  expect((await list('--format', 'md', '--quiet')).stdout).not.toContain('taken to be closed');
  expect((await list('--format', 'md')).stdout).toContain('taken to be closed');
});

test.each(LIST_FORMATS)('%s is a format', async format => {
  const { code, stdout } = await list('--format', format);
  expect(code).toBe(0);
  expect(stdout).toMatch(/database\[Deployment\]/);
});

test('a list is of one namespace or one workload, where it is asked for', async () => {
  expect((await list('--workload', 'shop/web')).stdout).toBe('shop/web[Deployment] => shop/api[Deployment] : TCP 8080\n');
  expect((await list('-w', 'shop/web', '-w', 'shop/database')).stdout).toBe(LINES);
  expect((await list('--namespace', 'shop')).stdout).toBe(LINES);
});

test('--exposure says who else could come', async () => {
  expect((await list('--exposure')).stdout).toContain('Exposure Analysis Result:');
});

test('what is skipped is counted', async () => {
  const files = folder({ ...SHOP, 'z.yaml': '{ apiVersion: example.com/v1, kind: Widget, metadata: { name: a } }\n---\n{ apiVersion: example.com/v1, kind: Widget, metadata: { name: b } }\n' });
  expect((await cli(['list', files])).stderr).toMatch(/^note: skipped, since their kinds are not known here: 2 .*Widget/m);
});

test('policies of an enforcer that is not evaluated are named', async () => {
  const files = folder({ ...SHOP, 'z.yaml': '{ apiVersion: crd.antrea.io/v1beta1, kind: NetworkPolicy, metadata: { name: a, namespace: shop }, spec: {} }' });
  const { code, stderr } = await cli(['list', files]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^problem: .*NetworkPolicy shop\/a of crd\.antrea\.io .*not evaluated/m);
});

test('a policy that cannot be read is a problem with its place, and the rest is listed', async () => {
  const files = folder({ ...SHOP, 'z.yaml': policy('shop', 'broken', 'podSelector: {}\nigress: []') });
  const { code, stdout, stderr } = await cli(['list', files]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: LINES });
  expect(stderr).toMatch(/^problem: .*z\.yaml:7: .*igress/m);
});

test('a file that is no YAML is a problem with its line', async () => {
  const files = folder({ ...SHOP, 'z.yaml': 'kind: [\n' });
  const { code, stdout, stderr } = await cli(['list', files]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: LINES });
  expect(stderr).toMatch(/^problem: .*z\.yaml:\d+: /m);
});

test('the CNI follows from the kinds of policies, and may be stated', async () => {
  const pod = (name: string, address: string) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: main }] }
status: { podIP: ${address}, podIPs: [{ ip: ${address} }] }
`;
  const files = folder({
    'a.yaml': [namespace('shop'), pod('web', '10.0.0.1'), pod('api', '10.0.0.2'),
      policy('shop', 'web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 10.0.0.2/32 } }] }]')].join(''),
  });
  expect((await cli(['list', files])).stdout).toContain('shop/web[Pod] => shop/api[Pod] : All Connections');
  expect((await cli(['list', files, '--cni', 'cilium@1.18'])).stdout).not.toContain('shop/web[Pod] => shop/api[Pod]');
});

test('several paths and standard input are read together', async () => {
  const files = Object.fromEntries(Object.entries(SHOP).map(([name, text]) => [name, folder({ [name]: text })]));
  const { code, stdout } = await cli(['list', files['workloads.yaml'], '-'], { stdin: SHOP['policies.yaml'] });
  expect({ code, stdout }).toEqual({ code: 0, stdout: LINES });
});

test('names of other people do not reach the terminal as they are', async () => {
  const hostile = JSON.stringify('web\u001b[31m\u0007\u202e\nshop/forged[Deployment] => shop/api[Deployment] : TCP 1');
  const files = folder({ 'a.yaml': deployment('shop', 'api', 80) + deployment('shop', hostile, 80).replaceAll(`app: ${hostile}`, 'app: web') });
  for (const format of LIST_FORMATS) {
    const { stdout, stderr } = await cli(['list', files, '--format', format], { terminal: true });
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(`${stdout}${stderr.replaceAll(/\u001b\[31mproblem:\u001b\[0m/g, '')}`).not.toMatch(/[\u0007\u001b\u202e]/);
    // In CSV a line feed in quotation marks is no end of a row.
    if (format !== 'csv') { expect(stdout).not.toMatch(/^shop\/forged/m); }
  }
});

test.each([
  ['--namespace', 'none', '--namespace: there is no namespace "none" in the input; there are shop'],
  ['--workload', 'shop/wbe', 'there is no workload "shop/wbe"'],
  ['--workload', '203.0.113.7', '--workload: "203.0.113.7" is no workload'],
])('%s of what is not there is bad usage: a list of nothing would look like one of no connections', async (option, value, message) => {
  const { code, stdout, stderr } = await list(option, value);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`error: ${message}`);
});

test('a CNI that is stated without a version is the newest that is known, as one that is found', async () => {
  const denied = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: closed }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  ingress: [{ action: Deny, from: [{ namespaces: {} }] }]
`;
  const files = folder({ 'a.yaml': `${namespace('shop')}${deployment('shop', 'web', 80)}${deployment('shop', 'api', 80)}---\n${denied}` });
  const listed = async (cni: string) => (await cli(['list', files, '--cni', cni])).stdout.includes('shop/web[Deployment] => shop/api[Deployment]');
  // Calico enforces it since 3.32.
  expect([await listed('calico'), await listed('calico@3.32'), await listed('calico@3.31')]).toEqual([false, false, true]);
});
