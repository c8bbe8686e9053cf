import { app, deployment, namespace, policy } from './manifests';
import { analyse } from './worlds';
import { connectionText } from '../../../src/analysis/connections/connection-text';
import { exposure } from '../../../src/analysis/connections/exposure/exposure';
import { AnalysisOptions } from '../../../src/analysis/options';

const exposed = (documents: readonly unknown[], options: AnalysisOptions = {}) => {
  const { lines, unprotected, notes } = exposure(analyse(documents, options));
  return {
    lines: lines.filter(({ peer }) => !peer.includes('[External]'))
      .map(({ workload, direction, peer, set }) => `${workload} ${direction === 'egress' ? '=>' : '<='} ${peer} : ${connectionText(set)}`),
    outside: lines.filter(({ peer }) => peer.includes('[External]')).map(({ direction, peer }) => `${direction} ${peer}`),
    unprotected: unprotected.map(({ direction }) => direction),
    notes,
  };
};

const BASE = [namespace('shop'), deployment('shop/db', { app: 'db' }, [{ name: 'sql', containerPort: 5432 }])];
const NO_EGRESS = policy('shop/no-egress', { podSelector: {}, policyTypes: ['Egress'] });
const ingress = (...rules: object[]) => [...BASE, NO_EGRESS, policy('shop/db', { ...app('db'), ingress: rules })];
const from = (...peers: object[]) => ({ from: peers, ports: [{ port: 5432 }] });
const DB = 'shop/db[Deployment] <= ';

test('a workload that nothing protects is open to the entire cluster and to all that is outside', () => {
  expect(exposed(BASE)).toEqual({
    lines: ['shop/db[Deployment] <= entire-cluster : All Connections', 'shop/db[Deployment] => entire-cluster : All Connections'],
    outside: ['ingress 0.0.0.0-255.255.255.255[External]', 'egress 0.0.0.0-255.255.255.255[External]'],
    unprotected: ['egress', 'ingress'],
    notes: [],
  });
});

test('a workload that is closed is open to nobody', () => {
  expect(exposed([...BASE, policy('shop/all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })])).toEqual({ lines: [], outside: [], unprotected: [], notes: [] });
});

test.each<[string, object, string]>([
  ['pods of the namespace', from({ podSelector: {} }), 'shop/[all pods]'],
  ['pods with labels', from({ podSelector: { matchLabels: { b: '2', a: '1' } } }), 'shop/[pod with {a=1,b=2}]'],
  ['every namespace', from({ namespaceSelector: {} }), 'entire-cluster'],
  ['pods with labels in every namespace', from({ namespaceSelector: {}, ...app('web') }), '[all namespaces]/[pod with {app=web}]'],
  ['namespaces with labels', from({ namespaceSelector: { matchLabels: { team: 'red' } } }), '[namespace with {team=red}]/[all pods]'],
  ['a namespace by its name', from({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } } }), 'web/[all pods]'],
  ['expressions', from({
    podSelector: {
      matchExpressions: [
        { key: 'd', operator: 'NotIn', values: ['y', 'x'] }, { key: 'c', operator: 'In', values: ['y', 'x'] },
        { key: 'b', operator: 'DoesNotExist' }, { key: 'a', operator: 'Exists' },
      ],
    },
  }), 'shop/[pod with {a,!b,c in (x,y),d notin (x,y)}]'],
])('%s are a peer of their own', (_, rule, peer) => {
  expect(exposed(ingress(rule)).lines).toEqual([`${DB}${peer} : TCP 5432`]);
});

test('peers that fare like the entire cluster are left out', () => {
  expect(exposed(ingress(from({ namespaceSelector: {} }), from({ podSelector: {} }))).lines).toEqual([`${DB}entire-cluster : TCP 5432`]);
});

test('peers to whom more is open than to the entire cluster are listed with all of it', () => {
  expect(exposed(ingress(from({ namespaceSelector: {} }), { from: [{ podSelector: {} }], ports: [{ port: 80 }] })).lines)
    .toEqual([`${DB}entire-cluster : TCP 5432`, `${DB}shop/[all pods] : TCP 80,5432`]);
});

test('pods with the labels of a known workload are left to the list of connections', () => {
  expect(exposed([...ingress(from(app('web'))), deployment('shop/web')]).lines.filter(line => line.startsWith(DB))).toEqual([]);
});

test('ports that peers know by name stand with their name', () => {
  const egress = policy('shop/db', { ...app('db'), policyTypes: ['Ingress', 'Egress'], egress: [{ to: [{ podSelector: {} }], ports: [{ port: 'http' }, { port: 80 }] }] });
  expect(exposed([...BASE, egress]).lines).toEqual(['shop/db[Deployment] => shop/[all pods] : TCP 80,http']);
});

const calico = (order: number, action: string, selector: string) => ({
  apiVersion: 'projectcalico.org/v3',
  kind: 'NetworkPolicy',
  metadata: { name: `policy-${order}`, namespace: 'shop' },
  spec: { order, types: ['Ingress'], ingress: [{ action, source: { selector } }] },
});

test('who is denied is listed as an exception of those who are allowed', () => {
  expect(exposed([...BASE, NO_EGRESS, calico(1, 'Deny', 'role == "guest"'), calico(2, 'Allow', 'all()')], { cni: 'calico' }).lines).toEqual([
    `${DB}shop/[all pods] : All Connections`, `${DB}shop/[pod with {role=guest}] : No Connections`,
  ]);
});

test('a peer that cannot be said by labels is not known, and a note says so', () => {
  const toGroup = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { endpointSelector: {}, egress: [{ toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] }] },
  };
  const { lines, notes } = exposed([...BASE, toGroup], { cni: 'cilium' });
  expect(notes).toEqual([expect.stringContaining('CiliumNetworkPolicy shop/db spec.egress[0]')]);
  expect(lines).toContain('shop/db[Deployment] => entire-cluster : Unknown All Connections');
});
