import { createHash } from 'crypto';
import { NO_CONNECTIONS } from '../../../src/analysis/connections/connection-set';
import { Exposure } from '../../../src/analysis/connections/exposure/exposure';
import { SCRIPT, SCRIPT_HASH } from '../../../src/report/list/html';
import { LIST_FORMATS, ListFormat, listReport, ListReport } from '../../../src/report/list/list-report';
import { HOSTILE, HOSTILE_CONNECTIONS } from '../hostile';

const [web, db] = ['shop/web[Deployment]', 'shop/db[StatefulSet]'];
const OUTSIDE = '0.0.0.0-255.255.255.255[External]';
const tcp = (port: number) => ({ ...NO_CONNECTIONS, allowed: { TCP: [[port, port]] as const } });

const REPORT: ListReport = {
  connections: [
    {
      source: web,
      destination: db,
      set: { allowed: { TCP: [[80, 80], [443, 443]], UDP: [[53, 53]] }, partial: { TCP: [[8080, 8080]] }, unknown: { TCP: [[9090, 9090]] } },
    },
    { source: OUTSIDE, destination: web, set: tcp(80) },
    { source: '{ingress-controller}', destination: web, set: tcp(80) },
  ],
};
const EXPOSURE: Exposure = {
  lines: [
    { workload: db, direction: 'ingress', peer: 'entire-cluster', set: tcp(80) },
    { workload: db, direction: 'ingress', peer: 'shop/[pod with {role=guest}]', set: NO_CONNECTIONS },
    { workload: web, direction: 'egress', peer: 'ops/[all pods]', set: { ...NO_CONNECTIONS, unknown: { TCP: [[1, 1]] } } },
  ],
  unprotected: [{ workload: db, direction: 'egress' }],
  notes: ['something is left out'],
};
const lines = (format: ListFormat, report: ListReport = REPORT) => listReport(report, format).split('\n');

test('text is a sorted line for what passes, and another one for what is not known', () => {
  expect(lines('text')).toEqual([
    `${OUTSIDE} => ${web} : TCP 80`,
    `${web} => ${db} : TCP 80,443,UDP 53,Some TCP 8080`,
    `${web} => ${db} : Unknown TCP 9090`,
    `{ingress-controller} => ${web} : TCP 80`,
    '',
  ]);
  expect(listReport({ connections: [] }, 'text')).toBe('');
});

test('text with exposure has a section for each direction', () => {
  expect(lines('text', { connections: [], exposure: EXPOSURE })).toEqual([
    'Exposure Analysis Result:',
    'Egress Exposure:',
    `${web} \t=> \tops/[all pods] : Unknown TCP 1`,
    '',
    'Ingress Exposure:',
    `${db} \t<= \tentire-cluster : TCP 80`,
    `${db} \t<= \tshop/[pod with {role=guest}] : No Connections`,
    '',
    'Workloads not protected by network policies:',
    `${db} is not protected on Egress`,
    '',
    'Note: something is left out',
    '',
  ]);
});

test('json is an array of connections, and with exposure an object of both', () => {
  expect(JSON.parse(listReport(REPORT, 'json'))[0]).toEqual({ src: OUTSIDE, dst: web, conn: 'TCP 80' });
  expect(JSON.parse(listReport({ connections: [] }, 'json'))).toEqual([]);
  const both = JSON.parse(listReport({ ...REPORT, exposure: EXPOSURE }, 'json'));
  expect(both.connlist_results).toHaveLength(4);
  expect(both.exposure_results.ingress_exposure[0]).toEqual({ src: 'entire-cluster', dst: db, conn: 'TCP 80' });
});

test('csv has a header, and quotes what has a comma', () => {
  expect(listReport(REPORT, 'csv')).toBe(['src,dst,conn', `${OUTSIDE},${web},TCP 80`, `${web},${db},"TCP 80,443,UDP 53,Some TCP 8080"`, `${web},${db},Unknown TCP 9090`,
    `{ingress-controller},${web},TCP 80`, ''].join('\r\n'));
});

test('md is a table', () => {
  expect(lines('md').slice(0, 3)).toEqual(['| src | dst | conn |', '|-----|-----|------|', `| ${OUTSIDE} | ${web} | TCP 80 |`]);
});

test.each(LIST_FORMATS)('what is not known, and what some requests may, is in %s', format => {
  const text = listReport({ ...REPORT, exposure: EXPOSURE }, format);
  expect(text).toContain('Unknown TCP 9090');
  expect(text).toContain('Some TCP 8080');
  expect(text).toContain('No Connections');
});

const HOSTILE_REPORT: ListReport = {
  connections: HOSTILE_CONNECTIONS,
  exposure: { lines: HOSTILE.map(peer => ({ workload: peer, direction: 'egress', peer, set: tcp(80) })), unprotected: HOSTILE.map(workload => ({ workload, direction: 'ingress' })), notes: HOSTILE },
  notes: HOSTILE,
};

const QUOTED = '"(?:[^"\\\\\\n]|\\\\.)*"';

test('dot keeps to its grammar, whatever names are', () => {
  const statement = new RegExp(`^(digraph \\{|\\}|\\t\\}|\\tsubgraph ${QUOTED} \\{|\\t\\tlabel=${QUOTED}|\\t{1,2}${QUOTED} \\[label=${QUOTED}( \\w+="[\\w#]+")*\\]`
    + `|\\t${QUOTED} -> ${QUOTED} \\[label=${QUOTED}( \\w+="\\w+")*\\]|)$`);
  expect(lines('dot', HOSTILE_REPORT).filter(line => !statement.test(line))).toEqual([]);
  expect(lines('dot')).toContain('\tsubgraph "cluster_shop" {');
});

test('mermaid keeps to its grammar, whatever names are', () => {
  const statement = /^(flowchart LR|  end|  subgraph g\d+\["[^"]*"\]| {2,4}n\d+(\["[^"]*"\]|\(\["[^"]*"\]\))|  n\d+ (-->|-\.->|-\.-x)\|"[^"]*"\| n\d+|)$/;
  expect(lines('mermaid', HOSTILE_REPORT).filter(line => !statement.test(line))).toEqual([]);
  const nodes = lines('mermaid').filter(line => /^ +n\d+[[(]/.test(line));
  expect(nodes.map(line => line.trim())).toEqual([`n0(["${OUTSIDE}"])`, 'n3(["{ingress-controller}"])', 'n1["web[Deployment]"]', 'n2["db[StatefulSet]"]']);
});

test('csv has three cells in every row, whatever names are', () => {
  const cell = '("([^"]|"")*"|[^",\\r\\n]*)';
  const text = listReport(HOSTILE_REPORT, 'csv');
  expect(text.replace(new RegExp(`${cell},${cell},${cell}\\r\\n`, 'g'), '')).toBe('');
});

test('md has the same cells in every row, whatever names are', () => {
  const rows = lines('md', HOSTILE_REPORT).filter(line => line.startsWith('|'));
  expect(rows.filter(line => !/^(\|[^|]*){2,3}\|$/.test(line))).toEqual([]);
  expect(listReport(HOSTILE_REPORT, 'md')).not.toMatch(/<[a-z!/]/i);
});

test('text has one line for each row, whatever names are', () => {
  const { connections } = HOSTILE_REPORT;
  expect(lines('text', { connections })).toHaveLength(HOSTILE.length * 3 + 1);
});

describe('html', () => {
  const page = listReport(HOSTILE_REPORT, 'html');

  test('has one script, which is the one that its policy lets run', () => {
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain(`<script>${SCRIPT}</script>`);
    expect(SCRIPT_HASH).toBe(`sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`);
    expect(page).toContain(`script-src '${SCRIPT_HASH}'`);
  });

  test('asks nobody for anything, and holds no tag that it did not write', () => {
    expect(page).not.toMatch(/\b(src|href|action|on\w+)\s*=\s*["']?(?!")\w*:/i);
    const tags = new Set([...page.replace(SCRIPT, '').matchAll(/<\/?([a-z!]\w*)/gi)].map(([, tag]) => tag.toLowerCase()));
    expect([...tags].sort()).toEqual(['!doctype', 'body', 'em', 'h1', 'h2', 'h3', 'head', 'html', 'input', 'li', 'meta', 'p', 'script', 'style', 'table', 'tbody', 'td', 'th', 'thead', 'title', 'tr', 'ul']);
  });

  test('draws what people can still read', () => {
    expect(listReport(REPORT, 'html')).toContain('<svg');
    expect(page).not.toContain('<svg');
  });
});

test('nothing is no picture, and still a page', () => {
  expect(listReport({ connections: [] }, 'html')).toMatch(/^<!DOCTYPE html>[^]*<\/html>\n$/);
  expect(listReport({ connections: [] }, 'dot')).toBe('digraph {\n}\n');
  expect(listReport({ connections: [] }, 'mermaid')).toBe('flowchart LR\n');
});
