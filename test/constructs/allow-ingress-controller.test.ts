import { ApiObject, Chart } from 'cdk8s';
import { AllowIngressController, IngressController, Port, Workload } from '../../src';
import { Pod } from '../oracle';
import { api, db, flow, outside, web, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, flowsIn, sound, synthesize } from '../support/apps';

const controller: Pod = {
  namespace: 'ingress-nginx',
  name: 'controller',
  labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  ips: ['10.0.3.1'],
};
const traefik: Pod = { namespace: 'traefik', name: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' }, ips: ['10.0.3.2'] };
const webhook: Pod = { ...controller, name: 'webhook', labels: { 'app.kubernetes.io/name': 'ingress-nginx' }, ips: ['10.0.3.3'] };
const world = {
  ...fixtures,
  namespaces: { ...fixtures.namespaces, 'ingress-nginx': {}, 'traefik': {} },
  pods: [...fixtures.pods, controller, traefik, webhook],
};
const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const expectFlows = flowsIn(world);

function deployment(chart: Chart, name: string): ApiObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  return new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } } as never);
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('the controller reaches the port of the pods, and nobody else does', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowIngressController(chart, 'ingress', { subject: Workload.of(deployment(chart, 'web')), port: Port.tcp(8080) });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'the controller': flow(controller, web),
      'out, which nothing isolates': flow(web, outside),
      'a pod that is not meant': flow(api, db),
    }, {
      'another port': flow(controller, web, 'TCP', 9090),
      'another pod of its namespace': flow(webhook, web),
      'another controller': flow(traefik, web),
      'pods that say they are the controller': flow({ ...db, labels: controller.labels }, web),
      'a pod of the namespace': flow(api, web),
      'outside itself': flow(outside, web),
    });
  });

  test('the controller is the one that the facts name', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowIngressController(chart, 'ingress', { port: Port.tcp(8080) });
    }, { ...FACTS, ingressController: IngressController.traefik() });
    expectFlows(cluster, manifests, { 'every pod of the namespace': flow(traefik, api), 'this one too': flow(traefik, web) }, { 'the other controller': flow(controller, web) });
  });

  test('a name of one\'s own is the object\'s', () => {
    const [manifest] = sound(cluster, ({ chart }) => { new AllowIngressController(chart, 'ingress', { name: 'mine', namespace: 'data', port: Port.HTTP }); });
    expect(manifest.metadata).toEqual({ name: 'mine', namespace: 'data' });
  });
});

describe('the ingress of Cilium', () => {
  const facts = { ...FACTS, ingressController: IngressController.ciliumIngress() };

  test('is an entity', () => {
    const manifests = sound('cilium', ({ chart }) => { new AllowIngressController(chart, 'ingress', { port: Port.HTTP }); }, facts);
    expect(manifests[0].spec.ingress).toEqual([{ fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }]);
    expectFlows('cilium', manifests, {}, { 'a pod': flow(controller, web, 'TCP', 80), 'outside': flow(outside, web, 'TCP', 80) });
  });

  test.each(['kubernetes', 'calico'] as const)('cannot be named on %s', cluster => {
    expect(() => synthesize(cluster, ({ chart }) => { new AllowIngressController(chart, 'ingress', { port: Port.HTTP }); }, facts)).toThrow(
      'policy shop/shop-ingress (shop/ingress), ingress from ingress controller on TCP 80: the ingress controller cilium is part of Cilium itself, which only the cilium dialect can name; state another ingressController, or another dialect');
  });
});

test('a namespace that is not known is an error', () => {
  expect(() => synthesize('kubernetes', ({ app }) => { new AllowIngressController(new Chart(app, 'nowhere'), 'in', { port: Port.HTTP }); })).toThrow(
    'nowhere/in: the namespace is not known');
});
