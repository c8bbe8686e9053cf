import { ApiObject, Chart } from 'cdk8s';
import { IngressController, Port, ThreeTierApp, ThreeTierAppProps, Workload } from '../../src';
import { Pod } from '../oracle';
import { api, dns, flow, named, otherApi, outside, web, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, flowsIn, Program, sound, synthesize } from '../support/apps';

const db: Pod = { namespace: 'shop', name: 'db', labels: { app: 'db' }, ips: ['10.0.5.1', 'fd00::5:1'] };
const controller: Pod = {
  namespace: 'ingress-nginx',
  name: 'controller',
  labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  ips: ['10.0.3.1', 'fd00::3:1'],
};
const stranger: Pod = { namespace: 'shop', name: 'stranger', labels: { app: 'stranger' }, ips: ['10.0.5.2', 'fd00::5:2'] };
const world = { ...fixtures, namespaces: { ...fixtures.namespaces, 'ingress-nginx': {} }, pods: [...fixtures.pods, db, controller, stranger] };
const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const expectFlows = flowsIn(world);

function object(chart: Chart, name: string): ApiObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } };
  return new ApiObject(chart, name, manifest as never);
}

const deployment = (chart: Chart, name: string): Workload => Workload.of(object(chart, name));

const PORTS = { web: Port.tcp(80), api: Port.tcp(8080), database: Port.tcp(5432) };

const tiers = (egress: Partial<Record<keyof typeof PORTS, ThreeTierAppProps['web']['egress']>> = {}): Program => ({ chart }) => {
  new ThreeTierApp(chart, 'app', {
    web: { workload: deployment(chart, 'web'), port: PORTS.web, egress: egress.web },
    api: { workload: deployment(chart, 'api'), port: PORTS.api, egress: egress.api },
    database: { workload: deployment(chart, 'db'), port: PORTS.database, egress: egress.database },
  });
};

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

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('each tier reaches the next, and nothing else passes', () => {
    const manifests = sound(cluster, tiers(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...EDGES, 'pods of no tier': flow(stranger, outside) }, { ...OTHERS, ...DATABASE_DNS });
  });

  test('tiers by labels are the same as tiers by workloads', () => {
    const byLabels = sound(cluster, ({ chart }) => {
      for (const name of ['web', 'api', 'db']) { object(chart, name); }
      new ThreeTierApp(chart, 'app', {
        web: { labels: { app: 'web' }, port: PORTS.web }, api: { labels: { app: 'api' }, port: PORTS.api }, database: { labels: { app: 'db' }, port: PORTS.database },
      });
    }, FACTS);
    expect(byLabels).toEqual(sound(cluster, tiers(), FACTS));
  });

  test('tiers may be in the namespace that is stated', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      const there = new Chart(app, 'there', { namespace: 'there' });
      for (const name of ['web', 'api', 'db']) { object(there, name); }
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
    const manifests = sound(cluster, tiers({ api: [{ cidrs: ['203.0.113.0/24'] }] }), FACTS);
    const { 'api to outside': opened, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, opened }, { ...closed, ...DATABASE_DNS, 'another port': flow(api, outside, 'TCP', 80) });
  });

  test('the database asks for names once it has a destination outside', () => {
    const manifests = sound(cluster, tiers({ database: [{ cidrs: ['203.0.113.0/24'], port: Port.HTTPS }] }), FACTS);
    const { 'database to outside': opened, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, opened, ...DATABASE_DNS }, closed);
  });

  test('more can be stated about a tier', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const app = new ThreeTierApp(chart, 'app', {
        web: { workload: deployment(chart, 'web'), port: PORTS.web },
        api: { workload: deployment(chart, 'api'), port: PORTS.api },
        database: { workload: deployment(chart, 'db'), port: PORTS.database },
      });
      app.database.connections.allowFrom(deployment(chart, 'stranger'), Port.POSTGRES);
    }, FACTS);
    const { 'a stranger to the database': opened, ...closed } = OTHERS;
    expectFlows(cluster, manifests, { ...EDGES, opened }, closed);
  });
});

describe('names outside', () => {
  const program = tiers({ api: [{ fqdns: ['api.stripe.com'] }] });

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
    const [other, database] = [{ workload: deployment(chart, 'api'), port: PORTS.api }, { workload: deployment(chart, 'db'), port: PORTS.database }];
    new ThreeTierApp(chart, 'app', { web: typeof tier === 'function' ? tier(chart) : tier, api: other, database });
  });

  test('a tier of nothing is an error', () => {
    expect(stating({ port: PORTS.web })).toThrow('shop/app: tier web must state either a workload or labels, and states neither');
  });

  test('a tier of two things is an error', () => {
    expect(stating(chart => ({ workload: deployment(chart, 'web'), labels: { app: 'web' }, port: PORTS.web }))).toThrow(
      'shop/app: tier web must state either a workload or labels, and states both');
  });

  test('a tier that the app does not have is an error', () => {
    expect(stating({ labels: { app: 'wbe' }, port: PORTS.web })).toThrow('selects no pods of this app in namespace shop: workload wbe');
  });

  test('a destination of nothing is an error', () => {
    expect(stating(chart => ({ workload: deployment(chart, 'web'), port: PORTS.web, egress: [{}] }))).toThrow('a destination names neither fqdns nor cidrs');
  });

  test('a namespace that is not known is an error', () => {
    expect(() => synthesize('kubernetes', ({ app }) => {
      const tier = { labels: { app: 'x' }, port: PORTS.web };
      new ThreeTierApp(new Chart(app, 'nowhere'), 'app', { web: tier, api: tier, database: tier });
    })).toThrow('the namespace of workload x is not known');
  });
});
