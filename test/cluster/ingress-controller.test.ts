import { AllowIngressController, ClusterFacts, IngressController, Port } from '../../src';
import { End, Pod, World } from '../oracle';
import { allowed, ClusterName, CLUSTER_NAMES, Program, sound, synthesize } from '../support/apps';

const pod = (namespace: string, labels: Record<string, string>, ip: string): Pod => ({ namespace, name: `pod-${ip}`, labels, ips: [`10.244.0.${ip}`] });
const web = pod('shop', { app: 'web' }, '1');
const nginx = pod('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }, '2');
const webhook = pod('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'admission-webhook' }, '3');
const traefik = pod('traefik', { 'app.kubernetes.io/name': 'traefik' }, '4');
const haproxy = pod('edge', { app: 'haproxy' }, '5');
const impostor = pod('shop', nginx.labels, '6');
const all = [web, nginx, webhook, traefik, haproxy, impostor];
const world: World = { namespaces: { 'shop': {}, 'ingress-nginx': {}, 'traefik': {}, 'edge': {} }, pods: all, podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

const program: Program = ({ chart }) => { new AllowIngressController(chart, 'ingress', { port: Port.tcp(8080) }); };
const reach = (cluster: ClusterName, facts: ClusterFacts, port = 8080): (Pod | End)[] => {
  const policies = sound(cluster, program, facts);
  return all.slice(1).filter(source => allowed(cluster, policies, world, { source: { pod: source }, destination: { pod: web }, protocol: 'TCP', port }));
};

describe.each(CLUSTER_NAMES)('in %s', cluster => {
  test.each<[string, ClusterFacts, Pod]>([
    ['ingress-nginx, unless something else is stated', {}, nginx],
    ['ingress-nginx', { ingressController: IngressController.ingressNginx() }, nginx],
    ['Traefik', { ingressController: IngressController.traefik() }, traefik],
    ['pods of your own', { ingressController: IngressController.pods({ namespace: 'edge', labels: { app: 'haproxy' } }) }, haproxy],
    ['pods of a namespace of their own', { ingressController: IngressController.pods({ namespace: 'edge' }) }, haproxy],
  ])('the ingress controller is %s, and nobody else', (_, facts, expected) => {
    expect(reach(cluster, facts)).toEqual([expected]);
    expect(reach(cluster, facts, 9090)).toEqual([]);
  });

  test('Cilium\'s own ingress is an entity in Cilium, and refused elsewhere', () => {
    const facts = { ingressController: IngressController.ciliumIngress() };
    if (cluster === 'cilium') {
      expect(sound(cluster, program, facts)[0].spec.ingress).toEqual([
        { fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] },
      ]);
    } else {
      expect(() => synthesize(cluster, program, facts)).toThrow(/policy shop\/.*the ingress controller cilium is part of Cilium itself/);
    }
  });
});

test.each(['ingress-nginx', 'traefik', 'cilium'])('%s is known by its name', name => {
  expect(IngressController.parse(` ${name} `).toString()).toBe(name);
});

test('a name that is not known is refused, and so is a place that is none', () => {
  expect(() => IngressController.parse('nginx')).toThrow('ingress controller "nginx" is not known; use one of ingress-nginx, traefik, cilium');
  expect(() => IngressController.pods({ namespace: 'edge.example' })).toThrow('namespace "edge.example"');
});
