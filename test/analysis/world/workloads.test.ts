import { controller, deployment, documents, namespace, pod } from './documents';
import { readWorld } from '../../../src/analysis/world/read-world';
import { workloadText } from '../../../src/analysis/world/world';

const textsOf = (...values: unknown[]) => readWorld(documents(...values)).world.workloads.map(workloadText);
const only = (...values: unknown[]) => {
  const { world: { workloads }, problems, notes } = readWorld(documents(...values));
  expect(workloads).toHaveLength(1);
  expect(problems).toEqual([]);
  return { ...workloads[0], notes };
};

const live = { phase: 'Running' };
const hash = { 'pod-template-hash': '7d4b9c6f5' };

describe('which workloads there are', () => {
  test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])('a %s is one, with the labels of its template', kind => {
    expect(only(controller(kind, 'shop/web', { labels: { app: 'web' } }))).toMatchObject({ namespace: 'shop', name: 'web', kind, labels: { app: 'web' }, at: 'world.yaml:1' });
  });

  test('ReplicationControllers, Jobs and CronJobs are too', () => {
    const cron = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'shop' },
      spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: 'nightly' } }, spec: { containers: [] } } } } },
    };
    expect(textsOf(controller('ReplicationController', 'shop/old', {}, 'v1'), controller('Job', 'shop/once', {}, 'batch/v1'), cron))
      .toEqual(['shop/nightly[CronJob]', 'shop/old[ReplicationController]', 'shop/once[Job]']);
    expect(only(cron).labels).toEqual({ app: 'nightly' });
  });

  test('any kind with a pod template is one', () => {
    expect(textsOf(controller('Rollout', 'shop/web', {}, 'argoproj.io/v1alpha1'))).toEqual(['shop/web[Rollout]']);
    const jobs = { spec: { template: { spec: { containers: [] } } } };
    expect(textsOf({ apiVersion: 'example.com/v1', kind: 'Nightly', metadata: { name: 'a' }, spec: { jobTemplate: jobs } })).toEqual(['default/a[Nightly]']);
  });

  test('a PodTemplate is none, and a kind without containers is skipped and counted', () => {
    const { world, skipped } = readWorld(documents(
      { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'a' }, template: { spec: { containers: [] } }, spec: { template: { spec: { containers: [] } } } },
      { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { template: {} } },
      { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'b' } },
      { some: 'values' },
      'text',
    ));
    expect(world.workloads).toEqual([]);
    expect([...skipped]).toEqual([['Widget', 2], ['no kind', 2]]);
  });

  test('policies are not counted as skipped: other readers know them', () => {
    const { skipped } = readWorld(documents(
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' } },
      { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'a' } },
      { apiVersion: 'policy.linkerd.io/v1beta1', kind: 'Server', metadata: { name: 'a' } },
    ));
    expect(skipped.size).toBe(0);
  });

  test('they come in the order of their texts, whatever the order of the documents', () => {
    expect(textsOf(deployment('b/x'), deployment('a/y'), deployment('a/x'))).toEqual(['a/x[Deployment]', 'a/y[Deployment]', 'b/x[Deployment]']);
  });

  test('without a namespace one is in default', () => {
    expect(textsOf(deployment('web'))).toEqual(['default/web[Deployment]']);
  });
});

describe('whose a pod is', () => {
  test('pods of one owner are one workload, with the addresses and nodes of all', () => {
    const workload = only(
      pod('shop/db-0', { labels: { app: 'db' }, owner: ['StatefulSet', 'db'], spec: { nodeName: 'n1' }, status: { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'FD00::0001' }] } }),
      pod('shop/db-1', { labels: { app: 'db' }, owner: ['StatefulSet', 'db'], spec: { nodeName: 'n2' }, status: { podIP: '10.0.0.2' } }),
    );
    expect(workload).toMatchObject({ name: 'db', kind: 'StatefulSet', addresses: ['10.0.0.1', 'fd00::1', '10.0.0.2'], nodes: ['n1', 'n2'], pods: ['db-0', 'db-1'] });
    expect(workload.shapes).toBeUndefined();
  });

  test('a Deployment and its pods are one, by way of the ReplicaSet between them', () => {
    const workload = only(
      pod('shop/web-7d4b9c6f5-x2x7k', { labels: { app: 'web', ...hash }, owner: ['ReplicaSet', 'web-7d4b9c6f5'], status: { ...live, podIP: '10.0.0.1' } }),
      controller('ReplicaSet', 'shop/web-7d4b9c6f5', { labels: { app: 'web', ...hash }, owner: ['Deployment', 'web'] }),
      deployment('shop/web', { labels: { app: 'web' } }),
    );
    expect(workload).toMatchObject({ name: 'web', kind: 'Deployment', labels: { app: 'web' }, addresses: ['10.0.0.1'], pods: ['web-7d4b9c6f5-x2x7k'], at: 'world.yaml:3', notes: [] });
  });

  test('they are one too where the ReplicaSet is not among the documents: its name ends with the hash that its pods carry', () => {
    const own = { labels: { app: 'web', ...hash }, owner: ['ReplicaSet', 'web-7d4b9c6f5'] as const };
    expect(textsOf(deployment('shop/web'), pod('shop/web-7d4b9c6f5-x2x7k', own))).toEqual(['shop/web[Deployment]']);
    // Without the hash the name says nothing, and without the Deployment there is none.
    expect(textsOf(deployment('shop/web'), pod('shop/web-7d4b9c6f5-x2x7k', { ...own, labels: { app: 'web' } }))).toEqual(['shop/web-7d4b9c6f5[ReplicaSet]', 'shop/web[Deployment]']);
    expect(textsOf(pod('shop/web-7d4b9c6f5-x2x7k', own))).toEqual(['shop/web-7d4b9c6f5[ReplicaSet]']);
  });

  test('a name that looks like that of a Deployment\'s pod makes nobody its owner', () => {
    expect(textsOf(deployment('shop/web'), pod('shop/web-7d4b9c6f5-x2x7k', { labels: { app: 'web', ...hash } })))
      .toEqual(['shop/web-7d4b9c6f5-x2x7k[Pod]', 'shop/web[Deployment]']);
  });

  test('pods of the Jobs of a CronJob are the CronJob\'s', () => {
    const cron = controller('CronJob', 'shop/nightly', {}, 'batch/v1');
    (cron.spec as Record<string, unknown>) = { jobTemplate: { spec: cron.spec } };
    const job = controller('Job', 'shop/nightly-28374650', { owner: ['CronJob', 'nightly'] }, 'batch/v1');
    const own = pod('shop/nightly-28374650-abcde', { owner: ['Job', 'nightly-28374650'] });
    expect(textsOf(cron, job, own)).toEqual(['shop/nightly[CronJob]']);
    expect(textsOf(cron, own)).toEqual(['shop/nightly[CronJob]']);
    expect(textsOf(job, own)).toEqual(['shop/nightly[CronJob]']);
    expect(textsOf(own)).toEqual(['shop/nightly-28374650[Job]']);
  });

  test('a ReplicaSet of a Rollout is the Rollout\'s', () => {
    expect(textsOf(
      controller('Rollout', 'shop/web', {}, 'argoproj.io/v1alpha1'),
      controller('ReplicaSet', 'shop/web-abc', { owner: ['Rollout', 'web'] }),
      pod('shop/web-abc-x', { labels: { app: 'web' }, owner: ['ReplicaSet', 'web-abc'] }),
    )).toEqual(['shop/web[Rollout]']);
  });

  test('what a custom kind makes of its template is there once', () => {
    expect(textsOf(controller('Service', 'shop/web', {}, 'serving.knative.dev/v1'), controller('Deployment', 'shop/web-00001', { owner: ['Service', 'web'] })))
      .toEqual(['shop/web-00001[Deployment]']);
  });

  test('owners of any kind are known by their name, and one without a kind is taken as a Pod', () => {
    expect(textsOf(pod('shop/a', { owner: ['StrimziPodSet', 'kafka'] }))).toEqual(['shop/kafka[StrimziPodSet]']);
    const odd = pod('shop/a');
    (odd.metadata as Record<string, unknown>).ownerReferences = [{ name: 'b' }];
    expect(textsOf(odd)).toEqual(['shop/b[Pod]']);
  });

  test('of several owners it is the one that controls it', () => {
    const own = pod('shop/a');
    (own.metadata as Record<string, unknown>).ownerReferences = [{ kind: 'ConfigMap', name: 'x' }, { kind: 'DaemonSet', name: 'agent', controller: true }];
    expect(textsOf(own)).toEqual(['shop/agent[DaemonSet]']);
  });

  test('a static pod is a pod of its own, though its node owns it', () => {
    expect(textsOf(pod('kube-system/etcd-n1', { owner: ['Node', 'n1'] }))).toEqual(['kube-system/etcd-n1[Pod]']);
  });

  test('pods of the same name in other namespaces are others', () => {
    expect(textsOf(pod('a/x', { owner: ['StatefulSet', 'db'] }), pod('b/x', { owner: ['StatefulSet', 'db'] }))).toEqual(['a/db[StatefulSet]', 'b/db[StatefulSet]']);
  });

  test('owners that own each other do no harm', () => {
    expect(textsOf(
      controller('ReplicaSet', 'shop/a', { owner: ['ReplicaSet', 'b'] }), controller('ReplicaSet', 'shop/b', { owner: ['ReplicaSet', 'a'] }),
      pod('shop/a-1', { owner: ['ReplicaSet', 'a'] }),
    )).toEqual(['shop/a[ReplicaSet]', 'shop/b[ReplicaSet]']);
  });

  test('a name may be made by the API server', () => {
    const own = pod('shop/x');
    own.metadata = { generateName: 'probe-', namespace: 'shop' };
    expect(textsOf(own)).toEqual(['shop/probe-*[Pod]']);
  });
});

describe('what the pods of a workload are', () => {
  test('labels that the controller gives to each pod do not tell pods apart', () => {
    const own = (i: number) => pod(`shop/db-${i}`, {
      labels: { 'app': 'db', 'statefulset.kubernetes.io/pod-name': `db-${i}`, 'apps.kubernetes.io/pod-index': `${i}`, 'controller-revision-hash': 'db-5' }, owner: ['StatefulSet', 'db'],
    });
    expect(only(own(0), own(1))).toMatchObject({ labels: { app: 'db' }, notes: [] });
  });

  test('a pod of its own keeps all its labels', () => {
    expect(only(pod('shop/a', { labels: { 'pod-template-hash': 'x', 'job-name': 'y' } })).labels).toEqual({ 'pod-template-hash': 'x', 'job-name': 'y' });
  });

  test('where pods of one owner differ, the workload is all of them, and a note says in what', () => {
    const workload = only(
      pod('shop/db-0', { labels: { app: 'db', role: 'leader' }, owner: ['StatefulSet', 'db'], status: { podIP: '10.0.0.1' } }),
      pod('shop/db-1', { labels: { app: 'db', role: 'replica' }, owner: ['StatefulSet', 'db'], status: { podIP: '10.0.0.2' } }),
    );
    expect(workload.shapes).toMatchObject([
      { labels: { app: 'db', role: 'leader' }, addresses: ['10.0.0.1'] }, { labels: { app: 'db', role: 'replica' }, addresses: ['10.0.0.2'] },
    ]);
    expect(workload.addresses).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(workload.notes).toEqual(['shop/db[StatefulSet]: its pods are not all alike (labels role); what is not the same for all of them is unknown']);
  });

  test('pods that are there tell what the pods are, and not a template that is ahead of them', () => {
    expect(only(deployment('shop/web', { labels: { app: 'web', version: '2' } }), pod('shop/web-a', { labels: { app: 'web', version: '1' }, owner: ['Deployment', 'web'] })).labels)
      .toEqual({ app: 'web', version: '1' });
  });

  test('former revisions of a Deployment, which have no pods, say nothing', () => {
    const former = controller('ReplicaSet', 'shop/web-1', { labels: { app: 'web', version: '1' }, owner: ['Deployment', 'web'] });
    (former.spec as Record<string, unknown>).replicas = 0;
    expect(only(deployment('shop/web', { labels: { app: 'web', version: '2' } }), former)).toMatchObject({ labels: { app: 'web', version: '2' }, notes: [] });
  });

  test('what has finished holds no address', () => {
    expect(only(pod('shop/a', { status: { phase: 'Succeeded', podIP: '10.0.0.1' }, spec: { nodeName: 'n1' } }))).toMatchObject({ addresses: [], nodes: [], pods: ['a'] });
    expect(only(
      pod('shop/a', { labels: { app: 'gone' }, owner: ['Job', 'j'], status: { phase: 'Failed', podIP: '10.0.0.1' } }),
      pod('shop/b', { labels: { app: 'here' }, owner: ['Job', 'j'], status: { phase: 'Running', podIP: '10.0.0.2' } }),
    )).toMatchObject({ labels: { app: 'here' }, addresses: ['10.0.0.2'] });
  });

  test('ports are those of containers, and of init containers that go on running', () => {
    const spec = {
      containers: [{ name: 'a', ports: [{ name: 'http', containerPort: 80 }, { containerPort: 53, protocol: 'UDP', hostPort: 5353 }] }],
      initContainers: [{ name: 'once', ports: [{ containerPort: 1 }] }, { name: 'sidecar', restartPolicy: 'Always', ports: [{ containerPort: 15090 }] }],
    };
    expect(only(pod('shop/a', { spec })).ports).toEqual([
      { name: 'http', port: 80, protocol: 'TCP' }, { port: 53, protocol: 'UDP', hostPort: 5353 }, { port: 15090, protocol: 'TCP' },
    ]);
  });

  test('the service account is default where none is stated, and its labels are known where it is stated, or is the default one', () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'shop', labels: { duty: 'robot' } } };
    expect(only(pod('shop/a'))).toMatchObject({ serviceAccount: 'default', serviceAccountLabels: {} });
    expect(only(pod('shop/a', { spec: { serviceAccountName: 'robot' } }), account)).toMatchObject({ serviceAccount: 'robot', serviceAccountLabels: { duty: 'robot' } });
    expect(only(pod('shop/a', { spec: { serviceAccount: 'other' } }), account).serviceAccountLabels).toBeUndefined();
  });

  test('equal labels and ports are one object', () => {
    const { world: { workloads: [a, b] } } = readWorld(documents(pod('shop/a', { labels: { x: '1', y: '2' } }), pod('shop/b', { labels: { y: '2', x: '1' } })));
    expect(a.labels).toBe(b.labels);
    expect(a.ports).toBe(b.ports);
  });
});

describe('malformed objects', () => {
  test.each([
    ['a label that is a number', pod('shop/a', { labels: { version: 1 as unknown as string } }), 'world.yaml:1: Pod shop/a: metadata.labels["version"]: label value 1 of "version" is not a string; quote it, as "1"'],
    ['a label that the API server refuses', pod('shop/a', { labels: { version: 'a b' } }), 'metadata.labels: label value "a b" of "version" is invalid'],
    ['a port out of range', pod('shop/a', { spec: { containers: [{ ports: [{ containerPort: 70000 }] }] } }), 'spec.containers[0].ports[0].containerPort: must be a whole number from 1 to 65535, got 70000'],
    ['a protocol that there is not', pod('shop/a', { spec: { containers: [{ ports: [{ containerPort: 1, protocol: 'tcp' }] }] } }), 'spec.containers[0].ports[0].protocol: must be one of TCP, UDP, SCTP'],
    ['an address that is none', pod('shop/a', { status: { podIP: '10.0.0' } }), 'status.podIP: "10.0.0" is no IPv4 or IPv6 address'],
    ['no spec', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }, 'spec: must be an object'],
    ['no metadata', { apiVersion: 'v1', kind: 'Pod', spec: {} }, 'world.yaml:1: metadata: must be an object'],
    ['no template', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: {} }, 'spec.template: must be an object'],
    ['a list that is none', pod('shop/a', { spec: { containers: 'x' } }), 'spec.containers: must be a list, got "x"'],
  ])('%s is a problem with its place, and no crash', (_, value, message) => {
    const { problems, world } = readWorld(documents(value, namespace('shop')));
    expect(problems).toHaveLength(1);
    expect(problems[0].at).toBe('world.yaml:1');
    expect(problems[0].message).toContain(message);
    expect(world.workloads).toEqual([]);
    expect(world.namespaces.get('shop')?.declared).toBe(true);
  });

  test('names of prototypes are labels like others', () => {
    const labels = JSON.parse('{"constructor":"a","__proto__":"b"}') as Record<string, string>;
    expect(Object.entries(only(pod('shop/a', { labels: { constructor: 'a' } })).labels)).toEqual([['constructor', 'a']]);
    expect(readWorld(documents(pod('shop/a', { labels }))).problems[0].message).toContain('label key "__proto__" is invalid');
  });
});
