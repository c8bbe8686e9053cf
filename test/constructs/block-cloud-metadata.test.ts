import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import * as yaml from 'js-yaml';
import {
  AllowDns, BlockCloudMetadata, Cloud, Cluster, ClusterFacts, Cni, DefaultDeny, Dialect, Dns, NetworkPolicy, Peer, Port, Workload,
} from '../../src';
import { End, Pod, Protocol, World } from '../oracle';
import { allowed, CLUSTER_NAMES, ClusterName, Manifest, Program, RANGES, sound, synthesize } from '../support/apps';

// --- a world

const pod = (namespace: string, name: string, labels: Record<string, string>, ip: string): Pod =>
  ({ namespace, name, labels, ips: [`10.244.0.${ip}`, `fd10:244::${ip}`], node: 'n1' });
const web = pod('shop', 'web', { app: 'web' }, '1');
const api = pod('shop', 'api', { app: 'api' }, '2');
const agent = pod('shop', 'agent', { app: 'agent' }, '3');
const systemAgent = pod('shop', 'system-agent', { app: 'agent', tier: 'system' }, '4');
const other = pod('data', 'other', { app: 'other' }, '5');
const dns = pod('kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, '6');
const world: World = {
  namespaces: { 'shop': {}, 'data': {}, 'kube-system': {} },
  pods: [web, api, agent, systemAgent, other, dns],
  podCidrs: ['10.244.0.0/16', 'fd10:244::/64'],
  nodeCidrs: ['172.18.0.0/16'],
};

const to = (address: string): End => ({ address });
const ofNode = (node: 'local' | 'remote', address: string): End => ({ node, address });
const end = (each: Pod | End): End => ('namespace' in each ? { pod: each } : each);

interface Judged {
  readonly policies: readonly Manifest[];
  /** Whether `source` (web, if not stated) may connect. */
  opens(destination: Pod | End, port: number, protocol?: Protocol, source?: Pod): boolean;
}

function judged(cluster: ClusterName, program: Program, facts?: ClusterFacts): Judged {
  const policies = sound(cluster, program, facts);
  return {
    policies,
    opens: (destination, port, protocol = 'TCP', source = web) =>
      allowed(cluster, policies, world, { source: { pod: source }, destination: end(destination), protocol, port }),
  };
}

const AWS = { cloud: Cloud.AWS };
const IMDS = to('169.254.169.254');
const IMDS6 = to('fd00:ec2::254');
const OUTSIDE = [to('93.184.216.34'), to('2001:db8::7'), to('10.99.0.1')];

const block: Program = ({ chart }) => { new BlockCloudMetadata(chart, 'metadata'); };
const deny: Program = ({ chart }) => { new DefaultDeny(chart, 'deny'); };
const all = (...programs: Program[]): Program => context => programs.forEach(program => program(context));
const egress = (id: string, peer: Peer, ...ports: Port[]): Program => ({ chart }) => {
  new NetworkPolicy(chart, id, { name: id, egress: [{ peers: [peer], ports }] });
};
const ofWorkload = (chart: Chart, labels: Record<string, string>) => Workload.external(chart, { labels });
const edge = (labels: Record<string, string>, peer: Peer, port: Port): Program => ({ chart }) => {
  ofWorkload(chart, labels).connections.allowTo(peer, port);
};

/** A policy that this library did not make: in a file, or as an object of the app. */
const document = (spec: object, kind = 'NetworkPolicy', apiVersion = 'networking.k8s.io/v1', namespace: string | undefined = 'shop') =>
  ({ apiVersion, kind, metadata: { name: 'theirs', ...(namespace === undefined ? {} : { namespace }) }, spec });
const raw = (manifest: object): Program => ({ chart }) => { new ApiObject(chart, 'theirs', manifest as never); };
const directories: string[] = [];
afterAll(() => directories.forEach(directory => fs.rmSync(directory, { recursive: true })));
const included = (manifest: object): Program => ({ chart }) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
  directories.push(directory);
  fs.writeFileSync(path.join(directory, 'theirs.yaml'), yaml.dump(manifest));
  new Include(chart, 'included', { url: path.join(directory, 'theirs.yaml') });
};
const OPEN = document({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] });
const CLOSED = document({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

const errorOf = (cluster: ClusterName, program: Program, facts?: ClusterFacts): string => {
  try {
    synthesize(cluster, program, facts);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the synth passed');
};

const sorted = (manifests: readonly Manifest[]): string[] => manifests.map(manifest => JSON.stringify(manifest)).sort();

interface Endpoints {
  readonly metadata: End[];
  /** Of pods: outside, and at the node itself. */
  readonly credentials: [End, number][];
  readonly nodeServed?: [End, number][];
  readonly platform: [End, number, Protocol][];
}

// --- tests

describe.each(CLUSTER_NAMES)('in %s', cluster => {
  const kubernetes = cluster === 'kubernetes';

  test('manifests for a namespace of which no pod is isolated', () => {
    expect(sound(cluster, block, AWS)).toMatchSnapshot();
  });

  test('manifests for a namespace that is closed, beside a rule that allows anything', () => {
    expect(sound(cluster, all(block, deny, egress('open', Peer.any(), Port.all())), AWS)).toMatchSnapshot();
  });

  test.each([['IPv4', IMDS], ['IPv6', IMDS6]])('closes the node metadata over %s, and nothing else, where no pod is isolated', (_, imds) => {
    const { opens } = judged(cluster, block, AWS);
    expect(opens(imds, 80)).toBe(false);
    expect(opens(imds, 80, 'TCP', systemAgent)).toBe(false);
    for (const destination of [api, other, dns, ...OUTSIDE, ofNode('local', '172.18.0.2'), ofNode('remote', '172.18.0.3')]) {
      expect([destination, opens(destination, 80), opens(destination, 53, 'UDP')]).toEqual([destination, true, true]);
    }
  });

  test('isolates nobody: pods of the namespace are still reached, and pods of others still reach the metadata service', () => {
    const { opens } = judged(cluster, block, AWS);
    expect(opens(web, 8080, 'TCP', other)).toBe(true);
    expect(opens(web, 8080, 'TCP', api)).toBe(true);
    expect(opens(IMDS, 80, 'TCP', other)).toBe(true);
  });

  test.each([
    ['a rule that allows any peer on every port', Peer.any(), Port.all()],
    ['a rule for 0.0.0.0/0', Peer.cidr('0.0.0.0/0'), Port.allTcp()],
    ['a rule for 0.0.0.0/0 whoever holds the address', Peer.addresses('0.0.0.0/0'), Port.HTTP],
    ['a rule for the internet', Peer.internet(), Port.all()],
    ['a rule for a range that holds the address', Peer.cidr('169.254.0.0/16'), Port.tcpRange(1, 100)],
  ])('keeps the metadata service closed beside %s', (_, peer, port) => {
    const program = all(deny, block, egress('rule', peer, port));
    if (cluster === 'cilium' && peer.toString().startsWith('addresses')) {
      expect(errorOf(cluster, program, AWS)).toMatch(/policy shop\/rule .*the cilium dialect cannot express this/);
      return;
    }
    const { opens } = judged(cluster, program, AWS);
    expect([IMDS, IMDS6].map(imds => opens(imds, 80))).toEqual([false, false]);
  });

  test('leaves what a rule allows besides', () => {
    const { opens } = judged(cluster, all(deny, block, egress('open', Peer.any(), Port.all())), AWS);
    for (const destination of [api, other, dns, ...OUTSIDE, ofNode('remote', '172.18.0.3'), to('169.254.169.253'), to('169.254.1.1')]) {
      // Ingress of the namespace's own pods is closed by the default deny.
      expect([destination, opens(destination, 80)]).toEqual([destination, destination !== api]);
    }
  });

  test('rules on other ports stay as they were stated', () => {
    const rule = egress('rule', Peer.cidr('169.254.169.254/32'), Port.HTTPS);
    const { opens, policies } = judged(cluster, all(deny, block, rule), AWS);
    const without = sound(cluster, all(deny, rule), AWS);
    const named = (manifests: readonly Manifest[]) => manifests.find(({ metadata }) => metadata.name === 'rule');
    expect(named(policies)).toEqual(named(without));
    expect([opens(IMDS, 443), opens(IMDS, 80)]).toEqual([true, false]);
  });

  test('the order of statements changes nothing', () => {
    const programs = [block, deny, egress('open', Peer.any(), Port.all()), edge({ app: 'web' }, Peer.cidr('0.0.0.0/0'), Port.HTTP), raw(CLOSED)];
    const reference = sorted(sound(cluster, all(...programs), AWS));
    for (let first = 0; first < programs.length; first++) {
      const turned = [...programs.slice(first), ...programs.slice(0, first)];
      expect(sorted(sound(cluster, all(...turned), AWS))).toEqual(reference);
      expect(sorted(sound(cluster, all(...turned.reverse()), AWS))).toEqual(reference);
    }
  });

  test('a second synth of the same app writes the same', () => {
    const app = new App();
    Cluster.of(app).configure({ ...RANGES, cni: Cni.parse(cluster) });
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    all(block, deny, egress('open', Peer.any(), Port.all()))({ app, chart, dialect: cluster as Dialect });
    const first = app.synthYaml();
    expect(app.synthYaml()).toBe(first);
    expect(first).toContain('169.254.169.254');
  });

  test('DNS at the metadata address stays open, on its port only', () => {
    const facts = { cloud: Cloud.GCP, dns: Dns.gkeCloudDns() };
    for (const program of [block, all(block, deny), all(deny, block, egress('open', Peer.any(), Port.all())), all(deny, block, ({ chart }) => { new AllowDns(chart, 'dns'); })]) {
      const { opens } = judged(cluster, program, facts);
      expect([opens(IMDS, 53, 'UDP'), opens(IMDS, 53), opens(IMDS, 80)]).toEqual([true, true, false]);
    }
  });

  test('a rule that allows anything keeps the platform\'s DNS at the metadata address, also where the facts name other DNS', () => {
    const open: Program = ({ chart }) => { new NetworkPolicy(chart, 'open', { egress: [{ peers: [Peer.any()], ports: [Port.all()] }], dns: false }); };
    const { opens } = judged(cluster, all(({ chart }) => { new DefaultDeny(chart, 'deny', { dns: false }); }, block, open), { cloud: Cloud.GCP });
    expect([opens(IMDS, 53, 'UDP'), opens(IMDS, 80)]).toEqual([true, false]);
  });

  test('only the metadata port is closed, in a dialect with deny', () => {
    const { opens } = judged(cluster, block, AWS);
    expect([opens(IMDS, 443), opens(IMDS, 81), opens(IMDS, 80, 'UDP')]).toEqual([!kubernetes, !kubernetes, !kubernetes]);
  });

  test('a workload in except keeps what its own statements allow, and no more', () => {
    const program: Program = ({ chart }) => {
      const own = ofWorkload(chart, { app: 'agent' });
      new BlockCloudMetadata(chart, 'metadata', { except: [own] });
      new DefaultDeny(chart, 'deny');
      own.connections.allowTo(Peer.cidr('169.254.169.254/32'), Port.HTTP);
      ofWorkload(chart, { app: 'web' }).connections.allowTo(Peer.cidr('0.0.0.0/0'), Port.HTTP);
    };
    const { opens } = judged(cluster, program, AWS);
    expect([agent, systemAgent, web, api].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([true, true, false, false]);
    expect(opens(IMDS6, 80, 'TCP', agent)).toBe(false);
    expect(opens(to('93.184.216.34'), 80)).toBe(true);
  });

  test('a policy whose subject is the workload in except, by its labels, is not narrowed either', () => {
    const program: Program = ({ chart }) => {
      new BlockCloudMetadata(chart, 'metadata', { except: [ofWorkload(chart, { app: 'agent' })] });
      new DefaultDeny(chart, 'deny');
      new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'agent', labels: { app: 'agent' } }, spec: { containers: [{ name: 'main' }] } } as never);
      new NetworkPolicy(chart, 'agents', { subject: Peer.pods({ labels: { app: 'agent' } }), egress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
      new NetworkPolicy(chart, 'everyone', { egress: [{ peers: [Peer.any()], ports: [Port.all()] }] });
    };
    const { opens } = judged(cluster, program, AWS);
    expect([agent, systemAgent, web].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([true, true, false]);
  });

  test('a workload in except is left alone where no other pod is isolated', () => {
    const program: Program = ({ chart }) => { new BlockCloudMetadata(chart, 'metadata', { except: [ofWorkload(chart, { app: 'agent' })] }); };
    const { opens, policies } = judged(cluster, program, AWS);
    expect(policies).toMatchSnapshot();
    expect([agent, systemAgent, web, api].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([true, true, false, false]);
    expect([agent, web].map(source => opens(to('93.184.216.34'), 443, 'TCP', source))).toEqual([true, true]);
  });

  test('a workload in except may be isolated by its own statements while no other pod is', () => {
    const program: Program = ({ chart }) => {
      const own = ofWorkload(chart, { app: 'agent' });
      own.connections.allowTo(Peer.cidr('169.254.169.254/32'), Port.HTTP);
      new BlockCloudMetadata(chart, 'metadata', { except: [own] });
    };
    const { opens } = judged(cluster, program, AWS);
    expect([agent, web].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([true, false]);
    expect([agent, web].map(source => opens(to('93.184.216.34'), 443, 'TCP', source))).toEqual([false, true]);
  });

  test('a workload in except with several labels: several specs in Cilium, one selector in Calico, refused in plain Kubernetes', () => {
    const program: Program = ({ chart }) => {
      new BlockCloudMetadata(chart, 'metadata', { except: [ofWorkload(chart, { app: 'agent', tier: 'system' })] });
    };
    if (kubernetes) {
      expect(errorOf(cluster, program, AWS)).toMatchInlineSnapshot(`
       "Validation failed with the following errors:
         [cdk8s-netpol] BlockCloudMetadata (shop/metadata): except names a workload with several labels (workload agent), and no pod of namespace shop is isolated: "every pod without all of these labels" cannot be written as one plain NetworkPolicy; add new DefaultDeny(...) for the namespace, name a workload with one label, or use the cilium or calico dialect"
      `);
      expect(sound(cluster, all(program, deny), AWS).map(({ metadata }) => metadata.name)).toEqual(['default-deny']);
      return;
    }
    const { opens, policies } = judged(cluster, program, AWS);
    expect(policies).toMatchSnapshot();
    expect([systemAgent, agent, web].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([true, false, false]);
  });

  test('a workload in except whose labels another workload has is an error, unless both are excepted or one is a selection of the other', () => {
    const twins = (except: (one: Workload, twin: Workload) => Workload[]): Program => ({ chart }) => {
      const [one, twin] = ['one', 'twin'].map(name => {
        const template = { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name, image: name }] } };
        const spec = { selector: { matchLabels: { app: 'agent' } }, template };
        return Workload.of(new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec } as never));
      });
      new BlockCloudMetadata(chart, 'metadata', { except: except(one, twin) });
    };
    for (const except of [[0], [1]]) {
      expect(errorOf(cluster, all(deny, twins((...both) => except.map(i => both[i]))), AWS)).toContain(
        'BlockCloudMetadata (shop/metadata): of Deployment one (shop/one) and Deployment twin (shop/twin), which have the same labels, only one is in except, and a policy cannot tell them apart; give them different labels, or except both');
    }
    expect(() => sound(cluster, all(deny, twins((...both) => both)), AWS)).not.toThrow();
    expect(() => sound(cluster, all(deny, twins(() => [])), AWS)).not.toThrow();
    expect(() => sound(cluster, all(deny, twins(one => [Workload.select(one._chart, { labels: { app: 'agent' } })])), AWS)).not.toThrow();
  });

  test('a workload of another namespace in except is an error', () => {
    expect(errorOf(cluster, ({ chart }) => {
      new BlockCloudMetadata(chart, 'metadata', { except: [Workload.external(chart, { labels: { app: 'other' }, namespace: 'data' })] });
    })).toBe('shop/metadata: workload other is in namespace data, not in shop; leave it out of except');
  });

  test('an included policy that closes the namespace counts as isolating every pod', () => {
    for (const include of [raw(CLOSED), included(CLOSED)]) {
      const { opens, policies } = judged(cluster, all(block, include), AWS);
      expect(policies.some(({ metadata }) => metadata.name.includes('block-cloud-metadata'))).toBe(!kubernetes);
      expect([opens(IMDS, 80), opens(to('93.184.216.34'), 443)]).toEqual([false, false]);
    }
  });

  test.each([['an included file', included], ['a plain object', raw]])('a policy of %s cannot open what is closed', (_, include) => {
    for (const beside of [[block], [block, deny], [deny, block]]) {
      for (const program of [all(...beside, include(OPEN)), all(include(OPEN), ...beside)]) {
        if (kubernetes) {
          expect(errorOf(cluster, program, AWS)).toMatch(/BlockCloudMetadata \(shop\/metadata\): the policy shop\/\S+ \(NetworkPolicy theirs, egress\[0\]\) allows egress to 169\.254\.169\.254 TCP 80 and fd00:ec2::254 TCP 80, and policies add up/);
        } else {
          const { opens } = judged(cluster, program, AWS);
          expect([opens(IMDS, 80), opens(IMDS6, 80), opens(to('93.184.216.34'), 80)]).toEqual([false, false, true]);
        }
      }
    }
  });

  test('a policy beside it that excepts the addresses, is about another namespace, or another port, is no matter', () => {
    const harmless = [
      document({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }] }] }),
      document({ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 443 }, { port: 80, protocol: 'UDP' }] }] }),
      document({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] }, 'NetworkPolicy', 'networking.k8s.io/v1', 'data'),
    ];
    for (const manifest of harmless) {
      const { opens } = judged(cluster, all(block, deny, raw(manifest)), AWS);
      expect([opens(IMDS, 80), opens(IMDS6, 80)]).toEqual([false, false]);
    }
  });

  test('two blocks of one namespace are told from each other by name, and the wider one holds', () => {
    const program: Program = ({ chart }) => {
      new BlockCloudMetadata(chart, 'metadata', { except: [ofWorkload(chart, { app: 'agent' })] });
      new BlockCloudMetadata(chart, 'all', { name: 'all' });
    };
    const { opens } = judged(cluster, program, AWS);
    expect([agent, web].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([false, false]);
    const same: Program = ({ chart }) => { new BlockCloudMetadata(chart, 'one'); new BlockCloudMetadata(chart, 'two'); };
    expect(errorOf(cluster, same, AWS)).toMatch(/two policies are the same object/);
  });

  describe.each<[string, Cloud, Endpoints]>([
    ['AWS', Cloud.AWS, {
      metadata: [IMDS, IMDS6],
      credentials: [[to('169.254.170.2'), 80]],
      nodeServed: [[ofNode('local', '169.254.170.23'), 80], [ofNode('local', 'fd00:ec2::23'), 80]],
      platform: [[to('169.254.169.253'), 53, 'UDP'], [to('169.254.169.253'), 53, 'TCP']],
    }],
    ['Google Cloud', Cloud.GCP, {
      metadata: [IMDS, to('fd20:ce::254')],
      credentials: [],
      nodeServed: [[ofNode('local', '169.254.169.252'), 988]],
      platform: [[IMDS, 53, 'UDP'], [IMDS, 53, 'TCP']],
    }],
    ['Azure', Cloud.AZURE, {
      metadata: [IMDS],
      credentials: [],
      platform: [[to('168.63.129.16'), 53, 'UDP'], [to('168.63.129.16'), 80, 'TCP'], [to('168.63.129.16'), 32526, 'TCP']],
    }],
    ['Alibaba Cloud', Cloud.ALIBABA, { metadata: [to('100.100.100.200'), to('fd00:100::100:200')], credentials: [], platform: [[to('100.100.2.136'), 53, 'UDP']] }],
    ['Oracle Cloud', Cloud.ORACLE, { metadata: [IMDS, to('fd00:c1::a9fe:a9fe')], credentials: [], platform: [] }],
    ['OpenStack', Cloud.OPENSTACK, { metadata: [IMDS, to('fe80::a9fe:a9fe')], credentials: [], platform: [] }],
    ['DigitalOcean', Cloud.DIGITAL_OCEAN, { metadata: [IMDS], credentials: [], platform: [] }],
    ['a cloud that is not known', Cloud.UNKNOWN, {
      metadata: [
        IMDS, IMDS6, to('fd20:ce::254'), to('100.100.100.200'), to('fd00:100::100:200'), to('fd00:c1::a9fe:a9fe'), to('fe80::a9fe:a9fe'),
      ],
      credentials: [[to('169.254.170.2'), 80]],
      nodeServed: [[ofNode('local', '169.254.170.23'), 80], [ofNode('local', 'fd00:ec2::23'), 80], [ofNode('local', '169.254.169.252'), 988]],
      platform: [[to('169.254.169.253'), 53, 'UDP'], [IMDS, 53, 'UDP'], [IMDS, 53, 'TCP'], [to('168.63.129.16'), 80, 'TCP']],
    }],
  ])('on %s', (_, cloud, { metadata, credentials, nodeServed = [], platform }) => {
    test('the node\'s metadata is closed; what pods and the platform need stays open', () => {
      for (const program of [block, all(block, deny, egress('open', Peer.any(), Port.all()))]) {
        const { opens } = judged(cluster, program, { cloud });
        expect(metadata.map(each => opens(each, 80))).toEqual(metadata.map(() => false));
        for (const [each, port] of [...credentials, ...nodeServed]) { expect([each, opens(each, port)]).toEqual([each, true]); }
        for (const [each, port, protocol] of platform) { expect([each, opens(each, port, protocol)]).toEqual([each, true]); }
      }
    });

    test('credentials of the pods\' own identity are closed on demand, or refused with the reason', () => {
      const program: Program = ({ chart }) => { new BlockCloudMetadata(chart, 'metadata', { blockPodCredentials: true }); };
      if (kubernetes && nodeServed.length > 0) {
        expect(errorOf(cluster, program, { cloud })).toMatch(/BlockCloudMetadata \(shop\/metadata\): 169\.254\.1.* (is|are) served on the node itself, and plain NetworkPolicy never closes a node to its own pods; leave out blockPodCredentials, or use the cilium or calico dialect/);
        return;
      }
      const { opens } = judged(cluster, program, { cloud });
      for (const [each, port] of [...credentials, ...nodeServed, ...metadata.map(address => [address, 80] as const)]) {
        expect([each, opens(each, port)]).toEqual([each, false]);
      }
      for (const [each, port, protocol] of platform) { expect([each, opens(each, port, protocol)]).toEqual([each, true]); }
      expect([opens(ofNode('local', '172.18.0.2'), 10250), opens(to('93.184.216.34'), 443), opens(api, 80)]).toEqual([true, true, true]);
    });
  });
});

describe('in plain Kubernetes', () => {
  test('when only some pods are isolated it cannot be said', () => {
    const program = all(block, edge({ app: 'web' }, Peer.internet(), Port.HTTPS));
    expect(errorOf('kubernetes', program, AWS)).toMatchInlineSnapshot(`
     "Validation failed with the following errors:
       [cdk8s-netpol] BlockCloudMetadata (shop/metadata): some pods of namespace shop are isolated for egress (by policy shop/web (shop/web)) and others may be not, and plain NetworkPolicy cannot deny; add new DefaultDeny(...) for the namespace, or use the cilium or calico dialect"
    `);
    for (const cluster of ['cilium', 'calico'] as const) {
      const { opens } = judged(cluster, program, AWS);
      expect([opens(IMDS, 80), opens(IMDS, 80, 'TCP', api), opens(to('93.184.216.34'), 443)]).toEqual([false, false, true]);
      // What isolates web is its own statement; api is isolated by nothing.
      expect([opens(other, 80), opens(other, 80, 'TCP', api)]).toEqual([false, true]);
    }
  });

  test('an included policy that isolates some pods counts as well, and one that isolates ingress does not', () => {
    const some = raw(document({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] }));
    expect(errorOf('kubernetes', all(block, some), AWS)).toMatch(/isolated for egress \(by shop\/theirs\)/);
    const { opens } = judged('kubernetes', all(block, raw(document({ podSelector: {} }))), AWS);
    expect([opens(IMDS, 80), opens(to('93.184.216.34'), 443)]).toEqual([false, true]);
  });

  test.each([
    ['the address alone', Peer.cidr('169.254.169.254/32'), '169.254.169.254/32', 'it allows only 169.254.169.254/32'],
    ['the address alone, IPv6', Peer.addresses('fd00:ec2::254/128'), 'addresses fd00:ec2::254/128', 'it allows only fd00:ec2::254/128'],
  ])('a rule that allows %s fails the synth', (_, peer, stated, why) => {
    const error = errorOf('kubernetes', all(deny, block, egress('rule', peer, Port.HTTP)), AWS);
    expect(error).toContain(`policy shop/rule (shop/rule), egress to ${stated} on TCP 80: ${why}; BlockCloudMetadata (shop/metadata) closes it: leave the rule out, or name the workload in its except`);
  });

  test('a rule that allows the address alone is overruled in Cilium and Calico', () => {
    for (const cluster of ['cilium', 'calico'] as const) {
      const { opens } = judged(cluster, all(deny, block, egress('rule', Peer.cidr('169.254.169.254/32'), Port.HTTP)), AWS);
      expect(opens(IMDS, 80)).toBe(false);
    }
  });

  test('the IPv6 twin of the allow-except form is always written', () => {
    for (const cloud of [Cloud.AWS, Cloud.AZURE, Cloud.UNKNOWN]) {
      const [{ spec }] = sound('kubernetes', block, { cloud, podCidrs: ['10.244.0.0/16'] });
      expect(spec.egress[0].to.map((peer: Manifest) => peer.ipBlock?.cidr ?? peer)).toEqual(['0.0.0.0/0', '::/0', { namespaceSelector: {} }]);
    }
    const carved = sound('kubernetes', all(deny, block, egress('open', Peer.any(), Port.all())), { cloud: Cloud.AZURE });
    expect(carved[0].spec.egress[0].to.map((peer: Manifest) => peer.ipBlock?.cidr ?? peer)).toEqual(['0.0.0.0/0', '::/0', { namespaceSelector: {} }]);
  });

  test('every metadata address of every cloud is left out of a rule that allows ::/0', () => {
    const rule = sound('kubernetes', all(deny, block, egress('rule', Peer.cidr('::/0'), Port.all())), { cloud: Cloud.UNKNOWN })
      .find(({ metadata }) => metadata.name === 'rule');
    const [{ ipBlock }] = rule.spec.egress[0].to;
    expect(ipBlock.cidr).toBe('::/0');
    expect([...ipBlock.except].sort()).toEqual([
      'fd00:100::100:200/128', 'fd00:42::42/128', 'fd00:a9fe:a9fe::1/128', 'fd00:c1::a9fe:a9fe/128', 'fd00:ec2::254/128', 'fd20:ce::254/128',
      'fe80::a9fe:a9fe/128',
    ]);
  });

  const onCilium = { cni: Cni.cilium(), dialect: Dialect.KUBERNETES, ...AWS };

  test('on Cilium, where a range never matches pods or nodes, the allow-except form is refused', () => {
    expect(errorOf('kubernetes', block, onCilium)).toMatchInlineSnapshot(`
     "Validation failed with the following errors:
       [cdk8s-netpol] BlockCloudMetadata (shop/metadata): no pod of namespace shop is isolated, and on cilium an address range never matches pods or nodes, so "everything except the metadata addresses" would cut them off; add new DefaultDeny(...) for the namespace, or use the cilium dialect"
    `);
  });

  test('on Cilium, "anything except the addresses" is refused, and ranges are carved as elsewhere', () => {
    expect(errorOf('kubernetes', all(deny, block, egress('open', Peer.any(), Port.all())), onCilium)).toMatch(
      /policy shop\/open \(shop\/open\), egress to any on all traffic: it allows any peer, and on cilium an address range never matches nodes, so "any peer except the metadata addresses" cannot be written/);
    const policies = sound('kubernetes', all(deny, block, egress('rule', Peer.cidr('0.0.0.0/0'), Port.HTTP)), onCilium);
    const flow = (address: string) => ({ source: { pod: web }, destination: { address }, protocol: 'TCP' as const, port: 80 });
    expect([flow('169.254.169.254'), flow('93.184.216.34')].map(each => allowed('cilium', policies, world, each))).toEqual([false, true]);
  });

  test('policies of Cilium and Calico beside it are judged too', () => {
    const reaching = [
      document({ endpointSelector: {}, egress: [{ toEntities: ['world'] }] }, 'CiliumNetworkPolicy', 'cilium.io/v2'),
      document({ endpointSelector: {}, egress: [{ toEntities: ['all'] }] }, 'CiliumClusterwideNetworkPolicy', 'cilium.io/v2', undefined),
      document({ endpointSelector: {}, egress: [{ toCIDR: ['0.0.0.0/0'] }], enableDefaultDeny: { egress: false } }, 'CiliumNetworkPolicy', 'cilium.io/v2'),
      document({ selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow' }] }, 'NetworkPolicy', 'projectcalico.org/v3'),
      document({ namespaceSelector: 'all()', egress: [{ action: 'Allow' }] }, 'GlobalNetworkPolicy', 'projectcalico.org/v3', undefined),
    ];
    for (const manifest of reaching) {
      expect(errorOf('kubernetes', all(block, deny, raw(manifest)), AWS)).toMatch(/the policy shop\/theirs \(\w+ theirs, .*egress\[0\]\) allows egress to 169\.254\.169\.254 TCP 80/);
    }
    const harmless = [
      document({ endpointSelector: {}, egress: [{ toEntities: ['cluster'] }] }, 'CiliumNetworkPolicy', 'cilium.io/v2'),
      document({ selector: 'all()', egress: [{ action: 'Allow', destination: { nets: ['10.0.0.0/8'] } }] }, 'NetworkPolicy', 'projectcalico.org/v3'),
      document({ endpointSelector: {}, egress: [{ toEntities: ['all'] }] }, 'CiliumNetworkPolicy', 'cilium.io/v2', 'data'),
    ];
    for (const manifest of harmless) { expect(synthesize('kubernetes', all(block, deny, raw(manifest)), AWS)).toHaveLength(2); }
  });

  test('what cannot be judged is not believed', () => {
    expect(errorOf('kubernetes', all(block, deny, raw(document({ podSelector: {}, egress: [{ toWhom: [] }] }))), AWS)).toMatch(
      /BlockCloudMetadata \(shop\/metadata\): a policy beside it cannot be judged: .*toWhom/);
    const admin = (action: string) => document({ egress: [{ action, to: [{ networks: ['0.0.0.0/0'] }] }] }, 'AdminNetworkPolicy', 'policy.networking.k8s.io/v1alpha1', undefined);
    expect(errorOf('kubernetes', all(block, deny, raw(admin('Allow'))), AWS)).toMatch(/AdminNetworkPolicy theirs \(shop\/theirs\) accepts egress before any NetworkPolicy is asked/);
    expect(synthesize('kubernetes', all(block, deny, raw(admin('Deny'))), AWS)).toHaveLength(2);
  });

  test('an included policy that is about a workload in except may reach the addresses', () => {
    const theirs = document({ podSelector: { matchLabels: { app: 'agent' } }, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] }] });
    const except: Program = ({ chart }) => { new BlockCloudMetadata(chart, 'metadata', { except: [ofWorkload(chart, { app: 'agent' })] }); };
    const { opens } = judged('kubernetes', all(except, deny, raw(theirs)), AWS);
    expect([agent, web].map(source => opens(IMDS, 80, 'TCP', source))).toEqual([true, false]);
    expect(errorOf('kubernetes', all(block, deny, raw(theirs)), AWS)).toMatch(/policies add up/);
  });

  test('two blocks of one namespace that close different addresses would open each other\'s', () => {
    const program: Program = ({ chart }) => {
      new BlockCloudMetadata(chart, 'metadata');
      new BlockCloudMetadata(chart, 'all', { name: 'all', blockPodCredentials: true });
    };
    // A cloud whose credentials are not served on the node.
    const ecs = jest.spyOn(Cloud.OPENSTACK, '_endpoints').mockImplementation(service => Cloud.AWS._endpoints(service).filter(({ onNode }) => !onNode));
    try {
      expect(errorOf('kubernetes', program, { cloud: Cloud.OPENSTACK })).toMatch(
        /BlockCloudMetadata \(shop\/all\): another BlockCloudMetadata of namespace shop \(shop\/metadata\) closes fewer addresses/);
      expect(synthesize('kubernetes', all(program, deny), { cloud: Cloud.OPENSTACK }).map(({ metadata }) => metadata.name)).toEqual(['default-deny']);
    } finally {
      ecs.mockRestore();
    }
  });

  test('a default deny in another chart of the same namespace counts', () => {
    const program: Program = context => {
      block(context);
      new DefaultDeny(new Chart(context.app, 'base'), 'deny', { namespace: 'shop' });
    };
    const { opens, policies } = judged('kubernetes', program, AWS);
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(['default-deny']);
    expect(opens(IMDS, 80)).toBe(false);
  });
});

describe('in Cilium', () => {
  test('addresses that the node serves are closed as the host and its port', () => {
    const [{ spec }] = sound('cilium', ({ chart }) => { new BlockCloudMetadata(chart, 'metadata', { blockPodCredentials: true }); }, AWS);
    expect(spec.egressDeny).toContainEqual({ toEntities: ['host'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] });
    expect(JSON.stringify(spec)).not.toMatch(/169\.254\.170\.23|fd00:ec2::23/);
  });

  test('nobody is isolated by the policy', () => {
    expect(sound('cilium', block, AWS)[0].spec.enableDefaultDeny).toEqual({ egress: false });
  });
});

describe('in Calico', () => {
  const two: Program = ({ app, chart }) => {
    new BlockCloudMetadata(chart, 'metadata');
    new BlockCloudMetadata(new Chart(app, 'data'), 'metadata', { namespace: 'data' });
  };

  test('two namespaces share one tier, which is written before what stands in it', () => {
    const policies = sound('calico', two, AWS);
    expect(policies.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`)).toEqual([
      'Tier  netpol-deny', 'NetworkPolicy shop netpol-deny.block-cloud-metadata', 'NetworkPolicy data netpol-deny.block-cloud-metadata',
    ]);
    expect(policies[0].spec).toEqual({ order: 500, defaultAction: 'Pass' });
    for (const [source, expected] of [[web, false], [other, false], [dns, true]] as const) {
      expect(allowed('calico', policies, world, { source: { pod: source }, destination: IMDS, protocol: 'TCP', port: 80 })).toBe(expected);
    }
  });

  test('a tier that exists is used and not written', () => {
    const policies = sound('calico', two, { ...AWS, calicoDenyTier: 'platform' });
    expect(policies.map(({ kind, metadata, spec }) => `${kind} ${metadata.name} in ${spec.tier}`)).toEqual([
      'NetworkPolicy platform.block-cloud-metadata in platform', 'NetworkPolicy platform.block-cloud-metadata in platform',
    ]);
  });

  test('a tier of the app that has the name of the tier for denies is a duplicate of it', () => {
    const tier = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'netpol-deny' }, spec: { order: 500, defaultAction: 'Pass' } };
    expect(errorOf('calico', all(block, included(tier)), AWS)).toMatch(
      /two policies are the same object, Tier netpol-deny: shop\/netpol:tier-netpol-deny and shop\/included\/[^;]+; the one that is applied last would replace the other, so give one another name/);
    expect(() => synthesize('calico', all(block, included({ ...tier, metadata: { name: 'theirs' } })), AWS)).not.toThrow();
  });

  const accepting = (tier: string, namespace?: string, destination?: object) => raw(document(
    { tier, order: 1, selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow', ...(destination ? { destination } : {}) }] },
    namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy', 'projectcalico.org/v3', namespace));

  test.each([
    ['an earlier tier', accepting('security', 'shop'), 'in tier security allows egress to 169.254.169.254 TCP 80 and fd00:ec2::254 TCP 80 and may be judged before the tier netpol-deny'],
    ['an earlier tier, for every namespace', accepting('security'), 'in tier security allows egress'],
    ['the tier of the denies itself', accepting('netpol-deny', 'shop'), 'in tier netpol-deny allows egress to 169.254.169.254 TCP 80 and fd00:ec2::254 TCP 80 and may be judged before the policy that denies'],
  ])('a policy of %s that accepts the addresses fails the synth', (_, include, why) => {
    expect(errorOf('calico', all(block, include), AWS)).toContain(`BlockCloudMetadata (shop/metadata): the policy shop/theirs ${why}`);
  });

  test('a policy of the default tier, of another namespace, or that reaches other addresses, is no matter', () => {
    for (const include of [accepting('default', 'shop'), accepting('default'), accepting('security', 'data'), accepting('security', 'shop', { nets: ['10.0.0.0/8'] })]) {
      expect(synthesize('calico', all(block, include), AWS)).toHaveLength(3);
    }
    const { opens } = judged('calico', all(block, accepting('default', 'shop')), AWS);
    expect([opens(IMDS, 80), opens(to('93.184.216.34'), 80)]).toEqual([false, true]);
  });

  test('a policy that Calico stores in another form cannot be judged', () => {
    const stored = document({ selector: 'all()', egress: [{ action: 'Allow' }] }, 'NetworkPolicy', 'crd.projectcalico.org/v1');
    expect(errorOf('calico', all(block, raw(stored)), AWS)).toMatch(/a policy beside it cannot be judged: .*this is how Calico stores its objects/);
  });
});
