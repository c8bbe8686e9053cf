import { ApiObject, Chart } from 'cdk8s';
import { Cloud, Peer, PodSecurityLevel, Port, Workload, ZeroTrustNamespace, ZeroTrustNamespaceProps } from '../../src';
import { Flow, Pod } from '../oracle';
import { api, db, dns, flow, named, otherApi, outside, outside6, web, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, flowsIn, Program, sound, synthesize } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

const controller: Pod = {
  namespace: 'ingress-nginx',
  name: 'controller',
  labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  ips: ['10.0.3.1', 'fd00::3:1'],
};
const prometheus: Pod = { namespace: 'monitoring', name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' }, ips: ['10.0.3.2', 'fd00::3:2'] };
const world = {
  ...fixtures, namespaces: { ...fixtures.namespaces, 'ingress-nginx': {}, 'monitoring': {} }, pods: [...fixtures.pods, controller, prometheus],
};
const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, cloud: Cloud.AWS };
const expectFlows = flowsIn(world);

function deployment(chart: Chart, name: string): Workload {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } };
  return Workload.of(new ApiObject(chart, name, manifest as never));
}

const zero = (props: Partial<ZeroTrustNamespaceProps> = {}): Program => ({ chart }) => { new ZeroTrustNamespace(chart, 'ns', { name: 'shop', ...props }); };

const METADATA = { address: '169.254.169.254' };
const DNS = { 'DNS over UDP': flow(web, dns, 'UDP', 53), 'DNS over TCP': flow(api, dns, 'TCP', 53) };
const ELSEWHERE = { 'another namespace inside': flow(db, otherApi), 'another namespace out': flow(db, outside), 'another namespace to metadata': flow(db, METADATA, 'TCP', 80) };
const INGRESS = { 'the ingress controller': flow(controller, web) };
const MONITORING = { monitoring: flow(prometheus, api, 'TCP', 9090) };
const EGRESS = { 'outside': flow(web, outside, 'TCP', 443), 'outside over IPv6': flow(api, outside6, 'TCP', 443) };
const CLOSED = {
  'between its pods': flow(web, api),
  'in from another namespace': flow(db, web),
  'out to another namespace': flow(web, db),
  'in from outside': flow(outside, web),
  'in from outside over IPv6': flow(outside6, web),
  'another port of DNS': flow(web, dns, 'TCP', 9153),
  'another port out': flow(web, outside, 'TCP', 80),
  'metadata': flow(web, METADATA, 'TCP', 80),
  'metadata over IPv6': flow(web, { address: 'fd00:ec2::254' }, 'TCP', 80),
  'the ingress controller to another port': flow(controller, web, 'TCP', 22),
  'monitoring to another port': flow(prometheus, api, 'TCP', 22),
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('nothing passes but DNS until it is stated', () => {
    const manifests = sound(cluster, zero(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...DNS, ...ELSEWHERE }, { ...CLOSED, ...INGRESS, ...MONITORING, ...EGRESS });
  });

  test('the ingress controller, monitoring and places outside are open where they are stated, and only there', () => {
    const manifests = sound(cluster, zero({
      ingress: { port: Port.tcp(8080) }, monitoring: Port.tcp(9090), egress: [{ cidrs: ['203.0.113.0/24', '2001:db8::/32'] }],
    }), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...DNS, ...INGRESS, ...MONITORING, ...EGRESS, ...ELSEWHERE }, CLOSED);
  });

  test('each of them opens only itself', () => {
    const all = { ...INGRESS, ...MONITORING, ...EGRESS };
    const expectOnly = (props: Partial<ZeroTrustNamespaceProps>, open: Record<string, Flow>) => {
      const closed = Object.fromEntries(Object.entries(all).filter(([name]) => !(name in open)));
      expectFlows(cluster, sound(cluster, zero(props), FACTS), { ...DNS, ...open }, { ...CLOSED, ...closed });
    };
    expectOnly({ ingress: { port: Port.tcp(8080) } }, INGRESS);
    expectOnly({ monitoring: Port.tcp(9090) }, MONITORING);
    expectOnly({ egress: [{ cidrs: ['203.0.113.0/24', '2001:db8::/32'] }] }, EGRESS);
    expectOnly({ egress: [] }, {});
  });

  test('the ingress controller reaches only the pods that are named', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop', ingress: { port: Port.tcp(8080), subject: deployment(chart, 'web') } });
    }, FACTS);
    expectFlows(cluster, manifests, { ...DNS, ...INGRESS }, { 'another pod': flow(controller, api), ...CLOSED });
  });

  test('metadata stays closed where everything outside is allowed, unless that is declined', () => {
    const open = (blockCloudMetadata: boolean) => sound(cluster, ({ chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop', blockCloudMetadata });
      deployment(chart, 'web').connections.allowTo(Peer.cidr('0.0.0.0/0'), Port.all());
    }, FACTS);
    const METADATA_OF_WEB = { metadata: flow(web, METADATA, 'TCP', 80) };
    expectFlows(cluster, open(true), { ...DNS, out: flow(web, outside) }, { ...METADATA_OF_WEB, pods: flow(web, db) });
    expectFlows(cluster, open(false), { ...DNS, out: flow(web, outside), ...METADATA_OF_WEB }, { pods: flow(web, db) });
  });

  test('edges between workloads of the namespace open just these', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'shop' });
      deployment(chart, 'web').connections.allowTo(deployment(chart, 'api'), Port.tcp(8080));
    }, FACTS);
    const { 'between its pods': edge, ...closed } = CLOSED;
    expectFlows(cluster, manifests, { ...DNS, edge, ...ELSEWHERE }, { ...closed, 'the other way': flow(api, web), 'another port': flow(web, api, 'TCP', 22) });
  });

  test('the objects are in apply order, with the Namespace first and the default deny last', () => {
    const names = (props?: Partial<ZeroTrustNamespaceProps>) => synthesize(cluster, zero(props), FACTS).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names()[0]).toBe('Namespace shop');
    expect(names()[names().length - 1]).toMatch(/default-deny$/);
    expect(names({ create: false })).toEqual(names().slice(1));
  });
});

describe('the Namespace', () => {
  const made = (props?: Partial<ZeroTrustNamespaceProps>) => {
    const manifests = synthesize('kubernetes', zero(props), FACTS);
    expect(schemaErrorsOf(manifests)).toEqual([]);
    return manifests.find(({ kind }) => kind === 'Namespace');
  };

  test('enforces the baseline, and warns of what is not restricted', () => {
    expect(made()).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'shop',
        labels: {
          'pod-security.kubernetes.io/enforce': 'baseline',
          'pod-security.kubernetes.io/audit': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    });
  });

  test('enforces another level on request, and has further labels', () => {
    const { labels } = made({ podSecurity: PodSecurityLevel.RESTRICTED, labels: { team: 'red' } }).metadata;
    expect(labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted', 'team': 'red' });
  });

  test('can be made elsewhere', () => {
    expect(made({ create: false })).toBeUndefined();
  });

  test('may be another than the chart\'s', () => {
    const manifests = synthesize('kubernetes', ({ app }) => { new ZeroTrustNamespace(new Chart(app, 'platform'), 'ns', { name: 'data' }); }, FACTS);
    expect(manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata }) => metadata.namespace)).toEqual(['data', 'data']);
    expectFlows('kubernetes', manifests, { 'the chart\'s other pods': flow(web, api), 'DNS': flow(db, dns, 'UDP', 53) }, { out: flow(db, outside), in: flow(web, db) });
  });
});

describe('names outside', () => {
  const program = zero({ egress: [{ fqdns: ['api.stripe.com'] }] });

  test('on cilium are reached', () => {
    const manifests = sound('cilium', program, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, { ...DNS, 'the name': flow(web, named('api.stripe.com'), 'TCP', 443) }, {
      ...CLOSED, ...EGRESS, 'another name': flow(web, named('evil.example.com'), 'TCP', 443),
    });
  });

  test.each(['kubernetes', 'calico'] as const)('on %s are refused', cluster => {
    expect(() => synthesize(cluster, program, FACTS)).toThrow(
      new RegExp(`policy shop/allow-external \\(shop/ns/egress\\), egress to api\\.stripe\\.com on TCP 443: api\\.stripe\\.com: the ${cluster} dialect cannot express this`));
  });
});

describe('mistakes', () => {
  test.each<[string, Partial<ZeroTrustNamespaceProps>, string]>([
    ['a name that is too long', { name: 'a'.repeat(64) }, 'has 64 characters; at most 63 are allowed'],
    ['a name that is none', { name: 'Shop' }, 'shop/ns: namespace "Shop" is invalid'],
    ['a label that is none', { labels: { 'a b': 'c' } }, 'shop/ns: label key "a b" is invalid'],
    ['a value that is none', { labels: { team: 'red!' } }, 'shop/ns: label value "red!" of "team" is invalid'],
    ['a destination of nothing', { egress: [{}] }, 'a destination names neither fqdns nor cidrs'],
  ])('%s: is an error', (_, props, message) => {
    expect(() => synthesize('kubernetes', zero(props))).toThrow(message);
  });

  test('the same namespace twice is an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      for (const id of ['one', 'two']) { new ZeroTrustNamespace(chart, id, { name: 'shop', create: id === 'one' }); }
    })).toThrow('two policies are the same object, NetworkPolicy shop/allow-dns: shop/one/dns and shop/two/dns');
  });
});

describe('Pod Security', () => {
  const making = (props: Partial<ZeroTrustNamespaceProps>) => () => sound('kubernetes', zero(props), FACTS);

  test.each([
    ['enforce', 'privileged', 'but the namespace has "baseline" there; leave the label out, and state podSecurity'],
    ['audit', 'baseline', 'but the namespace has "restricted" there; leave the label out'],
    ['warn', 'privileged', 'but the namespace has "restricted" there; leave the label out'],
  ])('a label for %s that disagrees is an error', (mode, level, why) => {
    const label = `pod-security.kubernetes.io/${mode}`;
    expect(making({ labels: { [label]: level } })).toThrow(`shop/ns: label ${label} is stated as "${level}", ${why}`);
  });

  test('labels that agree, or are about a version, may be stated', () => {
    expect(making({
      podSecurity: PodSecurityLevel.RESTRICTED,
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.33' },
    })).not.toThrow();
  });

  test('a level that is not known is an error', () => {
    expect(making({ podSecurity: 'strict' as PodSecurityLevel })).toThrow(
      'shop/ns: podSecurity "strict" is not known; use one of privileged, baseline, restricted');
  });
});
