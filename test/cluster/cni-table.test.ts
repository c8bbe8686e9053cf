import { Cni, AwsVpcMode } from '../../src';
import { RISKS } from '../../src/cluster/accepted-risk';
import { CNI_COLUMNS, COLUMNS, CniValue, valueOf } from '../../src/cluster/cni-capabilities';
import { CNI_PROFILES } from '../../src/cluster/cni-profiles';
import { CNI_TABLE } from '../../src/cluster/cni-table';

const CELLS = Object.entries(CNI_TABLE).flatMap(([name, row]) => COLUMNS.map(column => ({ name, column, cell: row[column] })));

const VALUES: Readonly<Record<string, readonly CniValue[]>> = { podStart: ['closed', 'open', 'unknown'], establishedConnections: ['kept', 'cut', 'unknown'] };
const valuesOf = (column: string): readonly CniValue[] => VALUES[column] ?? ['yes', 'no', 'unknown'];

test('every CNI has a row, and every row is of a CNI', () => {
  expect(Object.keys(CNI_TABLE).sort()).toEqual(Object.keys(CNI_PROFILES).sort());
});

test('every row states every column, and no other', () => {
  for (const row of Object.values(CNI_TABLE)) { expect(Object.keys(row).sort()).toEqual(Object.keys(CNI_COLUMNS).sort()); }
});

test.each(CELLS)('$name, $column: a value of the column, and a source that is a page', ({ name, column, cell }) => {
  expect(valuesOf(column)).toContain(cell.value);
  expect(cell.source).toMatch(/^https:\/\/[a-z0-9.-]+\/\S*$/);
  for (const [option, value] of Object.entries(cell.withOption ?? {})) {
    expect(Object.keys(CNI_PROFILES[name].options ?? {})).toContain(option);
    expect(valuesOf(column)).toContain(value);
  }
});

test('everything that can be accepted is a column', () => {
  for (const risk of RISKS) { expect(COLUMNS).toContain(risk); }
});

test('a CNI that matches pods by address says so once', () => {
  for (const [name, { cidrMatchesPods }] of Object.entries(CNI_PROFILES)) {
    expect(CNI_TABLE[name].ipBlockMatchesPods.value).toBe(cidrMatchesPods ? 'yes' : 'no');
  }
});

test('a CNI that enforces nothing says so of both directions', () => {
  for (const [name, { ignoresBecause }] of Object.entries(CNI_PROFILES)) {
    expect([CNI_TABLE[name].ingress.value, CNI_TABLE[name].egress.value].includes('no')).toBe(ignoresBecause !== undefined);
  }
});

test.each<[string, Cni, 'podStart' | 'sctp' | 'deny' | 'establishedConnections' | 'l7', string]>([
  ['a switch closes the window', Cni.awsVpc({ mode: AwsVpcMode.STRICT }), 'podStart', 'closed'],
  ['without it the window is open', Cni.awsVpc(), 'podStart', 'open'],
  ['a flag of kube-router too', Cni.kubeRouter({ defaultDeny: true }), 'podStart', 'closed'],
  ['and without it', Cni.kubeRouter(), 'podStart', 'open'],
  ['nodes of another kind do less', Cni.azure({ windows: true }), 'sctp', 'no'],
  ['than those of Linux', Cni.azure(), 'sctp', 'unknown'],
  ['policies of tiers deny where they are switched on', Cni.antrea('2.7', { clusterNetworkPolicy: true }), 'deny', 'yes'],
  ['and nothing denies elsewhere', Cni.antrea('2.7'), 'deny', 'no'],
  ['what came with a version is unknown of an older one', Cni.kubeNetworkPolicies('0.8'), 'establishedConnections', 'unknown'],
  ['and known of that version', Cni.kubeNetworkPolicies('1.0'), 'establishedConnections', 'cut'],
  ['and of a newer one', Cni.kubeNetworkPolicies('1.10'), 'establishedConnections', 'cut'],
  ['an option of one CNI is none of another', Cni.calico('3.32', { applicationLayerPolicy: true }), 'l7', 'yes'],
])('%s', (_, cni, column, value) => {
  expect(valueOf(cni, column)).toBe(value);
});
