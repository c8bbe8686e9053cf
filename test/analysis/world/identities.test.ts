import { controller, deployment, documents, namespace, networkPolicy, node, pod } from './documents';
import { Analysis } from '../../../src/analysis/analysis';
import { AnalysisOptions } from '../../../src/analysis/options';
import { meetings, Party } from '../../../src/analysis/party';
import { Answer } from '../../../src/model/evaluate';

const analyse = (values: readonly unknown[], options: AnalysisOptions = {}) => Analysis.of(documents(...values), options);
const partiesOf = (values: readonly unknown[], options?: AnalysisOptions): readonly Party[] => analyse(values, options).parties;
const variantsOf = (values: readonly unknown[], options?: AnalysisOptions) => partiesOf(values, options)[0].variants;

/** The answer between two workloads on TCP 8080. */
function ask(values: readonly unknown[], source: string, destination: string, options: AnalysisOptions = {}): Answer {
  const analysis = analyse(values, options);
  const find = (text: string) => analysis.parties.find(party => party.text.startsWith(text))!;
  return analysis.answer(find(source), find(destination), { protocol: 6, port: 8080 });
}

const CNIS = ['kubernetes', 'cilium', 'calico'] as const;

/** Closes the pods of a namespace to all but the peers. */
const closed = (place: string, ...from: readonly unknown[]) => networkPolicy(place, { podSelector: {}, policyTypes: ['Ingress'], ingress: from.length === 0 ? [] : [{ from }] });

describe('pods', () => {
  test('are what their workload says, of a namespace with its labels', () => {
    expect(variantsOf([namespace('shop', { team: 'red' }), deployment('shop/web', { labels: { app: 'web' } })])).toEqual([{
      kind: 'pod',
      namespace: 'shop',
      labels: { app: 'web' },
      namespaceLabels: { 'team': 'red', 'kubernetes.io/metadata.name': 'shop' },
      serviceAccount: 'default',
      serviceAccountLabels: {},
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      entities: ['all', 'cluster', 'cluster-mesh'],
      names: [],
    }]);
  });

  test('of a namespace that is not declared it may have other labels, unless the world is closed', () => {
    const [open] = variantsOf([deployment('shop/web')]);
    expect(open).toMatchObject({ namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' }, openLabels: ['namespace'] });
    const [shut] = variantsOf([deployment('shop/web')], { closed: true });
    expect(shut).toMatchObject({ namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' } });
    expect(shut.openLabels).toBeUndefined();
  });

  test('a policy that asks for labels of such a namespace is answered by unknown', () => {
    const values = [deployment('a/x'), deployment('b/y'), closed('b/deny', { namespaceSelector: { matchLabels: { team: 'red' } } })];
    expect(ask(values, 'a/x', 'b/y')).toBe('unknown');
    expect(ask(values, 'a/x', 'b/y', { closed: true })).toBe('denied');
    expect(ask([...values, namespace('a')], 'a/x', 'b/y')).toBe('denied');
    expect(ask([...values, namespace('a', { team: 'red' })], 'a/x', 'b/y')).toBe('allowed');
  });

  test('labels of a service account that nobody states are open', () => {
    const robot = deployment('shop/web', { spec: { serviceAccountName: 'robot' } });
    expect(variantsOf([robot])[0].serviceAccountLabels).toBeUndefined();
    expect(variantsOf([robot], { closed: true })[0].serviceAccountLabels).toEqual({});
  });

  test('on Cilium labels that are no part of an identity are not there for policies', () => {
    const labels = { 'app': 'web', 'topology.kubernetes.io/zone': 'a', 'kubernetes.io/x': 'y', 'app.kubernetes.io/name': 'web' };
    const values = [namespace('shop', { 'beta.kubernetes.io/x': 'y', 'team': 'red', 'kubernetes.io/x': 'y' }), pod('shop/web', { labels })];
    expect(variantsOf(values, { cni: 'cilium' })[0]).toMatchObject({ labels: { 'app': 'web', 'app.kubernetes.io/name': 'web' } });
    expect(variantsOf(values, { cni: 'cilium' })[0].namespaceLabels).toEqual({ 'team': 'red', 'kubernetes.io/x': 'y', 'kubernetes.io/metadata.name': 'shop' });
    expect(variantsOf(values)[0].labels).toEqual(labels);
    expect(ask([...values, pod('shop/x'), closed('shop/deny', { podSelector: { matchLabels: { 'topology.kubernetes.io/zone': 'a' } } })], 'shop/web', 'shop/x', { cni: 'cilium' })).toBe('denied');
  });
});

describe('addresses of pods', () => {
  const web = deployment('shop/web');

  test('known ones are variants, of each family', () => {
    const variants = variantsOf([pod('shop/a', { status: { podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] } })]);
    expect(variants.map(({ address }) => address)).toEqual(['10.0.0.1', 'fd00::1']);
  });

  test('many are said at once, by family', () => {
    const pods = Array.from({ length: 9 }, (_, i) => pod(`shop/web-${i}`, {
      owner: ['StatefulSet', 'web'], status: { podIPs: [{ ip: `10.0.0.${i}` }, { ip: `fd00::${i + 1}` }] },
    }));
    expect(variantsOf(pods.slice(1)).map(({ address }) => address)).toHaveLength(16);
    expect(variantsOf(pods.slice(1), { cni: 'cilium' })).toHaveLength(2);
    const variants = variantsOf(pods);
    expect(variants).toHaveLength(2);
    expect(variants[0].addressIn).toHaveLength(9);
    expect(variants[0].addressIn![8]).toBe('10.0.0.8/32');
    expect(variants[1].addressIn![0]).toBe('fd00::1/128');
  });

  test('unknown ones are anywhere, in the stated ranges, or nowhere that a policy could name', () => {
    expect(variantsOf([web])[0].addressIn).toBeUndefined();
    expect(variantsOf([web], { podCidrs: ['10.0.0.0/16', 'fd00::/64', '10.1.0.0/16'] }).map(({ addressIn }) => addressIn)).toEqual([['10.0.0.0/16', '10.1.0.0/16'], ['fd00::/64']]);
    expect(variantsOf([web], { closed: true, podCidrs: ['10.0.0.0/16'] }).map(({ addressIn }) => addressIn)).toEqual([[]]);
  });

  test('the ranges of Nodes are those of pods, and a note says so; a pod on a known node has one of that node', () => {
    const nodes = [node('n1', { spec: { podCIDR: '10.0.1.0/24', podCIDRs: ['10.0.1.0/24', 'fd00:1::/64'] } }), node('n2', { spec: { podCIDR: '10.0.2.0/24' } })];
    expect(variantsOf([web, ...nodes]).map(({ addressIn }) => addressIn)).toEqual([['10.0.1.0/24', '10.0.2.0/24'], ['fd00:1::/64']]);
    expect(variantsOf([pod('shop/a', { spec: { nodeName: 'n2' } }), ...nodes]).map(({ addressIn }) => addressIn)).toEqual([['10.0.2.0/24']]);
    expect(variantsOf([web, ...nodes], { podCidrs: ['10.9.0.0/16'] }).map(({ addressIn }) => addressIn)).toEqual([['10.9.0.0/16']]);
  });

  test('Calico goes by its pools, and ranges of Nodes say nothing there', () => {
    const pool = (name: string, spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name }, spec });
    const values = [web, node('n1', { spec: { podCIDR: '10.0.1.0/24' } })];
    expect(variantsOf(values, { cni: 'calico' }).map(({ addressIn }) => addressIn)).toEqual([undefined]);
    const pools = [pool('a', { cidr: '10.48.0.0/16' }), pool('off', { cidr: '10.49.0.0/16', disabled: true }), pool('tunnels', { cidr: '10.50.0.0/16', allowedUses: ['Tunnel'] })];
    expect(variantsOf([...values, ...pools], { cni: 'calico' }).map(({ addressIn }) => addressIn)).toEqual([['10.48.0.0/16']]);
  });

  test('a range in a policy matches a pod as far as is known where it is', () => {
    const values = [deployment('shop/x'), web, closed('shop/deny', { ipBlock: { cidr: '10.0.0.0/16' } }), namespace('shop')];
    expect(ask(values, 'shop/x', 'shop/web')).toBe('unknown');
    expect(ask(values, 'shop/x', 'shop/web', { podCidrs: ['10.0.0.0/17'] })).toBe('allowed');
    expect(ask(values, 'shop/x', 'shop/web', { podCidrs: ['10.9.0.0/16'] })).toBe('denied');
    expect(ask(values, 'shop/x', 'shop/web', { closed: true })).toBe('denied');
    expect(ask(values, 'shop/x', 'shop/web', { cni: 'cilium' })).toBe('denied');
  });
});

describe('workloads whose pods are not alike', () => {
  const leader = pod('shop/db-0', { labels: { role: 'leader' }, owner: ['StatefulSet', 'db'] });
  const replica = pod('shop/db-1', { labels: { role: 'replica' }, owner: ['StatefulSet', 'db'] });
  const values = [namespace('shop'), leader, replica, pod('shop/x')];

  test('an answer is that for all of them, or unknown', () => {
    expect(ask([...values, closed('shop/deny', { podSelector: { matchLabels: { role: 'leader' } } })], 'shop/db', 'shop/x')).toBe('unknown');
    expect(ask([...values, closed('shop/deny', { podSelector: { matchExpressions: [{ key: 'role', operator: 'Exists' }] } })], 'shop/db', 'shop/x')).toBe('allowed');
    expect(ask([...values, closed('shop/deny')], 'shop/db', 'shop/x')).toBe('denied');
  });

  test('labels that a controller makes are open where policies ask for them', () => {
    const own = [namespace('shop'), controller('StatefulSet', 'shop/db', { labels: { app: 'db' } }), pod('shop/x')];
    const first = { podSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } } };
    const any = { podSelector: { matchExpressions: [{ key: 'apps.kubernetes.io/pod-index', operator: 'Exists' }] } };
    expect(ask([...own, closed('shop/deny', first)], 'shop/db', 'shop/x')).toBe('unknown');
    expect(ask([...own, closed('shop/deny', any)], 'shop/db', 'shop/x')).toBe('unknown');
    expect(ask([...own, closed('shop/deny', { podSelector: { matchLabels: { app: 'db' } } })], 'shop/db', 'shop/x')).toBe('allowed');
    expect(ask([...own, deployment('shop/y'), closed('shop/deny', first)], 'shop/y', 'shop/x')).toBe('denied');
  });
});

describe('workloads on the network of their nodes', () => {
  const agent = controller('DaemonSet', 'shop/agent', { labels: { app: 'agent' }, spec: { hostNetwork: true } });
  const onNode = (name: string, nodeName: string) => pod(`shop/${name}`, { spec: { hostNetwork: true, nodeName } });

  test('are nodes: the own one of the other end, or another one', () => {
    const variants = variantsOf([agent]);
    expect(variants.map(({ kind }) => kind)).toEqual(['node', 'node']);
    expect(variants.map(({ entities }) => entities)).toEqual([['all', 'cluster', 'cluster-mesh', 'host'], ['all', 'cluster', 'cluster-mesh', 'remote-node']]);
    expect(variants.map(({ labels, namespace: own }) => [labels, own])).toEqual([[undefined, undefined], [undefined, undefined]]);
  });

  test('on Cilium they may also be where the API server is, which the endpoints of its Service tell', () => {
    expect(variantsOf([agent], { cni: 'cilium' }).map(({ entities }) => entities!.includes('kube-apiserver'))).toEqual([false, false, true, true]);
    const endpoints = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.0.1'] }],
      ports: [{ port: 6443 }],
      metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    };
    const at = (podIP: string) => pod('shop/agent', { spec: { hostNetwork: true }, status: { podIP } });
    expect(variantsOf([at('192.168.0.1'), endpoints], { cni: 'cilium' }).map(({ entities }) => entities!.includes('kube-apiserver'))).toEqual([true, true]);
    expect(variantsOf([at('192.168.0.2'), endpoints], { cni: 'cilium' }).map(({ entities }) => entities!.includes('kube-apiserver'))).toEqual([false, false]);
  });

  test('have the labels and addresses of their node', () => {
    const n1 = node('n1', { labels: { zone: 'a' }, status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }, { type: 'Hostname', address: 'n1' }] } });
    expect(variantsOf([onNode('agent', 'n1'), n1])[0]).toMatchObject({ kind: 'node', labels: { zone: 'a' }, address: '192.168.0.1', nodes: ['n1'] });
    expect(variantsOf([agent, n1], { nodeCidrs: ['192.168.0.0/24'] })[0]).toMatchObject({ addressIn: ['192.168.0.0/24'] });
  });

  test.each(CNIS)('on %s a pod that is closed is open to its own node and closed to others', cni => {
    const values = (other: string) => [namespace('shop'), onNode('agent', 'n1'), pod('shop/x', { spec: { nodeName: other } }), closed('shop/deny')];
    expect(ask(values('n1'), 'shop/agent', 'shop/x', { cni })).toBe('allowed');
    expect(ask(values('n2'), 'shop/agent', 'shop/x', { cni })).toBe('denied');
    expect(ask([agent, ...values('n1')], 'shop/agent[DaemonSet]', 'shop/x', { cni })).toBe('unknown');
  });

  test('two of them are one node, or two nodes', () => {
    const [a, b] = partiesOf([onNode('a', 'n1'), onNode('b', 'n1')]);
    expect(meetings(a, b).map(pair => pair.map(({ entities }) => entities![3]))).toEqual([['host', 'host']]);
    const [c, d] = partiesOf([onNode('a', 'n1'), onNode('b', 'n2')]);
    expect(meetings(c, d).map(pair => pair.map(({ entities }) => entities![3]))).toEqual([['remote-node', 'remote-node']]);
  });

  test('policies about pods neither select them nor match them', () => {
    const values = [namespace('shop'), onNode('agent', 'n1'), pod('shop/x', { spec: { nodeName: 'n2' } }), closed('shop/deny', { podSelector: {} })];
    expect(ask(values, 'shop/agent', 'shop/x')).toBe('denied');
    expect(ask(values, 'shop/x', 'shop/agent')).toBe('allowed');
  });
});

describe('many of them', () => {
  const many = (count: number, of: (i: number) => Record<string, unknown>) => Array.from({ length: count }, (_, i) => of(i));

  test('pods that all differ are one variant, of which is known what they have in common', () => {
    const jobs = many(20, i => pod(`shop/job-${i}`, { labels: { run: `${i}`, app: 'job' }, owner: ['Workflow', 'w'], spec: { serviceAccountName: i === 0 ? 'other' : 'robot' } }));
    const variants = variantsOf([namespace('shop'), ...jobs]);
    expect(variants).toHaveLength(1);
    expect(variants[0]).toMatchObject({ labels: { app: 'job' }, openLabels: ['pod'] });
    expect(variants[0].serviceAccount).toBeUndefined();
    const values = [namespace('shop'), ...jobs, deployment('shop/x')];
    expect(ask([...values, closed('shop/deny', { podSelector: { matchLabels: { app: 'job' } } })], 'shop/w', 'shop/x')).toBe('allowed');
    expect(ask([...values, closed('shop/deny', { podSelector: { matchLabels: { run: '7' } } })], 'shop/w', 'shop/x')).toBe('unknown');
  });

  test('a workload on many nodes is a node of which the labels are not known', () => {
    const nodes = many(20, i => node(`n${i}`, { labels: { zone: `${i}` }, status: { addresses: [{ type: 'InternalIP', address: `192.168.0.${i}` }] } }));
    const agents = many(20, i => pod(`shop/agent-${i}`, {
      owner: ['DaemonSet', 'agent'], spec: { hostNetwork: true, nodeName: `n${i}` }, status: { podIP: `192.168.0.${i}` },
    }));
    const variants = variantsOf([...nodes, ...agents]);
    expect(variants).toHaveLength(2);
    expect(variants[0].labels).toBeUndefined();
    expect(variants[0].nodes).toBeUndefined();
    expect(variants[0].addressIn).toHaveLength(20);
  });
});

test('addresses of two families never meet', () => {
  const [a, b] = partiesOf([pod('shop/a', { status: { podIP: '10.0.0.1' } }), pod('shop/b', { status: { podIPs: [{ ip: '10.0.0.2' }, { ip: 'fd00::2' }] } })]);
  expect(meetings(a, b).map(([, { address }]) => address)).toEqual(['10.0.0.2']);
});
