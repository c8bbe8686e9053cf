import { Chart } from 'cdk8s';
import { ClusterFacts, Cni, ConnectionOptions, Namespaces, NetworkPolicy, Peer, Port, RuleAction, Workload } from '../../src';
import { api, db, flow, web, world } from '../oracle/fixtures';
import { ClusterName, deployment, expectFlows, Manifest, Program, sound, synthesize } from '../support/apps';

const RANGES = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const FACTS: ClusterFacts = { ...RANGES, cni: Cni.cilium('1.18', { mutualAuthentication: true }) };
const PROVEN: ConnectionOptions = { mutualAuthentication: true };
const port = Port.tcp(8080);

const workloads = (chart: Chart) => ({ source: Workload.of(deployment(chart, 'web')), destination: Workload.of(deployment(chart, 'api')) });
const edge: Program = ({ chart }) => {
  const { source, destination } = workloads(chart);
  source.connections.allowTo(destination, port, PROVEN);
};
const authenticating = (manifests: readonly Manifest[]) => manifests.filter(manifest => JSON.stringify(manifest).includes('"authentication":{"mode":"required"}'));
const namesOf = (manifests: readonly Manifest[]) => manifests.map(({ metadata }) => metadata.name);

test('an edge is authenticated where it arrives', () => {
  const manifests = sound('cilium', edge, FACTS);
  expect(manifests).toMatchSnapshot();
  expect(namesOf(authenticating(manifests))).toEqual(['api']);
  expectFlows('cilium', manifests, { it: flow(web, api) }, { port: flow(web, api, 'TCP', 9000), source: flow(db, api) });
});

test('stated from either end, it is the same edge', () => {
  const from = sound('cilium', ({ chart }) => {
    const { source, destination } = workloads(chart);
    destination.connections.allowFrom(source, port, PROVEN);
  }, FACTS);
  expect(from.reverse()).toEqual(sound('cilium', edge, FACTS));
});

test('where this app does not write the other end, it stands at the source', () => {
  const manifests = sound('cilium', ({ chart }) => {
    Workload.of(deployment(chart, 'web')).connections.allowTo(Workload.external(chart, { labels: { app: 'db' }, namespace: 'data' }), port, PROVEN);
  }, FACTS);
  expect(namesOf(authenticating(manifests))).toEqual(['web']);
});

test('pods among each other', () => {
  const manifests = sound('cilium', ({ chart }) => { Workload.of(deployment(chart, 'web')).connections.allowInternally(port, PROVEN); }, FACTS);
  const [{ spec }] = manifests;
  expect(spec.ingress.map(({ authentication }: Manifest) => authentication)).toEqual([{ mode: 'required' }]);
  expect(spec.egress.some(({ authentication }: Manifest) => authentication)).toBe(false);
});

test('a rule of a policy', () => {
  const manifests = sound('cilium', ({ chart }) => {
    new NetworkPolicy(chart, 'p', {
      ingress: [
        { peers: [Peer.namespaces(Namespaces.all())], ports: [port], mutualAuthentication: true },
        { peers: [Peer.namespaces(Namespaces.all())], ports: [Port.tcp(9000)], mutualAuthentication: false },
      ],
    });
  }, FACTS);
  expect(manifests[0].spec.ingress.map(({ authentication }: Manifest) => authentication?.mode).sort()).toEqual(['required', undefined]);
});

describe('what would never pass, or would prove nothing, is an error', () => {
  test('without the fact', () => {
    expect(() => synthesize('cilium', edge, RANGES)).toThrow('policy shop/api (shop/api), ingress from Deployment web (shop/web) on TCP 8080, authenticated: mutual authentication is not switched on, and without it the connection never passes; state Cni.cilium(version, { mutualAuthentication: true }) where authentication.mutual.spire.enabled of the Helm chart is true');
  });

  test.each<[ClusterName, RegExp]>([
    ['kubernetes', /the kubernetes dialect cannot express this: NetworkPolicy knows labels and addresses, and proves no identity/],
    ['calico', /the calico dialect cannot express this: Calico policy proves no identity/],
  ])('on %s', (cluster, why) => {
    expect(() => synthesize(cluster, edge, RANGES)).toThrow(why);
  });

  test.each<[string, Peer]>([
    ['an address', Peer.cidr('203.0.113.0/24')], ['a name', Peer.fqdn('api.example.com')], ['a node', Peer.host()], ['anything', Peer.any()],
    ['pods or an address', Peer.oneOf(Peer.pods(), Peer.internet())],
  ])('of %s', (_, peer) => {
    expect(() => synthesize('cilium', ({ chart }) => { Workload.of(deployment(chart, 'web')).connections.allowTo(peer, port, PROVEN); }, FACTS))
      .toThrow(/only pods have an identity that mutual authentication proves; state pods as the peer, or leave mutualAuthentication out/);
  });

  test('in a rule that denies', () => {
    expect(() => synthesize('cilium', ({ chart }) => {
      new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.pods()], ports: [port], action: RuleAction.DENY, mutualAuthentication: true }] });
    }, FACTS)).toThrow('policy shop/shop-p (shop/p), ingress rule: mutualAuthentication is for rules that allow, and this one is deny; leave it out');
  });

  test('beside the same edge without it', () => {
    expect(() => synthesize('cilium', ({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(destination, port, PROVEN);
      destination.connections.allowFrom(source, port);
    }, FACTS)).toThrow(/ingress from Deployment web \(shop\/web\) on TCP 8080, authenticated: the condition says nothing, since policies add up and policy shop\/api \(shop\/api\), ingress from Deployment web \(shop\/web\) on TCP 8080 allows the same without it/);
  });

  test('two workloads of one selector, of which one has it, are told apart', () => {
    expect(() => synthesize('cilium', ({ chart }) => {
      const { source, destination } = workloads(chart);
      const twin = Workload.of(deployment(chart, 'twin', { app: 'api' }));
      destination.connections.allowFrom(source, port, PROVEN);
      twin.connections.allowFrom(Peer.pods({ labels: { app: 'web' } }), port);
    }, FACTS)).toThrow(/have the same labels but different statements/);
  });
});
