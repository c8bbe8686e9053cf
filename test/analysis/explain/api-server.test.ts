import { cli, deployment, folder, namespace, policy } from '../../cli/support';

const shop = folder({
  'a.yaml': namespace('shop') + deployment('shop', 'web', 80) + policy('shop', 'web', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.5/32 } }] }] }'),
});
const explain = (...options: string[]) =>
  cli(['explain', shop, '--from', 'shop/web', '--to', '{API server}', '--port', '443', '--cni', 'kubernetes', '--pod-cidr', '10.244.0.0/16', ...options]);

test('what is missing about the API server is its address, whatever is known of nodes', async () => {
  for (const options of [[], ['--node-cidr', '10.0.0.0/20']]) {
    const { stdout } = await explain(...options);
    expect(stdout).toContain('{API server} : TCP 443 is unknown');
    expect(stdout).toContain('state it (--api-server-cidr)');
    expect(stdout).not.toContain('--node-cidr');
  }
});

test('with its address it is decided', async () => {
  expect((await explain('--api-server-cidr', '10.0.0.5/32')).stdout).toContain('TCP 443 is allowed');
  expect((await explain('--api-server-cidr', '10.0.0.6/32', '--node-cidr', '10.0.0.0/20')).stdout).toContain('TCP 443 is denied');
  expect((await explain('--api-server-cidr', '10.0.0.5')).stderr).toContain('--api-server-cidr: ');
});

test('one of several that it may be is told in words', async () => {
  const { stdout } = await explain('--cni', 'cilium');
  expect(stdout).toContain('where the destination is outside the cluster: unknown');
  expect(stdout).toContain('where the destination is on the node of the other end: denied');
  expect(stdout).not.toMatch(/is of all|is a external/);
});
