import { Chart } from 'cdk8s';
import { controller, database as db, expectFlows, FACTS, prometheus, stranger, workload } from './support';
import { IngressController, Peer, Port, ThreeTierApp, ThreeTierAppProps, TierProps, Workload } from '../../src';
import { api, dns, flow, named, otherApi, outside, web } from '../oracle/fixtures';
import { CLUSTER_NAMES, deployment, Program, sound, synthesize } from '../support/apps';

const PORTS = { web: Port.tcp(80), api: Port.tcp(8080), database: Port.tcp(5432) };

const tiers = (more: Partial<Record<keyof typeof PORTS, Partial<TierProps>>> = {}): Program => ({ chart }) => {
  new ThreeTierApp(chart, 'app', {
    web: { workload: workload(chart, 'web'), port: PORTS.web, ...more.web },
    api: { workload: workload(chart, 'api'), port: PORTS.api, ...more.api },
    database: { workload: workload(chart, 'db'), port: PORTS.database, ...more.database },
  });
};

const externalDb = (chart: Chart) => Workload.external(chart, { labels: { app: 'db' } });

const EDGES = {
  'ingress controller to web': flow(controller, web, 'TCP', 80),
  'web to api': flow(web, api),
  'api to database': flow(api, db, 'TCP', 5432),
  'web asks for names': flow(web, dns, 'UDP', 53),
  'api asks for names': flow(api, dns, 'TCP', 53),
};
const OTHERS = {
  'ingress controller past web': flow(controller, api),
  'ingress controller to another port': flow(controller, web, 'TCP', 8080),
  'web past api': flow(web, db, 'TCP', 5432),
  'back from api': flow(api, web, 'TCP', 80),
  'back from the database': flow(db, api),
  'outside to web': flow(outside, web, 'TCP', 80),
  'outside to the database': flow(outside, db, 'TCP', 5432),
  'a stranger to web': flow(stranger, web, 'TCP', 80),
  'a stranger to api': flow(stranger, api),
  'a stranger to the database': flow(stranger, db, 'TCP', 5432),
  'an api of another namespace': flow(otherApi, db, 'TCP', 5432),
  'web to an api of another namespace': flow(web, otherApi),
  'another port of the database': flow(api, db, 'TCP', 22),
  'api to outside': flow(api, outside, 'TCP', 443),
  'web to outside': flow(web, outside, 'TCP', 443),
  'database to outside': flow(db, outside, 'TCP', 443),
};
const DATABASE_DNS = { 'the database asks for names': flow(db, dns, 'UDP', 53) };

/** A direction that is isolated, without a rule that allows anything. */
const NO_EGRESS = { kubernetes: undefined, cilium: [{}], calico: undefined };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('each tier reaches the next, and nothing else passes', () => {
    const manifests = sound(cluster, tiers(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...EDGES, 'pods of no tier': flow(stranger, outside) }, { ...OTHERS, ...DATABASE_DNS });
  });

  test('tiers by labels are the same as tiers by workloads', () => {
    const byLabels = sound(cluster, ({ chart }) => {
      for (const name of ['web', 'api', 'db']) { deployment(chart, name); }
      new ThreeTierApp(chart, 'app', {
        web: { labels: { app: 'web' }, port: PORTS.web },
        api: { labels: { app: 'api' }, port: PORTS.api },
        database: { labels: { app: 'db' }, port: PORTS.database },
      });
    }, FACTS);
    expect(byLabels).toEqual(sound(cluster, tiers(), FACTS));
  });

  test('nothing is written for a database of another app', () => {
    const manifests = sound(cluster, context => tiers({ database: { workload: externalDb(context.chart) } })(context), FACTS);
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual(['web', 'api']);
    const opened = { 'what another app lets its database do': flow(stranger, db, 'TCP', 5432), 'and open': flow(db, outside, 'TCP', 443) };
    expectFlows(cluster, manifests, { ...EDGES, ...opened }, { 'web past api': OTHERS['web past api'], 'api to outside': OTHERS['api to outside'] });
  });

  test('nothing is written for an api of another app, and its neighbours know it', () => {
    const manifests = sound(cluster, context => tiers({ api: { workload: Workload.external(context.chart, { labels: { app: 'api' } }) } })(context), FACTS);
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual(['web', 'db']);
    const { 'ingress controller past web': past, 'back from api': _back, 'a stranger to api': other, 'api to outside': out, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, past, other, out }, { ...closed, ...DATABASE_DNS });
  });

  test('a Prometheus of the app, which is closed, may scrape what says where', () => {
    const manifests = sound(cluster, context => {
      const place = new Chart(context.app, 'monitoring', { namespace: 'monitoring' });
      Workload.of(deployment(place, 'prometheus', prometheus.labels)).connections.isolate({ ingress: false });
      tiers({ api: { monitoring: Port.tcp(9102) } })(context);
    }, FACTS);
    expectFlows(cluster, manifests, { ...EDGES, 'the scrape': flow(prometheus, api, 'TCP', 9102) }, {
      ...OTHERS, 'what is not scraped': flow(prometheus, stranger), 'another port': flow(prometheus, api), 'its egress': flow(prometheus, outside, 'TCP', 443),
    });
  });

  test('tiers may be in the namespace that is stated', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      const there = new Chart(app, 'there', { namespace: 'there' });
      for (const name of ['web', 'api', 'db']) { deployment(there, name); }
      new ThreeTierApp(chart, 'app', {
        namespace: 'there',
        web: { labels: { app: 'web' }, port: PORTS.web },
        api: { labels: { app: 'api' }, port: PORTS.api },
        database: { labels: { app: 'db' }, port: PORTS.database },
      });
    });
    expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(['there', 'there', 'there']);
  });

  test('a tier reaches what is stated outside, and the others do not', () => {
    const manifests = sound(cluster, tiers({ api: { egress: [{ cidrs: ['203.0.113.0/24'] }] } }), FACTS);
    const { 'api to outside': opened, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, opened }, { ...closed, ...DATABASE_DNS, 'another port': flow(api, outside, 'TCP', 80) });
  });

  test('the database asks for names once it has a destination outside', () => {
    const manifests = sound(cluster, tiers({ database: { egress: [{ cidrs: ['203.0.113.0/24'], port: Port.HTTPS }] } }), FACTS);
    const { 'database to outside': opened, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, opened, ...DATABASE_DNS }, closed);
  });

  test('the database opens no connection, not even for its answers', () => {
    const { spec } = sound(cluster, tiers(), FACTS).find(({ metadata }) => metadata.name === 'db');
    expect(spec.egress).toEqual(NO_EGRESS[cluster]);
    expect(spec.policyTypes ?? spec.types ?? ['Ingress', 'Egress']).toEqual(['Ingress', 'Egress']);
  });

  test('monitoring scrapes the tiers that say where, and the others stay closed', () => {
    const manifests = sound(cluster, tiers({ api: { monitoring: Port.tcp(9102) }, database: { monitoring: Port.tcp(9187) } }), FACTS);
    const scraped = { 'monitoring to api': flow(prometheus, api, 'TCP', 9102), 'monitoring to the database': flow(prometheus, db, 'TCP', 9187) };
    expectFlows(cluster, manifests, { ...EDGES, ...scraped }, {
      ...OTHERS,
      ...DATABASE_DNS,
      'monitoring to web': flow(prometheus, web, 'TCP', 9102),
      'monitoring to another port': flow(prometheus, db, 'TCP', 5432),
      'a stranger to the metrics': flow(stranger, api, 'TCP', 9102),
    });
  });

  test('who else may connect to a tier is stated with it', () => {
    const manifests = sound(cluster, ({ app, chart, dialect }) => {
      const peers = [workload(chart, 'stranger'), Peer.ingressController()];
      tiers({ database: { extraIngress: [{ peers, port: Port.tcp(8081), because: 'people look at its dashboard' }] } })({ app, chart, dialect });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      ...EDGES, 'a stranger': flow(stranger, db, 'TCP', 8081), 'the ingress controller': flow(controller, db, 'TCP', 8081),
    }, { ...OTHERS, ...DATABASE_DNS, 'api': flow(api, db, 'TCP', 8081), 'a stranger to another tier': flow(stranger, web, 'TCP', 8081) });
  });

  test('more can be stated about a tier', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const app = new ThreeTierApp(chart, 'app', {
        web: { workload: workload(chart, 'web'), port: PORTS.web },
        api: { workload: workload(chart, 'api'), port: PORTS.api },
        database: { workload: workload(chart, 'db'), port: PORTS.database },
      });
      app.database.connections.allowFrom(workload(chart, 'stranger'), Port.POSTGRES);
    }, FACTS);
    const { 'a stranger to the database': opened, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, opened }, closed);
  });
});

describe('names outside', () => {
  const program = tiers({ api: { egress: [{ fqdns: ['api.stripe.com'] }] } });

  test('on cilium are reached', () => {
    const manifests = sound('cilium', program, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, { ...EDGES, 'the name': flow(api, named('api.stripe.com'), 'TCP', 443) }, {
      ...OTHERS, 'another name': flow(api, named('evil.example.com'), 'TCP', 443), 'the name, from another tier': flow(web, named('api.stripe.com'), 'TCP', 443),
    });
  });

  test.each(['kubernetes', 'calico'] as const)('on %s are refused', cluster => {
    expect(() => synthesize(cluster, program)).toThrow(new RegExp(`policy shop/api \\(shop/api\\), egress to api\\.stripe\\.com on TCP 443: api\\.stripe\\.com: the ${cluster} dialect cannot express this`));
  });
});

test('the ingress controller is the one of the facts', () => {
  const manifests = sound('cilium', tiers(), { ...FACTS, ingressController: IngressController.ciliumIngress() });
  expect(JSON.stringify(manifests)).toContain('"fromEntities":["ingress"]');
  expectFlows('cilium', manifests, {}, { 'the other controller': flow(controller, web, 'TCP', 80) });
});

describe('mistakes', () => {
  const stating = (tier: ThreeTierAppProps['web'] | ((chart: Chart) => ThreeTierAppProps['web'])): (() => void) => () => synthesize('kubernetes', ({ chart }) => {
    const [other, database] = [{ workload: workload(chart, 'api'), port: PORTS.api }, { workload: workload(chart, 'db'), port: PORTS.database }];
    new ThreeTierApp(chart, 'app', { web: typeof tier === 'function' ? tier(chart) : tier, api: other, database });
  });

  test('a tier of nothing is an error', () => {
    expect(stating({ port: PORTS.web })).toThrow('shop/app: tier web must state either a workload or labels, and states neither');
  });

  test('a tier of two things is an error', () => {
    expect(stating(chart => ({ workload: workload(chart, 'web'), labels: { app: 'web' }, port: PORTS.web }))).toThrow(
      'shop/app: tier web must state either a workload or labels, and states both');
  });

  test('tiers whose labels the same pods have are an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      for (const [name, labels] of [['a', { app: 'x', tier: 'web' }], ['b', { app: 'x', tier: 'db' }], ['d', { app: 'y' }]] as const) { deployment(chart, name, { ...labels }); }
      new ThreeTierApp(chart, 'app', {
        web: { labels: { app: 'x' }, port: PORTS.web }, api: { labels: { app: 'y' }, port: PORTS.api }, database: { labels: { tier: 'db' }, port: PORTS.database },
      });
    })).toThrow('workload x and workload db both select the pods of Deployment b (shop/b), and different things are stated for them');
  });

  test.each<[string, Partial<TierProps>]>([
    ['monitoring', { monitoring: Port.tcp(9187) }],
    ['egress', { egress: [{ cidrs: ['203.0.113.0/24'] }] }],
    ['extraIngress', { extraIngress: [{ peers: [Peer.any()], port: Port.tcp(81) }] }],
  ])('%s of a tier of another app is an error', (_, more) => {
    expect(() => synthesize('kubernetes', context => tiers({ database: { workload: externalDb(context.chart), ...more } })(context))).toThrow(
      'shop/app: tier database is workload db of another app, and an app writes its own policies only; state this in the app that holds it');
  });

  test('a web tier of another app is an error', () => {
    expect(() => synthesize('kubernetes', context => tiers({ web: { workload: externalDb(context.chart) } })(context))).toThrow('shop/app: tier web is workload db of another app');
  });

  test('a connection of two tiers of other apps is an error', () => {
    expect(() => synthesize('kubernetes', context => tiers({ api: { workload: externalDb(context.chart) }, database: { workload: externalDb(context.chart) } })(context))).toThrow(
      'shop/app: tier api and shop/app: tier database are both of other apps, so that nothing of their connection could be written here');
  });

  test('a tier that the app does not have is an error', () => {
    expect(stating({ labels: { app: 'wbe' }, port: PORTS.web })).toThrow('selects no pods of this app in namespace shop: workload wbe');
  });

  test('further ingress of nobody is an error', () => {
    expect(stating(chart => ({ workload: workload(chart, 'web'), port: PORTS.web, extraIngress: [{ peers: [], port: Port.tcp(81) }] }))).toThrow(
      'shop/app: tier web: extraIngress on TCP 81 names no peers, which never means all of them; name at least one');
  });

  test('a destination of nothing is an error', () => {
    expect(stating(chart => ({ workload: workload(chart, 'web'), port: PORTS.web, egress: [{}] }))).toThrow('a destination names neither fqdns nor cidrs');
  });

  test('a namespace that is not known is an error', () => {
    expect(() => synthesize('kubernetes', ({ app }) => {
      const tier = { labels: { app: 'x' }, port: PORTS.web };
      new ThreeTierApp(new Chart(app, 'nowhere'), 'app', { web: tier, api: tier, database: tier });
    })).toThrow('the namespace of workload x is not known');
  });
});
