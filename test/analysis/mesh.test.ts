import { ApiObject, Chart } from 'cdk8s';
import { Mesh, Port, Workload } from '../../src';
import { Analysis } from '../../src/analysis/analysis';
import { PROTOCOL_NUMBERS } from '../../src/model/traffic';
import { CLUSTER_NAMES, ClusterName, RANGES, synthesize } from '../support/apps';

/** What a mesh changes: whom its proxies prove a caller to be, and what of a connection the CNI sees. */

function analysed(cluster: ClusterName, mesh: Mesh, stated: Mesh | undefined = mesh): Analysis {
  const manifests = synthesize(cluster, ({ chart }) => {
    const [web, api, other] = ['web', 'api', 'other'].map(name => Workload.of(withAccount(chart, name)));
    web.connections.allowTo(api, Port.tcp(8080));
    for (const workload of [web, api, other]) { workload.connections.isolate(); }
  }, { mesh });
  const documents = manifests.map((value, i) => ({ value, at: `manifest ${i}` }));
  return Analysis.of(documents, { cni: cluster, podCidrs: RANGES.podCidrs, ...(stated?._facts ? { mesh: stated._facts } : {}) });
}

/** Each workload has an identity of its own. */
const withAccount = (chart: Chart, name: string): ApiObject => new ApiObject(chart, name, {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { serviceAccountName: name, containers: [{ name: 'main', image: 'image', ports: [{ containerPort: 8080 }] }] },
    },
  },
});

function answers(analysis: Analysis, port: number): Record<string, string> {
  const party = (name: string) => analysis.parties.find(({ text }) => text === `shop/${name}[Deployment]`)!;
  const ask = (source: string, destination: string) => analysis.answer(party(source), party(destination), { protocol: PROTOCOL_NUMBERS.TCP, port });
  return { 'web to api': ask('web', 'api'), 'other to api': ask('other', 'api'), 'api to web': ask('api', 'web') };
}

const ONLY_THE_EDGE = { 'web to api': 'allowed', 'other to api': 'denied', 'api to web': 'denied' };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test.each([
    ['beside sidecars', Mesh.istioSidecar()],
    ['in ambient mode, where the CNI sees the tunnel only', Mesh.istioAmbient()],
  ])('%s, a stated connection passes on its port', (_, mesh) => {
    expect(answers(analysed(cluster, mesh), 8080)).toEqual(ONLY_THE_EDGE);
  });

  test.each([
    ['beside sidecars', Mesh.istioSidecar()],
    ['in ambient mode, by the mesh', Mesh.istioAmbient()],
  ])('%s, no other port passes', (_, mesh) => {
    expect(answers(analysed(cluster, mesh), 9090)).toEqual({ ...ONLY_THE_EDGE, 'web to api': 'denied' });
  });

  test('without authorization the tunnel of ambient mode carries every port, as the annotation on the policy says', () => {
    const mesh = Mesh.istioAmbient({ authorization: false });
    expect([8080, 9090].map(port => answers(analysed(cluster, mesh), port)['web to api'])).toEqual(['allowed', 'allowed']);
  });

  test('a mesh that is not stated leaves open whom its policies let in', () => {
    expect(answers(analysed(cluster, Mesh.istioSidecar(), Mesh.none()), 8080)['web to api']).toBe('unknown');
  });
});
