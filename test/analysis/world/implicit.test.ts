import { documents, namespace, networkPolicy, node, pod } from './documents';
import { Analysis } from '../../../src/analysis/analysis';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Party } from '../../../src/analysis/party';
import { addressParty } from '../../../src/analysis/world/external-parties';
import { isImplicit } from '../../../src/analysis/world/implicit-policy';
import { Answer } from '../../../src/model/evaluate';
import { Dialect, judge, JudgeOptions, Pod, World } from '../../oracle';

/** What a CNI does on its own between nodes and pods, held against the naive judge. */

const NODES = [
  node('n1', { status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] } }),
  node('n2', { status: { addresses: [{ type: 'InternalIP', address: '192.168.0.2' }] } }),
];
const PODS: readonly Pod[] = [
  { namespace: 'shop', name: 'web', labels: { app: 'web' }, ips: ['10.0.0.1'], node: 'n1' },
  { namespace: 'shop', name: 'api', labels: { app: 'api' }, ips: ['10.0.0.2'], node: 'n2' },
  { namespace: 'shop', name: 'agent1', labels: { app: 'agent' }, ips: ['192.168.0.1'], node: 'n1', hostNetwork: true },
  { namespace: 'shop', name: 'agent2', labels: { app: 'agent' }, ips: ['192.168.0.2'], node: 'n2', hostNetwork: true },
];
const WORLD: World = { namespaces: { shop: {} }, pods: [...PODS], podCidrs: ['10.0.0.0/16'], nodeCidrs: ['192.168.0.0/24'] };

const documentOf = ({ namespace: place, name, labels, ips, node: nodeName, hostNetwork = false }: Pod) =>
  pod(`${place}/${name}`, { labels, spec: { nodeName, hostNetwork }, status: { podIP: ips![0] } });

/** What the manifests of Calico state of Felix. */
const felix = (action: string, name: string = 'default') =>
  ({ apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name }, spec: { defaultEndpointToHostAction: action } });

/** All answers between two pods that differ, of the analysis. */
function answers(policies: readonly object[], cni: Dialect, options: AnalysisOptions = {}): Record<string, Answer> {
  const beside = cni !== 'calico' || policies.some(policy => 'kind' in policy && policy.kind === 'FelixConfiguration') ? [] : [felix('Accept')];
  const analysis = Analysis.of(documents(namespace('shop'), ...NODES, ...PODS.map(documentOf), ...beside, ...policies), { cni, ...options });
  expect(analysis.problems).toEqual([]);
  return Object.fromEntries(analysis.parties.flatMap(source => analysis.parties.filter(destination => destination !== source).map(destination =>
    [`${source.workload!.name} -> ${destination.workload!.name}`, analysis.answer(source, destination, { protocol: 6, port: 8080 })])));
}

function judged(policies: readonly object[], cni: Dialect, options: JudgeOptions = {}): Record<string, Answer> {
  return Object.fromEntries(PODS.flatMap(source => PODS.filter(destination => destination !== source).map(destination => {
    const { allowed, l7 } = judge(cni, [...policies], WORLD, { source: { pod: source }, destination: { pod: destination }, protocol: 'TCP', port: 8080 }, options);
    return [`${source.name} -> ${destination.name}`, allowed ? (l7 ? 'partial' : 'allowed') : 'denied'];
  })));
}

const CNIS: readonly Dialect[] = ['kubernetes', 'cilium', 'calico'];

const deny = (...policyTypes: string[]) => networkPolicy('shop/deny', { podSelector: {}, policyTypes });
const toNodes = networkPolicy('shop/nodes', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [{ ipBlock: { cidr: '192.168.0.2/32' } }] }], egress: [{ to: [{ ipBlock: { cidr: '192.168.0.1/32' } }] }] });

describe.each(CNIS)('on %s', cni => {
  test.each([
    ['no policy', []],
    ['default deny of ingress', [deny('Ingress')]],
    ['default deny of egress', [deny('Egress')]],
    ['default deny of both', [deny('Ingress', 'Egress')]],
    ['ranges of single nodes', [toNodes]],
  ])('%s: as judged', (_, policies) => {
    expect(answers(policies, cni)).toEqual(judged(policies, cni));
  });
});

const cilium = (name: string, spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec: { endpointSelector: {}, ...spec } });
const clusterwide = (name: string, spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name }, spec });

describe('Cilium', () => {
  test.each([
    ['a deny of the host is above what it lets pass on its own', [cilium('a', { ingress: [{}], ingressDeny: [{ fromEntities: ['host'] }] })]],
    ['a deny of remote nodes leaves the own one', [cilium('a', { ingressDeny: [{ fromEntities: ['remote-node'] }] })]],
    ['an allow of remote nodes', [cilium('a', { ingress: [{ fromEntities: ['remote-node'] }] })]],
    ['egress to the host', [cilium('a', { egress: [{ toEntities: ['host'] }] })]],
    ['egress to the cluster', [cilium('a', { egress: [{ toEntities: ['cluster'] }] })]],
    ['ingress from pods only', [cilium('a', { ingress: [{ fromEndpoints: [{}] }] })]],
    ['requests from pods', [cilium('a', { ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ path: '/' }] } }] }] })]],
  ])('%s: as judged', (_, policies) => {
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'kubernetes', namespace: 'default' }, subsets: [{ addresses: [{ ip: '192.168.0.9' }], ports: [{ port: 6443 }] }] };
    expect(answers([...policies, endpoints], 'cilium')).toEqual(judged(policies, 'cilium'));
  });

  test('policies about nodes are for the host firewall, and ignored where it is not on', () => {
    const policies = [clusterwide('nodes', { nodeSelector: {}, ingress: [{ fromEntities: ['host'] }] })];
    expect(answers(policies, 'cilium')).toEqual(judged(policies, 'cilium'));
    expect(answers(policies, 'cilium')['web -> agent2']).toBe('allowed');
    expect(answers(policies, 'cilium', { features: { hostFirewall: true } })).toEqual(judged(policies, 'cilium', { features: { hostFirewall: true } }));
    expect(answers(policies, 'cilium', { features: { hostFirewall: true } })['web -> agent2']).toBe('denied');
  });
});

const calico = (name: string, spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec });
const pods = { namespaceSelector: 'all()' };

describe('Calico', () => {
  test.each([
    ['a deny of all ingress', [calico('deny', { ...pods, types: ['Ingress'], ingress: [{ action: 'Deny' }] })]],
    ['a deny of all egress', [calico('deny', { ...pods, types: ['Egress'], egress: [{ action: 'Deny' }] })]],
    ['a deny of the address of the own node, in an early tier', [
      { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'first' }, spec: { order: 1 } },
      calico('first.deny', { ...pods, tier: 'first', types: ['Ingress'], ingress: [{ action: 'Deny', source: { nets: ['192.168.0.1/32'] } }, { action: 'Pass' }] }),
    ]],
    ['egress to a node by its address', [calico('some', { ...pods, types: ['Egress'], egress: [{ action: 'Allow', destination: { nets: ['192.168.0.1/32'] } }] })]],
  ])('%s: as judged', (_, policies) => {
    expect(answers(policies, 'calico')).toEqual(judged(policies, 'calico'));
  });

  test('what pods may send to their own node is an action of Felix, after their egress policies', () => {
    expect(answers([felix('Drop')], 'calico')).toEqual(judged([], 'calico', { defaultEndpointToHostAction: 'Drop' }));
    expect(answers([felix('Drop')], 'calico')).toMatchObject({ 'web -> agent1': 'denied', 'web -> agent2': 'allowed', 'agent1 -> web': 'allowed' });
    expect(answers([felix('ACCEPT')], 'calico')).toEqual(judged([], 'calico'));
    const policies = [calico('deny', { ...pods, types: ['Egress'], egress: [{ action: 'Deny' }] })];
    expect(answers([felix('Accept'), ...policies], 'calico')).toEqual(judged(policies, 'calico'));
  });

  test('a host endpoint drops what neither a policy nor a profile lets pass, save failsafe ports', () => {
    const endpoint = (...profiles: string[]) => ({
      apiVersion: 'projectcalico.org/v3',
      kind: 'HostEndpoint',
      metadata: { name: 'n2-eth0', labels: { role: 'node' } },
      spec: { node: 'n2', interfaceName: 'eth0', expectedIPs: ['192.168.0.2'], profiles },
    });
    expect(answers([endpoint()], 'calico')).toMatchObject({ 'web -> agent2': 'denied', 'web -> agent1': 'allowed', 'agent2 -> web': 'denied', 'api -> agent2': 'allowed' });
    expect(answers([endpoint('projectcalico-default-allow')], 'calico')).toMatchObject({ 'web -> agent2': 'allowed', 'agent2 -> web': 'allowed' });
    const policy = calico('role', { selector: 'role == "node"', types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow', source: { nets: ['10.0.0.0/16'] } }] });
    expect(answers([endpoint(), policy], 'calico')).toMatchObject({ 'web -> agent2': 'allowed', 'agent2 -> web': 'denied' });
    const analysis = Analysis.of(documents(namespace('shop'), ...NODES, ...PODS.map(documentOf), endpoint()), { cni: 'calico' });
    const [agent2, web] = ['agent2', 'web'].map(name => analysis.parties.find(({ workload }) => workload!.name === name)!);
    expect(analysis.answer(web, agent2, { protocol: 6, port: 22 })).toBe('allowed');
    expect(analysis.answer(agent2, web, { protocol: 6, port: 22 })).toBe('denied');
    expect(analysis.answer(agent2, web, { protocol: 17, port: 53 })).toBe('allowed');
  });
});

describe('a Calico whose objects say less', () => {
  const NAMED = ['web', 'api', 'agent1', 'agent2'] as const;
  const OUTSIDE = addressParty('203.0.113.1');
  function asked(...objects: readonly object[]) {
    const analysis = Analysis.of(documents(namespace('shop'), ...NODES, ...PODS.map(documentOf), ...objects), { cni: 'calico' });
    expect(analysis.problems).toEqual([]);
    const [web, api, agent1, agent2] = NAMED.map(name => analysis.parties.find(({ workload }) => workload!.name === name)!);
    return { web, api, agent1, agent2, answer: (from: Party, to: Party, protocol = 6) => analysis.answer(from, to, { protocol, port: 8080 }) };
  }
  const hostEndpoint = (profiles: readonly string[] = []) => (
    { apiVersion: 'projectcalico.org/v3', kind: 'HostEndpoint', metadata: { name: 'n2' }, spec: { node: 'n2', interfaceName: 'eth0', expectedIPs: ['192.168.0.2'], profiles } });
  const hooked = (spec: object) => calico('x', { selector: '!has(projectcalico.org/namespace)', types: ['Ingress'], ingress: [{ action: 'Deny', protocol: 'TCP' }, { action: 'Allow' }], applyOnForward: true, ...spec });

  test('what pods send to their own node is not known without a FelixConfiguration', () => {
    const { web, agent1, agent2, answer } = asked();
    expect([answer(web, agent1), answer(agent1, web), answer(web, agent2)]).toEqual(['unknown', 'allowed', 'allowed']);
  });

  test.each([
    ['applyOnForward', {}, 'unknown'],
    ['preDNAT', { preDNAT: true }, 'allowed'],
    ['doNotTrack', { doNotTrack: true }, 'allowed'],
  ])('what a host endpoint forwards to pods is not known where a policy with %s may drop it', (_name, flags, udp) => {
    const { web, api, agent1, agent2, answer } = asked(hostEndpoint(['projectcalico-default-allow']), hooked(flags));
    expect([answer(OUTSIDE, api), answer(web, api), answer(agent1, api)]).toEqual(['unknown', 'unknown', 'unknown']);
    expect(answer(agent2, api)).toBe('allowed');
    // On n1 there is no host endpoint, but what comes from outside may come by way of n2.
    expect([answer(api, web), answer(OUTSIDE, web)]).toEqual(['doNotTrack' in flags ? 'unknown' : 'allowed', 'unknown']);
    expect(answer(web, OUTSIDE)).toBe('allowed');
    expect(answer(web, api, 17)).toBe(udp);
  });

  test('a policy with a hook that selects no host endpoint, or drops nothing, changes nothing', () => {
    for (const policy of [hooked({ selector: 'has(nobody)' }), hooked({ preDNAT: true, ingress: [{ action: 'Allow' }] })]) {
      const { web, api, answer } = asked(hostEndpoint(), policy);
      expect([answer(OUTSIDE, api), answer(web, api)]).toEqual(['allowed', 'allowed']);
    }
    expect((({ api, answer }) => answer(OUTSIDE, api))(asked(hooked({})))).toBe('allowed');
  });

  test('what the policies of pods deny stays denied', () => {
    const { api, answer } = asked(hostEndpoint(), hooked({}), calico('deny', { ...pods, types: ['Ingress'], ingress: [{ action: 'Deny' }] }));
    expect(answer(OUTSIDE, api)).toBe('denied');
  });

  test('the rules of its profiles decide what no policy of a host endpoint does', () => {
    const profile = { apiVersion: 'projectcalico.org/v3', kind: 'Profile', metadata: { name: 'p' }, spec: { ingress: [{ action: 'Allow', protocol: 'TCP' }] } };
    const { web, agent2, answer } = asked(hostEndpoint(['p']), profile);
    expect([answer(web, agent2), answer(web, agent2, 17), answer(agent2, web)]).toEqual(['allowed', 'denied', 'denied']);
    const elsewhere = asked(hostEndpoint(['p']));
    expect(elsewhere.answer(elsewhere.web, elsewhere.agent2)).toBe('unknown');
  });

  test('a host endpoint has the labels of its profiles', () => {
    const profile = { apiVersion: 'projectcalico.org/v3', kind: 'Profile', metadata: { name: 'p' }, spec: { labelsToApply: { role: 'node' } } };
    const { web, agent2, answer } = asked(hostEndpoint(['p']), profile, calico('role', { selector: 'role == "node"', types: ['Ingress'], ingress: [{ action: 'Allow' }] }));
    expect(answer(web, agent2)).toBe('allowed');
  });
});

describe('what is implied has names', () => {
  test.each([
    ['kubernetes', ['Kubernetes node to its own pods', 'Kubernetes pod to its own node']],
    ['cilium', ['Cilium node to its own pods']],
    ['calico', ['Calico node to its own pods', 'Calico defaultEndpointToHostAction not stated']],
  ])('on %s', (cni, names) => {
    const { set } = Analysis.of(documents(namespace('shop'), deny('Ingress', 'Egress')), { cni });
    expect(set.policies.filter(isImplicit).map(({ origin: { kind, name } }) => `${kind} ${name}`)).toEqual(names);
    expect(set.policies.filter(isImplicit).every(({ origin }) => origin.apiVersion.startsWith('https://'))).toBe(true);
  });

  test('nothing is implied where nothing is closed', () => {
    expect(Analysis.of(documents(namespace('shop')), { cni: 'kubernetes' }).set.policies).toEqual([]);
  });

  test('a baseline that denies nodes holds for pods that nobody isolates', () => {
    const baseline = {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'nodes' },
      spec: { tier: 'Baseline', priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Deny', to: [{ networks: ['192.168.0.0/24'] }] }] },
    };
    expect(answers([baseline], 'kubernetes')['web -> agent1']).toBe('denied');
    const isolated = networkPolicy('shop/web', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] });
    expect(answers([baseline, isolated], 'kubernetes')).toMatchObject({ 'web -> agent1': 'allowed', 'web -> agent2': 'denied', 'api -> agent2': 'denied' });
  });
});
