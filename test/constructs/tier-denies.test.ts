import { App, Chart } from 'cdk8s';
import * as cdk8s from 'cdk8s';
import * as constructs from 'constructs';
import { Cluster, Cni, Peer, Port, Precedence, Workload } from '../../src';
import { api, flow, outside, web, world } from '../oracle/fixtures';
import { deployment, expectFlows, Manifest, sound } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const WITH_TIERS = { ...FACTS, cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };
const names = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind !== 'Tier').map(({ metadata }) => metadata.name);
const bad = Peer.cidr('203.0.113.0/24');

/** A second copy of the library, as an organisation's templates bring it; cdk8s is shared. */
function secondCopy(use: (copy: typeof import('../../src')) => void): void {
  jest.isolateModules(() => {
    jest.doMock('cdk8s', () => cdk8s);
    jest.doMock('constructs', () => constructs);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- in a registry of its own
    const copy = require('../../src') as typeof import('../../src');
    expect(copy.Workload).not.toBe(Workload);
    use(copy);
  });
}

test('two copies of the library that deny have different priorities, and one policy for one workload', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    const [one, other] = [deployment(chart, 'web'), deployment(chart, 'api')];
    Workload.of(one).connections.denyTo(bad, Port.HTTPS);
    secondCopy(copy => {
      copy.Workload.of(other).connections.denyTo(copy.Peer.cidr('203.0.113.0/24'), copy.Port.HTTPS);
      copy.Workload.of(one).connections.denyTo(copy.Peer.cidr('203.0.113.0/24'), copy.Port.HTTP);
    });
  }, WITH_TIERS);
  expect(manifests.map(({ metadata, spec }) => [metadata.name, spec.priority])).toEqual([['shop-web-deny', 999], ['shop-api-deny', 998]]);
  const there = { ...outside, ip: '203.0.113.9' };
  const to = (source: typeof web, port: number) => flow(source, there, 'TCP', port);
  expectFlows('kubernetes', manifests, { 'another port': to(api, 80) }, { 'of the first': to(web, 443), 'of the second': to(api, 443), 'of both': to(web, 80) });
});

describe('workloads whose namespace and name run together have policies of different names', () => {
  const denied = (facts: object, precedence: Precedence): Manifest[] => {
    const app = new App();
    Cluster.of(app).configure(facts);
    const charts = [['team-a', 'b'], ['team', 'a-b']].map(([namespace, name]) => {
      const chart = new Chart(app, `in-${namespace}`, { namespace });
      Workload.of(deployment(chart, name)).connections.denyTo(bad, Port.HTTPS, { precedence });
      return chart;
    });
    app.synthYaml();
    return charts.flatMap(chart => chart.toJson() as Manifest[]).filter(({ kind }) => kind.endsWith('NetworkPolicy'));
  };

  test.each([
    ['before, in tiers of Kubernetes', WITH_TIERS, Precedence.BEFORE, ['team--a-b-deny', 'team-a-b-deny']],
    ['after, in tiers of Kubernetes', WITH_TIERS, Precedence.AFTER, ['team--a-b-deny-after', 'team-a-b-deny-after']],
    ['after, in tiers of Calico', { ...FACTS, cni: Cni.calico() }, Precedence.AFTER, ['netpol-baseline.team--a-b-deny-after', 'netpol-baseline.team-a-b-deny-after']],
  ])('%s', (_, facts, precedence, expected) => {
    expect(names(denied(facts, precedence))).toEqual(expected);
  });

  test('also in one chart', () => {
    const app = new App();
    Cluster.of(app).configure(WITH_TIERS);
    const chart = new Chart(app, 'all');
    for (const [namespace, name] of [['team-a', 'b'], ['team', 'a-b']]) {
      Workload.external(chart, { namespace, labels: { app: name }, name }).connections.denyTo(bad, Port.HTTPS);
    }
    expect(() => app.synthYaml()).not.toThrow();
    expect(names(chart.toJson() as Manifest[])).toEqual(['team--a-b-deny', 'team-a-b-deny']);
  });
});
