import { Hop, Reach, Reached } from '../../src/analysis/reach/reach';
import { reachJson } from '../../src/report/reach-json';
import { reachMermaid } from '../../src/report/reach-mermaid';
import { reachText } from '../../src/report/reach-text';

const WEB = 'shop/web[Deployment]';
const hop = (source: string, destination: string, more: Partial<Hop> = {}): Hop => ({
  source,
  destination,
  what: 'TCP 8080',
  answer: 'allowed',
  rules: [{ direction: 'egress', policy: 'NetworkPolicy shop/web', rule: 'egress[0]', at: 'p.yaml:7' }, { direction: 'ingress' }],
  ...more,
});
const reached = (text: string, more: Partial<Reached> = {}): Reached =>
  ({ text, kind: 'workload', answer: 'allowed', hops: 1, path: [hop(WEB, text)], ...more });
const reach = (...all: Reached[]): Reach => ({ source: WEB, hops: 'all', workloadsInAll: 4, reached: all });

const API = reached('shop/api[Deployment]');
const SOME = reached('shop/some[Deployment]', { answer: 'partial', path: [hop(WEB, 'shop/some[Deployment]', { what: 'Some TCP 80', answer: 'partial' })] });
const UNKNOWN = reached('shop/x[Deployment]', { answer: 'unknown', path: [hop(WEB, 'shop/x[Deployment]', { what: 'Unknown TCP 1', answer: 'unknown' })] });
const OUT = reached('0.0.0.0-255.255.255.255[External]', { kind: 'range', hops: 2, path: [API.path[0], hop(API.text, '0.0.0.0-255.255.255.255[External]')] });

test('the text says how far it goes, then what is reached, by kind, with the rules of each hop, once', () => {
  expect(reachText(reach(API, OUT))).toBe(`\
Blast radius of shop/web[Deployment]: 1 of 4 other workloads

Workloads:
  shop/api[Deployment]
    shop/web[Deployment] => shop/api[Deployment] : TCP 8080
      egress: NetworkPolicy shop/web, egress[0] (p.yaml:7); ingress: no policy closes it

Ways out, by address or name:
  0.0.0.0-255.255.255.255[External]
    shop/web[Deployment] => shop/api[Deployment] : TCP 8080
    shop/api[Deployment] => 0.0.0.0-255.255.255.255[External] : TCP 8080
      egress: NetworkPolicy shop/web, egress[0] (p.yaml:7); ingress: no policy closes it
`);
});

test('what is not sure is counted apart and marked', () => {
  const text = reachText(reach(API, SOME, UNKNOWN));
  expect(text).toContain('2 of 4 other workloads, 1 of them with some requests only; 1 more unknown\n');
  expect(text).toContain('  shop/some[Deployment]  (some requests only)\n');
  expect(text).toContain('  shop/x[Deployment]  (unknown: it depends on what the manifests do not say)\n');
});

test('the DNS of the cluster counts as a workload only where the manifests hold it', () => {
  expect(reachText(reach(reached('{cluster DNS}', { kind: 'dns' })))).toContain(': 0 of 4 other workloads');
  expect(reachText(reach(reached('kube-system/coredns[Deployment]', { kind: 'dns' })))).toContain(': 1 of 4 other workloads');
});

test('a path that is too long to be shown says how much is left out', () => {
  expect(reachText(reach(reached('shop/far[Deployment]', { hops: 100 })))).toContain('    99 more hops, and then\n');
});

test('json holds everything, with the notes', () => {
  expect(JSON.parse(reachJson(reach(API), ['a note']))).toEqual({ ...reach(API), notes: ['a note'] });
});

test('mermaid draws each connection once, as sure as it is', () => {
  expect(reachMermaid(reach(API, SOME, UNKNOWN, OUT))).toBe(`\
flowchart LR
  n0[["shop/web[Deployment]"]]
  n1["shop/api[Deployment]"]
  n2["shop/some[Deployment]"]
  n3["shop/x[Deployment]"]
  n4(["0.0.0.0-255.255.255.255[External]"])
  n0 -->|"TCP 8080"| n1
  n0 -.->|"Some TCP 80"| n2
  n0 -.-x|"Unknown TCP 1"| n3
  n1 -->|"TCP 8080"| n4
`);
});

test('names of other people stay names', () => {
  const hostile = reached('shop/"]\n  evil --> n0["<b>\u001b[31m[Deployment]');
  expect(reachText(reach(hostile))).not.toContain('\u001b');
  expect(reachText(reach(hostile)).split('\n').filter(line => line.startsWith('  evil'))).toEqual([]);
  const lines = reachMermaid(reach(hostile)).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[2]).toBe('  n1["shop/#34;]#92;n  evil --#62; n0[#34;#60;b#62;#92;u001b[31m[Deployment]"]');
});
