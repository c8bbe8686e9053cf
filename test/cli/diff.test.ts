import * as fs from 'fs';
import * as path from 'path';
import { cli, folder, SHOP } from './support';
import { DIFF_FORMATS } from '../../src/report/diff/diff-report';

const before = folder(SHOP);
const opened = folder({ ...SHOP, 'policies.yaml': SHOP['policies.yaml'].replace('- to: [{ podSelector: { matchLabels: { app: api } } }]\n    ports: [{ port: 8080 }]', '- ports: [{ port: 8080 }]') });
const diff = (old: string, recent: string, ...options: string[]) => cli(['diff', old, recent, ...options]);

test('nothing differs from itself', async () => {
  const { code, stdout } = await diff(before, before, '--fail-on', 'any');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test('what opens is said, and refused where that is wanted', async () => {
  const { code, stdout } = await diff(before, opened);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Connectivity diff:\ndiff-type: added, source: shop\/web\[Deployment\], destination: 0\.0\.0\.0-255\.255\.255\.255\[External\], dir1: No Connections, dir2: TCP 8080\n$/);
  for (const [change, expected] of [['opened', 1], ['any', 1], ['closed', 0]] as const) {
    expect([change, (await diff(before, opened, '--fail-on', change)).code]).toEqual([change, expected]);
  }
  for (const [change, expected] of [['opened', 0], ['any', 1], ['closed', 1]] as const) {
    expect([change, (await diff(opened, before, '--fail-on', change)).code]).toEqual([change, expected]);
  }
});

test('blast radii are compared over all hops', async () => {
  const cut = folder({ ...SHOP, 'policies.yaml': SHOP['policies.yaml'].replace('egress:\n  - to: [{ podSelector: { matchLabels: { app: database } } }]\n    ports: [{ port: 5432 }]', 'egress: []') });
  const { stderr } = await diff(before, cut);
  expect(stderr).toContain('note: blast radius of shop/web[Deployment]: 2 -> 1 workloads\n');
  expect(stderr).toContain('note: blast radius of shop/api[Deployment]: 1 -> 0 workloads\n');
  const { stdout } = await diff(before, cut, '--format', 'json', '--workload', 'shop/web');
  expect(JSON.parse(stdout).reach).toEqual([{ workload: 'shop/web[Deployment]', before: 2, after: 1 }]);
});

test.each(DIFF_FORMATS)('%s is a format', async format => {
  const { code, stdout } = await diff(before, opened, '--format', format);
  expect(code).toBe(0);
  expect(stdout).toContain('TCP 8080');
});

test('a problem in either of the two makes it incomplete', async () => {
  const broken = folder({ ...SHOP, 'z.yaml': 'kind: [\n' });
  expect((await diff(broken, before)).code).toBe(2);
  expect((await diff(before, broken, '--fail-on', 'any')).code).toBe(2);
});

test('one of the two may be standard input', async () => {
  expect((await cli(['diff', before, '-', '--fail-on', 'any'], { stdin: Object.values(SHOP).join('') })).code).toBe(0);
});

test('--output writes the answer to a file, and says nothing on stdout', async () => {
  const file = path.join(folder({}), 'diff.md');
  const { code, stdout } = await diff(before, opened, '--format', 'md', '--output', file);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(fs.readFileSync(file, 'utf8')).toContain('TCP 8080');
});

test('a file that cannot be written is bad usage', async () => {
  const { code, stdout, stderr } = await diff(before, opened, '--output', path.join(before, 'none', 'diff.md'));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: cannot write ".*none.*": /);
});
