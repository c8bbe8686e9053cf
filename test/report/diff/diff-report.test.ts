import { NO_CONNECTIONS } from '../../../src/analysis/connections/connection-set';
import { ConnectionsDiff, Difference } from '../../../src/analysis/connections/diff-connections';
import { DIFF_FORMATS, diffReport } from '../../../src/report/diff/diff-report';
import { HOSTILE } from '../hostile';

const [web, db] = ['shop/web[Deployment]', 'shop/db[StatefulSet]'];
const tcp = (port: number) => ({ ...NO_CONNECTIONS, allowed: { TCP: [[port, port]] as const } });
const OPENED: Difference = {
  type: 'added', source: web, destination: db, before: NO_CONNECTIONS, after: tcp(80), texts: ['No Connections', 'TCP 80'], opened: true, closed: false, workloads: [db],
};
const CHANGED: Difference = { ...OPENED, type: 'changed', before: tcp(80), after: { ...tcp(81), unknown: { UDP: [[53, 53]] } }, texts: ['TCP 80', 'TCP 81,Unknown UDP 53'], closed: true, workloads: [] };
const CLOSED: Difference = { ...OPENED, type: 'removed', before: tcp(80), after: NO_CONNECTIONS, texts: ['TCP 80', 'No Connections'], opened: false, closed: true, workloads: [] };
const NOTHING: ConnectionsDiff = { differences: [], workloadsAdded: [], workloadsRemoved: [], reach: [], exposure: [] };
const DIFF: ConnectionsDiff = {
  differences: [CHANGED, OPENED, CLOSED], workloadsAdded: [db], workloadsRemoved: [], reach: [{ workload: web, before: 0, after: 1 }], exposure: [],
};

test('text has a header, and a line for each difference in their order', () => {
  expect(diffReport({ diff: DIFF }, 'text').split('\n')).toEqual([
    'Connectivity diff:',
    `diff-type: changed, source: ${web}, destination: ${db}, dir1: TCP 80, dir2: TCP 81,Unknown UDP 53`,
    `diff-type: added, source: ${web}, destination: ${db}, dir1: No Connections, dir2: TCP 80, workloads-diff-info: workload ${db} added`,
    `diff-type: removed, source: ${web}, destination: ${db}, dir1: TCP 80, dir2: No Connections`,
    '',
  ]);
});

test('the two may have other names', () => {
  expect(diffReport({ diff: { ...DIFF, differences: [CLOSED] }, names: ['main', 'branch'] }, 'text')).toContain('main: TCP 80, branch: No Connections');
  expect(diffReport({ diff: DIFF, names: ['main', 'branch'] }, 'csv')).toMatch(/^diff-type,source,destination,main,branch,workloads-diff-info\r\n/);
});

test('where nothing differs text is empty, and a comment says so', () => {
  expect(diffReport({ diff: NOTHING }, 'text')).toBe('');
  expect(diffReport({ diff: NOTHING }, 'md')).toBe('### Network policies: who may talk to whom\n\nNo connection changes.\n');
});

test('json says of each difference whether it opens or closes', () => {
  const { connections, reach, workloadsAdded } = JSON.parse(diffReport({ diff: DIFF }, 'json'));
  expect(connections[0]).toEqual({ type: 'changed', src: web, dst: db, before: 'TCP 80', after: 'TCP 81,Unknown UDP 53', opened: true, closed: true, workloads: [] });
  expect([reach, workloadsAdded]).toEqual([[{ workload: web, before: 0, after: 1 }], [db]]);
});

test('a comment says first what is opened, and folds the rest', () => {
  const comment = diffReport({ diff: DIFF }, 'md');
  expect(comment).toContain('**Opens 2 connections**, closes 1 connection.');
  expect(comment.match(/<details>/g)).toHaveLength(4);
  expect(comment.match(/<\/details>/g)).toHaveLength(4);
});

test('a comment stays short, and counts what it leaves out', () => {
  const many = Array.from({ length: 1_000 }, (_, i): Difference => ({ ...OPENED, source: `shop/web-${i}[Deployment]` }));
  const comment = diffReport({ diff: { ...NOTHING, differences: many } }, 'md');
  expect(comment.split('\n').length).toBeLessThan(250);
  expect(comment).toContain('and 800 more');
});

const HOSTILE_DIFF: ConnectionsDiff = {
  differences: HOSTILE.flatMap(name => [{ ...OPENED, source: name, destination: `shop/${name}[Deployment]`, workloads: [name] }, { ...CLOSED, source: name }]),
  workloadsAdded: HOSTILE,
  exposure: HOSTILE.map(name => ({ workload: name, direction: 'ingress', peer: name, before: 'No Connections', after: 'TCP 80', opened: true, closed: false })),
  workloadsRemoved: HOSTILE,
  reach: HOSTILE.map(workload => ({ workload, before: 0, after: 1 })),
};

test('names cannot break out of a comment', () => {
  const comment = diffReport({ diff: HOSTILE_DIFF, notes: HOSTILE, names: ['<b>', '|'] }, 'md');
  expect(new Set([...comment.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag))).toEqual(new Set(['details', 'summary']));
  expect(comment.match(/<details>/g)).toHaveLength(5);
  expect(comment).not.toMatch(/\]\(|:\/\/|(?<!&)#\d|@/);
  expect(comment.split('\n').filter(line => line.startsWith('|') && !/^(\|[^|]*){2,6}\|$/.test(line))).toEqual([]);
});

test('names cannot break out of a line, a cell or a string', () => {
  const { length } = HOSTILE_DIFF.differences;
  expect(diffReport({ diff: HOSTILE_DIFF }, 'text').split('\n')).toHaveLength(length + 2);
  const cell = '("([^"]|"")*"|[^",\\r\\n]*)';
  expect(diffReport({ diff: HOSTILE_DIFF }, 'csv').replace(new RegExp(`${Array(6).fill(cell).join()}\\r\\n`, 'g'), '')).toBe('');
  const quoted = '"(?:[^"\\\\\\n]|\\\\.)*"';
  const statement = new RegExp(`^(digraph \\{|\\}|\\t${quoted} -> ${quoted} \\[label=${quoted} color="[\\w#]+" fontcolor="[\\w#]+"\\]|)$`);
  expect(diffReport({ diff: HOSTILE_DIFF }, 'dot').split('\n').filter(line => !statement.test(line))).toEqual([]);
});

test.each(DIFF_FORMATS)('what may be opened but is not known is in %s', format => {
  expect(diffReport({ diff: DIFF }, format)).toContain('Unknown UDP 53');
});
