import { CniColumn } from '../../src/cluster/cni-capabilities';
import { CNI_TABLE } from '../../src/cluster/cni-table';

/** What tutorials say of CNIs from hearsay, against the table that decides here. */

const column = (name: CniColumn, ...cnis: string[]): string[] => cnis.map(cni => CNI_TABLE[cni][name].value);

test('(39) what stands is kept by some CNIs and cut by others, and none of them waits for the pod to be made anew', () => {
  expect(column('establishedConnections', 'cilium', 'calico', 'antrea', 'ovn-kubernetes')).toEqual(['cut', 'kept', 'kept', 'cut']);
});

test('(42) Cilium has no order among its policies, Calico has, and Flannel enforces nothing', () => {
  expect(column('order', 'cilium', 'calico', 'kubernetes', 'weave')).toEqual(['no', 'yes', 'no', 'no']);
  expect(column('l7', 'cilium', 'kubernetes', 'weave')).toEqual(['yes', 'no', 'no']);
  expect([...column('ingress', 'flannel'), ...column('egress', 'flannel')]).toEqual(['no', 'no']);
});

test('(42) every cell has a source', () => {
  const sources = Object.values(CNI_TABLE).flatMap(row => Object.values(row).map(({ source }) => source));
  expect(sources.filter(source => !source.startsWith('https://'))).toEqual([]);
});
