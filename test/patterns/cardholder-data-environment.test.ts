import { ApiObject, App, Chart, Testing } from 'cdk8s';
import {
  AllowDns, CalicoAction, CalicoGlobalNetworkPolicy, CalicoSelector, CardholderDataEnvironment, CardholderDataEnvironmentProps,
  CiliumNetworkPolicy, Cloud, Cluster, ClusterDefaultDeny, ClusterFacts, ClusterPolicy, Cni, ConnectivityContract, IngressController,
  LabelExpression, MultiTenantCluster, Namespaces, NetworkPolicy, Peer, PolicyMode, PolicyTier, Port, Workload, ZeroTrustNamespace,
} from '../../src';
import { Flow, Pod } from '../oracle';
import { api, dns, flow, outside, outside6, ping, web, world as fixtures } from '../oracle/fixtures';
import { CLUSTER_NAMES, ClusterName, deployment, flowsIn, Manifest, Program, sound, synthesize } from '../support/apps';

/** Namespace "card": a gateway that faces the internet, payments, a vault that stores account data, and a pod that nobody has stated. */
const pod = (namespace: string, name: string, ip: string, labels: Record<string, string> = { app: name }): Pod => ({ namespace, name, labels, ips: [`10.0.${ip}`, `fd00::${ip.replace('.', ':')}`] });
const gateway = pod('card', 'gateway', '7.1');
const payments = pod('card', 'payments', '7.2');
const vault = pod('card', 'vault', '7.3');
const unstated = pod('card', 'unstated', '7.4');
const scanner = pod('security', 'scanner', '8.1');
const controller = pod('ingress-nginx', 'controller', '3.1', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' });
const world = {
  ...fixtures,
  namespaces: { ...fixtures.namespaces, 'card': {}, 'security': {}, 'ingress-nginx': {} },
  pods: [...fixtures.pods, gateway, payments, vault, unstated, scanner, controller],
};
const FACTS: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs, cloud: Cloud.AWS, addons: [] };
const expectFlows = flowsIn(world);

interface Parts {
  readonly gateway: Workload;
  readonly payments: Workload;
  readonly vault: Workload;
}
const ACQUIRER = Peer.cidr('198.51.100.0/24');
const scanners = Peer.pods({ namespaces: Namespaces.named('security'), labels: { app: 'scanner' } });
const WHY = { because: 'payments', reviewBy: '2027-01-31' };

const house = (parts: Parts): CardholderDataEnvironmentProps => ({
  members: [parts.gateway, parts.payments, parts.vault],
  dmz: [parts.gateway],
  storage: [parts.vault],
  reviewBy: '2027-03-31',
  internal: [
    { source: parts.gateway, destination: parts.payments, ports: [Port.tcp(8080)], because: 'orders are paid' },
    { source: parts.payments, destination: parts.vault, ports: [Port.POSTGRES], because: 'tokens are kept', owner: 'team-vault', ticket: 'NET-7', reviewBy: '2027-01-31' },
  ],
  inbound: [
    { peers: [Peer.cidr('203.0.113.0/24')], destination: parts.gateway, ports: [Port.HTTPS], because: 'customers pay' },
    { peers: [scanners], destination: parts.vault, ports: [Port.tcp(9443)], because: 'vulnerabilities are scanned for (11.3.1)' },
  ],
  outbound: [{ source: parts.payments, peers: [ACQUIRER], ports: [Port.HTTPS], because: 'the acquirer authorizes' }],
});

interface Change {
  (stated: CardholderDataEnvironmentProps, parts: Parts, chart: Chart): CardholderDataEnvironmentProps;
}

const environment = (change: Change = stated => stated): Program => ({ app }) => {
  const chart = new Chart(app, 'card', { namespace: 'card' });
  const [one, two, three] = ['gateway', 'payments', 'vault'].map(name => Workload.of(deployment(chart, name)));
  const parts: Parts = { gateway: one, payments: two, vault: three };
  new CardholderDataEnvironment(chart, 'cde', change(house(parts), parts, chart));
};

const STATED = {
  'the gateway to payments': flow(gateway, payments),
  'payments to the vault': flow(payments, vault, 'TCP', 5432),
  'customers to the gateway': flow(outside, gateway, 'TCP', 443),
  'a connected system to the vault': flow(scanner, vault, 'TCP', 9443),
  'payments to the acquirer': flow(payments, { address: '198.51.100.9' }, 'TCP', 443),
  'names for who connects outside': flow(payments, dns, 'UDP', 53),
};
const OUT_OF_SCOPE = {
  'out of scope to the gateway': flow(web, gateway),
  'out of scope to payments': flow(web, payments),
  'out of scope to the vault': flow(web, vault, 'TCP', 5432),
  'the ingress controller to the vault': flow(controller, vault),
};
const CLOSED = {
  ...OUT_OF_SCOPE,
  'around payments': flow(gateway, vault, 'TCP', 5432),
  'another port of the vault': flow(payments, vault, 'TCP', 22),
  'the way back': flow(payments, gateway),
  'customers to payments': flow(outside, payments, 'TCP', 443),
  'customers to the vault': flow(outside, vault, 'TCP', 5432),
  'others to the gateway': flow(outside6, gateway, 'TCP', 443),
  'the gateway outside': flow(gateway, outside, 'TCP', 443),
  'the vault outside': flow(vault, outside, 'TCP', 443),
  'payments to elsewhere': flow(payments, outside, 'TCP', 443),
  'payments out of scope': flow(payments, api),
  'names for the vault': flow(vault, dns, 'UDP', 53),
  'names that somebody else serves': flow(payments, { address: '198.51.100.9' }, 'UDP', 53),
  'metadata': flow(payments, { address: '169.254.169.254' }, 'TCP', 80),
  'a ping': ping(payments, vault),
  'what nobody has stated, in': flow(payments, unstated),
  'what nobody has stated, out': flow(unstated, outside),
};
const NOT_IN_SCOPE = { 'others among themselves': flow(web, api), 'others outside': flow(web, outside) };

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('members reach what is stated, and nothing else', () => {
    const manifests = sound(cluster, environment(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { ...STATED, ...NOT_IN_SCOPE }, CLOSED);
  });

  test('every reason, and the day of its review, is in the manifests', () => {
    const text = JSON.stringify(sound(cluster, environment(), FACTS));
    for (const part of ['orders are paid', 'customers pay', 'the acquirer authorizes', 'team-vault', 'NET-7', '2027-01-31', '2027-03-31']) { expect(text).toContain(part); }
  });

  test('with a ZeroTrustNamespace and a ClusterDefaultDeny beside it nothing more opens', () => {
    const manifests = sound(cluster, ({ app, chart, dialect }) => {
      new ZeroTrustNamespace(chart, 'ns', { name: 'card' });
      environment()({ app, chart, dialect });
      new ClusterDefaultDeny(chart, 'closed', { namespaces: ['card', 'shop'], except: ['security'] });
    }, FACTS);
    const { 'names for the vault': names, ...closed } = CLOSED;
    expectFlows(cluster, manifests, { ...STATED, names }, closed);
  });

  test('metadata stays closed where a destination holds it', () => {
    const manifests = sound(cluster, environment((stated, { payments: source }) => ({
      ...stated, outbound: [{ source, peers: [Peer.cidr('169.254.0.0/16')], ports: [Port.HTTP], ...WHY }],
    })), FACTS);
    expectFlows(cluster, manifests, { beside: flow(payments, { address: '169.254.7.7' }, 'TCP', 80) }, { metadata: CLOSED.metadata });
  });
});

test('on Cilium members may ask for stated names only', () => {
  const manifests = sound('cilium', environment((stated, { payments: source }) => ({
    ...stated, dnsNames: ['api.acquirer.example'], outbound: [{ source, peers: [Peer.fqdn('api.acquirer.example')], ports: [Port.HTTPS], ...WHY }],
  })), FACTS);
  const asks = (dnsQuery: string, source = payments): Flow => ({ ...flow(source, dns, 'UDP', 53), dnsQuery });
  expectFlows('cilium', manifests, {
    'a stated name': asks('api.acquirer.example'),
    'a Service of a member': asks('vault.card.svc.cluster.local'),
    'a pod of a headless Service': asks('vault-0.vault.card.svc.cluster.local'),
    'what search domains make of a stated name': asks('api.acquirer.example.card.svc.cluster.local'),
    'what the last search domain makes of it': asks('api.acquirer.example.cluster.local'),
  }, {
    'another name': asks('c2.evil.example'),
    'a name that only looks like one of the cluster': asks('c2.cluster.local.evil.example'),
    'any name for who connects to nothing': asks('api.acquirer.example', vault),
    'any name for what nobody has stated': asks('api.acquirer.example', unstated),
  });
  expect(() => synthesize('calico', environment(stated => ({ ...stated, dnsNames: ['api.acquirer.example'] })), FACTS)).toThrow(/dialect cannot express this/);
});

describe('on Cilium', () => {
  const naming = (names: Partial<CardholderDataEnvironmentProps> = {}): Program => environment((stated, { payments: source }) => ({
    ...stated, dnsNames: ['api.acquirer.example'], outbound: [{ source, peers: [Peer.fqdn('pay.acquirer.example')], ports: [Port.HTTPS], ...WHY }], ...names,
  }));
  const patterns = (program: Program, facts: ClusterFacts): string[] => [...JSON.stringify(sound('cilium', program, { ...FACTS, ...facts }))
    .matchAll(/"match(?:Name|Pattern)":"([^"]*)"/g)].map(([, name]) => name);

  test('the domain of the cluster is one name where the version knows any depth, and is stated where it has another', () => {
    expect(patterns(naming({ clusterDomain: 'k8s.example' }), { cni: Cni.cilium('1.19') })).toContain('**.k8s.example');
    expect(patterns(naming(), { cni: Cni.cilium('1.18') })).toContain('*.*.*.cluster.local');
    expect(() => synthesize('cilium', naming({ clusterDomain: 'a..b' }), FACTS)).toThrow('card/cde: clusterDomain "a..b"');
  });

  test('a name that is connected to may be asked for too', () => {
    expect(patterns(naming(), {})).toContain('pay.acquirer.example');
  });

  const isolate = { ingress: true, egress: true };
  const moot = /the condition says nothing, since policies add up/;
  test.each<[string, (chart: Chart) => void]>([
    ['a ClusterDefaultDeny', chart => { new ClusterDefaultDeny(chart, 'closed'); }],
    ['a policy of several namespaces', chart => { new ClusterPolicy(chart, 'some', { subject: Peer.namespaces(Namespaces.named('card', 'shop')), isolate }); }],
    ['a policy of namespaces by labels, of which it is one', chart => {
      new ApiObject(chart, 'ns', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'card', labels: { team: 'pay' } } });
      new ClusterPolicy(chart, 'team', { subject: Peer.namespaces(Namespaces.labeled({ labels: { team: 'pay' } })), isolate });
    }],
  ])('%s that lets members ask for every name fails', (_, add) => {
    expect(() => synthesize('cilium', context => { naming()(context); add(context.chart); }, FACTS)).toThrow(moot);
    expect(() => synthesize('cilium', context => { new AllowDns(context.chart, 'dns', { namespace: 'card', names: ['a.example'] }); add(context.chart); }, FACTS)).toThrow(moot);
  });

  test('what leaves the namespace alone does not', () => {
    const apart: Program = context => {
      naming()(context);
      new ClusterDefaultDeny(context.chart, 'closed', { except: ['card'] });
      new ClusterPolicy(context.chart, 'some', { subject: Peer.namespaces(Namespaces.named('shop')), isolate });
    };
    expect(() => synthesize('cilium', apart, FACTS)).not.toThrow();
  });
});

test('the namespaces are those of the members', () => {
  let found: string[] = [];
  synthesize('kubernetes', ({ app }) => {
    const workload = (namespace: string, name: string) => Workload.of(deployment(new Chart(app, namespace, { namespace }), name));
    const members = [workload('vault', 'vault'), workload('card', 'payments')];
    found = new CardholderDataEnvironment(new Chart(app, 'cde'), 'cde', { members, reviewBy: '2027-01-31' }).namespaces;
  }, FACTS);
  expect(found).toEqual(['card', 'vault']);
});

describe('a contract proves what is out of scope', () => {
  const proving = (open: boolean): Program => ({ app, chart: shop }) => {
    const front = Workload.of(deployment(shop, 'web'));
    const probe = Workload.of(deployment(new Chart(app, 'security', { namespace: 'security' }), 'scanner'));
    environment((stated, parts, chart) => {
      new ConnectivityContract(chart, 'scope', {
        notReachable: stated.members.map(member => ({ source: Peer.namespaces(Namespaces.named('shop')), destination: member })),
        only: [{ subject: parts.vault, peers: [parts.payments, probe] }],
      });
      return open ? { ...stated, inbound: [...stated.inbound!, { peers: [front], destination: parts.vault, ports: [Port.tcp(80)], because: 'a shortcut' }] } : stated;
    })({ app } as never);
  };

  test.each(CLUSTER_NAMES)('on %s it holds, until somebody opens a way', cluster => {
    expect(() => synthesize(cluster, proving(false), FACTS)).not.toThrow();
    expect(() => synthesize(cluster, proving(true), FACTS)).toThrow(/vault/);
  });
});

describe('what opens something in its namespaces without a reason fails', () => {
  const beside = (add: (chart: Chart) => void): Program => ({ app, chart, dialect }) => {
    environment()({ app, chart, dialect });
    add(app.node.findChild('card') as Chart);
  };
  const found = /card\/cde: policy .* in a namespace of the cardholder data environment, and does not say why \(PCI DSS 1\.2\.5\); state because, or leave it out/;

  test.each<[string, (chart: Chart) => void]>([
    ['a connection of somebody else', chart => { Workload.of(deployment(chart, 'other')).connections.allowTo(Workload.of(chart.node.findChild('vault') as Chart), Port.POSTGRES); }],
    ['a policy', chart => { new NetworkPolicy(chart, 'open', { ingress: [{ peers: [Peer.any()], ports: [Port.all()] }] }); }],
    ['a zero-trust namespace that is open to the ingress controller', chart => { new ZeroTrustNamespace(chart, 'ns', { name: 'card', ingress: { port: Port.tcp(8080) } }); }],
  ])('%s', (_, add) => {
    expect(() => synthesize('kubernetes', beside(add), FACTS)).toThrow(found);
  });

  const subject = Peer.namespaces(Namespaces.labeled({ expressions: [LabelExpression.noneOf('kubernetes.io/metadata.name', 'kube-system')] }));
  const everybody = { subject, ingress: [{ peers: [Peer.cluster()], ports: [Port.tcp(22)] }] };
  const card = Peer.namespaces(Namespaces.named('card'));
  const raw = (chart: Chart, metadata: object = {}) => new ApiObject(chart, 'raw', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'raw', ...metadata },
    spec: { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] },
  } as never);
  const tenants = (chart: Chart) => new MultiTenantCluster(chart, 'tenants', {
    tenants: [{
      name: 'pay',
      namespaces: ['card'],
      internet: true,
      cidrs: ['198.51.100.0/24'],
      inbound: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] }, { peers: [scanners], ports: [Port.tcp(9443)] }],
    }],
    tenantsCanOverride: true,
  });
  const upstream = (chart: Chart) => new ApiObject(chart, 'upstream', {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'upstream' },
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ingress: [{ action: 'Accept', from: [{ namespaces: {} }] }] },
  } as never);

  test.each<[string, ClusterName, (chart: Chart) => void]>([
    ['a policy of the cluster', 'cilium', chart => { new ClusterPolicy(chart, 'open', everybody); }],
    ['one for namespaces by labels that nobody knows', 'calico', chart => { new ClusterPolicy(chart, 'open', { ...everybody, subject: Peer.namespaces(Namespaces.labeled({ labels: { team: 'x' } })) }); }],
    ['one in a tier', 'calico', chart => {
      new ClusterPolicy(chart, 'open', { tier: PolicyTier.PLATFORM, subject: card, ingress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
    }],
  ])('%s', (_, cluster, add) => {
    expect(() => synthesize(cluster, beside(add), FACTS)).toThrow(found);
  });

  test.each<[string, ClusterName, (chart: Chart) => void, string]>([
    ['a manifest of somebody else', 'kubernetes', chart => { raw(chart); }, 'NetworkPolicy raw (card/raw) opens ingress by ingress[0]'],
    ['one that will be applied in a namespace that is not known', 'kubernetes', chart => { raw(new Chart(chart.node.root as App, 'nowhere')); }, 'NetworkPolicy raw (nowhere/raw)'],
    ['a policy of Cilium', 'cilium', chart => { new CiliumNetworkPolicy(chart, 'cnp', { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }); }, 'CiliumNetworkPolicy'],
    ['a policy of Calico for the cluster', 'calico', chart => {
      new CalicoGlobalNetworkPolicy(chart, 'gnp', { namespaceSelector: CalicoSelector.oneOf('projectcalico.org/name', 'card'), ingress: [{ action: CalicoAction.ALLOW }] });
    }, 'GlobalNetworkPolicy'],
    ['a policy of the upstream API', 'kubernetes', chart => { upstream(chart); }, 'ClusterNetworkPolicy upstream'],
  ])('%s', (_, cluster, add, message) => {
    expect(() => synthesize(cluster, beside(add), FACTS)).toThrow(message);
    expect(() => synthesize(cluster, beside(add), FACTS)).toThrow(/does not say why \(PCI DSS 1\.2\.5\); say it in the annotation cdk8s-netpol\/justification/);
  });

  test('a policy that cannot be read cannot be judged', () => {
    const unreadable = beside(chart => { new ApiObject(chart, 'bad', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'bad' }, spec: { podSelector: 7 } } as never); });
    expect(() => synthesize('calico', unreadable, FACTS)).toThrow('card/cde: a policy beside it cannot be judged: ');
  });

  test.each<[string, ClusterName, (chart: Chart) => void]>([
    ['a manifest whose annotation says why', 'kubernetes', chart => { raw(chart, { annotations: { 'cdk8s-netpol/justification': '{"because":"backups"}' } }); }],
    ['a manifest of another namespace', 'kubernetes', chart => { raw(chart, { namespace: 'shop' }); }],
    ['a policy of the cluster that says why', 'calico', chart => {
      new ClusterPolicy(chart, 'open', { subject, ingress: [{ ...everybody.ingress[0], because: 'operators' }] });
    }],
    ['one of other namespaces', 'cilium', chart => { new ClusterPolicy(chart, 'open', { ...everybody, subject: Peer.namespaces(Namespaces.named('shop')) }); }],
    ['one for labels that the namespace does not have', 'calico', chart => {
      new ApiObject(chart, 'ns', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'card', labels: { team: 'pay' } } });
      new ClusterPolicy(chart, 'open', { ...everybody, subject: Peer.namespaces(Namespaces.labeled({ labels: { team: 'shop' } })) });
    }],
    ['one that is only looked at', 'calico', chart => { new ClusterPolicy(chart, 'open', { ...everybody, mode: PolicyMode.AUDIT }); }],
    ['one in the baseline', 'calico', chart => { new ClusterPolicy(chart, 'open', { tier: PolicyTier.BASELINE, subject: card, ingress: [{ peers: [Peer.any()], ports: [Port.all()] }] }); }],
    ['a tenant that holds the namespace', 'calico', chart => { tenants(chart); }],
    ['a tenant in plain Kubernetes, which opens nothing where the environment closes', 'kubernetes', chart => { tenants(chart); }],
    ['the DNS of a closed cluster', 'cilium', chart => { new ClusterDefaultDeny(chart, 'closed'); }],
  ])('%s does not', (_, cluster, add) => {
    expect(() => synthesize(cluster, beside(add), FACTS)).not.toThrow();
  });

  test('at the first synth of one chart too', () => {
    const charts = (): { card: Chart } => {
      const app = new App();
      Cluster.of(app).configure({ ...FACTS, cni: Cni.kubernetes() });
      const chart = new Chart(app, 'card', { namespace: 'card' });
      new CardholderDataEnvironment(chart, 'cde', { members: [Workload.of(deployment(chart, 'vault'))], reviewBy: '2027-01-31' });
      new NetworkPolicy(chart, 'open', { ingress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
      return { card: chart };
    };
    expect(() => Testing.synth(charts().card)).toThrow(found);
    expect(() => charts().card.toJson()).toThrow(found);
  });

  test('what says why, what only brings DNS, and what is elsewhere, does not', () => {
    expect(() => synthesize('kubernetes', beside(chart => {
      Workload.of(deployment(chart, 'other')).connections.allowTo(Workload.of(chart.node.findChild('vault') as Chart), Port.POSTGRES, { because: 'backups' });
      new AllowDns(chart, 'dns');
      new NetworkPolicy(chart, 'elsewhere', { namespace: 'shop', ingress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
    }), FACTS)).not.toThrow();
  });
});

describe('mistakes', () => {
  const inbound = (peer: Peer): Change => (stated, { payments: destination }) => ({
    ...stated, inbound: [{ peers: [peer], destination, ports: [Port.HTTPS], ...WHY }],
  });
  const outbound = (peer: Peer, ports = [Port.HTTPS], why: object = WHY): Change => (stated, { payments: source }) => ({
    ...stated, outbound: [{ source, peers: [peer], ports, ...why } as never],
  });
  const foreign = (chart: Chart) => Workload.select(chart, { labels: { app: 'vault' } });

  test.each<[string, Change, string]>([
    ['no members', stated => ({ ...stated, members: [] }), 'card/cde: no members are stated'],
    ['storage in the DMZ', (stated, { vault: stored }) => ({ ...stated, dmz: [stored] }), 'card/cde: Deployment vault (card/vault) stores account data, and must not be accessible from untrusted networks (PCI DSS 1.4.4)'],
    ['the internet to a member that is not in the DMZ', inbound(Peer.internet()), 'card/cde: inbound connection to Deployment payments (card/payments): internet may be in an untrusted network, which reaches members of the DMZ only (PCI DSS 1.4.2)'],
    ['addresses to a member that is not in the DMZ', inbound(Peer.cidr('10.99.0.0/16')), '10.99.0.0/16 may be in an untrusted network'],
    ['anybody to a member that is not in the DMZ', inbound(Peer.any()), 'any may be in an untrusted network'],
    ['a member to everything', outbound(Peer.any()), 'any is no destination that is necessary (PCI DSS 1.3.2)'],
    ['a member to the internet', outbound(Peer.internet()), 'internet is no destination that is necessary (PCI DSS 1.3.2)'],
    ['every port', outbound(ACQUIRER, [Port.allTcp()]), 'card/cde: outbound connection of Deployment payments (card/payments): all TCP says every port, and PCI DSS 1.2.5 asks for those that are needed'],
    ['every port by numbers', outbound(ACQUIRER, [Port.tcpRange(1, 65535)]), 'TCP 1-65535 are 65535 ports, and PCI DSS 1.2.5 asks for those that are needed; state at most 1024 of a protocol in one connection'],
    ['every port in pieces', outbound(ACQUIRER, [Port.tcpRange(1, 1024), Port.tcpRange(1025, 2048)]), 'TCP 1-1024, TCP 1025-2048 are 2048 ports'],
    ['a port by name', outbound(ACQUIRER, [Port.named('https')]), 'TCP https is a name, which a container may give to any port'],
    ['a member to the internet in halves', outbound(Peer.oneOf(Peer.cidr('0.0.0.0/1'), Peer.cidr('128.0.0.0/1'))), 'is no destination that is necessary (PCI DSS 1.3.2)'],
    ['a member to a large range', outbound(Peer.cidr('52.216.0.0/15')), '52.216.0.0/15 is no destination that is necessary (PCI DSS 1.3.2)'],
    ['a member to a large range of IPv6', outbound(Peer.cidr('2600::/16')), '2600::/16 is no destination that is necessary'],
    ['a member to every name of a domain', outbound(Peer.fqdn('**.com')), '**.com is no destination that is necessary'],
    ['a review after that of the environment', outbound(ACQUIRER, [Port.HTTPS], { because: 'x', reviewBy: '2027-04-01' }), 'outbound connection of Deployment payments (card/payments): reviewBy "2027-04-01" is later than that of the environment, 2027-03-31'],
    ['an environment without a day of review', stated => ({ ...stated, reviewBy: 'soon' }), 'card/cde: reviewBy "soon" is no day of the calendar'],
    ['trust in every address', stated => ({ ...stated, trustedCidrs: ['0.0.0.0/0', '::/0'] }), 'card/cde: trustedCidrs trusts 0.0.0.0/0, which is more than any network of your own; state the ranges of your networks, none larger than /8'],
    ['trust in much of IPv6', stated => ({ ...stated, trustedCidrs: ['2000::/3'] }), 'trustedCidrs trusts 2000::/3'],
    ['no ports', outbound(ACQUIRER, []), 'names no ports, which never means all of them'],
    ['no reason', outbound(ACQUIRER, [Port.HTTPS], {}), 'has no business need (PCI DSS 1.2.5); state because'],
    ['an empty reason', outbound(ACQUIRER, [Port.HTTPS], { because: ' ' }), 'has no business need (PCI DSS 1.2.5); state because'],
    ['a day that is none', outbound(ACQUIRER, [Port.HTTPS], { because: 'x', reviewBy: 'soon' }), 'reviewBy "soon"'],
    ['no peers', (stated, { payments: source }) => ({ ...stated, outbound: [{ source, peers: [], ports: [Port.HTTPS], ...WHY }] }), 'names no peers, which never means all of them'],
    ['a source that is no member', (stated, _, chart) => ({ ...stated, outbound: [{ source: foreign(chart), peers: [ACQUIRER], ports: [Port.HTTPS], ...WHY }] }), 'is no member; state it in members, or as a peer'],
    ['a DMZ that is no member', (stated, _, chart) => ({ ...stated, dmz: [foreign(chart)] }), 'card/cde: dmz: workload vault is no member'],
    ['a member of another app', (stated, _, chart) => ({ ...stated, members: [Workload.external(chart, { labels: { app: 'hsm' } })] }), 'is of another app, and an app writes its own policies only'],
  ])('%s: is an error', (_, change, message) => {
    expect(() => synthesize('kubernetes', environment(change), FACTS)).toThrow(message);
  });

  test('networks that are stated to be trusted, nodes and the API server may connect', () => {
    const trusting = (peer: Peer) => environment((stated, parts, chart) => ({ ...inbound(peer)(stated, parts, chart), trustedCidrs: ['10.99.0.0/16'] }));
    for (const peer of [Peer.cidr('10.99.7.0/24'), Peer.host(), Peer.kubeApiServer(), Peer.ingressController()]) {
      for (const cluster of ['cilium', 'calico'] as ClusterName[]) {
        expect(() => sound(cluster, trusting(peer), { ...FACTS, apiServerCidrs: ['192.168.0.3/32'] })).not.toThrow();
      }
    }
  });

  test('the ingress of Cilium itself faces untrusted networks', () => {
    const ingress: ClusterFacts = { ...FACTS, ingressController: IngressController.ciliumIngress() };
    for (const peer of [Peer.ingressController(), Peer.cluster()]) {
      expect(() => synthesize('cilium', environment(inbound(peer)), ingress)).toThrow('may be in an untrusted network, which reaches members of the DMZ only (PCI DSS 1.4.2)');
    }
    expect(() => sound('cilium', environment((stated, { gateway: destination }) => ({
      ...stated, inbound: [{ peers: [Peer.ingressController()], destination, ports: [Port.HTTPS], ...WHY }],
    })), ingress)).not.toThrow();
    expect(() => sound('cilium', environment(inbound(Peer.cluster())), FACTS)).not.toThrow();
  });

  test('networks of your own may be large, and reached whole', () => {
    const own = environment((stated, parts, chart) => ({ ...outbound(Peer.cidr('10.0.0.0/9'))(stated, parts, chart), trustedCidrs: ['10.0.0.0/8', 'fd00::/8'] }));
    expect(() => sound('calico', own, FACTS)).not.toThrow();
  });

  test('a member of the DMZ may connect to the whole internet, with a reason', () => {
    const manifests: Manifest[] = sound('calico', environment((stated, { gateway: source }) => ({ ...stated, outbound: [{ source, peers: [Peer.internet()], ports: [Port.HTTPS], ...WHY }] })), FACTS);
    expectFlows('calico', manifests, { out: flow(gateway, outside, 'TCP', 443) }, { vault: CLOSED['the vault outside'] });
  });
});
