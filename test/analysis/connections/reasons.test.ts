import { Analysis } from '../../../src/analysis/analysis';
import { connections } from '../../../src/analysis/connections/connections';
import { diffConnections } from '../../../src/analysis/connections/diff-connections';
import { ConnectionReasons } from '../../../src/analysis/connections/reasons';
import { explain } from '../../../src/analysis/explain/explain';
import { explanationText } from '../../../src/analysis/explain/explanation-text';
import { diffReport } from '../../../src/report/diff/diff-report';
import { LIST_FORMATS, listReport } from '../../../src/report/list/list-report';
import { analysisOf, document, networkPolicy, party, SHOP, tcp } from '../explain/support';

const KEY = 'cdk8s-netpol/justification';
const api = { podSelector: { matchLabels: { app: 'api' } } };
const from = (app: string) => [{ podSelector: { matchLabels: { app } } }];

function withReasons(policy: string, ...lines: readonly object[]): string {
  const value = JSON.parse(policy.replace(/---\s*$/, ''));
  return document({ ...value, metadata: { ...value.metadata, annotations: { [KEY]: lines.map(line => JSON.stringify(line)).join('\n') } } });
}

const POLICIES = withReasons(
  networkPolicy('shop/api', { ...api, ingress: [{ from: from('web'), ports: [{ port: 8080 }] }, { from: from('db') }, { from: from('web'), ports: [{ port: 9090 }] }] }),
  { because: 'all of it', owner: 'team-api' },
  { rules: ['ingress[0]'], because: 'orders need <b>stock</b>', ticket: 'NET-1', reviewBy: '2027-01-31' },
);

const withWhy = (analysis: Analysis) => {
  const reasons = new ConnectionReasons(analysis);
  return connections(analysis).map(connection => ({ ...connection, justifications: reasons.of(connection) }));
};
const between = (analysis: Analysis, source: string, destination: string) =>
  withWhy(analysis).find(each => each.source.startsWith(source) && each.destination.startsWith(destination))?.justifications;

test('a connection has the reasons of the rules that allow it; those of the policy, where a rule has none', () => {
  const analysis = analysisOf(SHOP + POLICIES);
  expect(between(analysis, 'shop/web', 'shop/api')).toEqual([
    { because: 'all of it', owner: 'team-api' }, { because: 'orders need <b>stock</b>', ticket: 'NET-1', reviewBy: '2027-01-31' },
  ]);
  expect(between(analysis, 'shop/db', 'shop/api')).toEqual([{ because: 'all of it', owner: 'team-api' }]);
  expect(between(analysis, 'shop/web', 'shop/db')).toEqual([]);
});

test('a rule whose ports do not pass is no reason, and neither is one that denies', () => {
  const narrow = networkPolicy('shop/web', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ ports: [{ port: 8080 }] }] });
  expect(between(analysisOf(SHOP + POLICIES + narrow), 'shop/web', 'shop/api')?.map(({ because }) => because)).toEqual(['orders need <b>stock</b>']);

  const denies = document({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      description: [{ rules: ['ingress[0]'], because: 'allowed' }, { rules: ['ingressDeny[0]'], because: 'denied' }].map(line => JSON.stringify(line)).join('\n'),
      endpointSelector: { matchLabels: { app: 'api' } },
      ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }],
      ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '9090', protocol: 'TCP' }] }] }],
    },
  });
  expect(between(analysisOf(SHOP + denies), 'shop/web', 'shop/api')).toEqual([{ because: 'allowed' }]);
});

test('the two ends of one edge are one reason', () => {
  const end = (place: string, direction: 'ingress' | 'egress', peer: string) => withReasons(
    networkPolicy(place, { podSelector: { matchLabels: { app: place.slice(5) } }, policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'], [direction]: [{ [direction === 'ingress' ? 'from' : 'to']: from(peer) }] }),
    { rules: [`${direction}[0]`], statement: `${direction} with ${peer}`, because: 'orders' });
  const analysis = analysisOf(SHOP + end('shop/web', 'egress', 'api') + end('shop/api', 'ingress', 'web'));
  expect(between(analysis, 'shop/web', 'shop/api')).toEqual([{ because: 'orders' }]);
});

test('a rule that became one of several statements says whose each reason is', () => {
  const analysis = analysisOf(SHOP + withReasons(
    networkPolicy('shop/api', { ...api, ingress: [{ from: [...from('web'), ...from('db')] }] }),
    { rules: ['ingress[0]'], statement: 'ingress from web', because: 'orders' }, { rules: ['ingress[0]'], statement: 'ingress from db', because: 'backups' }));
  const md = listReport({ connections: withWhy(analysis).filter(({ destination }) => destination.startsWith('shop/api')) }, 'md');
  expect(md).toContain('ingress from db: backups; ingress from web: orders');
});

test('explain says why below each rule', () => {
  const analysis = analysisOf(SHOP + POLICIES);
  const text = (port: number) => explanationText(explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/api'), tcp(port)));
  expect(text(8080)).toContain('\n    why: orders need <b>stock</b> (ticket NET-1, review by 2027-01-31)\n');
  expect(text(9090)).toContain('\n    why: all of it (owner team-api)\n');
  expect(text(1)).toMatch(/closes: NetworkPolicy shop\/api .*\n {4}why: all of it \(owner team-api\)\n/);
});

describe('a list', () => {
  const analysis = analysisOf(SHOP + POLICIES);
  const connected = withWhy(analysis);
  const [plain, reasoned] = [{ connections: connections(analysis) }, { connections: connected }];

  test.each(LIST_FORMATS.filter(format => !['json', 'md', 'html'].includes(format)))('as %s is what it was', format => {
    expect(listReport(reasoned, format)).toBe(listReport(plain, format));
  });

  test('has a column in Markdown, without markup of others', () => {
    const md = listReport(reasoned, 'md');
    expect(md.split('\n')[0]).toBe('| src | dst | conn | why |');
    expect(md).toContain('all of it (owner team-api); orders need &#60;b&#62;stock&#60;/b&#62; (ticket NET-1, review by 2027-01-31)');
    expect(listReport(plain, 'md').split('\n')[0]).toBe('| src | dst | conn |');
  });

  test('has a column in HTML, without markup of others', () => {
    const html = listReport(reasoned, 'html');
    expect(html).toContain('<th>why</th>');
    expect(html).toContain('orders need &lt;b&gt;stock&lt;/b&gt;');
    expect(html).not.toContain('<b>');
    expect(listReport(plain, 'html')).not.toContain('<th>why</th>');
  });

  test('has them as data in JSON, where there are some', () => {
    const rows = JSON.parse(listReport(reasoned, 'json')) as { src: string; dst: string; justifications?: unknown[] }[];
    expect(rows.find(({ src, dst }) => src.startsWith('shop/db') && dst.startsWith('shop/api'))?.justifications).toEqual([{ because: 'all of it', owner: 'team-api' }]);
    expect(rows.filter(({ dst, justifications }) => !dst.startsWith('shop/api') && justifications)).toEqual([]);
    expect(listReport(plain, 'json')).not.toContain('justifications');
  });
});

test('a diff says why what it opens is open, and why what it closes was', () => {
  const closed = analysisOf(SHOP + networkPolicy('shop/api', { ...api, policyTypes: ['Ingress'] }));
  const open = analysisOf(SHOP + POLICIES);
  for (const [before, after] of [[closed, open], [open, closed]]) {
    const report = { diff: diffConnections(before, after) };
    const { connections: found } = JSON.parse(diffReport(report, 'json')) as { connections: { src: string; justifications?: unknown[] }[] };
    expect(found.find(({ src }) => src.startsWith('shop/db'))?.justifications).toEqual([{ because: 'all of it', owner: 'team-api' }]);
    expect(diffReport(report, 'md')).toMatch(/\| change \| source \| destination \|.*\| why \|/);
    expect(diffReport(report, 'md')).not.toContain('<b>');
    expect(diffReport(report, 'text')).not.toContain('all of it');
  }
});
