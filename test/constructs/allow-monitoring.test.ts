import { ApiObject, Chart } from 'cdk8s';
import { AllowMonitoring, Cni, DefaultDeny, Monitoring, Peer, Port, Risk, Workload } from '../../src';
import { Pod } from '../oracle';
import { db, flow, localNode, outside, remoteNode, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, ClusterName, flowsIn, Program, sound, synthesize } from '../support/apps';

type Ports = NonNullable<Pod['ports']>;
const pod = (namespace: string, name: string, ip: number, labels: Record<string, string>, ports: Ports = []): Pod => ({ namespace, name, labels, ips: [`10.0.6.${ip}`], ports });
const METRICS: Ports = [{ name: 'http', port: 8080, protocol: 'TCP' }, { name: 'metrics', port: 9102, protocol: 'TCP' }];
const web = pod('shop', 'web-1', 1, { app: 'web' }, METRICS);
const api = pod('shop', 'api-1', 2, { app: 'api' }, [{ name: 'http', port: 8080, protocol: 'TCP' }]);
const prometheus = pod('monitoring', 'prometheus', 3, { 'app.kubernetes.io/name': 'prometheus' });
const grafana = pod('monitoring', 'grafana', 4, { 'app.kubernetes.io/name': 'grafana' });
const world = {
  ...fixtures, namespaces: { ...fixtures.namespaces, monitoring: {} }, pods: [...fixtures.pods, web, api, prometheus, grafana],
};
const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const expectFlows = flowsIn(world);
const scrape = (target: Pod, port: number) => flow(prometheus, target, 'TCP', port);
const OTHERS = {
  'another pod of its namespace': flow(grafana, web, 'TCP', 9102),
  'pods that say they are Prometheus': flow({ ...db, labels: prometheus.labels }, web, 'TCP', 9102),
  'outside': flow(outside, web, 'TCP', 9102),
  'Prometheus\' own port': scrape(web, 9090),
  'the application': scrape(web, 8080),
};

interface Template {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly annotations?: Record<string, string>;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
}

function deployment(chart: Chart, name: string, { ports = [], annotations, namespace, labels = { app: name } }: Template = {}): ApiObject {
  const template = { metadata: { labels, annotations }, spec: { containers: [{ name: 'main', image: 'image', ports }] } };
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { selector: { matchLabels: labels }, template } };
  return new ApiObject(chart, `${namespace ?? 'own'}-${name}`, manifest as never);
}

const named = { ports: [{ name: 'http', containerPort: 8080 }, { name: 'metrics', containerPort: 9102 }] };
const service = (chart: Chart, spec: object, labels: Record<string, string> = { app: 'web' }) =>
  new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', labels }, spec } as never);
const monitor = (chart: Chart, kind: string, spec: object, namespace?: string) =>
  new ApiObject(chart, 'monitor', { apiVersion: 'monitoring.coreos.com/v1', kind, metadata: { name: 'web', namespace }, spec } as never);

/** Policies of a program with monitors, whose own schema is not known here. */
function policies(cluster: ClusterName, program: Program, facts = {}) {
  return synthesize(cluster, program, { ...FACTS, ...facts }).filter(({ kind }) => /NetworkPolicy$/.test(kind));
}

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('monitoring reaches the port that is stated, and nobody else does', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowMonitoring(chart, 'monitoring', { port: Port.tcp(9102), because: 'dashboards' }); }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'Prometheus': scrape(web, 9102), 'every pod': scrape(api, 9102), 'the own node': flow(localNode, fixtures.pods[0], 'TCP', 9102) }, OTHERS);
  });

  test('without one it is that of the container port that is named for it', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { Prometheus: scrape(web, 9102) }, OTHERS);
  });

  test('names are looked up in each pod of a namespace, so that none is opened on a port that it is not scraped on', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring');
      deployment(chart, 'web', named);
      deployment(chart, 'api', { ports: [{ name: 'http', containerPort: 8080 }] });
    }, { ...FACTS, strict: true });
    expectFlows(cluster, manifests, { Prometheus: scrape(web, 9102) }, { ...OTHERS, 'a pod without metrics': scrape(api, 9102) });
  });

  test('it is that of the annotation, which comes before names', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9200' };
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', { ...named, annotations })) });
    }, FACTS);
    expectFlows(cluster, manifests, { annotation: scrape(web, 9200) }, { ...OTHERS, name: scrape(web, 9102) });
  });

  test('a ServiceMonitor names a port of a Service, and the pods\' own is opened', () => {
    const manifests = policies(cluster, ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
      service(chart, { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }, { name: 'stats', port: 9090, targetPort: 9102 }] });
      monitor(chart, 'ServiceMonitor', { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'stats' }] });
    });
    expectFlows(cluster, manifests, { 'the pods\' port': scrape(web, 9102) }, OTHERS);
  });

  test('a PodMonitor names a port of pods', () => {
    const manifests = policies(cluster, ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', { ports: [{ name: 'stats', containerPort: 9102 }] })) });
      monitor(chart, 'PodMonitor', { selector: { matchLabels: { app: 'web' } }, podMetricsEndpoints: [{ port: 'stats' }, { portNumber: 9300 }] });
    });
    const target = { ...web, ports: [{ name: 'stats', port: 9102, protocol: 'TCP' as const }] };
    expectFlows(cluster, manifests, { 'by name': scrape(target, 9102), 'by number': scrape(target, 9300) }, { 'Prometheus\' own port': scrape(target, 9090) });
  });

  test('both ends are opened where the app closes egress of its Prometheus, and it keeps nothing else', () => {
    const manifests = sound(cluster, ({ app, chart }) => {
      const place = new Chart(app, 'monitoring', { namespace: 'monitoring' });
      Workload.of(deployment(place, 'prometheus', { labels: prometheus.labels })).connections.isolate({ ingress: false });
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
      new DefaultDeny(place, 'deny');
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { Prometheus: scrape(web, 9102) }, { ...OTHERS, 'another target': scrape(api, 9102), 'outside': flow(prometheus, outside) });
  });

  test('an agent on the network of its nodes is every node', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowMonitoring(chart, 'monitoring', { port: Port.tcp(9102) }); }, {
      ...FACTS, monitoring: Monitoring.hostNetworkAgent(),
    });
    expectFlows(cluster, manifests, { 'another node': flow(remoteNode, web, 'TCP', 9102), 'its own node': flow(localNode, web, 'TCP', 9102) }, OTHERS);
  });

  test('where there is no monitoring nobody is let in, and no port is needed', () => {
    const manifests = sound(cluster, ({ chart }) => { new AllowMonitoring(chart, 'monitoring'); }, { ...FACTS, monitoring: Monitoring.none() });
    expectFlows(cluster, manifests, {}, OTHERS);
  });
});

test('where names of ports are not enforced, what is found is opened by its number', () => {
  const manifests = policies('kubernetes', ({ chart }) => {
    new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
  }, { cni: Cni.awsVpc(), acceptedRisks: [{ risk: Risk.POD_START, because: 'a test' }] });
  expect(manifests[0].spec.ingress[0].ports).toEqual([{ port: 9102, protocol: 'TCP' }]);
});

describe('what is looked at', () => {
  const opened = (program: (chart: Chart, web: (template?: Template) => void) => void): number[] => {
    const manifests = policies('kubernetes', ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.select(chart, { labels: { app: 'web' } }) });
      program(chart, template => { deployment(chart, 'web', { ...named, ...template }); });
    });
    return manifests[0].spec.ingress[0].ports.map(({ port }: { port: number }) => port);
  };
  const endpoints = [{ port: 'stats' }];
  const spec = { selector: { app: 'web' }, ports: [{ name: 'stats', port: 9300 }] };

  test.each<[string, object, string | undefined, (string | number)[]]>([
    ['in its own namespace', { selector: {}, endpoints }, undefined, [9300]],
    ['not in another one', { selector: {}, endpoints }, 'monitoring', ['metrics']],
    ['in those that it names', { selector: {}, endpoints, namespaceSelector: { matchNames: ['shop'] } }, 'monitoring', [9300]],
    ['in all', { selector: {}, endpoints, namespaceSelector: { any: true } }, 'monitoring', [9300]],
    ['by labels of the Service', { selector: { matchLabels: { app: 'other' } }, endpoints }, undefined, ['metrics']],
    ['with expressions', { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, endpoints }, undefined, [9300]],
    ['by the port of pods', { selector: {}, endpoints: [{ targetPort: 'http' }] }, undefined, ['http']],
    ['by the name of a port before a target port', { selector: {}, endpoints: [{ ...endpoints[0], targetPort: 'http' }] }, undefined, [9300]],
    ['not by a name that the pods do not have', { selector: {}, endpoints: [{ targetPort: 'none' }] }, undefined, ['metrics']],
    ['not by a port that the Service does not have', { selector: {}, endpoints: [{ port: 'none' }] }, undefined, ['metrics']],
  ])('a ServiceMonitor looks at Services %s', (_, monitored, namespace, ports) => {
    expect(opened((chart, web_) => {
      web_();
      service(chart, spec);
      monitor(chart, 'ServiceMonitor', monitored, namespace);
    })).toEqual(ports);
  });

  test('a Service of other pods, or of none, is not theirs', () => {
    for (const selector of [{ app: 'api' }, undefined]) {
      expect(opened((chart, web_) => {
        web_();
        service(chart, { ...spec, selector });
        monitor(chart, 'ServiceMonitor', { selector: {}, endpoints });
      })).toEqual(['metrics']);
    }
  });

  test('a Service of another namespace selects pods there, and not these', () => {
    expect(opened((chart, web_) => {
      web_();
      new ApiObject(chart, 'elsewhere', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'data' }, spec } as never);
      monitor(chart, 'ServiceMonitor', { selector: {}, endpoints, namespaceSelector: { any: true } });
    })).toEqual(['metrics']);
  });

  test('an annotation that declines scraping says nothing', () => {
    expect(opened((_, web_) => web_({ annotations: { 'prometheus.io/scrape': 'false', 'prometheus.io/port': '9200' } }))).toEqual(['metrics']);
  });

  test.each(['metrics', '0x50', '8e1', ' 80', '', '0', '65536', '-80'])('an annotation that is no port is an error: %j', stated => {
    expect(() => opened((_, web_) => web_({ annotations: { 'prometheus.io/port': stated } }))).toThrow(
      `Deployment web (shop/own-web): the annotation prometheus.io/port is ${JSON.stringify(stated)}, which is no port; write a number from 1 to 65535`);
  });

  test('items of a list count, wherever it stands', () => {
    expect(opened((chart, web_) => {
      web_();
      const items = [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec }];
      new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items } as never);
      monitor(chart, 'ServiceMonitor', { selector: {}, endpoints });
    })).toEqual([9300]);
  });
});

describe('what cannot be said', () => {
  test('no port at all is an error that says what to state', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => { new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web')) }); })).toThrow(
      'policy shop/shop-monitoring (shop/monitoring): nothing of Deployment web (shop/own-web) says on which port monitoring scrapes; state port, such as port: Port.tcp(9102)');
    expect(() => synthesize('kubernetes', ({ chart }) => { new AllowMonitoring(chart, 'monitoring'); })).toThrow(
      'no pods of this app are meant, so that nothing says on which port monitoring scrapes');
  });

  test.each<[string, object, object, string]>([
    ['a port that the Service lacks', { endpoints: [{ port: 'metrics' }] }, {}, 'ServiceMonitor web (shop/monitor) names port "metrics", which Service web lacks: it has http'],
    ['a target port that the pods lack', { endpoints: [{ targetPort: 'metrics' }] }, {}, 'ServiceMonitor web (shop/monitor) names target port "metrics", which no container of Deployment web (shop/own-web) has'],
    ['another namespace', { endpoints: [{ port: 'http' }] }, { namespace: 'monitoring' },
      'ServiceMonitor web (shop/monitor) selects the labels of Service web, but does not look in namespace shop, since without spec.namespaceSelector it looks in its own only; state namespaceSelector: { matchNames: ["shop"] }'],
  ])('a ServiceMonitor that names no port says why: %s', (_, spec, { namespace }: { namespace?: string }, why) => {
    expect(() => policies('kubernetes', ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', { ports: [{ name: 'http', containerPort: 8080 }] })) });
      service(chart, { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
      monitor(chart, 'ServiceMonitor', { selector: { matchLabels: { app: 'web' } }, ...spec }, namespace);
    })).toThrow(`says on which port monitoring scrapes (${why}); state port`);
  });

  test('a PodMonitor says why too', () => {
    const looking = (namespace?: string) => () => policies('kubernetes', ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web')) });
      monitor(chart, 'PodMonitor', { selector: { matchLabels: { app: 'web' } }, podMetricsEndpoints: [{ port: 'metrics' }] }, namespace);
    });
    expect(looking()).toThrow('PodMonitor web (shop/monitor) names no port that a container of Deployment web (shop/own-web) has');
    expect(looking('monitoring')).toThrow('PodMonitor web (shop/monitor) selects the labels of Deployment web (shop/own-web), but does not look in namespace shop');
  });

  test('a number of one pod that is opened on others is recorded as wider, and refused when strict', () => {
    const program: Program = ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring');
      deployment(chart, 'web', { annotations: { 'prometheus.io/port': '9102' } });
      deployment(chart, 'api', { annotations: { 'prometheus.io/port': '9103' } });
    };
    const sentence = 'port 9102 is scraped of other pods, and is opened to monitoring on Deployment api (shop/own-api) too; state one AllowMonitoring for each workload';
    expect(policies('kubernetes', program)[0].metadata.annotations['cdk8s-netpol/wider-than-stated']).toContain(sentence);
    expect(() => policies('kubernetes', program, { strict: true })).toThrow(sentence);
  });

  test('so is a name of one pod that another has for a port that is not scraped', () => {
    const program = (admin: string): Program => ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring');
      deployment(chart, 'web', { ports: [{ name: 'metrics', containerPort: 9102 }, { name: admin, containerPort: 9000 }] });
      deployment(chart, 'api', { ports: [{ name: 'admin', containerPort: 9100 }] });
      monitor(chart, 'PodMonitor', { selector: { matchLabels: { app: 'api' } }, podMetricsEndpoints: [{ port: 'admin' }] });
    };
    const sentence = 'port admin is scraped of other pods, and is opened to monitoring on Deployment web (shop/own-web) too; state one AllowMonitoring for each workload';
    expect(policies('kubernetes', program('admin'))[0].metadata.annotations['cdk8s-netpol/wider-than-stated']).toContain(sentence);
    expect(() => policies('kubernetes', program('admin'), { strict: true })).toThrow(sentence);
    expect(policies('kubernetes', program('other'), { strict: true })).toHaveLength(1);
  });

  test('a number and a name of the same port open no more than either', () => {
    expect(policies('kubernetes', ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring');
      deployment(chart, 'web', { ports: [{ name: 'metrics', containerPort: 9102 }] });
      deployment(chart, 'api', { annotations: { 'prometheus.io/port': '9102' } });
    }, { strict: true })).toHaveLength(1);
  });

  describe('a manifest that the API server would refuse is an error that names it', () => {
    const opening = (kind: string, spec: object, ports: unknown[] = [{ name: 'stats', port: 9300 }]) => () => policies('kubernetes', ({ chart }) => {
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
      service(chart, { selector: { app: 'web' }, ports });
      monitor(chart, kind, { selector: {}, ...spec });
    });
    const SCRAPED = { endpoints: [{ port: 'stats' }] };

    test.each<[unknown, string]>([
      [null, 'spec.ports[0] is empty, which is no object'],
      [{ name: 'stats', port: 9300, targetPort: -5 }, 'spec.ports[0].targetPort is -5, which is no port; write a number from 1 to 65535, or the name of a container port'],
      [{ name: 'stats', port: 70000 }, 'spec.ports[0].port is 70000, which is no port'],
      [{ name: 'stats' }, 'spec.ports[0].port is empty, which is no port'],
      [{ name: 'stats', port: 1, targetPort: {} }, 'spec.ports[0].targetPort is {}, which is no port'],
    ])('a Service with the port %j', (port, message) => {
      expect(opening('ServiceMonitor', SCRAPED, [port])).toThrow(`Service web (shop/service): ${message}`);
    });

    test.each<[string, object, string]>([
      ['ServiceMonitor', { endpoints: [null] }, 'spec.endpoints[0] is empty, which is no object'],
      ['ServiceMonitor', { endpoints: [{ targetPort: -5 }] }, 'spec.endpoints[0].targetPort is -5, which is no port'],
      ['ServiceMonitor', { ...SCRAPED, selector: { matchExpressions: [null] } }, 'spec.selector: '],
      ['PodMonitor', { podMetricsEndpoints: ['stats'] }, 'spec.podMetricsEndpoints[0] is "stats", which is no object'],
      ['PodMonitor', { podMetricsEndpoints: [{ portNumber: 0.5 }] }, 'spec.podMetricsEndpoints[0] is 0.5, which is no port'],
    ])('a %s with %j', (kind, spec, message) => {
      expect(opening(kind, spec)).toThrow(`${kind} web (shop/monitor): ${message}`);
    });

    test('a target port of 0, or none, is the port itself', () => {
      for (const targetPort of [0, '', null]) {
        expect(opening('ServiceMonitor', SCRAPED, [{ name: 'stats', port: 9300, targetPort }])()[0].spec.ingress[0].ports).toEqual([{ port: 9300, protocol: 'TCP' }]);
      }
    });
  });

  test('a Prometheus of the app that is closed with its whole namespace is an error that says how to open it', () => {
    const program = (open: boolean): Program => ({ app, chart }) => {
      const place = new Chart(app, 'monitoring', { namespace: 'monitoring' });
      const server = Workload.of(deployment(place, 'prometheus', { labels: prometheus.labels }));
      new DefaultDeny(place, 'deny');
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
      if (open) { server.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS); }
    };
    expect(() => policies('cilium', program(false))).toThrow(
      'policy shop/shop-monitoring (shop/monitoring) lets monitoring in, but policy monitoring/default-deny (monitoring/deny) closes egress of Deployment prometheus (monitoring/own-prometheus), which is monitoring of this app, to Deployment web (shop/own-web)');
    expectFlows('cilium', policies('cilium', program(true)), { Prometheus: scrape(web, 9102) }, { 'another port': scrape(web, 8080) });
  });

  test('a workload that is more than Prometheus is not opened in silence', () => {
    expect(() => policies('kubernetes', ({ app, chart }) => {
      const place = new Chart(app, 'monitoring', { namespace: 'monitoring' });
      deployment(place, 'prometheus', { labels: { ...prometheus.labels, part: 'stack' } });
      deployment(place, 'grafana', { labels: { ...grafana.labels, part: 'stack' } });
      Workload.select(place, { labels: { part: 'stack' } }).connections.isolate({ ingress: false });
      new AllowMonitoring(chart, 'monitoring', { subject: Workload.of(deployment(chart, 'web', named)) });
    })).toThrow('closes egress of Deployment prometheus');
  });

  test('what was taken out of the app opens nothing', () => {
    const manifests = policies('kubernetes', ({ app, chart }) => {
      const place = new Chart(app, 'monitoring', { namespace: 'monitoring' });
      Workload.of(deployment(place, 'prometheus', { labels: prometheus.labels })).connections.isolate({ ingress: false });
      new AllowMonitoring(chart, 'monitoring', { port: Port.tcp(9102) });
      chart.node.tryRemoveChild('monitoring');
    });
    expectFlows('kubernetes', manifests, { 'a pod': flow(db, web, 'TCP', 9102) }, { Prometheus: scrape(web, 9102) });
  });
});
