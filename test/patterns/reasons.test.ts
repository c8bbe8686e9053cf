import { Chart } from 'cdk8s';
import {
  CardholderDataEnvironment, ClusterDefaultDeny, ClusterFacts, Cni, Dialect, IngressService, Justification, MultiTenantCluster, NetworkPolicy, Peer,
  Port, ThreeTierApp, WorkerQueue, Workload, ZeroTrustNamespace,
} from '../../src';
import { readAny } from '../../src/dialects/link';
import { Policy } from '../../src/model/policy-set';
import { CLUSTER_NAMES, ClusterName, deployment, Manifest, Program, sound, synthesize } from '../support/apps';

/** Reasons that are stated of patterns stand in all that they write. */

const WHY: Justification = { because: 'the shop', owner: 'team-shop', ticket: 'NET-1', reviewBy: '2027-01-31' };
const PARTS = ['web', 'api', 'db'] as const;
const UPSTREAM: ClusterFacts = { cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) };

const policiesIn = (manifests: readonly Manifest[]): Policy[] => manifests.flatMap(manifest => {
  const read = readAny(JSON.parse(JSON.stringify(manifest)));
  return read && 'policies' in read ? read.policies : [];
});
/** The reasons of a policy and of its rules. */
const reasonsOf = (policy: Policy) => [...policy.justifications ?? [], ...policy.rules.flatMap(({ justifications = [] }) => justifications)];
const becausesOf = (manifests: readonly Manifest[]): string[] =>
  [...new Set(policiesIn(manifests).flatMap(reasonsOf).map(({ because = '' }) => because))].sort();
/** The reasons of the rules of one workload, by what is stated. */
const rulesOf = (manifests: readonly Manifest[], name: string): Record<string, (string | undefined)[]> => {
  const rules = policiesIn(manifests).filter(({ origin }) => origin.name === name).flatMap(policy => policy.rules);
  const reasons = rules.flatMap(({ justifications = [] }) => justifications);
  return Object.fromEntries([...new Set(reasons.map(({ statement = '' }) => statement))].sort()
    .map(statement => [statement, [...new Set(reasons.filter(each => each.statement === statement).map(({ because }) => because))].sort()]));
};
const parts = (chart: Chart): Record<typeof PARTS[number], Workload> => {
  const [web, api, db] = PARTS.map(name => Workload.of(deployment(chart, name)));
  return { web, api, db };
};

const PATTERNS: Readonly<Record<string, (why: Justification) => Program>> = {
  'the isolation of a workload': why => ({ chart }) => { parts(chart).db.connections.isolate(why); },
  'ClusterDefaultDeny': why => ({ chart }) => { new ClusterDefaultDeny(chart, 'deny', { namespaces: ['shop'], ...why }); },
  'MultiTenantCluster': why => ({ chart, dialect }) => {
    const tenant = { name: 'red', namespaces: ['red'], internalTraffic: dialect === Dialect.CILIUM };
    new MultiTenantCluster(chart, 'tenants', { tenants: [tenant], tenantsCanOverride: true, ...why });
  },
  'a tenant': why => ({ chart }) => {
    new MultiTenantCluster(chart, 'tenants', { tenants: [{ name: 'red', namespaces: ['red'], ...why }], tenantsCanOverride: true, because: 'another' });
  },
  'ZeroTrustNamespace': why => ({ chart }) => {
    new ZeroTrustNamespace(chart, 'zero', {
      name: 'zero', ingress: { port: Port.HTTP }, monitoring: Port.tcp(9102), egress: [{ cidrs: ['203.0.113.0/24'] }], blockCloudMetadata: false, ...why,
    });
  },
  'ThreeTierApp': why => ({ chart }) => {
    const { web, api, db } = parts(chart);
    new ThreeTierApp(chart, 'app', { web: { workload: web, port: Port.HTTP }, api: { workload: api, port: Port.HTTP }, database: { workload: db, port: Port.HTTP }, ...why });
  },
  'IngressService': why => ({ chart }) => {
    const { web, api } = parts(chart);
    new IngressService(chart, 'front', { workload: web, port: Port.HTTP, dependencies: [{ peer: api, port: Port.HTTP }], ...why });
  },
  'WorkerQueue': why => ({ chart }) => {
    const { web, api, db } = parts(chart);
    new WorkerQueue(chart, 'jobs', { producers: [{ workload: web }], workers: [{ workload: api }], queue: { workload: db, port: Port.HTTP }, ...why });
  },
};

describe.each([...CLUSTER_NAMES, 'ClusterNetworkPolicy'] as const)('on %s', cluster => {
  const built = (program: Program): Manifest[] => (cluster === 'ClusterNetworkPolicy' ? sound('kubernetes', program, UPSTREAM) : sound(cluster, program));

  test.each(Object.entries(PATTERNS))('each policy of %s carries its reason', (_, state) => {
    const policies = policiesIn(built(state(WHY)));
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies) { expect(reasonsOf(policy)).toContainEqual(expect.objectContaining(WHY)); }
    expect(becausesOf(built(state(WHY)))).toEqual(['the shop']);
  });
});

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('parts say more than the whole, and entries more than parts; an edge has the reasons of both of its ends', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const { web, api, db } = parts(chart);
      new WorkerQueue(chart, 'jobs', {
        because: 'jobs',
        owner: 'team-jobs',
        producers: [{ workload: web, because: 'orders' }],
        queue: { workload: db, port: Port.tcp(5672), because: 'kept', extraIngress: [{ peers: [Peer.ingressController()], port: Port.HTTP, because: 'looked at' }] },
        workers: [{ workload: api, egress: [{ cidrs: ['203.0.113.0/24'], because: 'mailed' }], monitoring: Port.tcp(9102) }],
      });
    });
    expect(rulesOf(manifests, 'web')).toEqual({ 'egress to Deployment db (shop/db) on TCP 5672': ['kept', 'orders'] });
    expect(rulesOf(manifests, 'db')).toEqual({
      'ingress from Deployment api (shop/api) on TCP 5672': ['kept'],
      'ingress from Deployment web (shop/web) on TCP 5672': ['kept', 'orders'],
      'ingress from ingress controller on TCP 80': ['looked at'],
    });
    expect(rulesOf(manifests, 'api')).toEqual({
      'egress to 203.0.113.0/24 on TCP 443': ['mailed'],
      'egress to Deployment db (shop/db) on TCP 5672': ['kept'],
      'ingress from monitoring on TCP 9102': ['jobs'],
    });
    expect(new Set(policiesIn(manifests).flatMap(reasonsOf).map(({ owner }) => owner))).toEqual(new Set(['team-jobs']));
  });

  test('patterns with reasons stand in an environment of cardholder data, and those without do not', () => {
    const inside = (why: Justification): Program => ({ chart }) => {
      const { web, api, db } = parts(chart);
      const queue = Workload.of(deployment(chart, 'queue'));
      new CardholderDataEnvironment(chart, 'cde', { members: [web, api, db, queue], dmz: [web], storage: [db], reviewBy: '2027-01-31' });
      new IngressService(chart, 'front', { workload: web, port: Port.tcp(8080), monitoring: Port.tcp(9102), egress: [{ cidrs: ['203.0.113.0/24'] }], ...why });
      new WorkerQueue(chart, 'jobs', {
        producers: [{ workload: web }],
        queue: { workload: queue, port: Port.tcp(5672) },
        workers: [{ workload: api }],
        database: { workload: db, port: Port.POSTGRES },
        ...why,
      });
    };
    expect(() => sound(cluster, inside({ because: 'customers pay' }))).not.toThrow();
    expect(() => synthesize(cluster, inside({ owner: 'team-shop' }))).toThrow(/does not say why \(PCI DSS 1\.2\.5\)/);
  });
});

describe('in an environment of cardholder data', () => {
  const beside = (add: (chart: Chart, member: Workload) => void): Program => ({ chart }) => {
    const { db } = parts(chart);
    new CardholderDataEnvironment(chart, 'cde', { members: [db], reviewBy: '2027-01-31' });
    add(chart, db);
  };
  const backups = { ingress: [{ peers: [Peer.pods({ labels: { app: 'backup' } })], ports: [Port.POSTGRES] }] };

  test('the reason of a whole policy is that of its rules', () => {
    expect(() => synthesize('kubernetes', beside(chart => { new NetworkPolicy(chart, 'open', { ...backups, because: 'backups' }); }))).not.toThrow();
    expect(() => synthesize('kubernetes', beside(chart => { new NetworkPolicy(chart, 'open', { ...backups, owner: 'dba' }); }))).toThrow(/does not say why/);
  });

  test('why a workload is closed is no reason for what is open', () => {
    expect(() => synthesize('kubernetes', beside((_, member) => {
      member.connections.isolate({ because: 'account data' });
      member.connections.allowFrom(Peer.pods({ labels: { app: 'backup' } }), Port.POSTGRES);
    }))).toThrow(/does not say why/);
  });
});

test('why a workload is closed says which directions are meant, each once', () => {
  const reasons = (cluster: ClusterName) => policiesIn(sound(cluster, ({ chart }) => {
    const { db } = parts(chart);
    for (let i = 0; i < 2; i++) { db.connections.isolate({ because: 'orders' }); }
    db.connections.isolate({ egress: false, because: 'only the API reads' });
  })).map(({ justifications }) => justifications);
  for (const cluster of CLUSTER_NAMES) {
    for (const stated of reasons(cluster)) {
      expect(stated).toEqual([{ statement: 'isolation of ingress and egress', because: 'orders' }, { statement: 'isolation of ingress', because: 'only the API reads' }]);
    }
  }
  expect(() => synthesize('kubernetes', ({ chart }) => { parts(chart).db.connections.isolate({ because: '' }); }))
    .toThrow('Deployment db (shop/db), isolation of ingress and egress: because "" is empty');
});
