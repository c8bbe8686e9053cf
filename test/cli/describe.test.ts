import { cli, folder, SHOP } from './support';

const shop = folder(SHOP);

test('a workload is described: who selects it, and what that closes and allows', async () => {
  const { code, stdout, stderr } = await cli(['describe', shop, 'shop/api']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('shop/api[Deployment]');
  expect(stdout).toContain('NetworkPolicy shop/api');
  expect(stdout).toContain('NetworkPolicy shop/deny');
  expect(stdout).not.toContain('NetworkPolicy shop/database');
});

test('json is the same as data', async () => {
  const { code, stdout } = await cli(['describe', shop, 'shop/api', '--format', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ workload: 'shop/api[Deployment]', directions: [{ direction: 'ingress', isolated: 'yes' }, { direction: 'egress', isolated: 'yes' }], notes: [] });
});

test('of manifests in several folders', async () => {
  const [some, others] = [folder({ 'a.yaml': SHOP[Object.keys(SHOP)[0]] }), folder(SHOP)];
  expect((await cli(['describe', some, others, 'shop/api'])).stdout).toContain('NetworkPolicy shop/api');
});

test('from standard input', async () => {
  const { code, stdout } = await cli(['describe', '-', 'shop/web'], { stdin: Object.values(SHOP).join('') });
  expect(code).toBe(0);
  expect(stdout).toContain('shop/web[Deployment]');
});

test.each([['shop/none', 'there is no workload "shop/none"'], ['203.0.113.7', '"203.0.113.7" is not one workload']])('%s is bad usage', async (name, message) => {
  const { code, stdout, stderr } = await cli(['describe', shop, name]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`error: ${message}`);
});
