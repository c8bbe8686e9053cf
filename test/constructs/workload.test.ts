import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, Chart, Include, JsonPatch, Lazy } from 'cdk8s';
import * as plus27 from 'cdk8s-plus-27';
import * as plus33 from 'cdk8s-plus-33';
import { IConstruct } from 'constructs';
import { DefaultDeny, LabelExpression, NetworkPolicy, Peer, Port, Protocol, Workload } from '../../src';
import { api, flow, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, Manifest, Program, sound, synthesize } from '../support/apps';

const CONTAINERS = [{ name: 'main', image: 'main' }];
const pods = (labels: object, spec: object = {}) => ({ metadata: { labels }, spec: { containers: CONTAINERS, ...spec } });

const raw = (chart: Chart, kind: string, spec: object, apiVersion = 'apps/v1', metadata: object = {}): ApiObject =>
  new ApiObject(chart, 'it', { apiVersion, kind, metadata: { name: 'it', ...metadata }, spec } as never);

const deployment = (chart: Chart, template: object, matchLabels: object = { app: 'it' }): ApiObject =>
  raw(chart, 'Deployment', { selector: { matchLabels }, template });

/** The policy of an isolated workload. */
function isolated(make: (chart: Chart) => IConstruct): Manifest {
  const manifests = sound('kubernetes', ({ chart }) => { Workload.of(make(chart)).connections.isolate(); });
  expect(manifests).toHaveLength(1);
  return manifests[0];
}

describe('the pods of a workload are found in', () => {
  const selector = { matchLabels: { app: 'it' } };
  const template = pods({ app: 'it', version: '1' });

  test.each<[string, (chart: Chart) => ApiObject, object]>([
    ['a Deployment', chart => raw(chart, 'Deployment', { selector, template }), selector],
    ['a StatefulSet', chart => raw(chart, 'StatefulSet', { selector, template, serviceName: 'it' }), selector],
    ['a DaemonSet', chart => raw(chart, 'DaemonSet', { selector, template }), selector],
    ['a ReplicaSet', chart => raw(chart, 'ReplicaSet', { selector, template }), selector],
    ['a ReplicaSet by requirements', chart => raw(chart, 'ReplicaSet', { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['it', 'that'] }] }, template }),
      { matchExpressions: [{ key: 'app', operator: 'In', values: ['it', 'that'] }] }],
    ['a ReplicationController', chart => raw(chart, 'ReplicationController', { selector: { app: 'it' }, template }, 'v1'), selector],
    ['a ReplicationController without selector', chart => raw(chart, 'ReplicationController', { template }, 'v1'), { matchLabels: { app: 'it', version: '1' } }],
    ['a Job', chart => raw(chart, 'Job', { template: pods({ app: 'it' }, { restartPolicy: 'Never' }) }, 'batch/v1'), selector],
    ['a CronJob', chart => raw(chart, 'CronJob', { schedule: '* * * * *', jobTemplate: { spec: { template: pods({ app: 'it' }) } } }, 'batch/v1'), selector],
    ['a Pod', chart => raw(chart, 'Pod', { containers: CONTAINERS }, 'v1', { labels: { app: 'it' } }), selector],
    ['an Argo Rollout', chart => raw(chart, 'Rollout', { selector, template }, 'argoproj.io/v1alpha1'), selector],
    ['a custom kind that has only a template', chart => raw(chart, 'Thing', { template }, 'example.com/v1'), { matchLabels: { app: 'it', version: '1' } }],
  ])('%s', (_, make, podSelector) => {
    // Kinds of others have schemas that the test does not know: only the policies are held to theirs.
    const manifests = synthesize('kubernetes', ({ chart }) => { Workload.of(make(chart)).connections.isolate(); });
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.map(({ metadata }) => metadata)).toEqual([{ name: 'it', namespace: 'shop' }]);
    expect(policies[0].spec.podSelector).toEqual(podSelector);
  });
});

describe.each([['27', plus27], ['33', plus33]] as const)('cdk8s-plus-%s', (_, plus) => {
  const kplus = plus as typeof plus33;
  const image = { image: 'nginx', portNumber: 8080 };

  test.each<[string, (chart: Chart) => IConstruct]>([
    ['Deployment', chart => new kplus.Deployment(chart, 'it', { containers: [image] })],
    ['StatefulSet', chart => new kplus.StatefulSet(chart, 'it', { containers: [image], service: new kplus.Service(chart, 'service', { ports: [{ port: 80 }] }) })],
    ['DaemonSet', chart => new kplus.DaemonSet(chart, 'it', { containers: [image] })],
    ['Job', chart => new kplus.Job(chart, 'it', { containers: [image] })],
    ['Pod', chart => new kplus.Pod(chart, 'it', { containers: [image] })],
  ])('%s: its own selector selects its pods', (kind, make) => {
    const manifests = synthesize('kubernetes', ({ chart }) => { Workload.of(make(chart)).connections.isolate(); });
    const [policy] = manifests.filter(manifest => manifest.kind === 'NetworkPolicy');
    const [object] = manifests.filter(manifest => manifest.kind === kind);
    const labels = kind === 'Pod' ? object.metadata.labels : object.spec.template.metadata.labels;
    expect(Object.keys(policy.spec.podSelector.matchLabels).length).toBeGreaterThan(0);
    expect(labels).toMatchObject(policy.spec.podSelector.matchLabels);
    expect(policy.metadata.name).toBe(object.metadata.name);
  });

  test('a Deployment without container is an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      Workload.of(new kplus.Deployment(chart, 'web', { metadata: { name: 'web' } })).connections.isolate();
    })).toThrow(/Deployment web \(shop\/web\/Resource\) cannot be rendered: .*PodSpec must have at least 1 container/);
  });

  test('containers may come after the statement', () => {
    expect(isolated(chart => {
      const late = new kplus.Deployment(chart, 'web');
      Workload.of(late);
      late.addContainer(image);
      return late;
    }).spec.podSelector.matchLabels).toBeDefined();
  });
});

test('an object of an included file is a workload', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
  const url = path.join(directory, 'app.yaml');
  fs.writeFileSync(url, `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: legacy }
spec:
  selector: { matchLabels: { app: legacy } }
  template:
    metadata: { labels: { app: legacy, version: "1" } }
    spec: { containers: [{ name: legacy, image: legacy }] }
`);
  const policy = isolated(chart => {
    const { apiObjects } = new Include(chart, 'include', { url });
    return apiObjects.find(({ kind }) => kind === 'Deployment')!;
  });
  expect(policy.metadata).toEqual({ name: 'legacy', namespace: 'shop' });
  expect(policy.spec.podSelector).toEqual({ matchLabels: { app: 'legacy' } });
  fs.rmSync(directory, { recursive: true });
});

test('the same construct gives the same workload', () => {
  synthesize('kubernetes', ({ chart }) => {
    const object = deployment(chart, pods({ app: 'it' }));
    const first = Workload.of(object, { dns: false });
    expect(Workload.of(object)).toBe(first);
    expect(Workload.of(object, { dns: false })).toBe(first);
    expect(() => Workload.of(object, { dns: true })).toThrow('Deployment it (shop/it): dns is stated twice, as false and as true');
  });
});

test('the same selection in the same namespace gives the same workload', () => {
  synthesize('kubernetes', ({ app, chart }) => {
    const expressions = [LabelExpression.exists('tier'), LabelExpression.oneOf('stage', 'a', 'b')];
    for (const by of ['select', 'external'] as const) {
      const first = Workload[by](chart, { labels: { app: 'it', role: 'r' }, expressions, dns: false });
      expect(Workload[by](chart, { labels: { role: 'r', app: 'it' }, expressions: [...expressions].reverse() })).toBe(first);
      expect(Workload[by](new Chart(app, `other-${by}`), { labels: { app: 'it', role: 'r' }, expressions, namespace: 'shop' })).toBe(first);
      expect(Workload[by](chart, { labels: { app: 'it', role: 'r' } })).not.toBe(first);
      expect(Workload[by](chart, { labels: { app: 'it' }, expressions })).not.toBe(first);
      expect(Workload[by](chart, { labels: { app: 'it', role: 'r' }, expressions, namespace: 'data' })).not.toBe(first);
      expect(() => Workload[by](chart, { labels: { app: 'it', role: 'r' }, expressions, dns: true })).toThrow('workload it: dns is stated twice, as false and as true');
    }
    expect(Workload.select(chart, { labels: { app: 'it' } })).not.toBe(Workload.external(chart, { labels: { app: 'it' } }));
  });
});

describe('pods that no policy can be about', () => {
  test.each<[string, (chart: Chart) => ApiObject, string]>([
    ['none at all', chart => raw(chart, 'ConfigMap', {}, 'v1'), 'ConfigMap it (shop/it) renders no pods: it has no pod template; a workload is a Pod, or has spec.template'],
    ['a Rollout that refers to another\'s template', chart => raw(chart, 'Rollout', { workloadRef: { name: 'x' } }, 'argoproj.io/v1alpha1'), 'Rollout it (shop/it) renders no pods'],
    ['without containers', chart => deployment(chart, pods({ app: 'it' }, { containers: [] })), 'Deployment it (shop/it) has no containers; add one before the synth'],
    ['a Pod without containers', chart => raw(chart, 'Pod', {}, 'v1', { labels: { app: 'it' } }), 'Pod it (shop/it) has no containers; add one before the synth'],
    ['without labels', chart => deployment(chart, pods({}), {}), 'Deployment it (shop/it) renders pods without labels, which no policy can select; label them'],
    ['a Pod without labels', chart => raw(chart, 'Pod', { containers: CONTAINERS }, 'v1'), 'Pod it (shop/it) renders pods without labels'],
    ['on the host network', chart => deployment(chart, pods({ app: 'it' }, { hostNetwork: true })), 'Deployment it (shop/it) runs on the host network'],
  ])('%s: is an error, as a subject and as a peer', (_, make, message) => {
    expect(() => synthesize('kubernetes', ({ chart }) => { Workload.of(make(chart)).connections.isolate(); })).toThrow(message);
    expect(() => synthesize('kubernetes', ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      const other = new ApiObject(chart, 'other', {
        apiVersion: 'apps/v1', kind: 'Deployment', spec: { selector: { matchLabels: { app: 'other' } }, template: pods({ app: 'other' }) },
      } as never);
      Workload.of(other).connections.allowTo(Workload.of(make(chart)), Port.HTTP);
    })).toThrow(message);
  });

  test('a construct without an object is an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => { Workload.of(chart); })).toThrow();
  });

  test('a workload that nothing is stated about may be anything', () => {
    expect(() => sound('kubernetes', ({ chart }) => { Workload.of(raw(chart, 'ConfigMap', {}, 'v1')); })).not.toThrow();
  });
});

describe('a namespace or a name that is only known at the synth', () => {
  const moved = (namespace: string): Program => ({ chart }) => {
    const object = deployment(chart, pods({ app: 'it' }));
    object.addJsonPatch(JsonPatch.replace('/metadata/namespace', namespace));
    Workload.of(object).connections.isolate();
  };

  test('pods that a patch moves to another namespace than their policy are an error', () => {
    expect(() => synthesize('kubernetes', moved('data'))).toThrow(
      'Deployment it (shop/it) is rendered into namespace data, but its policy would be in shop, where its pods are not; state the namespace in the object\'s metadata or on the chart, not by a JSON patch');
    expect(() => synthesize('kubernetes', moved('shop'))).not.toThrow();
  });

  test('also where they are only a peer', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      const object = deployment(chart, pods({ app: 'it' }));
      object.addJsonPatch(JsonPatch.replace('/metadata/namespace', 'data'));
      new NetworkPolicy(chart, 'policy', { egress: [{ peers: [Workload.of(object)], ports: [Port.HTTP] }] });
    })).toThrow('Deployment it (shop/it) is rendered into namespace data');
  });

  test('an object whose patch removes the namespace is in that of its chart', () => {
    expect(isolated(chart => {
      const object = deployment(chart, pods({ app: 'it' }));
      object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
      return object;
    }).metadata.namespace).toBe('shop');
  });

  const lazy = (value: string) => Lazy.any({ produce: () => value });

  test('a namespace that is a Lazy is an error at the statement', () => {
    synthesize('kubernetes', ({ chart }) => {
      const it = Workload.of(raw(chart, 'Deployment', { selector: { matchLabels: { app: 'it' } }, template: pods({ app: 'it' }) }, 'apps/v1', { namespace: lazy('shop') }));
      expect(() => it.connections.isolate()).toThrow(
        'the namespace of Deployment it (shop/it) is a Lazy, which has no value before the synth; state metadata.namespace as text');
    });
  });

  test('a name that is a Lazy is an error at once, unless a name is stated', () => {
    const [policy] = sound('kubernetes', ({ chart }) => {
      const object = raw(chart, 'Deployment', { selector: { matchLabels: { app: 'it' } }, template: pods({ app: 'it' }) }, 'apps/v1', { name: lazy('it') });
      expect(() => Workload.of(object)).toThrow(
        'the name of Deployment (shop/it) is a Lazy, which has no value before the synth; state metadata.name as text, or say Workload.of(construct, { name: ... })');
      const it = Workload.of(object, { name: 'front' });
      expect(`${it}`).toBe('Deployment (shop/it)');
      it.connections.isolate();
    });
    expect(policy.metadata.name).toBe('front');
  });
});

describe('named ports', () => {
  const containers = [
    { name: 'main', image: 'main', ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9999 }] },
    { name: 'side', image: 'side', ports: [{ name: 'metrics', containerPort: 9090 }, { name: 'names', containerPort: 53, protocol: 'UDP' }] },
  ];
  const stating = (port: Port, of: object[] = containers, spec: object = {}): Program => ({ chart }) => {
    Workload.of(deployment(chart, pods({ app: 'it' }, { containers: of, ...spec }))).connections.allowFrom(Peer.any(), port);
  };

  test('those of every container are known', () => {
    for (const port of [Port.named('http'), Port.named('metrics'), Port.named('names', Protocol.UDP)]) {
      for (const cluster of CLUSTER_NAMES) { expect(() => sound(cluster, stating(port))).not.toThrow(); }
    }
  });

  test('those of init containers, which may be sidecars, are known too', () => {
    const initContainers = [{ name: 'proxy', image: 'proxy', restartPolicy: 'Always', ports: [{ name: 'admin', containerPort: 15000 }] }];
    expect(() => sound('kubernetes', stating(Port.named('admin'), containers, { initContainers }))).not.toThrow();
  });

  test('one that no container has is an error', () => {
    expect(() => synthesize('kubernetes', stating(Port.named('htpp')))).toThrow(
      'policy shop/it (shop/it): no container port of Deployment it (shop/it) is named "htpp"; there are http, metrics, names');
    expect(() => synthesize('kubernetes', stating(Port.named('http'), CONTAINERS))).toThrow('is named "http"; none has a name');
  });

  test('one of another protocol is an error', () => {
    expect(() => synthesize('kubernetes', stating(Port.named('names')))).toThrow(
      'policy shop/it (shop/it): the container port "names" of Deployment it (shop/it) is UDP, not TCP; say Port.named("names", Protocol.UDP)');
  });

  test('one that several containers have is an error, unless it is the same port', () => {
    const twice = (second: number) => ['a', 'b'].map((name, i) => ({ name, image: name, ports: [{ name: 'http', containerPort: i === 0 ? 80 : second }] }));
    expect(() => synthesize('kubernetes', stating(Port.named('http'), twice(81)))).toThrow(
      'several container ports of Deployment it (shop/it) are named "http", and CNIs differ on which is meant; give them different names, or state the port number');
    expect(() => sound('kubernetes', stating(Port.named('http'), twice(80)))).not.toThrow();
  });

  test('for egress they are those of the destination', () => {
    const to = (name: string) => () => synthesize('kubernetes', ({ chart }) => {
      const it = Workload.of(deployment(chart, pods({ app: 'it' }, { containers })));
      Workload.external(chart, { labels: { app: 'other' } }).connections.allowTo(it, Port.named(name));
    });
    expect(to('http')).not.toThrow();
    expect(to('nope')).toThrow('no container port of Deployment it (shop/it) is named "nope"');
  });
});

describe('by labels', () => {
  test.each(CLUSTER_NAMES)('on %s a selected workload is of this app, and gets its end of an edge', cluster => {
    const manifests = sound(cluster, ({ chart }) => {
      deployment(chart, pods({ app: 'api', tier: 'back' }), { app: 'api' });
      const selected = Workload.select(chart, { labels: { app: 'api' }, expressions: [LabelExpression.exists('tier')] });
      Workload.external(chart, { labels: { app: 'web' } }).connections.allowTo(selected, Port.tcp(8080));
    }, { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs });
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual(['web', 'api']);
    expect(allowed(cluster, manifests, world, flow(web, api))).toBe(true);
    expect(allowed(cluster, manifests, world, flow({ ...web, name: 'x', labels: { app: 'x' } }, api))).toBe(false);
    expect(allowed(cluster, manifests, world, flow({ ...web, name: 'x', labels: { app: 'x' } }, { ...api, labels: { app: 'api' } }))).toBe(true);
  });

  test('pods that the app does not have are an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => { Workload.select(chart, { labels: { app: 'it' } }).connections.isolate(); })).toThrow(
      'policy shop/it (shop/it) selects no pods of this app in namespace shop: workload it; correct the labels, or say Workload.external(...) when another app holds them');
  });

  const list = (chart: Chart, namespace?: string) => new ApiObject(chart, 'list', {
    apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it', labels: { app: 'it' }, namespace }, spec: { containers: CONTAINERS } }],
  } as never);

  test('pods of a List are found', () => {
    // Where an item without a namespace goes is not known.
    for (const namespace of ['shop', undefined]) {
      expect(() => synthesize('kubernetes', ({ chart }) => {
        list(chart, namespace);
        Workload.select(chart, { labels: { app: 'it' } }).connections.isolate();
      })).not.toThrow();
    }
    expect(() => synthesize('kubernetes', ({ chart }) => {
      list(chart, 'data');
      Workload.select(chart, { labels: { app: 'it' } }).connections.isolate();
    })).toThrow('selects no pods of this app in namespace shop');
  });

  test('pods of the app in another namespace are not those', () => {
    expect(() => synthesize('kubernetes', ({ app, chart }) => {
      deployment(new Chart(app, 'data', { namespace: 'data' }), pods({ app: 'it' }));
      Workload.select(chart, { labels: { app: 'it' } }).connections.isolate();
    })).toThrow('selects no pods of this app in namespace shop');
  });

  test('pods on the host network are not those', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      deployment(chart, pods({ app: 'it' }, { hostNetwork: true }));
      Workload.select(chart, { labels: { app: 'it' } }).connections.isolate();
    })).toThrow('selects no pods of this app in namespace shop');
  });

  test('an external workload is taken at its word', () => {
    const [policy] = sound('kubernetes', ({ chart }) => {
      Workload.external(chart, { labels: { app: 'it' }, namespace: 'data' }).connections.allowFrom(Peer.any(), Port.HTTPS);
    });
    expect(policy.metadata).toEqual({ name: 'it', namespace: 'data' });
  });

  test('an external workload is not isolated, which its own app has not asked for', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => { Workload.external(chart, { labels: { app: 'it' }, namespace: 'data' }).connections.isolate(); })).toThrow(
      'workload it in namespace data is of another app, and isolate() would close it for all that that app does not state here; isolate it in the app that holds it, or state a NetworkPolicy with it as subject');
  });

  test('the name is the stated one, else that of a well-known label, else all values', () => {
    synthesize('kubernetes', ({ chart }) => {
      const name = (labels: Record<string, string>, stated?: string) => Workload.external(chart, { labels, name: stated }).name;
      expect(name({ app: 'a' }, 'stated')).toBe('stated');
      expect(name({ 'app': 'a', 'app.kubernetes.io/name': 'b' })).toBe('b');
      expect(name({ app: 'a', tier: 't' })).toBe('a');
      expect(name({ tier: 't', role: 'r' })).toBe('t-r');
    });
  });

  test.each<[string, Parameters<typeof Workload.select>[1], string]>([
    ['no labels', { labels: {} }, 'a workload without labels would be every pod of its namespace; state labels, or say new NetworkPolicy(...) without a subject'],
    ['a key that is none', { labels: { '-app': 'it' } }, 'label key "-app" is invalid'],
    ['a value that is none', { labels: { app: 'it!' } }, 'label value "it!" of "app" is invalid'],
    ['a namespace that is none', { labels: { app: 'it' }, namespace: 'Shop' }, 'namespace "Shop" is invalid'],
    ['a namespace that is too long', { labels: { app: 'it' }, namespace: 'a'.repeat(64) }, 'has 64 characters; at most 63 are allowed'],
  ])('%s: is an error at once', (_, selection, message) => {
    synthesize('kubernetes', ({ chart }) => {
      expect(() => Workload.select(chart, selection)).toThrow(message);
      expect(() => Workload.external(chart, selection)).toThrow(message);
    });
  });

  test('a namespace that is not known is an error at once', () => {
    synthesize('kubernetes', ({ app }) => {
      expect(() => Workload.select(new Chart(app, 'nowhere'), { labels: { app: 'it' } })).toThrow(
        'the namespace of workload it is not known; set it on the chart (new Chart(app, id, { namespace })) or on the workload');
    });
  });
});

describe('the name of a policy', () => {
  test('has the kind where another kind of workload has taken it', () => {
    const manifests = sound('kubernetes', ({ chart }) => {
      for (const [i, kind] of ['Deployment', 'StatefulSet'].entries()) {
        const labels = { app: `it-${i}` };
        const spec = { selector: { matchLabels: labels }, template: pods(labels), ...(kind === 'StatefulSet' ? { serviceName: 'it' } : {}) };
        Workload.of(new ApiObject(chart, kind, { apiVersion: 'apps/v1', kind, metadata: { name: 'it' }, spec } as never)).connections.isolate();
      }
    });
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual(['it', 'it-statefulset']);
  });

  test('is the stated one, which is stated once', () => {
    const [policy] = sound('kubernetes', ({ chart }) => {
      const object = deployment(chart, pods({ app: 'it' }));
      const it = Workload.of(object, { name: 'front' });
      it.connections.isolate();
      expect(it.name).toBe('front');
      expect(Workload.of(object)).toBe(it);
      expect(Workload.of(object, { name: 'front' })).toBe(it);
      expect(() => Workload.of(object, { name: 'back' })).toThrow('Deployment it (shop/it): its name is stated twice, as front and as back');
      const labels = { app: 'that' };
      expect(Workload.external(chart, { labels, name: 'there' })).toBe(Workload.external(chart, { labels }));
      expect(() => Workload.external(chart, { labels, name: 'here' })).toThrow('workload there: its name is stated twice, as there and as here');
      expect(() => Workload.select(chart, { labels, name: 'No' })).toThrow('policy name "No" is invalid');
    });
    expect(policy.metadata).toEqual({ name: 'front', namespace: 'shop' });
  });

  test('has no dots, which mean tiers to Calico', () => {
    const policy = isolated(chart => raw(chart, 'Deployment', { selector: { matchLabels: { app: 'it' } }, template: pods({ app: 'it' }) }, 'apps/v1', { name: 'it.v1' }));
    expect(policy.metadata.name).toBe('it-v1');
  });
});
