import { ApiObject, App, Chart } from 'cdk8s';
import { AllowDns, LabelExpression, Namespaces, Peer, Port, Workload, WorkloadOptions } from '../../src';
import { agent, api, db, dns, flow, named, otherApi, outside, web, world } from '../oracle/fixtures';
import { CLUSTER_NAMES, expectFlows, Manifest, Program, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

interface Pods { readonly labels?: Record<string, string>; readonly spec?: object; readonly options?: WorkloadOptions }

function workload(chart: Chart, name: string, { labels = { app: name }, spec, options }: Pods = {}): Workload {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }], ...spec } };
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } };
  return Workload.of(new ApiObject(chart, name, manifest as never), options);
}

const names = (manifests: readonly Manifest[]) => manifests.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('an edge is written at both ends, which are closed for everything else', () => {
    const manifests = sound(cluster, ({ chart }) => { workload(chart, 'web').connections.allowTo(workload(chart, 'api'), Port.tcp(8080)); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expect(names(manifests)).toEqual(['shop/web', 'shop/api']);
    expectFlows(cluster, manifests, {
      'the edge': flow(web, api),
      'DNS of the source': flow(web, dns, 'UDP', 53),
      'into the source': flow(db, web),
      'out of the destination': flow(api, outside),
    }, {
      'another port': flow(web, api, 'TCP', 8081),
      'another protocol': flow(web, api, 'UDP', 8080),
      'from the source to another': flow(web, db),
      'from the source to its like elsewhere': flow(web, otherApi),
      'from the source to outside': flow(web, outside, 'TCP', 443),
      'from another to the destination': flow(db, api),
      'from outside to the destination': flow(outside, api),
    });
    const only = (name: string) => manifests.filter(({ metadata }) => metadata.name === name);
    expectFlows(cluster, only('web'), { 'from another to the destination': flow(db, api) }, { 'from the source to another': flow(web, db) });
    expectFlows(cluster, only('api'), { 'from the source to another': flow(web, db) }, { 'from another to the destination': flow(db, api) });
  });

  test('an edge that is stated from its destination is the same edge', () => {
    const edge = (from: 'source' | 'destination') => sound(cluster, ({ chart }) => {
      const [source, destination] = [workload(chart, 'web'), workload(chart, 'api')];
      if (from === 'source') { source.connections.allowTo(destination, Port.tcp(8080)); } else { destination.connections.allowFrom(source, Port.tcp(8080)); }
    }).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    expect(edge('destination')).toEqual(edge('source'));
  });

  test('the same edge twice is one edge', () => {
    const stated = (times: number) => sound(cluster, ({ chart }) => {
      const [source, destination] = [workload(chart, 'web'), workload(chart, 'api')];
      for (let i = 0; i < times; i++) {
        source.connections.allowTo(destination, Port.tcp(8080));
        destination.connections.allowFrom(source, Port.tcp(8080));
        source.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
      }
    });
    expect(stated(3)).toEqual(stated(1));
  });

  test('two ports of one edge, in two statements, are one policy', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const [source, destination] = [workload(chart, 'web'), workload(chart, 'api')];
      source.connections.allowTo(destination, Port.tcp(8080));
      source.connections.allowTo(destination, Port.udp(9000));
    }, FACTS);
    expect(names(manifests)).toEqual(['shop/web', 'shop/api']);
    expectFlows(cluster, manifests, { one: flow(web, api), other: flow(web, api, 'UDP', 9000) }, {
      third: flow(web, api, 'TCP', 9000), fourth: flow(web, api, 'UDP', 8080),
    });
  });

  test('an edge between namespaces is written in both, each in its own chart', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      workload(chart, 'web').connections.allowTo(workload(new Chart(app, 'data', { namespace: 'data' }), 'db'), Port.tcp(5432));
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expect(names(manifests)).toEqual(['shop/web', 'data/db']);
    expectFlows(cluster, manifests, { 'the edge': flow(web, db, 'TCP', 5432) }, {
      'another source': flow(api, db, 'TCP', 5432),
      'its like elsewhere': flow({ ...web, namespace: 'data' }, db, 'TCP', 5432),
      'another destination': flow(web, otherApi, 'TCP', 5432),
      'another port': flow(web, db, 'TCP', 5433),
    });
  });

  test('a workload of another namespace than its chart keeps its own', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const labels = { app: 'db' };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'db' }] } };
      const manifest = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace: 'data' }, spec: { selector: { matchLabels: labels }, template } };
      workload(chart, 'web').connections.allowTo(Workload.of(new ApiObject(chart, 'db', manifest as never)), Port.tcp(5432));
    }, FACTS);
    expect(names(manifests)).toEqual(['shop/web', 'data/db']);
    expectFlows(cluster, manifests, { 'the edge': flow(web, db, 'TCP', 5432) }, { 'into db': flow(api, db, 'TCP', 5432) });
  });

  test('nothing is written into a namespace that the app does not declare', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const source = workload(chart, 'web');
      const external = Workload.external(chart, { labels: { app: 'db' }, namespace: 'data' });
      source.connections.allowTo(external, Port.tcp(5432));
      source.connections.allowFrom(external, Port.tcp(8080));
      source.connections.allowTo(Peer.pods({ labels: { 'k8s-app': 'metrics' }, namespaces: Namespaces.named('kube-system') }), Port.HTTPS);
      source.connections.allowTo(Peer.dns(), Port.DNS);
      source.connections.allowFrom(Peer.ingressController(), Port.tcp(8080));
      source.connections.allowFrom(Peer.monitoring(), Port.tcp(8080));
    }, FACTS);
    expect(names(manifests)).toEqual(['shop/web']);
    expectFlows(cluster, manifests, {
      'to the other app': flow(web, db, 'TCP', 5432),
      'from the other app': flow(db, web),
      'what the other app does': flow(outside, db),
      'whom DNS serves': flow(db, dns, 'UDP', 53),
    }, { 'to others': flow(web, otherApi, 'TCP', 5432), 'from others': flow(otherApi, web) });
  });

  test('what an external workload itself states is written for it', () => {
    const manifests = sound(cluster, ({ chart }) => {
      Workload.external(chart, { labels: { app: 'db' }, namespace: 'data' }).connections.allowFrom(workload(chart, 'web'), Port.tcp(5432));
    }, FACTS);
    expect(names(manifests)).toEqual(['data/db', 'shop/web']);
    expectFlows(cluster, manifests, { 'the edge': flow(web, db, 'TCP', 5432) }, { 'others to it': flow(otherApi, db, 'TCP', 5432) });
  });

  test('each of several peers has its end written', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const peers = Peer.oneOf(workload(chart, 'api'), Peer.cidr('203.0.113.0/24'), Workload.external(chart, { labels: { app: 'db' }, namespace: 'data' }));
      workload(chart, 'web').connections.allowTo(peers, Port.tcp(8080));
    }, FACTS);
    expect(names(manifests)).toEqual(['shop/web', 'shop/api']);
    expectFlows(cluster, manifests, { one: flow(web, api), two: flow(web, outside), three: flow(web, db) }, {
      four: flow(web, otherApi), back: flow(db, api),
    });
  });

  test('pods of one workload may talk to each other, and to nobody else', () => {
    const manifests = sound(cluster, ({ chart }) => { workload(chart, 'web').connections.allowInternally(Port.tcp(7000)); }, FACTS);
    expect(manifests).toMatchSnapshot();
    const sibling = { ...web, name: 'web-2' };
    expectFlows(cluster, manifests, { siblings: flow(web, sibling, 'TCP', 7000), DNS: flow(web, dns, 'UDP', 53) }, {
      'another port': flow(web, sibling), 'another pod in': flow(api, web, 'TCP', 7000), 'another pod out': flow(web, api, 'TCP', 7000),
    });
  });

  test('isolation closes both directions, or one', () => {
    const isolated = (options: Parameters<Workload['connections']['isolate']>[0]) =>
      sound(cluster, ({ chart }) => { workload(chart, 'web').connections.isolate(options); }, FACTS);
    const [IN, OUT, DNS] = [{ in: flow(api, web) }, { out: flow(web, api) }, { DNS: flow(web, dns, 'UDP', 53) }];
    expectFlows(cluster, isolated({}), DNS, { ...IN, ...OUT });
    expectFlows(cluster, isolated({ dns: false }), {}, { ...IN, ...OUT, ...DNS });
    expectFlows(cluster, isolated({ egress: false }), { ...OUT, ...DNS }, IN);
    expectFlows(cluster, isolated({ ingress: false }), { ...IN, ...DNS }, OUT);
    expect(isolated({ ingress: false, egress: false })).toEqual([]);
  });

  test('DNS goes along with egress, unless it is declined or only ingress is stated', () => {
    const stated = (direction: 'allowTo' | 'allowFrom', options?: WorkloadOptions) =>
      sound(cluster, ({ chart }) => { workload(chart, 'web', { options }).connections[direction](Peer.cidr('203.0.113.0/24'), Port.tcp(8080)); }, FACTS);
    const DNS = { DNS: flow(web, dns, 'UDP', 53) };
    expectFlows(cluster, stated('allowTo'), { ...DNS, stated: flow(web, outside) }, { other: flow(web, api) });
    expectFlows(cluster, stated('allowTo', { dns: false }), { stated: flow(web, outside) }, { ...DNS, other: flow(web, api) });
    expect(JSON.stringify(stated('allowFrom'))).not.toContain('kube-dns');
    expectFlows(cluster, stated('allowFrom'), { ...DNS, stated: flow(outside, web) }, { other: flow(api, web) });
  });

  test('an ingress statement at the other end isolates no egress there, and brings no DNS', () => {
    const manifests = sound(cluster, ({ chart }) => { workload(chart, 'web').connections.allowTo(workload(chart, 'api'), Port.tcp(8080)); }, FACTS);
    expect(JSON.stringify(manifests.filter(({ metadata }) => metadata.name === 'api'))).not.toContain('kube-dns');
  });

  test('a named port is that of the pods that are connected to', () => {
    const spec = { containers: [{ name: 'api', image: 'api', ports: [{ name: 'http', containerPort: 8080 }] }] };
    const manifests = sound(cluster, ({ chart }) => {
      workload(chart, 'web').connections.allowTo(workload(chart, 'api', { spec }), Port.named('http'));
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'the port': flow(web, api) }, { another: flow(web, api, 'TCP', 9000) });
  });

  test('a workload on the host network cannot be a subject', () => {
    expect(() => synthesize(cluster, ({ chart }) => { workload(chart, 'agent', { spec: { hostNetwork: true } }).connections.isolate(); })).toThrow(
      'Deployment agent (shop/agent) runs on the host network: its pods are nodes to a policy, which never selects them; say Peer.host() or Peer.remoteNodes() for them');
  });

  test('a workload on the host network cannot be a peer', () => {
    const stating = (direction: 'allowTo' | 'allowFrom'): Program => ({ chart }) => {
      workload(chart, 'web').connections[direction](workload(chart, 'agent', { spec: { hostNetwork: true } }), Port.tcp(8080));
    };
    expect(() => synthesize(cluster, stating('allowTo'))).toThrow(
      'policy shop/web (shop/web), egress to Deployment agent (shop/agent) on TCP 8080: Deployment agent (shop/agent) runs on the host network');
    expect(() => synthesize(cluster, stating('allowFrom'))).toThrow(
      'policy shop/web (shop/web), ingress from Deployment agent (shop/agent) on TCP 8080: Deployment agent (shop/agent) runs on the host network');
  });

  test('a pod on the host network is reached as a node', () => {
    const manifests = sound(cluster, ({ chart }) => {
      workload(chart, 'web').connections.allowTo(Peer.oneOf(Peer.host(), Peer.remoteNodes()), Port.tcp(9100));
    }, FACTS);
    // The agent has the labels of nobody; web is on another node here, since the judge never stops what stays on one node.
    expectFlows(cluster, manifests, { 'the port of a node': flow({ ...web, node: 'n2' }, agent, 'TCP', 9100) }, {
      'another port of a node': flow({ ...web, node: 'n2' }, agent, 'TCP', 22), 'a pod': flow(web, api, 'TCP', 9100),
    });
  });
});

describe('names outside', () => {
  const stripe: Program = ({ chart }) => { workload(chart, 'web').connections.allowTo(Peer.fqdn('api.stripe.com'), Port.HTTPS); };
  const FLOWS = {
    pass: { 'the name': flow(web, named('api.stripe.com'), 'TCP', 443), 'the question': { ...flow(web, dns, 'UDP', 53), dnsQuery: 'api.stripe.com' } },
    stop: {
      'another name': flow(web, named('api.strpie.com'), 'TCP', 443),
      'the address': flow(web, outside, 'TCP', 443),
      'another port': flow(web, named('api.stripe.com'), 'TCP', 80),
    },
  };

  test('on cilium a name brings the rule that sends questions through the DNS proxy', () => {
    const manifests = sound('cilium', stripe, FACTS);
    expect(manifests).toMatchSnapshot();
    expect(manifests[0].spec.egress[0].toPorts[0].rules).toEqual({ dns: [{ matchPattern: '*' }] });
    expectFlows('cilium', manifests, FLOWS.pass, FLOWS.stop);
  });

  test('on cilium the rule stands with the name also where DNS is allowed for the whole namespace', () => {
    const manifests = sound('cilium', context => {
      new AllowDns(context.chart, 'dns');
      stripe(context);
    }, FACTS);
    expectFlows('cilium', manifests, FLOWS.pass, FLOWS.stop);
  });

  test('on cilium no name means no proxy', () => {
    const manifests = sound('cilium', ({ chart }) => { workload(chart, 'web').connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); });
    expect(JSON.stringify(manifests)).not.toContain('rules');
  });

  test('on cilium a name without DNS is an error', () => {
    expect(() => synthesize('cilium', ({ chart }) => {
      workload(chart, 'web', { options: { dns: false } }).connections.allowTo(Peer.fqdn('api.stripe.com'), Port.HTTPS);
    })).toThrow('policy shop/web (shop/web), egress to api.stripe.com on TCP 443: api.stripe.com: the cilium dialect cannot express this: toFQDNs matches only addresses that the DNS proxy has seen, so without a DNS rule it never matches; leave dns at its default');
  });

  test('names are for egress only', () => {
    expect(() => synthesize('cilium', ({ chart }) => { workload(chart, 'web').connections.allowFrom(Peer.fqdn('api.stripe.com'), Port.HTTPS); })).toThrow(
      'api.stripe.com: the cilium dialect cannot express this: names are for egress only; allow the addresses with Peer.cidr(...)');
  });

  test.each(['kubernetes', 'calico'] as const)('%s refuses them', cluster => {
    expect(() => synthesize(cluster, stripe)).toThrow(
      new RegExp(`policy shop/web \\(shop/web\\), egress to api\\.stripe\\.com on TCP 443: api\\.stripe\\.com: the ${cluster} dialect cannot express this: .* knows addresses, not names`));
  });
});

describe('workloads with the same labels', () => {
  type State = (one: Workload, other: Workload, chart: Chart) => void;
  const twins = (state: State, options: [WorkloadOptions?, WorkloadOptions?] = []): Program => ({ chart }) => {
    const [one, other] = ['one', 'other'].map((name, i) => workload(chart, name, { labels: { app: 'web' }, options: options[i] }));
    state(one, other, chart);
  };
  const ERROR = 'Deployment one (shop/one) and Deployment other (shop/other) have the same labels but different statements, and a policy cannot tell them apart; give them different labels, or state the same for both';
  const OUTSIDE = Peer.cidr('203.0.113.0/24');

  test.each(CLUSTER_NAMES)('on %s different statements are an error', cluster => {
    expect(() => synthesize(cluster, twins((one, other) => {
      one.connections.allowTo(OUTSIDE, Port.HTTPS);
      other.connections.allowTo(OUTSIDE, Port.HTTP);
    }))).toThrow(ERROR);
  });

  test.each<[string, Program]>([
    ['statements of one only', twins(one => one.connections.isolate())],
    ['another direction', twins((one, other) => {
      one.connections.isolate({ egress: false });
      other.connections.isolate({ ingress: false });
    })],
    ['DNS for one only', twins((one, other) => [one, other].forEach(({ connections }) => connections.allowTo(OUTSIDE, Port.HTTPS)), [{}, { dns: false }])],
    ['peers of one name in two namespaces', twins((one, other, chart) => {
      one.connections.allowTo(Workload.external(chart, { labels: { app: 'db' }, namespace: 'data' }), Port.POSTGRES);
      other.connections.allowTo(Workload.external(chart, { labels: { app: 'db' }, namespace: 'test' }), Port.POSTGRES);
    })],
    ['peers of one name with other labels', twins((one, other, chart) => {
      one.connections.allowTo(Workload.external(chart, { name: 'db', labels: { app: 'db' } }), Port.POSTGRES);
      other.connections.allowTo(Workload.external(chart, { name: 'db', labels: { app: 'db', tier: 'gold' } }), Port.POSTGRES);
    })],
  ])('%s: is an error', (_, program) => {
    expect(() => synthesize('kubernetes', program)).toThrow(ERROR);
  });

  test.each<[string, (one: Workload, other: Workload) => void]>([
    ['the same statements', (one, other) => [one, other].forEach(({ connections }) => connections.allowTo(OUTSIDE, Port.HTTPS))],
    ['the same statements in another order', (one, other) => {
      one.connections.allowTo(OUTSIDE, Port.HTTPS);
      one.connections.allowTo(OUTSIDE, Port.HTTP);
      other.connections.allowTo(OUTSIDE, Port.HTTP);
      other.connections.allowTo(OUTSIDE, Port.HTTPS);
    }],
    ['each to its own pods, which are the same pods', (one, other) => [one, other].forEach(({ connections }) => connections.allowInternally(Port.HTTP))],
    ['no statements', () => undefined],
  ])('%s: is fine', (_, state) => {
    for (const cluster of CLUSTER_NAMES) { expect(() => sound(cluster, twins(state))).not.toThrow(); }
  });

  test.each(CLUSTER_NAMES)('on %s a construct without statements beside a selection of its labels is fine', cluster => {
    const manifests = sound(cluster, ({ chart }) => {
      workload(chart, 'web');
      Workload.select(chart, { labels: { app: 'web' } }).connections.allowFrom(workload(chart, 'api'), Port.tcp(8080));
    });
    expect(names(manifests)).toEqual(['shop/web', 'shop/api']);
  });

  test('labels have no order', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      workload(chart, 'one', { labels: { a: '1', b: '2' } }).connections.isolate();
      Workload.select(chart, { name: 'other', labels: { b: '2', a: '1' } }).connections.isolate({ ingress: false });
    })).toThrow('Deployment one (shop/one) and workload other have the same labels but different statements');
  });

  test('in different namespaces they are different workloads', () => {
    expect(() => sound('kubernetes', ({ app, chart }) => {
      workload(chart, 'one').connections.isolate();
      workload(new Chart(app, 'data', { namespace: 'data' }), 'one').connections.isolate({ ingress: false });
    })).not.toThrow();
  });
});

describe('peers that read alike', () => {
  const all = (...peers: Peer[]): Program => ({ chart }) => {
    const { connections } = workload(chart, 'web');
    for (const peer of peers) { connections.allowTo(peer, Port.HTTP); }
  };
  const pods = (namespaces: Namespaces) => Peer.namespaces(namespaces);
  const range = (cidr: string, ...except: string[]) => Peer.cidr(cidr, { except });

  test.each<[string, Peer, Peer]>([
    ['every namespace, and one named "all"', pods(Namespaces.named('all')), pods(Namespaces.all())],
    ['the own namespace, and one named "same"', pods(Namespaces.named('same')), pods(Namespaces.same())],
    ['two namespaces, and one beside a symbol', pods(Namespaces.named('data', 'any')), Peer.oneOf(pods(Namespaces.named('data')), Peer.any())],
    ['two exceptions, and one beside a range', range('20.0.0.0/8', '20.1.0.0/16', '20.2.0.0/16'), Peer.oneOf(range('20.0.0.0/8', '20.1.0.0/16'), range('20.2.0.0/16'))],
    ['a label, and its requirement', Peer.pods({ labels: { app: 'api' } }), Peer.pods({ expressions: [LabelExpression.noneOf('app', 'api')] })],
    ['addresses outside, and addresses of anybody', Peer.cidr('10.0.0.0/8'), Peer.addresses('10.0.0.0/8')],
  ])('%s: are two statements', (_, one, other) => {
    const both = sound('kubernetes', all(one, other));
    expect(sound('kubernetes', all(other, one))).toEqual(both);
    expect(sound('kubernetes', all(one))).not.toEqual(both);
    expect(sound('kubernetes', all(other))).not.toEqual(sound('kubernetes', all(one)));
  });
});

test('several rules that are written as one are each named in its errors', () => {
  expect(() => synthesize('kubernetes', ({ chart }) => {
    const { connections } = workload(chart, 'web');
    connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    connections.allowTo(Peer.fqdn('api.stripe.com'), Port.HTTPS);
    connections.allowTo(Peer.cidr('198.51.100.0/24'), Port.HTTP);
  })).toThrow('policy shop/web (shop/web), egress to 203.0.113.0/24 on TCP 443; egress to api.stripe.com on TCP 443: api.stripe.com: the kubernetes dialect cannot express this');
});

test.each(['allowTo', 'allowFrom'] as const)('%s states both ends or, where the namespace of one is not known, neither', direction => {
  const manifests = synthesize('kubernetes', ({ app, chart }) => {
    const [known, stray] = [workload(chart, 'web'), workload(new Chart(app, 'nowhere'), 'stray')];
    for (const [one, other] of [[known, stray], [stray, known]]) {
      expect(() => one.connections[direction](other, Port.HTTP)).toThrow('the namespace of Deployment stray (nowhere/stray) is not known');
    }
  });
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Deployment web', 'Deployment stray']);
});

test('a namespace that is not known is an error at the statement', () => {
  expect(() => synthesize('kubernetes', ({ app, chart }) => {
    workload(chart, 'web').connections.allowTo(workload(new Chart(app, 'nowhere'), 'api'), Port.HTTP);
  })).toThrow('the namespace of Deployment api (nowhere/api) is not known; set it on the chart (new Chart(app, id, { namespace })) or on the workload');
});

test('an edge to a workload of another app is an error that names both, and nothing is stated at either end', () => {
  const other = new Chart(new App(), 'data', { namespace: 'data' });
  const theirs = workload(other, 'db');
  const manifests = synthesize('kubernetes', ({ chart }) => {
    const source = workload(chart, 'web');
    for (const attempt of [
      () => source.connections.allowTo(theirs, Port.tcp(5432)),
      () => source.connections.allowFrom(theirs, Port.tcp(8080)),
      () => source.connections.allowTo(Peer.oneOf(Peer.internet(), theirs), Port.tcp(5432)),
    ]) {
      expect(attempt).toThrow(
        'Deployment web (shop/web) and Deployment db (data/db) are of different apps, and an app writes its own policies only; name the other app\'s pods by Workload.external(...), in each app');
    }
  });
  expect(manifests.map(({ kind }) => kind)).toEqual(['Deployment']);
  expect((other.toJson() as Manifest[]).map(({ kind }) => kind)).toEqual(['Deployment']);
});
