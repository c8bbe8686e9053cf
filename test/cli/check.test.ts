import * as fs from 'fs';
import * as path from 'path';
import { cli, folder, policy, SHOP } from './support';

const HOLDS = `
version: 1
allow:
- { from: shop/web, to: shop/api, port: 8080/tcp }
deny:
- { from: shop/web, to: shop/database }
`;
const VIOLATED = `
version: 1
deny:
- { from: shop/web, to: shop/api, because: nobody should }
allow:
- { from: shop/web, to: shop/database, port: 5432/tcp }
`;
const shop = folder({ ...SHOP, 'contracts/holds.contract': HOLDS, 'contracts/violated.contract': VIOLATED, 'contracts/broken.contract': 'version: 1\nalow: []\n' });
const manifests = [path.join(shop, 'workloads.yaml'), path.join(shop, 'policies.yaml')];
const contract = (name: string): string => path.join(shop, 'contracts', `${name}.contract`);
const check = (name: string, ...options: string[]) => cli(['check', ...manifests, '-c', contract(name), ...options]);

test('what holds ends with 0, and a line for each statement', async () => {
  const { code, stdout, stderr } = await check('holds');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ok {5}allow shop\/web => shop\/api : TCP 8080 {2}\(.*holds\.contract:4\)\nok {5}deny /);
  expect(stdout).toMatch(/\n2 statements: 2 hold\n$/);
});

test('what is violated ends with 1, and the reason', async () => {
  const { code, stdout } = await check('violated');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAILED deny shop\/web => shop\/api/m);
  expect(stdout).toContain('stated because: nobody should');
  expect(stdout).toMatch(/NetworkPolicy shop\/api, .*policies\.yaml:\d+/);
  expect(stdout).toMatch(/\n2 statements: 0 hold, 2 do not\n$/);
});

test('on a CNI that enforces nothing every deny is violated, and that is said loudly', async () => {
  const { code, stdout, stderr } = await check('holds', '--cni', 'flannel');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok {5}allow shop\/web => shop\/api/m);
  expect(stdout).toMatch(/^FAILED deny shop\/web => shop\/database/m);
  expect(stdout).toContain('it is ignored: flannel does not enforce rules for what comes in');
  expect(stderr).toContain('NOTHING IS ENFORCED, and what only a NetworkPolicy would stop passes (4 in the input): Flannel enforces no network policy');
});

test('what the CNI may not enforce as stated is not known, and no statement about it holds', async () => {
  const named = folder({ 'a.yaml': SHOP['workloads.yaml'] + policy('shop', 'api', 'podSelector: {}\ningress:\n- ports: [{ port: http }]') });
  const text = folder({ 'a.contract': 'version: 1\ndeny:\n- { from: shop/web, to: shop/api, port: 22/tcp }\n- { from: shop/web, to: shop/api, port: 22/udp }\n' });
  const { code, stdout, stderr } = await cli(['check', named, '-c', path.join(text, 'a.contract'), '--cni', 'ovn-kubernetes']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAILED deny shop\/web => shop\/api : TCP 22/m);
  expect(stdout).toMatch(/^ok {5}deny shop\/web => shop\/api : UDP 22/m);
  expect(stdout).toContain('ovn-kubernetes does not enforce ports by name (a name opens every port of its protocol), see https://');
  expect(stderr).toMatch(/NetworkPolicy shop\/api may not be enforced as it says.*: ovn-kubernetes does not enforce ports by name/);
  expect((await cli(['check', named, '-c', path.join(text, 'a.contract'), '--cni', 'calico'])).code).toBe(0);
});

test('a contract that cannot be read is judged no further', async () => {
  const { code, stdout, stderr } = await check('broken');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^problem: .*broken\.contract:2: .*alow/m);
});

test('manifests that cannot be read in full prove nothing, though every statement holds', async () => {
  const broken = folder({ ...SHOP, 'z.yaml': 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: z, namespace: shop }\nspec:\n  podSelector: {}\n  ingress: 5\n' });
  const { code, stdout, stderr } = await cli(['check', broken, '-c', contract('holds')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/problem: .*z\.yaml:6: .*ingress/);
  expect(stdout).toContain('2 statements: 2 hold\nnot all of the input could be read (1 problem), so nothing is proven\n');
  const { stdout: json } = await cli(['check', broken, '-c', contract('holds'), '--format', 'json']);
  expect(JSON.parse(json)).toMatchObject({ holds: false, problems: [{ at: expect.stringContaining('z.yaml:6') }] });
});

test('as JUnit, a violation is a failure with the reason', async () => {
  const { code, stdout } = await check('violated', '--format', 'junit');
  expect(code).toBe(1);
  expect(stdout).toMatch(/<testsuites name="cdk8s-netpol check" tests="2" failures="2" errors="0">/);
  expect(stdout).toMatch(/<failure message="[^"]+" type="failure">[^<]*NetworkPolicy shop\/api/);
});

test('as SARIF, a violation is at the rule that lets it happen', async () => {
  const { code, stdout } = await check('violated', '--format', 'sarif');
  expect(code).toBe(1);
  const [{ results }] = JSON.parse(stdout).runs;
  const denied = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'contract-deny');
  const { artifactLocation: { uri }, region: { startLine } } = denied.locations[0].physicalLocation;
  const lines = fs.readFileSync(decodeURIComponent(uri.replace('file://', '')), 'utf8').split('\n');
  expect(lines.slice(0, startLine).reverse().find(line => line.startsWith('metadata'))).toContain('name: web');
  expect(lines[startLine - 1]).toContain('to: [');
  expect(JSON.stringify(denied.relatedLocations)).toContain('violated.contract');
});

test('--mutate names the changes that the contract does not notice, and their share', async () => {
  const { code, stdout } = await check('holds', '--mutate');
  expect(code).toBe(0);
  expect(stdout).toMatch(/mutation score: \d+% \(\d+ of \d+\)\n/);
  expect(stdout).toMatch(/^ {2}.*policies\.yaml:32 {2}drop-policy {2}NetworkPolicy shop\/database: leave it out$/m);
  expect(await check('holds', '--mutate')).toEqual({ code, stdout, stderr: '' });
});

test('the score is a number of the JSON, with the survivors', async () => {
  const { mutation } = JSON.parse((await check('holds', '--mutate', '--format', 'json')).stdout);
  expect(mutation.score).toBe(mutation.caught / (mutation.caught + mutation.survivors.length));
  expect(mutation.survivors[0]).toEqual({ operator: expect.any(String), edit: expect.any(String), at: expect.stringContaining('policies.yaml:') });
});

test('changes are bounded, and that is said', async () => {
  expect((await check('holds', '--mutate', '--mutate-limit', '3')).stdout).toMatch(/^3 changes tried of \d+, picked evenly/m);
});

test('a least score is held', async () => {
  expect((await check('holds', '--mutate', '--mutate-min', '1')).code).toBe(0);
  const { code, stdout } = await check('holds', '--mutate', '--mutate-min', '100');
  expect(code).toBe(1);
  expect(stdout).toMatch(/mutation score: .*, 100% wanted\n/);
  expect((await check('holds', '--mutate', '--mutate-min', '100', '--format', 'junit')).stdout).toMatch(/<testsuite name="mutation" tests="1" failures="1"/);
});

test('a contract that does not hold is not tested', async () => {
  const { code, stdout } = await check('violated', '--mutate');
  expect(code).toBe(1);
  expect(stdout).toContain('mutation score: not tried, since the contract does not hold as it is\n');
});

test('results are coloured on a terminal', async () => {
  const { stdout } = await cli(['check', ...manifests, '-c', contract('violated')], { terminal: true });
  expect(stdout).toContain('\u001b[31mFAILED\u001b[0m');
});

test('the contract may come from standard input', async () => {
  expect((await cli(['check', ...manifests, '-c', '-'], { stdin: HOLDS })).code).toBe(0);
});
