import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

/** What is published, by npm itself. */

const ROOT = path.resolve(__dirname, '..');
const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
const packed: readonly string[] = (files as { readonly path: string }[]).map(file => file.path);
const isPacked = (target: string): boolean => packed.some(file => file === target || file.startsWith(`${target}/`));

test('every link of a page that is published leads to what is published', () => {
  const pages = packed.filter(file => file.endsWith('.md') && !file.startsWith('node_modules/'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'API.md', 'docs/README.md', 'examples/three-tier/README.md']));
  const dead = pages.filter(page => page !== 'API.md').flatMap(page => [...fs.readFileSync(path.join(ROOT, page), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .filter(([, link]) => !/^[a-z]+:/.test(link) && !isPacked(path.posix.normalize(path.posix.join(path.posix.dirname(page), link)).replace(/\/$/, '')))
    .map(([, link]) => `${page}: ${link}`));
  expect(dead).toEqual([]);
});

test('the examples are published with their output, and without what was installed for them', () => {
  expect(packed.some(file => /^examples\/three-tier\/dist\/cilium\/.+\.yaml$/.test(file))).toBe(true);
  expect(packed.filter(file => /^examples\/.*(node_modules|\.tgz)/.test(file))).toEqual([]);
});

test('nothing of the workshop is published', () => {
  expect(packed.filter(file => /^(src|test|bench|scripts|rosetta|projenrc|\.ci|coverage)\//.test(file))).toEqual([]);
});
