import { deployment, documents, namespace, networkPolicy, node, pod, service } from './world/documents';
import { Analysis } from '../../src/analysis/analysis';
import { explain } from '../../src/analysis/explain/explain';
import { findParty, seenClient, trafficTo } from '../../src/analysis/find-party';
import { AnalysisOptions } from '../../src/analysis/options';
import { IngressController } from '../../src/cluster/ingress-controller';
import { Answer } from '../../src/model/evaluate';

const HASH = { 'pod-template-hash': '7d4b9c6f5' };
const WEB_POD = pod('shop/web-7d4b9c6f5-x2x7k', { labels: { app: 'web', ...HASH }, owner: ['ReplicaSet', 'web-7d4b9c6f5'], status: { podIP: '10.0.0.1' } });
const SHOP = [
  namespace('shop'), namespace('data'),
  deployment('shop/web', { labels: { app: 'web' } }), WEB_POD,
  deployment('shop/api', { labels: { app: 'api' } }), deployment('data/api', { labels: { app: 'api' } }),
  deployment('single', { labels: { app: 'single' } }),
  service('shop/web', { selector: { app: 'web' }, clusterIP: '10.96.0.1', ports: [{ name: 'http', port: 80, targetPort: 'http' }, { name: 'admin', port: 9000, targetPort: 'admin' }] }),
  node('n1', { status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] } }),
];

const analyse = (values: readonly unknown[] = SHOP, options: AnalysisOptions = {}) => Analysis.of(documents(...values), { podCidrs: ['10.0.0.0/16'], nodeCidrs: ['192.168.0.0/24'], ...options });
const shop = analyse();
const textsOf = (text: string, analysis: Analysis = shop) => findParty(analysis, text).parties.map(party => party.text);
const variantsOf = (text: string, analysis: Analysis = shop) => findParty(analysis, text).parties.flatMap(({ variants }) => variants);

describe('workloads', () => {
  test.each([
    ['as list writes them', 'shop/web[Deployment]', 'shop/web[Deployment]'],
    ['by namespace and name', ' shop/web ', 'shop/web[Deployment]'],
    ['by a name that is unique', 'web', 'shop/web[Deployment]'],
    ['by a name in the namespace default', 'single', 'default/single[Deployment]'],
    ['by the name of a pod', 'shop/web-7d4b9c6f5-x2x7k', 'shop/web[Deployment]'],
    ['by the name of a pod alone', 'web-7d4b9c6f5-x2x7k', 'shop/web[Deployment]'],
  ])('%s', (_, text, found) => {
    expect(textsOf(text)).toEqual([found]);
  });

  test('a pod is said to be one', () => {
    expect(findParty(shop, 'shop/web-7d4b9c6f5-x2x7k').notes).toEqual(['web-7d4b9c6f5-x2x7k is a pod of shop/web[Deployment]']);
    expect(findParty(shop, 'shop/web').notes).toEqual([]);
  });

  test('a name of several is an error that names them', () => {
    expect(() => findParty(shop, 'api')).toThrow('"api" is not one workload, but 2: data/api[Deployment], shop/api[Deployment]; write one of these');
  });

  test('one that is not there is an error that names those that read like it', () => {
    expect(() => findParty(shop, 'shop/wbe')).toThrow(/^there is no workload "shop\/wbe"; the input has shop\/web\[Deployment\]/);
    expect(() => findParty(shop, 'wbe')).toThrow(/^there is no workload "wbe"; the input has shop\/web\[Deployment\]/);
    expect(() => findParty(shop, '')).toThrow('an end of a question is empty');
    expect(() => findParty(analyse([...SHOP, service('data/cache', { selector: {} })]), 'cache')).toThrow('there is a Service of that name: write svc/data/cache');
  });

  test('texts of no bound are cut in messages', () => {
    expect(() => findParty(shop, `shop/${'x'.repeat(10_000)}`)).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{0,300}$/s) as string }) as Error);
  });
});

describe('Services', () => {
  const spec = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] };

  test.each(['svc/shop/web:80', 'svc/shop/web:http', 'service/web:80', 'web.shop.svc:80', 'web.shop.svc.cluster.local:80'])('%s is its backends, with the port that they listen on', text => {
    const found = findParty(shop, text);
    expect(found.parties.map(party => party.text)).toEqual(['shop/web[Deployment]']);
    expect(found.ports).toMatchObject([{ protocol: 'TCP', port: 80, target: 8080, targetName: 'http' }]);
    expect(trafficTo(found, found.parties[0], { protocol: 6, port: 80 })).toEqual([{ protocol: 6, port: 8080 }]);
    expect(trafficTo(found, found.parties[0], { protocol: 17, port: 80 })).toEqual([]);
    expect(trafficTo(found, found.parties[0], { protocol: 6, port: 8080 })).toEqual([]);
    expect(trafficTo(found, found.parties[0], { protocol: 6 })).toEqual([{ protocol: 6, port: 8080 }]);
  });

  test('a port name that no container has leads nowhere, and a note says so', () => {
    const found = findParty(shop, 'svc/shop/web:admin');
    expect(found.ports).toMatchObject([{ port: 9000, targetName: 'admin' }]);
    expect(trafficTo(found, found.parties[0], { protocol: 6, port: 9000 })).toEqual([]);
    expect(found.notes).toEqual(['no container of shop/web[Deployment] has a port named admin, which port 9000 of Service shop/web stands for: nothing answers there']);
  });

  test('a port that it does not have is an error that names those that it has', () => {
    expect(() => findParty(shop, 'svc/shop/web:443')).toThrow('Service shop/web has no port "443"; it has 80 (http), 9000 (admin)');
    const numbered = analyse([...SHOP, service('shop/x', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] })]);
    expect(() => findParty(numbered, 'svc/shop/x:8080')).toThrow('it has 80: 8080 is what is behind its port 80');
  });

  test('one that is not there is an error that says where there is one of the name', () => {
    expect(() => findParty(shop, 'svc/data/web')).toThrow('there is no Service "data/web"; did you mean svc/shop/web?');
    expect(() => findParty(analyse([...SHOP, service('data/web', spec)]), 'svc/web')).toThrow('there are several Services "web"; write one of svc/data/web, svc/shop/web');
    expect(() => findParty(shop, 'svc/a/b/c')).toThrow('is no Service; write svc/NAMESPACE/NAME:PORT');
  });

  test('one that selects nothing has no backends, and a note says so', () => {
    const found = findParty(analyse([...SHOP, service('shop/x', { selector: { app: 'nobody' }, ports: [{ port: 80 }] })]), 'svc/shop/x');
    expect(found.parties).toEqual([]);
    expect(found.notes).toEqual(['Service shop/x selects no pods (app=nobody): nothing answers there']);
  });

  test('one without a selector has the endpoints of its slices, and who they are', () => {
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'x-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'x' } },
      endpoints: [{ addresses: ['203.0.113.7'] }, { addresses: ['10.0.0.1'] }],
      ports: [{ port: 5432 }],
    };
    const found = findParty(analyse([...SHOP, service('shop/x', { ports: [{ port: 80 }] }), slice]), 'svc/shop/x:80');
    expect(found.ports!.map(({ party, port, target }) => [party.text, port, target])).toEqual([['203.0.113.7-203.0.113.7[External]', 80, 5432], ['shop/web[Deployment]', 80, 5432]]);
  });

  test('another name is the name that it stands for', () => {
    const found = findParty(analyse([...SHOP, service('shop/x', { type: 'ExternalName', externalName: 'db.example.com' })]), 'svc/shop/x');
    expect(found.parties[0]).toMatchObject({ text: 'db.example.com', variants: [{ kind: 'external', names: ['db.example.com'] }] });
    expect(found.notes).toEqual(['Service shop/x is another name of db.example.com']);
  });

  test('name and namespace alone are a Service, as pods write it', () => {
    expect(textsOf('web.shop')).toEqual(['shop/web[Deployment]']);
    expect(textsOf('web.example')).toEqual(['web.example']);
  });
});

describe('addresses', () => {
  test('an address is that of whoever has it', () => {
    expect(findParty(shop, '10.0.0.1')).toMatchObject({ parties: [{ text: 'shop/web[Deployment]' }], notes: ['10.0.0.1 is the address of a pod of shop/web[Deployment]'] });
    expect(findParty(shop, '10.96.0.1').notes[0]).toBe('10.96.0.1 is the address of Service shop/web; policies see its backends');
    expect(textsOf('10.96.0.1')).toEqual(['shop/web[Deployment]']);
    expect(textsOf('192.168.0.1')).toEqual(['node/n1']);
    expect(variantsOf('192.168.0.1').map(({ kind, address }) => [kind, address])).toEqual([['node', '192.168.0.1'], ['node', '192.168.0.1']]);
  });

  test('one of several of a workload is that one', () => {
    const two = pod('shop/both', { status: { podIPs: [{ ip: '10.0.0.8' }, { ip: 'fd00::8' }] } });
    expect(variantsOf('FD00:0::8', analyse([...SHOP, two])).map(({ address }) => address)).toEqual(['fd00::8']);
  });

  test('in the ranges of pods and nodes it is somebody of the cluster', () => {
    expect(variantsOf('10.0.9.9')).toMatchObject([{ kind: 'pod', address: '10.0.9.9' }]);
    expect(variantsOf('10.0.9.9')[0].labels).toBeUndefined();
    expect(findParty(shop, '10.0.9.9').notes[0]).toContain('10.0.9.9 is in the range of pods 10.0.0.0/16');
    expect(variantsOf('192.168.0.77').map(({ kind, entities }) => [kind, entities!.at(-1)])).toEqual([['node', 'host'], ['node', 'remote-node']]);
  });

  test('else it is outside', () => {
    expect(findParty(shop, '203.0.113.7')).toEqual({
      text: '203.0.113.7',
      notes: [],
      parties: [{ text: '203.0.113.7-203.0.113.7[External]', variants: [{ kind: 'external', address: '203.0.113.7', entities: ['all', 'world', 'world-ipv4'], principal: '' }] }],
    });
    expect(variantsOf('2001:DB8::1')).toMatchObject([{ address: '2001:db8::1', entities: ['all', 'world', 'world-ipv6'] }]);
  });

  test.each(['203.0.113.0/24', '203.0.113.0-203.0.113.255', '203.0.113.0-203.0.113.255[External]'])('%s is all of the range', text => {
    expect(textsOf(text)).toEqual(['203.0.113.0-203.0.113.255[External]']);
    expect(variantsOf(text)).toMatchObject([{ kind: 'external', addressIn: ['203.0.113.0/24'] }]);
  });

  test('of a range that holds pods it is what is outside, and a note says so', () => {
    expect(findParty(shop, '10.0.0.0/8').notes).toEqual(['10.0.0.0/8 also holds addresses of the cluster (10.0.0.0/16); the answer is that for what is outside of it']);
    expect(findParty(analyse(SHOP, { podCidrs: [] }), '10.0.0.0/8').notes).toEqual(['10.0.0.0/8 also holds addresses of the cluster (10.0.0.1); the answer is that for what is outside of it']);
  });

  test('a range of one address is that address', () => {
    expect(textsOf('10.0.0.1/32')).toEqual(['shop/web[Deployment]']);
    expect(textsOf('192.168.0.1/32')).toEqual(['node/n1']);
  });

  test.each(['10.0.0.0/24', '10.0.0.0/16', '192.168.0.128/25'])('a range inside the cluster, such as %s, is an error that names the workload', range => {
    expect(() => findParty(shop, range)).toThrow(/is a range inside the cluster .*; name the workload/);
  });

  test('a range all of whose addresses pods and nodes are known to have is one too', () => {
    const both = ['10.0.0.4', '10.0.0.5'].map((podIP, i) => pod(`shop/p${i}`, { status: { podIP } }));
    expect(() => findParty(analyse([...SHOP, ...both], { podCidrs: [] }), '10.0.0.4/31')).toThrow('name the workload, such as shop/p0 or shop/p1');
  });

  test('ranges of nodes for pods are not believed where a pod has none of their addresses', () => {
    const nodes = [node('n1', { spec: { podCIDR: '10.1.1.0/24' } })];
    const stray = [...nodes, pod('shop/stray', { status: { podIP: '10.2.0.9' } })];
    const open = { podCidrs: [] };
    expect(variantsOf('10.1.1.7', analyse(nodes, open)).map(({ kind }) => kind)).toEqual(['pod']);
    const analysis = analyse(stray, open);
    expect(variantsOf('10.1.1.7', analysis).map(({ kind }) => kind)).toEqual(['pod', 'external']);
    expect(analysis.notes).toEqual([expect.stringMatching(/10\.2\.0\.9 of a pod is in none of the ranges of the Nodes .*state --pod-cidr/)]);
    // A node's own address is none of a pod.
    expect(analyse([...nodes, pod('shop/host', { spec: { hostNetwork: true }, status: { podIP: '192.168.0.7' } })], open).notes).toEqual([expect.stringContaining('are taken to have')]);
  });

  test.each(['cilium', 'calico'])('of %s they say nothing, and such an address may be a pod or not', cni => {
    const analysis = analyse([node('n1', { spec: { podCIDR: '10.1.1.0/24' } })], { podCidrs: [], cni });
    expect(variantsOf('10.1.1.7', analysis).map(({ kind }) => kind)).toEqual(['pod', 'external']);
  });

  test('a private address is said to be taken for one outside where nobody knows the ranges of the cluster', () => {
    const none = analyse(SHOP, { podCidrs: [], nodeCidrs: [] });
    expect(findParty(none, '10.9.9.9').notes).toEqual(['10.9.9.9 is private, and is taken to be outside the cluster: the ranges of its pods and nodes are not known; state --pod-cidr and --node-cidr']);
    expect(findParty(none, '10.9.9.0/24').notes).toHaveLength(1);
    expect(findParty(none, '203.0.113.7').notes).toEqual([]);
    expect(findParty(shop, '10.9.9.9').notes).toEqual([]);
  });

  test('malformed ones are errors', () => {
    expect(() => findParty(shop, '203.0.113.1/24')).toThrow('has bits set beyond /24');
    expect(() => findParty(shop, '203.0.113.1-203.0.113.6')).toThrow('is not the range of one prefix');
    expect(() => findParty(shop, '2001:db8::-203.0.113.6')).toThrow('is not the range of one prefix');
    expect(() => findParty(shop, '203.0.113.0/33')).toThrow('the prefix length must be a number from 0 to 32');
  });

  test('an answer for a range is that for all of its addresses, or unknown', () => {
    const to = (cidr: string) => networkPolicy('shop/out', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr } }] }] });
    const ask = (cidr: string): Answer => {
      const analysis = analyse([...SHOP, to(cidr)]);
      return analysis.answer(findParty(analysis, 'shop/web').parties[0], findParty(analysis, '203.0.113.0/24').parties[0], { protocol: 6, port: 443 });
    };
    expect([ask('203.0.113.0/24'), ask('203.0.113.0/25'), ask('198.51.100.0/24')]).toEqual(['allowed', 'unknown', 'denied']);
  });
});

describe('names', () => {
  test('are outside, at any address', () => {
    const variants = [{ kind: 'external', entities: ['all', 'world'], names: ['api.example.com'], principal: '' }];
    expect(findParty(shop, 'API.example.com.').parties).toEqual([{ text: 'api.example.com', variants }]);
  });

  test('are answered by rules of names where the CNI has them, else by addresses that nobody knows', () => {
    const allow = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'a', namespace: 'shop' }, spec: { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: 'api.example.com' }] }] } };
    const cilium = analyse([...SHOP, allow]);
    const ask = (analysis: Analysis, name: string) => analysis.answer(findParty(analysis, 'shop/web').parties[0], findParty(analysis, name).parties[0], { protocol: 6, port: 443 });
    expect(ask(cilium, 'other.example.com')).toBe('denied');
    const out = networkPolicy('shop/out', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] });
    expect(ask(analyse([...SHOP, out]), 'api.example.com')).toBe('unknown');
    expect(ask(shop, 'api.example.com')).toBe('allowed');
  });
});

describe('the ingress controller', () => {
  const closed = ['shop', 'data'].map(name => networkPolicy(`${name}/closed`, { podSelector: {}, policyTypes: ['Egress'] }));
  const open = networkPolicy('shop/in', {
    podSelector: {},
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } }, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } } }] }],
  });
  const ask = (ingressController?: IngressController, ...more: readonly unknown[]): string => {
    const analysis = analyse([...SHOP, ...closed, open, ...more], { ...(ingressController ? { ingressController } : {}) });
    const answers = findParty(analysis, '{ingress-controller}').parties.map(party => analysis.answer(party, findParty(analysis, 'shop/web').parties[0], { protocol: 6, port: 80 }));
    return answers.join();
  };

  test('is a pod that may be anywhere where nothing is stated: policies of every namespace may select it', () => {
    expect(textsOf('{ingress-controller}')).toEqual(['{ingress-controller}']);
    expect(ask()).toBe('unknown');
    const analysis = analyse([...SHOP, ...closed]);
    expect(explain(analysis, findParty(analysis, '{ingress-controller}').parties[0], findParty(analysis, 'shop/web').parties[0], { protocol: 6, port: 80 }).missing)
      .toContain('the namespace of {ingress-controller} (asked for: data): state which controller it is (--ingress-controller)');
  });

  test('is in the namespace that is stated, where policies of other namespaces have no say', () => {
    expect(textsOf('{ingress-controller}', analyse(SHOP, { ingressController: IngressController.traefik() }))).toEqual(['{ingress-controller}']);
    expect(ask(IngressController.ingressNginx())).toBe('allowed');
    expect(ask(IngressController.ingressNginx('edge'))).toBe('denied');
    expect(ask(IngressController.traefik())).toBe('denied');
  });

  test('is subject to policies of its own namespace, of which its other labels are not known', () => {
    const ofController = (podSelector: object): unknown => networkPolicy('ingress-nginx/out', { podSelector, policyTypes: ['Egress'] });
    expect(ask(IngressController.ingressNginx(), ofController({}))).toBe('denied');
    expect(ask(IngressController.ingressNginx(), ofController({ matchLabels: { 'app.kubernetes.io/component': 'controller' } }))).toBe('denied');
    expect(ask(IngressController.ingressNginx(), ofController({ matchLabels: { 'app.kubernetes.io/component': 'webhook' } }))).toBe('allowed');
    expect(ask(IngressController.ingressNginx(), ofController({ matchLabels: { tier: 'edge' } }))).toBe('unknown');
  });

  test('may be selected by policies of the whole cluster, by labels that are not known', () => {
    const admin = (namespaceSelector: object): unknown => ({
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'x' },
      spec: { tier: 'Admin', priority: 1, subject: { namespaces: namespaceSelector }, egress: [{ name: 'a', action: 'Deny', to: [{ namespaces: {} }] }] },
    });
    expect(ask(IngressController.ingressNginx(), admin({}))).toBe('denied');
    expect(ask(IngressController.ingressNginx(), admin({ matchLabels: { team: 'edge' } }))).toBe('unknown');
    expect(ask(IngressController.ingressNginx(), admin({ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }))).toBe('allowed');
  });

  test('is the workload of the input that is meant', () => {
    const controller = deployment('ingress-nginx/controller', { labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' } });
    expect(textsOf('{ingress-controller}', analyse([...SHOP, controller], { ingressController: IngressController.ingressNginx() }))).toEqual(['ingress-nginx/controller[Deployment]']);
  });

  test.each<[string, IngressController, readonly string[]]>([
    ['several', IngressController.parse('traefik+kong'), ['traefik/{app.kubernetes.io/name=traefik}', 'kong/{app.kubernetes.io/name=gateway,app.kubernetes.io/component=app}']],
    ['the router of OpenShift', IngressController.openShiftRouter(), ['{ingress-controller}']],
    ['one on the network of its nodes', IngressController.hostNetwork(), ['{ingress-controller}']],
    ['a part of Cilium', IngressController.ciliumIngress(), ['{ingress-controller}']],
    ['load balancers', IngressController.cidrs(['203.0.113.0/28', '203.0.113.32/28']), ['203.0.113.0-203.0.113.15[External]', '203.0.113.32-203.0.113.47[External]']],
  ])('may be %s', (_, ingressController, texts) => {
    expect(textsOf('{ingress-controller}', analyse(SHOP, { ingressController }))).toEqual(texts);
  });

  test.each<[string, IngressController, string]>([
    ['the router is in its namespace', IngressController.openShiftRouter(), 'denied'],
    ['nodes are no pods', IngressController.hostNetwork(), 'unknown'],
    ['balancers are no pods', IngressController.cidrs(['203.0.113.0/28']), 'denied'],
  ])('%s', (_, ingressController, expected) => {
    expect(ask(ingressController)).toBe(expected);
  });
});

test('an address in the range of Services is whoever is behind it', () => {
  const out = networkPolicy('shop/out', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.96.0.0/16' } }] }] });
  const ask = (text: string, options: AnalysisOptions) => {
    const analysis = analyse([...SHOP, out], options);
    const { parties: [party], notes } = findParty(analysis, text);
    return [analysis.answer(findParty(analysis, 'shop/web').parties[0], party, { protocol: 6, port: 443 }), notes.join()];
  };
  expect(ask('10.96.7.7', { serviceCidrs: ['10.96.0.0/16'] })).toEqual(['unknown', expect.stringContaining('10.96.7.7 is in the range of Services 10.96.0.0/16')]);
  expect(ask('10.96.7.7', {})[0]).toBe('allowed');
  expect(() => findParty(analyse(SHOP, { serviceCidrs: ['10.96.0.0/16'] }), '10.96.7.0/24')).toThrow('is a range inside the cluster (10.96.0.0/16)');
});

test('a node is known by its name', () => {
  expect(textsOf('node/n1')).toEqual(['node/n1']);
  expect(() => findParty(shop, 'node/n2')).toThrow('there is no Node "n2" among the documents; there are n1');
});

describe('clients outside, through a Service', () => {
  const client = networkPolicy('shop/clients', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] });

  function ask(spec: Record<string, unknown>, ...others: unknown[]): { answer: Answer; remarks: readonly string[] } {
    const analysis = analyse([...SHOP, service('shop/front', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...spec }), ...others]);
    const { service: front, parties: [web] } = findParty(analysis, 'svc/shop/front:80');
    const { party, remarks } = seenClient(analysis, findParty(analysis, '203.0.113.7').parties[0], front);
    return { answer: analysis.answer(party, web, { protocol: 6, port: 8080 }), remarks };
  }

  test.each(['NodePort', 'LoadBalancer'])('of a %s Service a list of addresses may see nodes in their place', type => {
    const { answer, remarks } = ask({ type }, client);
    expect(answer).toBe('unknown');
    expect(remarks).toEqual([expect.stringContaining(`${type} Service shop/front has externalTrafficPolicy Cluster: on the way the address of a client outside becomes that of a node`)]);
  });

  test('externalTrafficPolicy Local keeps them', () => {
    expect(ask({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }, client)).toMatchObject({ answer: 'allowed', remarks: [expect.stringContaining('which keeps the address')] });
  });

  test('where both would be treated alike that does not matter', () => {
    expect(ask({ type: 'NodePort' }).answer).toBe('allowed');
  });

  test('a Service of the cluster is not reached from outside by itself', () => {
    expect(ask({})).toMatchObject({ answer: 'allowed', remarks: [expect.stringContaining('Service shop/front is of type ClusterIP')] });
  });
});

describe('what is in no manifest', () => {
  test('the DNS of the cluster is that of the input, or one as every cluster has it', () => {
    expect(variantsOf('{cluster DNS}')[0]).toMatchObject({ kind: 'pod', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } });
    const own = analyse([...SHOP, deployment('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } })]);
    expect(textsOf('{cluster DNS}', own)).toEqual(['kube-system/coredns[Deployment]']);
  });

  test('the API server is outside, or on a node', () => {
    expect(variantsOf('{API server}').map(({ kind }) => kind)).toEqual(['external', 'node']);
    expect(() => textsOf('{nothing}')).toThrow();
  });

  test('the internet is every public address', () => {
    const [{ kind, addressIn = [] }, ...others] = variantsOf('internet');
    expect([kind, others]).toEqual(['external', []]);
    expect(addressIn.slice(0, 3)).toEqual(['1.0.0.0/8', '2.0.0.0/7', '4.0.0.0/6']);
    expect(addressIn.some(cidr => cidr.startsWith('10.'))).toBe(false);
  });
});
