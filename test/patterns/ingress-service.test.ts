import { controller, database, expectFlows, FACTS, prometheus, stranger, workload } from './support';
import { IngressController, IngressService, IngressServiceProps, Mesh, Peer, Port, Workload } from '../../src';
import { api, dns, flow, localNode, named, otherApi, outside, remoteNode, web } from '../oracle/fixtures';
import { CLUSTER_NAMES, deployment, Program, sound, synthesize } from '../support/apps';

const service = (props: Partial<IngressServiceProps> = {}): Program => ({ chart }) => {
  new IngressService(chart, 'front', { workload: workload(chart, 'web'), port: Port.tcp(8080), ...props });
};

const OPEN = {
  'the ingress controller': flow(controller, web),
  'it asks for names': flow(web, dns, 'UDP', 53),
  'it asks for names over TCP': flow(web, dns, 'TCP', 53),
  'probes of its node': flow(localNode, web),
};
const CLOSED = {
  'the ingress controller to another port': flow(controller, web, 'TCP', 9102),
  'a stranger': flow(stranger, web),
  'outside': flow(outside, web),
  'another node': flow(remoteNode, web),
  'monitoring': flow(prometheus, web, 'TCP', 9102),
  'it to a neighbour': flow(web, api),
  'it to a database': flow(web, database, 'TCP', 5432),
  'it to another namespace': flow(web, otherApi),
  'it to outside': flow(web, outside, 'TCP', 443),
  'back to the ingress controller': flow(web, controller),
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('the ingress controller reaches it, its node probes it, it resolves names, and nothing else passes', () => {
    const manifests = sound(cluster, service(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...OPEN, 'other pods': flow(stranger, outside) }, CLOSED);
  });

  test('it reaches what it depends on inside and outside, and each dependency accepts it', () => {
    const manifests = sound(cluster, ({ app, chart, dialect }) => service({
      dependencies: [
        { peer: workload(chart, 'db'), port: Port.POSTGRES, because: 'orders are kept there' },
        { peer: Workload.external(chart, { labels: { app: 'api' }, namespace: 'data' }), port: Port.tcp(8080) },
      ],
      egress: [{ cidrs: ['203.0.113.0/24'] }],
    })({ app, chart, dialect }), FACTS);
    expect(manifests).toMatchSnapshot();
    const { 'it to a database': db, 'it to another namespace': data, 'it to outside': out, ...closed } = CLOSED;
    expectFlows(cluster, manifests, { ...OPEN, db, data, out }, {
      ...closed,
      'a stranger to its database': flow(stranger, database, 'TCP', 5432),
      'another port of its database': flow(web, database, 'TCP', 22),
      'another port outside': flow(web, outside, 'TCP', 80),
    });
  });

  test('monitoring and others may connect where that is stated', () => {
    const manifests = sound(cluster, ({ app, chart, dialect }) => service({
      monitoring: Port.tcp(9102), extraIngress: [{ peers: [workload(chart, 'stranger')], port: Port.tcp(8080) }],
    })({ app, chart, dialect }), FACTS);
    const { 'a stranger': other, monitoring, ...closed } = CLOSED;
    expectFlows(cluster, manifests, { ...OPEN, other, monitoring }, { ...closed, 'a stranger to the metrics': flow(stranger, web, 'TCP', 9102) });
  });

  test('a service by labels is the same as a service by its workload', () => {
    const byLabels = sound(cluster, ({ chart }) => {
      deployment(chart, 'web');
      new IngressService(chart, 'front', { labels: { app: 'web' }, port: Port.tcp(8080) });
    }, FACTS);
    expect(byLabels).toEqual(sound(cluster, service(), FACTS));
  });
});

describe.each(CLUSTER_NAMES)('health checks on %s', cluster => {
  test('come from load balancers that send straight to its pods', () => {
    const manifests = sound(cluster, service(), { ...FACTS, ingressController: IngressController.awsLoadBalancer({ sourceCidrs: ['203.0.113.0/28'] }) });
    const { outside: balancer, ...closed } = CLOSED;
    const { 'the ingress controller': other, ...open } = OPEN;
    expectFlows(cluster, manifests, { ...open, balancer }, { ...closed, other, 'another address': flow({ address: '203.0.113.99' }, web) });
  });

  test('come from an address of their own in the ambient mode of Istio', () => {
    const probe = flow({ address: '169.254.7.127' }, web);
    expectFlows(cluster, sound(cluster, service(), { ...FACTS, mesh: Mesh.istioAmbient() }), { probe }, {});
    expectFlows(cluster, sound(cluster, service(), FACTS), {}, { probe });
  });
});

test('it takes further statements', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    const shop = new IngressService(chart, 'front', { workload: workload(chart, 'web'), port: Port.tcp(8080) });
    shop.service.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
  }, FACTS);
  const { 'it to outside': out, ...closed } = CLOSED;
  expectFlows('kubernetes', manifests, { ...OPEN, out }, closed);
});

test('without DNS where its workload declines it', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    new IngressService(chart, 'front', { workload: Workload.of(deployment(chart, 'web'), { dns: false }), port: Port.tcp(8080) });
  }, FACTS);
  expectFlows('kubernetes', manifests, {}, { 'it asks for names': OPEN['it asks for names'] });
});

test('the ingress controller is the one of the facts', () => {
  const manifests = sound('cilium', service(), { ...FACTS, ingressController: IngressController.ciliumIngress() });
  expect(JSON.stringify(manifests)).toContain('"fromEntities":["ingress"]');
  expectFlows('cilium', manifests, {}, { 'the other controller': flow(controller, web) });
});

test('names outside are reached where the CNI knows names, and refused elsewhere', () => {
  const program = service({ egress: [{ fqdns: ['api.example.com'] }] });
  expectFlows('cilium', sound('cilium', program, FACTS), { ...OPEN, 'the name': flow(web, named('api.example.com'), 'TCP', 443) }, CLOSED);
  expect(() => synthesize('kubernetes', program)).toThrow(/egress to api\.example\.com on TCP 443: api\.example\.com: the kubernetes dialect cannot express this/);
});

describe('mistakes', () => {
  const stating = (props: Partial<IngressServiceProps>) => () => synthesize('kubernetes', service(props));

  test.each<[string, Partial<IngressServiceProps>, string]>([
    ['nothing', { workload: undefined }, 'shop/front: the service must state either a workload or labels, and states neither'],
    ['two things', { labels: { app: 'web' } }, 'shop/front: the service must state either a workload or labels, and states both'],
    ['further ingress of nobody', { extraIngress: [{ peers: [], port: Port.tcp(81) }] }, 'shop/front: the service: extraIngress on TCP 81 names no peers'],
    ['a destination of nothing', { egress: [{}] }, 'a destination names neither fqdns nor cidrs'],
  ])('%s is an error', (_, props, message) => {
    expect(stating(props)).toThrow(message);
  });
});

test('a service of another app is an error', () => {
  expect(() => synthesize('kubernetes', context => service({ workload: Workload.external(context.chart, { labels: { app: 'web' } }) })(context))).toThrow(
    'shop/front: the service is workload web of another app, and an app writes its own policies only; state this in the app that holds it');
});
