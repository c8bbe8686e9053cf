import * as yaml from 'js-yaml';
import { ApiObject, Chart } from 'cdk8s';
import { BlockCloudMetadata, Cloud, DefaultDeny, Dns, NetworkPolicy, Peer, Port, Workload } from '../../src';
import { CLUSTER_NAMES, policiesOf, Program, synthesize } from '../support/apps';
const show = (title: string, program: Program, facts = {}) => {
  let out = `##### ${title}\n`;
  for (const c of CLUSTER_NAMES) {
    out += `--- ${c}\n`;
    try { out += policiesOf(synthesize(c, program, facts)).map(m => yaml.dump(m, { flowLevel: 6 })).join('---\n'); } catch (e) { out += `ERROR ${(e as Error).message}\n`; }
  }
  process.stdout.write(out);
};

const foreign = (spec: object, kind = 'NetworkPolicy', apiVersion = 'networking.k8s.io/v1'): Program => ({ chart }) => { new ApiObject(chart, 'f', { apiVersion, kind, metadata: { name: 'f' }, spec }); };
test('x', () => {
  const agent = (chart: Chart, labels: Record<string, string> = { app: 'agent' }) => Workload.external(chart, { labels });
  show('gcp none', ({ chart }) => { new BlockCloudMetadata(chart, 'm'); }, { cloud: Cloud.GCP, dns: Dns.gkeCloudDns() });
  show('gcp all any', ({ chart }) => { new DefaultDeny(chart, 'd'); new BlockCloudMetadata(chart, 'm'); new NetworkPolicy(chart, 'p', { dns: false, egress: [{ peers: [Peer.any()], ports: [Port.all()] }] }); }, { cloud: Cloud.GCP });
  show('creds', ({ chart }) => { new BlockCloudMetadata(chart, 'm', { blockPodCredentials: true }); }, { cloud: Cloud.AWS });
  show('multi except', ({ chart }) => { new BlockCloudMetadata(chart, 'm', { except: [agent(chart, { app: 'agent', tier: 'x' })] }); });
  show('except own', ({ chart }) => { const a = agent(chart); a.connections.allowTo(Peer.cidr('169.254.169.254/32'), Port.HTTP); new BlockCloudMetadata(chart, 'm', { except: [a] }); });
  const ccnp = foreign({ endpointSelector: {}, egress: [{ toEntities: ['world'] }] }, 'CiliumClusterwideNetworkPolicy', 'cilium.io/v2');
  const gnp = foreign({ tier: 'netpol-deny', order: 1, selector: 'all()', egress: [{ action: 'Allow' }] }, 'GlobalNetworkPolicy', 'projectcalico.org/v3');
  const anp = foreign({ egress: [{ action: 'Allow' }] }, 'AdminNetworkPolicy', 'policy.networking.k8s.io/v1alpha1');
  const cnp = foreign({ endpointSelector: {}, egress: [{ toEntities: ['cluster'] }] }, 'CiliumNetworkPolicy', 'cilium.io/v2');
  for (const [t, f] of Object.entries({ ccnp, gnp, anp, cnp })) show(t, c => { new BlockCloudMetadata(c.chart, 'm'); new DefaultDeny(c.chart, 'd'); f(c); });
});
