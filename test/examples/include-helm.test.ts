import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { AROUND, manifestsOf, podsOf, run, worldOf } from './support';
import { flow } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, flowsIn, Manifest, policiesOf } from '../support/apps';

const EXAMPLE = path.resolve(__dirname, '../../examples/include-helm');
const CHART = yaml.loadAll(fs.readFileSync(path.join(EXAMPLE, 'charts/sessions.yaml'), 'utf8')) as Manifest[];
const OUTSIDE = { address: '203.0.113.7' };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  const manifests = manifestsOf(run('include-helm', cluster));
  const pods = podsOf(manifests);
  const [web, primary, replicas] = ['web', 'sessions-cache-primary', 'sessions-cache-replicas'].map(name => pods.find(pod => pod.name === name)!);
  const world = worldOf(manifests, pods);
  const { dns, controller, prometheus, neighbour } = AROUND;

  test('the cache is open to the shop, to itself and to monitoring, and to nobody else', () => {
    flowsIn(world)(cluster, policiesOf(manifests), {
      'requests': flow(controller, web),
      'sessions are written': flow(web, primary, 'TCP', 6379),
      'sessions are read': flow(web, replicas, 'TCP', 6379),
      'replicas copy': flow(replicas, primary, 'TCP', 6379),
      'monitoring': flow(prometheus, primary, 'TCP', 9121),
      'monitoring of a replica': flow(prometheus, replicas, 'TCP', 9121),
      'names': flow(replicas, dns, 'UDP', 53),
    }, {
      'the primary to a replica': flow(primary, replicas, 'TCP', 6379),
      'a neighbour': flow(neighbour, primary, 'TCP', 6379),
      'a neighbour to a replica': flow(neighbour, replicas, 'TCP', 6379),
      'the shop to the exporter': flow(web, primary, 'TCP', 9121),
      'the ingress controller': flow(controller, primary, 'TCP', 6379),
      'the cache to outside': flow(primary, OUTSIDE, 'TCP', 443),
      'the shop to outside': flow(web, OUTSIDE, 'TCP', 443),
    });
  });

  test('all of the chart is there but for its policy', () => {
    const ofChart = (all: readonly Manifest[]) => all.filter(({ metadata: { labels } }) => labels?.['app.kubernetes.io/managed-by'] === 'Helm')
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(ofChart(manifests)).toEqual(ofChart(CHART).filter(name => !name.startsWith('NetworkPolicy')));
  });
});

test('the program repeats no label of the chart', () => {
  expect(fs.readFileSync(path.join(EXAMPLE, 'main.ts'), 'utf8')).not.toMatch(/app\.kubernetes\.io|matchLabels: \{ (?!app: 'web')/);
});

test('the policy of the chart would have opened the cache', () => {
  const manifests = manifestsOf(run('include-helm', 'kubernetes'));
  const pods = podsOf(manifests);
  const primary = pods.find(({ name }) => name === 'sessions-cache-primary')!;
  const intruder = flow(AROUND.neighbour, primary, 'TCP', 6379);
  const policies = policiesOf(manifests);
  const judged = (all: Manifest[]) => allowed('kubernetes', all, worldOf(manifests, pods), intruder);
  expect([judged(policies), judged([...policies, ...policiesOf(CHART)])]).toEqual([false, true]);
});
