import * as cdk8s from 'cdk8s';
import { ApiObject, App, Chart } from 'cdk8s';
import * as constructs from 'constructs';
import { appWith, manifestsOf } from './support';
import {
  AllowDns, BlockCloudMetadata, Cloud, Cluster, ClusterFacts, Cni, DefaultDeny, Dialect, Dns, GitOps, IngressController, NetworkPolicy, Peer, Port,
  Workload,
} from '../../src';
import { Program } from '../support/apps';

const VARIABLE = 'CDK8S_NETPOL_CLUSTER';

let stderr: jest.SpyInstance;
beforeEach(() => {
  delete process.env[VARIABLE];
  stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  stderr.mockRestore();
  delete process.env[VARIABLE];
});

const dialectOf = (facts: ClusterFacts) => Cluster.of(appWith(facts).app).dialect;
const deny: Program = ({ chart }) => { new DefaultDeny(chart, 'deny'); };

describe('the dialect', () => {
  test.each([
    [Cni.kubernetes(), Dialect.KUBERNETES], [Cni.cilium(), Dialect.CILIUM], [Cni.calico(), Dialect.CALICO],
  ])('follows from the CNI: %s', (cni, dialect) => {
    expect(dialectOf({ cni })).toBe(dialect);
  });

  test('is that of plain Kubernetes when nothing is stated', () => {
    expect(dialectOf({})).toBe(Dialect.KUBERNETES);
    expect(Cluster.of(new App()).cni.toString()).toBe('kubernetes');
  });

  test.each([Cni.cilium(), Cni.calico()])('may be chosen among those that %s enforces', cni => {
    expect(dialectOf({ cni, dialect: Dialect.KUBERNETES })).toBe(Dialect.KUBERNETES);
    expect(manifestsOf({ cni, dialect: Dialect.KUBERNETES }, deny).map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)).toEqual(['networking.k8s.io/v1 NetworkPolicy']);
  });

  test.each([
    [Cni.kubernetes(), Dialect.CILIUM, 'kubernetes enforces kubernetes'],
    [Cni.kubernetes(), Dialect.CALICO, 'kubernetes enforces kubernetes'],
    [Cni.calico(), Dialect.CILIUM, 'calico enforces calico and kubernetes'],
    [Cni.cilium(), Dialect.CALICO, 'cilium enforces cilium and kubernetes'],
  ])('that the CNI does not enforce is an error: %s and %s', (cni, dialect, why) => {
    expect(() => dialectOf({ cni, dialect })).toThrow(`dialect ${dialect} and CNI ${cni} disagree: ${why}; change one of them`);
    expect(() => manifestsOf({ cni, dialect }, deny)).toThrow(/disagree/);
  });
});

describe('facts', () => {
  test.each(['default', 'kube-admin', 'kube-baseline', 'adminnetworkpolicy', 'baselineadminnetworkpolicy'])('a tier of Calico\'s own is not the tier for denies: %s', tier => {
    expect(() => appWith({ cni: Cni.calico(), calicoDenyTier: tier })).toThrow(
      `fact calicoDenyTier: the tier "${tier}" is one of Calico's own; name a tier of your own, whose default action is Pass and which comes before "default", or leave the fact out`);
    expect(() => appWith({ cni: Cni.calico(), calicoDenyTier: `my-${tier}` })).not.toThrow();
  });

  test('may be stated in parts, and again with the same value', () => {
    const { app } = appWith({ cni: Cni.cilium('1.19'), podCidrs: ['10.244.0.0/16'] });
    Cluster.of(app).configure({ cni: Cni.cilium('1.19'), dns: Dns.nodeLocalCache() });
    Cluster.of(app).configure({ dns: Dns.nodeLocalCache(), podCidrs: ['10.244.0.0/16'], dialect: undefined });
    expect(Cluster.of(app).cni.toString()).toBe('cilium@1.19');
  });

  test('are those of the app, from wherever in it they are asked for', () => {
    const { app, chart } = appWith({ cni: Cni.cilium() });
    expect(Cluster.of(chart)).toBe(Cluster.of(app));
    expect(Cluster.of(chart).dialect).toBe(Dialect.CILIUM);
  });

  test.each<[keyof ClusterFacts, ClusterFacts, ClusterFacts, string]>([
    ['cni', { cni: Cni.cilium('1.18') }, { cni: Cni.cilium('1.19') }, 'as cilium@1.18 and as cilium@1.19'],
    ['dialect', { dialect: Dialect.CILIUM }, { dialect: Dialect.KUBERNETES }, 'as "cilium" and as "kubernetes"'],
    ['dns', { dns: Dns.coreDns() }, { dns: Dns.openShift() }, 'as coredns and as openshift'],
    ['dns', { dns: Dns.nodeLocalCache() }, { dns: Dns.nodeLocalCache({ localAddress: '169.254.25.10' }) }, 'as nodelocal and as nodelocal'],
    ['cloud', { cloud: Cloud.AWS }, { cloud: Cloud.GCP }, 'as aws and as gcp'],
    ['ingressController', { ingressController: IngressController.traefik() }, { ingressController: IngressController.ingressNginx() }, 'as traefik and as ingress-nginx'],
    ['podCidrs', { podCidrs: ['10.0.0.0/8'] }, { podCidrs: ['10.1.0.0/16'] }, 'as ["10.0.0.0/8"] and as ["10.1.0.0/16"]'],
    ['strict', { strict: true }, { strict: false }, 'as true and as false'],
    ['calicoDenyTier', { calicoDenyTier: 'a' }, { calicoDenyTier: 'b' }, 'as "a" and as "b"'],
  ])('stated twice with different values are an error: %s', (fact, first, second, values) => {
    const { app } = appWith(first);
    expect(() => Cluster.of(app).configure(second)).toThrow(`fact ${fact} is stated twice, ${values}; state it once`);
  });

  test.each<[string, ClusterFacts, string]>([
    ['a range that is none', { podCidrs: ['10.244.0.0'] }, 'fact podCidrs: '],
    ['a range with bits beyond its prefix', { nodeCidrs: ['10.244.0.1/16'] }, 'fact nodeCidrs: '],
    ['a prefix that is too long', { apiServerCidrs: ['10.0.0.1/33'] }, 'fact apiServerCidrs: '],
    ['a tier that is no name', { calicoDenyTier: 'Deny.First' }, 'fact calicoDenyTier: '],
  ])('that are not valid are an error where they are stated: %s', (_, facts, why) => {
    expect(() => appWith(facts)).toThrow(why);
  });

  test('an address of the API server among those of Services is an error, but where policies see Services', () => {
    const facts: ClusterFacts = { serviceCidrs: ['10.96.0.0/12', 'fd00:96::/112'], apiServerCidrs: ['172.18.0.2/32', '10.96.0.1/32'] };
    const { app } = appWith({ serviceCidrs: facts.serviceCidrs });
    Cluster.of(app).configure({ apiServerCidrs: facts.apiServerCidrs });
    expect(() => Cluster.of(app).dialect).toThrow(
      /fact apiServerCidrs: 10\.96\.0\.1\/32 is in the range of Services 10\.96\.0\.0\/12 \(serviceCidrs\).*; state the addresses that `kubectl get endpointslices/);
    expect(() => Cluster._resolve({ ...facts, apiServerCidrs: ['fd00:96::1/128'] })).toThrow('fd00:96::1/128 is in the range of Services');
    expect(Cluster._resolve({ ...facts, cni: Cni.awsVpc() }).apiServerCidrs).toEqual(facts.apiServerCidrs);
    expect(Cluster._resolve({ ...facts, apiServerCidrs: ['172.18.0.2/32', '10.0.0.0/8'] }).serviceCidrs).toEqual(facts.serviceCidrs);
  });

  test.each<[string, string, (chart: Chart) => void]>([
    ['a policy', 'shop', chart => { new NetworkPolicy(chart, 'policy', { ingress: [{ peers: [Peer.any()], ports: [Port.HTTP] }] }); }],
    ['an edge', 'shop', chart => { Workload.external(chart, { labels: { app: 'web' } }).connections.allowFrom(Peer.any(), Port.HTTP); }],
    ['a construct that contains its policy', 'shop/deny', chart => { new DefaultDeny(chart, 'deny'); }],
    ['a metadata block', 'shop/metadata', chart => { new BlockCloudMetadata(chart, 'metadata'); }],
    ['a program that asks for the dialect', 'the app', chart => { expect(Cluster.of(chart).dialect).toBe('kubernetes'); }],
  ])('that are stated after they were read are an error that names who read them: %s', (_, reader, read) => {
    const { app, chart } = appWith();
    read(chart);
    expect(() => Cluster.of(app).configure({ cni: Cni.cilium(), cloud: Cloud.AWS })).toThrow(
      `facts about the cluster (cni, cloud) are stated too late: ${reader} has already read them; state them before the first policy`);
  });

  test('of one app are not those of another', () => {
    const [one, two] = [appWith({ cni: Cni.cilium() }), appWith({ cni: Cni.calico() })];
    new DefaultDeny(one.chart, 'deny');
    new DefaultDeny(two.chart, 'deny');
    expect([one, two].map(({ chart }) => chart.toJson()[0].apiVersion)).toEqual(['cilium.io/v2', 'projectcalico.org/v3']);
  });

  test('meet across two copies of the library', () => {
    const { app, chart } = appWith({ cni: Cni.cilium() });
    jest.isolateModules(() => {
      // Peers are shared.
      jest.doMock('cdk8s', () => cdk8s);
      jest.doMock('constructs', () => constructs);
      /* eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy, as an organisation's templates bring it */
      const copy = require('../../src') as typeof import('../../src');
      expect(copy.Cluster).not.toBe(Cluster);
      expect(copy.Cluster.of(app).dialect).toBe('cilium');
      new copy.AllowDns(chart, 'dns');
    });
    new DefaultDeny(chart, 'deny');
    expect(chart.toJson().map(({ metadata }) => metadata.name)).toEqual(['allow-dns', 'default-deny']);
  });
});

describe('the environment variable', () => {
  const three: Program = ({ chart }) => {
    new AllowDns(chart, 'dns');
    new DefaultDeny(chart, 'deny');
    new BlockCloudMetadata(chart, 'metadata');
  };

  test('makes one program serve three clusters', () => {
    const written = ['cni=kubernetes', 'cni=cilium@1.18', 'cni=calico@3.30'].map(text => {
      process.env[VARIABLE] = text;
      return manifestsOf({ cloud: Cloud.AWS }, three).map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`);
    });
    expect(written).toMatchInlineSnapshot(`
     [
       [
         "networking.k8s.io/v1 NetworkPolicy allow-dns",
         "networking.k8s.io/v1 NetworkPolicy default-deny",
       ],
       [
         "cilium.io/v2 CiliumNetworkPolicy allow-dns",
         "cilium.io/v2 CiliumNetworkPolicy block-cloud-metadata",
         "cilium.io/v2 CiliumNetworkPolicy default-deny",
       ],
       [
         "projectcalico.org/v3 NetworkPolicy allow-dns",
         "projectcalico.org/v3 Tier netpol-deny",
         "projectcalico.org/v3 NetworkPolicy netpol-deny.block-cloud-metadata",
         "projectcalico.org/v3 NetworkPolicy default-deny",
       ],
     ]
    `);
  });

  test.each<[string, ClusterFacts, string, (facts: ReturnType<Cluster['_read']>) => unknown, unknown]>([
    ['cni', { cni: Cni.calico() }, 'cni=cilium@1.20', ({ cni }) => cni.toString(), 'cilium@1.20'],
    ['dialect', { cni: Cni.calico() }, 'dialect=kubernetes', ({ dialect, cni }) => `${dialect} on ${cni}`, 'kubernetes on calico@3.30'],
    ['cloud', { cloud: Cloud.AWS }, 'cloud=azure', ({ cloud }) => cloud.name, 'azure'],
    ['dns', { dns: Dns.coreDns() }, 'dns=openshift', ({ dns }) => dns.name, 'openshift'],
    ['ingress', { ingressController: IngressController.ingressNginx() }, 'ingress=traefik', ({ ingressController }) => ingressController.name, 'traefik'],
    ['gitops', { gitOps: GitOps.NONE }, 'gitops=argocd', ({ gitOps }) => gitOps, 'argocd'],
    ['podCidrs', { podCidrs: ['10.0.0.0/8'] }, 'podCidrs=10.244.0.0/16 + FD00:0::/64', ({ podCidrs }) => podCidrs.join(' '), '10.244.0.0/16 fd00::/64'],
    ['nodeCidrs', {}, 'nodeCidrs=10.0.0.0/20', ({ nodeCidrs }) => nodeCidrs.join(' '), '10.0.0.0/20'],
    ['serviceCidrs', { serviceCidrs: ['10.96.0.0/12'] }, 'serviceCidrs=', ({ serviceCidrs }) => serviceCidrs.length, 0],
    ['apiServerCidrs', {}, 'apiServerCidrs=10.0.0.5/32+10.0.0.6/32', ({ apiServerCidrs }) => apiServerCidrs.join(' '), '10.0.0.5/32 10.0.0.6/32'],
    ['addons', {}, 'addons=cert-manager+argo-cd', ({ systemNamespaces }) => ['cert-manager', 'argocd', 'velero'].filter(name => systemNamespaces.includes(name)).join(' '), 'cert-manager argocd'],
    ['strict', { strict: true }, 'strict=false', ({ strict }) => strict, false],
    ['every key, with spaces', {}, ' cni = cilium , dialect = kubernetes,cloud=gcp,dns=gke-cloud-dns,ingress=cilium, gitops = argocd ',
      ({ cni, dialect, cloud, dns, ingressController, gitOps }) => [cni, dialect, cloud, dns, ingressController, gitOps].join(' '),
      'cilium@1.18 kubernetes gcp gke-cloud-dns cilium argocd'],
  ])('overrides the program: %s', (_, facts, text, read, expected) => {
    process.env[VARIABLE] = text;
    const { app } = appWith(facts);
    expect(read(Cluster.of(app)._read(app))).toBe(expected);
  });

  test('leaves other facts of the program', () => {
    process.env[VARIABLE] = 'cni=cilium';
    const { app } = appWith({ cni: Cni.calico(), cloud: Cloud.AWS, podCidrs: ['10.0.0.0/8'], strict: true });
    expect(Cluster.of(app)._read(app)).toMatchObject({ cloud: Cloud.AWS, podCidrs: ['10.0.0.0/8'], strict: true, dialect: 'cilium' });
  });

  test('another CNI brings its own dialect, whatever dialect the program chose for its own', () => {
    process.env[VARIABLE] = 'cni=calico';
    expect(dialectOf({ cni: Cni.cilium(), dialect: Dialect.KUBERNETES })).toBe(Dialect.CALICO);
    process.env[VARIABLE] = 'cni=calico,dialect=kubernetes';
    expect(dialectOf({ cni: Cni.cilium() })).toBe(Dialect.KUBERNETES);
    process.env[VARIABLE] = 'dialect=calico';
    expect(() => dialectOf({ cni: Cni.cilium() })).toThrow('dialect calico and CNI cilium@1.18 disagree');
  });

  test('says what is switched on', () => {
    process.env[VARIABLE] = 'cni=cilium@1.20+clusterNetworkPolicy+hostFirewall,cloud=aws';
    expect(Cluster.of(appWith({}).app).cni.options).toEqual(['clusterNetworkPolicy', 'hostFirewall']);
  });

  test('is reported once on stderr, and on every policy', () => {
    process.env[VARIABLE] = 'cni=calico@3.31,cloud=aws';
    const policies = manifestsOf({}, three).filter(({ kind }) => kind !== 'Tier');
    expect(stderr.mock.calls).toEqual([['cdk8s-netpol: facts from the environment variable CDK8S_NETPOL_CLUSTER: cni=calico@3.31,cloud=aws\n']]);
    expect(policies).toHaveLength(3);
    for (const { metadata } of policies) {
      expect(metadata.annotations).toEqual({ 'cdk8s-netpol/facts-from-environment': 'cni=calico@3.31,cloud=aws' });
    }
  });

  test.each([undefined, '', '  '])('that is not set says nothing: %j', text => {
    if (text !== undefined) { process.env[VARIABLE] = text; }
    expect(manifestsOf({ cni: Cni.calico() }, three).filter(({ metadata }) => metadata.annotations)).toEqual([]);
    expect(stderr).not.toHaveBeenCalled();
  });

  test.each([
    ['cilium', '"cilium" is not understood; write KEY=VALUE separated by commas, with the keys cni, dialect, cloud, distribution, dns, '],
    ['cni=cilium,', '"" is not understood; write KEY=VALUE'],
    ['cni=cilium;cloud=aws', '"cni=cilium;cloud=aws" is not understood'],
    ['cni=cilium=1.18', '"cni=cilium=1.18" is not understood'],
    ['podcidrs=10.0.0.0/8', '"podcidrs=10.0.0.0/8" is not understood'],
    ['podCidrs=10.0.0.1/8', 'podCidrs: "10.0.0.1/8" has bits set beyond /8'],
    ['nodeCidrs=10.0.0.0/8+', 'nodeCidrs: "" is not a CIDR'],
    ['addons=kyverna', 'addons: add-on "kyverna" is not known; use some of '],
    ['strict=yes', 'strict "yes" is not known; use one of true, false'],
    ['constructor=x', '"constructor=x" is not understood'],
    ['cni=', 'CNI "" is not known; use one of kubernetes, cilium, calico, antrea, ovn-kubernetes, kube-ovn, kube-network-policies, aws-vpc, '],
    ['cni=cilium@1.10', 'version "1.10" of cilium is older than the oldest supported one, 1.18'],
    ['dialect=istio', 'dialect "istio" is not known; use one of kubernetes, cilium, calico'],
    ['cloud=heroku', 'cloud "heroku" is not known'],
    ['dns=bind', 'DNS "bind" is not known'],
    ['gitops=flux', 'GitOps tool "flux" is not known; use one of none, argocd'],
    ['ingress=nginx', 'ingress controller "nginx" is not known'],
    ['cni=cilium,cni=calico', 'cni is given twice; give it once'],
  ])('that is malformed is an error: %s', (text, why) => {
    process.env[VARIABLE] = text;
    expect(() => manifestsOf({}, three)).toThrow(`environment variable CDK8S_NETPOL_CLUSTER: ${why}`);
    expect(stderr).not.toHaveBeenCalled();
  });
});

describe('on Flannel', () => {
  const flannel = { cni: Cni.flannel() };
  const object: Program = ({ chart }) => { new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } }); };

  test.each<[string, Program]>([
    ['a default deny', deny],
    ['DNS', ({ chart }) => { new AllowDns(chart, 'dns'); }],
    ['a policy', ({ chart }) => { new NetworkPolicy(chart, 'policy', { ingress: [{ peers: [Peer.any()], ports: [Port.HTTP] }] }); }],
    ['an edge', ({ chart }) => { Workload.external(chart, { labels: { app: 'web' } }).connections.allowFrom(Peer.any(), Port.HTTP); }],
    ['a metadata block', ({ chart }) => { new BlockCloudMetadata(chart, 'metadata'); }],
  ])('any statement fails the synth with the reason: %s', (_, program) => {
    expect(() => manifestsOf(flannel, program)).toThrow(
      /\[cdk8s-netpol\] the app states policies \(1\), but Flannel enforces no network policy: every policy would be stored and ignored; with netpol\.enabled of its chart \(v0\.25\.5 and later\) kube-network-policies does, which is Cni\.kubeNetworkPolicies\(\.\.\.\); or install Calico for policy beside it \(Canal\), which is Cni\.calico\(\.\.\.\), or use a CNI that enforces policy/);
  });

  test('an app without policies passes', () => {
    expect(manifestsOf(flannel, object)).toHaveLength(1);
  });

  test('the environment variable says so too', () => {
    process.env[VARIABLE] = 'cni=flannel';
    expect(() => manifestsOf({ cni: Cni.cilium(), dialect: Dialect.CILIUM }, deny)).toThrow(/Flannel enforces no network policy/);
  });
});
