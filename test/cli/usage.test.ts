import { cli, folder, SHOP } from './support';
import { version } from '../../package.json';

const shop = folder(SHOP);
const OPTIONS = ['--from', 'shop/web'];

test('--version is that of the package', async () => {
  expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([[['--help']], [['help']], [['list', '--help']], [['help', 'list']]])('%j prints help on stdout, with examples and exit codes', async argv => {
  const { code, stdout, stderr } = await cli(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: cdk8s-netpol /);
  expect(stdout).toMatch(/^Examples:\n {2}\$ cdk8s-netpol /m);
  expect(stdout).toMatch(/^Exit codes:\n {2}0 {2}/m);
});

test.each(['list', 'explain', 'describe', 'reach', 'diff', 'check'])('the examples in the help of %s are of that command', async command => {
  const { stdout } = await cli([command, '--help']);
  const examples = stdout.split('\n').filter(line => line.startsWith('  $ '));
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) { expect(example).toContain(`cdk8s-netpol ${command} `); }
});

test.each<readonly [string, readonly string[], string]>([
  ['nothing at all', [], 'Usage: cdk8s-netpol'],
  ['a command that is not known', ['lsit', shop], "unknown command 'lsit'\n(Did you mean list?)"],
  ['an option that is not known', ['list', shop, '--formt', 'json'], "unknown option '--formt'\n(Did you mean --format?)"],
  ['no path', ['list'], "missing required argument 'path'"],
  ['one path for diff', ['diff', shop], "missing required argument 'new'"],
  ['three paths for diff', ['diff', shop, shop, shop], 'too many arguments'],
  ['describe without a workload', ['describe', shop], 'state the manifests and then the workload'],
  ['a format that is not known', ['list', shop, '--format', 'xml'], "argument 'xml' is invalid. Allowed choices are text, json, csv, md, dot, mermaid, html."],
  ['a format of another command', ['reach', shop, ...OPTIONS, '--format', 'csv'], 'Allowed choices are text, json, mermaid.'],
  ['reach without --from', ['reach', shop], "required option '--from <ns/workload>' not specified"],
  ['no hops', ['reach', shop, ...OPTIONS, '--hops', '0'], 'Use a number from 1, or all.'],
  ['check without a contract', ['check', shop], "required option '-c, --contract <file>' not specified"],
  ['no changes', ['check', shop, '-c', 'x', '--mutate-limit', 'many'], 'Use a number from 1.'],
  ['more than everything', ['check', shop, '-c', 'x', '--mutate', '--mutate-min', '101'], 'Use a number from 0 to 100.'],
  ['a change that is not known', ['diff', shop, shop, '--fail-on', 'more'], 'Allowed choices are opened, closed, any.'],
  ['a value that is missing', ['list', shop, '--cni'], "option '--cni <name[@version][+option]>' argument missing"],
])('%s is bad usage', async (_, argv, message) => {
  const { code, stdout, stderr } = await cli(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test.each<readonly [string, readonly string[], string]>([
  ['a CNI that is not known', ['list', shop, '--cni', 'cillium'], '--cni: CNI "cillium" is not known; use one of kubernetes, cilium, calico'],
  ['a CNI without a version after its @', ['list', shop, '--cni', 'calico@'], '--cni: "calico@": state a name, such as calico'],
  ['an option that the CNI does not have', ['list', shop, '--cni', 'calico+hostFirewall'], '--cni: calico has no option "hostFirewall"'],
  ['a mesh that is not known', ['list', shop, '--mesh', 'istio'], '--mesh: mesh "istio" is not known; use one of none, istio-sidecar, istio-ambient, linkerd'],
  ['a range that is none', ['list', shop, '--pod-cidr', '10.0.0.1/8'], '--pod-cidr: "10.0.0.1/8" has bits set beyond /8; did you mean "10.0.0.0/8"'],
  ['a range without a length', ['list', shop, '--node-cidr', '10.0.0.1'], '--node-cidr: '],
  ['an ingress controller that is not known', ['list', shop, '--ingress-controller', 'haproxy'], '--ingress-controller: ingress controller "haproxy" is not known; use one of ingress-nginx'],
  ['a range of Services that is none', ['list', shop, '--service-cidr', '10.96.0.1/12'], '--service-cidr: "10.96.0.1/12" has bits set beyond /12'],
  ['standard input twice', ['diff', '-', '-'], 'standard input (-) is named twice'],
  ['a contract that is not there', ['check', shop, '-c', `${shop}/none.yaml`], 'cannot read the contract'],
  ['a least score without a score', ['check', shop, '-c', `${shop}/none.yaml`, '--mutate-min', '5'], '--mutate-min needs --mutate'],
])('%s is bad input, said in one sentence', async (_, argv, message) => {
  const { code, stdout, stderr } = await cli(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`error: ${message}`);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('where nothing can be read there is nothing to say', async () => {
  const { code, stdout, stderr } = await cli(['reach', `${shop}/none`, '--from', 'shop/web']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`problem: ${shop}/none: there is no such file or folder\nerror: there is nothing to analyse\n`);
  const other = folder({ 'values.yaml': 'replicas: 3\n' });
  expect((await cli(['reach', other, '--from', 'shop/web'])).stderr).toContain(`problem: ${other}: there is no object of Kubernetes in it\n`);
});
