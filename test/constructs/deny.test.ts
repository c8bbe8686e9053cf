import { Chart } from 'cdk8s';
import { Cni, DefaultDeny, Namespaces, NetworkPolicy, Peer, Port, Precedence, Workload } from '../../src';
import { api, db, dns, flow, outside, web, world } from '../oracle/fixtures';
import { ClusterName, deployment, expectFlows, Program, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const WITH_TIERS = { ...FACTS, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const BEFORE = [['cilium', FACTS], ['calico', FACTS], ['kubernetes', WITH_TIERS]] as const;
const AFTER = [['calico', FACTS], ['kubernetes', WITH_TIERS]] as const;

type Workloads = Readonly<Record<'web' | 'api' | 'db', Workload>>;
const stated = (state: (workloads: Workloads, chart: Chart) => void): Program => ({ chart }) => {
  state({ web: Workload.of(deployment(chart, 'web')), api: Workload.of(deployment(chart, 'api')), db: Workload.of(deployment(chart, 'db')) }, chart);
};
const names = (manifests: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[]) => manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe.each(BEFORE)('on %s', (cluster, facts) => {
  const on = (state: (workloads: Workloads, chart: Chart) => void) => sound(cluster, stated(state), facts);

  test('what is denied does not pass, and nothing else is closed', () => {
    const manifests = on(({ web: source, api: destination }) => { source.connections.denyTo(destination, Port.tcp(8080)); });
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'another port': flow(web, api, 'TCP', 8081),
      'another protocol': flow(web, api, 'UDP', 8080),
      'from another': flow(db, api),
      'to another': flow(web, db),
      'the way back': flow(api, web),
      'outside': flow(web, outside, 'TCP', 443),
      'DNS': flow(web, dns, 'UDP', 53),
    }, { 'the edge': flow(web, api) });
  });

  test('it is written at both ends, of which each suffices', () => {
    const manifests = on(({ web: source, api: destination }) => { source.connections.denyTo(destination, Port.tcp(8080)); });
    const policies = manifests.filter(({ kind }) => kind !== 'Tier');
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expectFlows(cluster, [...manifests.filter(({ kind }) => kind === 'Tier'), policy], { 'from another': flow(db, api) }, { 'the edge': flow(web, api) });
    }
  });

  test('it is the same from either end, but for the order of priorities', () => {
    const sorted = (state: (workloads: Workloads) => void) => on(state).sort((a, b) => (names([a])[0] < names([b])[0] ? -1 : 1))
      .map(({ spec: { priority: _, ...spec }, ...rest }) => ({ ...rest, spec }));
    expect(sorted(({ web: source, api: destination }) => { destination.connections.denyFrom(source, Port.tcp(8080)); }))
      .toEqual(sorted(({ web: source, api: destination }) => { source.connections.denyTo(destination, Port.tcp(8080)); }));
  });

  test.each(['before', 'after'])('it wins over what is allowed %s it', order => {
    const manifests = on(({ web: source, api: destination }) => {
      const allow = () => source.connections.allowTo(destination, Port.tcpRange(8000, 8999));
      const deny = () => source.connections.denyTo(destination, Port.tcp(8080));
      for (const state of order === 'before' ? [allow, deny] : [deny, allow]) { state(); }
    });
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'what is allowed': flow(web, api, 'TCP', 8081), 'DNS': flow(web, dns, 'UDP', 53),
    }, {
      'what is denied': flow(web, api), 'what nobody allows': flow(web, db), 'into the destination': flow(db, api),
    });
  });

  test('what is outside is denied too', () => {
    const manifests = on(({ web: source }) => { source.connections.denyTo(Peer.cidr('203.0.113.0/24'), Port.all()); });
    const bad = { ...outside, ip: '203.0.113.9' };
    expectFlows(cluster, manifests, { 'another workload': flow(db, bad, 'TCP', 443), 'pods': flow(web, api) }, { 'the range': flow(web, bad, 'TCP', 443) });
  });

  test('it says why', () => {
    const manifests = on(({ web: source, api: destination }) => { source.connections.denyTo(destination, Port.tcp(8080), { because: 'left by the old shop', ticket: 'SEC-7' }); });
    expect(JSON.stringify(manifests)).toContain('left by the old shop');
  });

  test('a deny of the cluster\'s DNS is an error', () => {
    const deny = (peer: Peer, port: Port, options = {}) => () => synthesize(cluster, ({ chart }) => {
      Workload.of(deployment(chart, 'web'), options).connections.denyTo(peer, port);
    }, facts);
    expect(deny(Peer.any(), Port.all())).toThrow(/it denies Deployment web \(shop\/web\) the cluster's DNS/);
    expect(deny(Peer.dns(), Port.udp(53))).toThrow(/it denies Deployment web \(shop\/web\) the cluster's DNS/);
    expect(deny(Peer.any(), Port.all(), { dns: false })).not.toThrow();
    expect(deny(Peer.any(), Port.HTTPS)).not.toThrow();
  });

  test('workloads of the same labels must deny the same', () => {
    const twins = (both: boolean) => () => synthesize(cluster, ({ chart }) => {
      const [one, other] = ['one', 'other'].map(name => Workload.of(deployment(chart, name, { app: 'web' })));
      one.connections.denyTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
      if (both) { other.connections.denyTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); }
    }, facts);
    expect(twins(false)).toThrow(/have the same labels but different statements/);
    expect(twins(true)).not.toThrow(/different statements/);
  });
});

test('allow and deny of a workload are one policy on Cilium, and two in the tiers of Calico', () => {
  const both = stated(({ web: source }) => {
    source.connections.allowTo(Peer.internet(), Port.HTTPS);
    source.connections.denyTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
  });
  expect(names(sound('cilium', both, FACTS))).toEqual(['CiliumNetworkPolicy web']);
  expect(names(sound('calico', both, FACTS))).toEqual(['Tier netpol-deny', 'NetworkPolicy web', 'NetworkPolicy netpol-deny.web']);
  expect(names(sound('calico', stated(({ web: source }) => { source.connections.denyTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); }), FACTS)))
    .toEqual(['Tier netpol-deny', 'NetworkPolicy netpol-deny.web']);
});

describe.each(AFTER)('after what is allowed, on %s', (cluster, facts) => {
  const on = (state: (workloads: Workloads, chart: Chart) => void) => sound(cluster, stated(state), facts);
  const precedence = Precedence.AFTER;
  const deny = ({ web: source, api: destination }: Workloads) => { source.connections.denyTo(destination, Port.tcp(8080), { precedence }); };

  test('what nobody isolates is denied, and nothing else', () => {
    const manifests = on(deny);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'another port': flow(web, api, 'TCP', 8081), 'from another': flow(db, api), 'to another': flow(web, db) }, { 'the edge': flow(web, api) });
  });

  test('what somebody allows passes', () => {
    const manifests = on((workloads, chart) => {
      deny(workloads);
      new NetworkPolicy(chart, 'web-out', { subject: workloads.web, egress: [{ peers: [workloads.api], ports: [Port.tcp(8080)] }] });
      new NetworkPolicy(chart, 'api-in', { subject: workloads.api, ingress: [{ peers: [workloads.web], ports: [Port.tcp(8080)] }] });
    });
    expectFlows(cluster, manifests, { 'the edge': flow(web, api) }, { 'to another': flow(web, db) });
  });
});

function errorsOf(run: () => void): string[] {
  try {
    run();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter(line => line.includes('[cdk8s-netpol]'));
  }
}

describe('what is refused', () => {
  const state = (cluster: ClusterName, run: (workloads: Workloads) => void) => () => synthesize(cluster, stated(run), FACTS);
  const deny = (precedence?: Precedence) => ({ web: source, api: destination }: Workloads) => {
    source.connections.denyTo(destination, Port.tcp(8080), { precedence });
  };

  test('any deny in plain Kubernetes, with the alternative', () => {
    expect(state('kubernetes', deny())).toThrow(
      'NetworkPolicy has no deny rules: policies only add what is allowed; isolate the pods (DefaultDeny) and allow what is needed, or use the cilium or calico dialect');
  });

  test('one that gives way, where there is no baseline', () => {
    expect(state('kubernetes', deny(Precedence.AFTER))).toThrow(/NetworkPolicy has no tiers/);
    expect(state('cilium', deny(Precedence.AFTER))).toThrow(/before Cilium's ClusterNetworkPolicy \(1\.20, with its flag\) a policy of a tier can only deny before all others/);
  });

  test('conditions of requests', () => {
    expect(state('cilium', ({ web: source, api: destination }) => { source.connections.denyTo(destination, Port.tcp(8080).http({ method: 'GET' })); })).toThrow(
      'a deny is about ports, and never about requests or names; leave the conditions out, or allow only the requests that are meant');
  });

  test('a precedence that is not known', () => {
    expect(state('cilium', deny('first' as never))).toThrow('Deployment web (shop/web): precedence "first" is not known; use one of before, after');
  });

  test.each<[string, (workloads: Workloads) => void]>([
    ['the same edge', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      destination.connections.denyFrom(source, Port.tcp(8080));
    }],
    ['a part of it', ({ web: source, api: destination }) => {
      source.connections.denyTo(destination, Port.allTcp());
      source.connections.allowTo(destination, Port.tcp(8080));
    }],
    ['what is denied to the namespace', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      source.connections.denyTo(Peer.namespaces(Namespaces.same()), Port.allTcp());
    }],
    ['what is denied by labels that only the pods have', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      source.connections.denyTo(Peer.pods({ namespaces: Namespaces.all(), labels: { app: 'api' } }), Port.tcpRange(8000, 8999));
    }],
    ['what is denied to everybody', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      destination.connections.denyFrom(Peer.any(), Port.tcpRange(8000, 9000));
    }],
  ])('to allow and to deny %s', (_, run) => {
    expect(state('cilium', run)).toThrow(/on TCP 8080 is allowed, and denied as (egress|ingress) .*; take out one of them, or deny less than is allowed/);
  });

  test.each<[string, (workloads: Workloads) => void]>([
    ['less than is allowed', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.allTcp());
      source.connections.denyTo(destination, Port.tcp(8080));
    }],
    ['another protocol', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      source.connections.denyTo(destination, Port.udp(8080));
    }],
    ['another direction', ({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      source.connections.denyFrom(destination, Port.tcp(8080));
    }],
  ])('but not to deny %s', (_, run) => { expect(state('cilium', run)).not.toThrow(); });

  test('a part of a range that is denied', () => {
    const state443 = (allow: string, deny_: string, options = {}) => state('cilium', ({ web: source }) => {
      source.connections.allowTo(Peer.cidr(allow), Port.HTTPS);
      source.connections.denyTo(Peer.cidr(deny_), Port.all(), options);
    });
    expect(state443('203.0.113.0/25', '203.0.113.0/24')).toThrow('egress to 203.0.113.0/25 on TCP 443 is allowed, and denied as egress to 203.0.113.0/24 on all traffic');
    expect(state443('203.0.113.0/24', '203.0.113.0/25')).not.toThrow();
  });

  test('but not what gives way to what is allowed', () => {
    expect(() => synthesize('calico', stated(({ web: source, api: destination }) => {
      source.connections.allowTo(destination, Port.tcp(8080));
      source.connections.denyTo(Peer.namespaces(Namespaces.same()), Port.allTcp(), { precedence: Precedence.AFTER });
    }), FACTS)).not.toThrow();
  });

  test.each<[string, ClusterName, (workloads: Workloads) => void, string]>([
    ['where there is no deny', 'kubernetes', deny(), 'policy shop/web (shop/web), egress to Deployment api (shop/api) on TCP 8080: '],
    ['where there is no baseline', 'cilium', deny(Precedence.AFTER), 'policy shop-web-deny-after (shop/web), egress to Deployment api (shop/api) on TCP 8080: '],
    ['where it is allowed', 'cilium', workloads => {
      workloads.web.connections.allowTo(workloads.api, Port.tcp(8080));
      deny()(workloads);
    }, 'Deployment web (shop/web): egress to Deployment api (shop/api) on TCP 8080 is allowed'],
  ])('once, at the end that states it: %s', (_, cluster, run, start) => {
    const errors = errorsOf(state(cluster, run));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(start);
  });

  test('a workload of another app', () => {
    const app = (): Workload => {
      let found: Workload | undefined;
      synthesize('cilium', ({ chart }) => { found = Workload.of(deployment(chart, 'web')); });
      return found!;
    };
    expect(() => app().connections.denyTo(app(), Port.HTTP)).toThrow(/are of different apps/);
  });
});

test('beside a closed namespace a deny holds as well', () => {
  const manifests = sound('cilium', stated(({ web: source, api: destination }, chart) => {
    new DefaultDeny(chart, 'deny');
    source.connections.allowTo(destination, Port.allTcp());
    destination.connections.denyFrom(source, Port.tcp(8080));
  }), FACTS);
  expectFlows('cilium', manifests, { 'the rest': flow(web, api, 'TCP', 8081) }, { 'the edge': flow(web, api), 'another': flow(db, api) });
});

test('each workload that denies in a tier has a priority of its own, as far as there are some', () => {
  const deny = (count: number) => synthesize('kubernetes', ({ chart }) => {
    for (let i = 0; i < count; i++) { Workload.of(deployment(chart, `w${i}`)).connections.denyTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); }
  }, { ...FACTS, cni: Cni.ovnKubernetes({ clusterNetworkPolicy: true }) });
  expect(deny(2).flatMap(({ spec }) => spec.priority ?? [])).toEqual([99, 98]);
  expect(() => deny(51)).toThrow('Deployment w50 (shop/w50): a deny of connections needs a policy of tier platform for each workload, and ovn-kubernetes has room for 50');
});

describe('what was denied to a workload that was taken out of the app is denied no more', () => {
  const manifests = (cluster: ClusterName, facts: object, allow: boolean) => sound(cluster, ({ chart }) => {
    const [source, gone] = [deployment(chart, 'web'), deployment(chart, 'api')];
    if (allow) { Workload.of(source).connections.allowTo(Peer.internet(), Port.HTTPS); }
    Workload.of(source).connections.denyTo(Workload.of(gone), Port.tcp(8080));
    chart.node.tryRemoveChild(gone.node.id);
  }, facts).filter(({ kind }) => kind !== 'Tier');

  test.each(BEFORE)('on %s', (cluster, facts) => {
    expect(manifests(cluster, facts, false)).toEqual([]);
    expect(manifests(cluster, facts, true).map(({ metadata }) => metadata.name)).toEqual(['web']);
  });
});
