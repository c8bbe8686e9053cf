import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { End, judge, Pod, Protocol, World } from '../oracle';
import { manifestsOf, run } from './support';
import { CLUSTER_NAMES, ClusterName, Manifest } from '../support/apps';

/**
 * Who calls whom in Online Boutique, and on which port of the callee's pods. Written down here on its own, so that a mistake in
 * the example does not hide itself.
 */
const PORTS = {
  'adservice': 9555,
  'cartservice': 7070,
  'checkoutservice': 5050,
  'currencyservice': 7000,
  // Its Service says 5000.
  'emailservice': 8080,
  // Its Service says 80.
  'frontend': 8080,
  'paymentservice': 50051,
  'productcatalogservice': 3550,
  'recommendationservice': 8080,
  'shippingservice': 50051,
  'redis-cart': 6379,
} as const;
type Server = keyof typeof PORTS;

const CALLS: Readonly<Record<string, readonly Server[]>> = {
  frontend: [
    'adservice', 'cartservice', 'checkoutservice', 'currencyservice', 'productcatalogservice', 'recommendationservice', 'shippingservice',
  ],
  checkoutservice: ['cartservice', 'currencyservice', 'emailservice', 'paymentservice', 'productcatalogservice', 'shippingservice'],
  recommendationservice: ['productcatalogservice'],
  cartservice: ['redis-cart'],
  loadgenerator: ['frontend'],
};

const EDGES = Object.entries(CALLS).flatMap(([caller, callees]) => callees.map(callee => ({ caller, callee, port: PORTS[callee] })));
const WORKLOADS = [...Object.keys(PORTS), 'loadgenerator'].sort();

// --- a world in which they run

const NAMESPACE = 'online-boutique';
const pod = (namespace: string, name: string, labels: Record<string, string>, ip: number): Pod => ({ namespace, name, labels, ips: [`10.244.1.${ip}`] });
const PODS = Object.fromEntries(WORKLOADS.map((name, i) => [name, pod(NAMESPACE, name, { app: name }, i + 1)]));
const neighbour = pod('other', 'neighbour', { app: 'frontend' }, 101);
const dns = pod('kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, 102);
const WORLD: World = {
  namespaces: { [NAMESPACE]: {}, 'other': {}, 'kube-system': {} },
  pods: [...Object.values(PODS), neighbour, dns],
  podCidrs: ['10.244.0.0/16'],
  nodeCidrs: ['172.18.0.0/16'],
};

const INTERNET: End = { address: '93.184.216.34' };
const METADATA: End = { address: '169.254.169.254' };
const NODE: End = { node: 'remote', address: '172.18.0.3' };

interface Flow {
  /** What kind of flow it is, for counting. */
  readonly category: string;
  readonly source: End;
  readonly destination: End;
  readonly port: number;
  readonly protocol?: Protocol;
}

const nameOf = (end: End): string => ('pod' in end ? end.pod.name : 'address' in end ? end.address : '?');
const show = ({ source, destination, port, protocol = 'TCP' }: Flow): string => `${nameOf(source)} -> ${nameOf(destination)} ${protocol} ${port}`;
const opens = (cluster: ClusterName, manifests: Manifest[], { source, destination, port, protocol = 'TCP' }: Flow): boolean =>
  judge(cluster, manifests, WORLD, { source, destination, protocol, port }).allowed;

/** All that the shop needs. */
const NEEDED: Flow[] = [
  ...EDGES.map(({ caller, callee, port }) => ({ category: 'call', source: { pod: PODS[caller] }, destination: { pod: PODS[callee] }, port })),
  ...[INTERNET, NODE].map(source => ({ category: 'from outside', source, destination: { pod: PODS.frontend }, port: PORTS.frontend })),
  ...WORKLOADS.flatMap(name => (['UDP', 'TCP'] as const).map(protocol =>
    ({ category: 'DNS', source: { pod: PODS[name] }, destination: { pod: dns }, port: 53, protocol }))),
];

/** Every ordered pair on every port of the app, and what lies outside of it. */
const ALL_PORTS = [...new Set(Object.values(PORTS))].sort((a, b) => a - b);
const EVERY: Flow[] = [
  ...WORKLOADS.flatMap(source => WORKLOADS.filter(destination => destination !== source).flatMap(destination => ALL_PORTS.map(port => {
    const kind = EDGES.some(edge => edge.caller === source && edge.callee === destination && edge.port === port) ? 'a call of the shop'
      : destination === 'frontend' ? 'another workload or port to frontend' : 'another workload or port';
    return { category: kind, source: { pod: PODS[source] }, destination: { pod: PODS[destination] }, port };
  }))),
  ...WORKLOADS.flatMap(name => [
    { category: 'to the internet, TCP 443', source: { pod: PODS[name] }, destination: INTERNET, port: 443 },
    { category: 'to the metadata service', source: { pod: PODS[name] }, destination: METADATA, port: 80 },
    { category: 'to a pod of another namespace', source: { pod: PODS[name] }, destination: { pod: neighbour }, port: 8080 },
    ...(['UDP', 'TCP'] as const).map(protocol => ({ category: 'to DNS', source: { pod: PODS[name] }, destination: { pod: dns }, port: 53, protocol })),
  ]),
  ...[{ pod: neighbour }, INTERNET, NODE].flatMap((source: End) => WORKLOADS.flatMap(name => ALL_PORTS.map(port => ({
    category: name === 'frontend' ? `from outside the namespace to frontend${port === PORTS.frontend ? ', its port' : ', other ports'}` : 'from outside the namespace',
    source,
    destination: { pod: PODS[name] },
    port,
  })))),
];

function count(flows: readonly Flow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { category } of flows) { counts[category] = (counts[category] ?? 0) + 1; }
  return counts;
}

/** The calls that Deployments state in their environment, as host:port of a Service, by the port of its pods. */
function callsIn(manifests: readonly Manifest[]): string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  const behind = ({ spec: { selector } }: Manifest): string => deployments.find(({ spec }) =>
    Object.entries(selector).every(([key, value]) => spec.template.metadata.labels[key] === value)).metadata.name;
  const calls = deployments.flatMap(({ metadata, spec }) => {
    const { containers, initContainers = [] } = spec.template.spec;
    const values: string[] = [...initContainers, ...containers].flatMap(({ env = [] }) => env.map(({ value }: { value?: string }) => value ?? ''));
    return values.flatMap(value => {
      const [host, port] = value.split(':');
      const service = services.find(each => each.metadata.name === host);
      const found = service?.spec.ports.find((each: Manifest) => String(each.port) === port);
      return found ? [`${metadata.name} -> ${behind(service)} ${found.targetPort}`] : [];
    });
  });
  return [...new Set(calls)].sort();
}

const STATED = EDGES.map(({ caller, callee, port }) => `${caller} -> ${callee} ${port}`).sort();
const OURS = Object.fromEntries(CLUSTER_NAMES.map(cluster => [cluster, manifestsOf(run('online-boutique', cluster))])) as Record<ClusterName, Manifest[]>;
const policiesOf = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => /Policy$|^Tier$/.test(kind));

test('the shop has twelve workloads and sixteen calls', () => {
  expect([WORKLOADS.length, EDGES.length]).toEqual([12, 16]);
});

describe.each(CLUSTER_NAMES)('in %s', cluster => {
  const policies = policiesOf(OURS[cluster]);

  test('the example deploys the twelve workloads, which call whom they should on the ports of the pods', () => {
    expect(OURS[cluster].filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name).sort()).toEqual(WORKLOADS);
    expect(callsIn(OURS[cluster])).toEqual(STATED);
  });

  test.each(NEEDED.map(flow => [show(flow), flow] as const))('%s is open', (_, flow) => {
    expect(opens(cluster, policies, flow)).toBe(true);
  });

  test('nothing else is open', () => {
    const allowed = ['a call of the shop', 'to DNS', 'from outside the namespace to frontend, its port'];
    const surplus = EVERY.filter(flow => !allowed.includes(flow.category) && opens(cluster, policies, flow));
    expect(surplus.map(show)).toEqual([]);
    expect(count(EVERY.filter(flow => opens(cluster, policies, flow)))).toEqual({
      'a call of the shop': 16, 'to DNS': 24, 'from outside the namespace to frontend, its port': 3,
    });
  });

  test('the port of the Service, which no pod sees, is not opened instead of the pod\'s', () => {
    const email = { category: '', source: { pod: PODS.checkoutservice }, destination: { pod: PODS.emailservice } };
    expect([8080, 5000].map(port => opens(cluster, policies, { ...email, port }))).toEqual([true, false]);
  });
});

// --- beside the policies and manifests that the shop's authors wrote, which are not part of the repository

const CORPUS = path.resolve(__dirname, '../../../shared/corpus/online-boutique');
const load = (folder: string): Manifest[] => {
  const directory = path.join(CORPUS, folder);
  return fs.readdirSync(directory).sort().flatMap(name => yaml.loadAll(fs.readFileSync(path.join(directory, name), 'utf8')) as Manifest[])
    .filter(manifest => manifest)
    .map(manifest => ({ ...manifest, metadata: { ...manifest.metadata, namespace: NAMESPACE } }));
};

(fs.existsSync(CORPUS) ? describe : describe.skip)('beside what the authors wrote', () => {
  const theirs = fs.existsSync(CORPUS) ? load('network-policies') : [];

  test('the calls are those of the authors\' manifests', () => {
    expect(callsIn(load('manifests'))).toEqual(STATED);
  });

  test('the authors\' policies are one for each workload, and one that denies', () => {
    expect(theirs.map(({ metadata }) => metadata.name).sort()).toEqual([...WORKLOADS, 'deny-all'].sort());
  });

  test('the authors\' policies let pass what the shop needs, too', () => {
    expect(NEEDED.filter(flow => !opens('kubernetes', theirs, flow)).map(show)).toEqual([]);
  });

  test.each(CLUSTER_NAMES)('what theirs leave open and ours close, in %s', cluster => {
    const policies = policiesOf(OURS[cluster]);
    const closed = EVERY.filter(flow => opens('kubernetes', theirs, flow) && !opens(cluster, policies, flow));
    expect(count(closed)).toEqual({
      // 11 sources on 8 ports, less the load generator's call. Theirs open frontend to anything, on every port.
      'another workload or port to frontend': 87,
      'from outside the namespace to frontend, other ports': 21,
      // Theirs leave egress open everywhere.
      'to the internet, TCP 443': 12,
      'to the metadata service': 12,
      'to a pod of another namespace': 12,
    });
    // And nothing the other way round.
    expect(EVERY.filter(flow => !opens('kubernetes', theirs, flow) && opens(cluster, policies, flow)).map(show)).toEqual([]);
  });
});
