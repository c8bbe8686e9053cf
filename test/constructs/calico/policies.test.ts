import { Construct } from 'constructs';
import { passing, sound, VERSIONS } from './support';
import { Cni, LabelExpression, Protocol } from '../../../src';
import { CalicoGlobalNetworkPolicy } from '../../../src/constructs/calico/calico-global-network-policy';
import { CalicoGlobalNetworkSet } from '../../../src/constructs/calico/calico-global-network-set';
import { CalicoNetworkPolicy } from '../../../src/constructs/calico/calico-network-policy';
import { CalicoNetworkSet } from '../../../src/constructs/calico/calico-network-set';
import { CalicoStagedGlobalNetworkPolicy } from '../../../src/constructs/calico/calico-staged-global-network-policy';
import { CalicoStagedKubernetesNetworkPolicy } from '../../../src/constructs/calico/calico-staged-kubernetes-network-policy';
import { CalicoStagedNetworkPolicy } from '../../../src/constructs/calico/calico-staged-network-policy';
import { CalicoPerformanceHint, CalicoPolicyType, CalicoStagedAction } from '../../../src/constructs/calico/policy-spec';
import { CalicoPort } from '../../../src/constructs/calico/port';
import { CalicoProtocol } from '../../../src/constructs/calico/protocol';
import { CalicoAction } from '../../../src/constructs/calico/rule';
import { CalicoSelector } from '../../../src/constructs/calico/selector';
import { CalicoTier, CalicoTierAction } from '../../../src/constructs/calico/tier';
import { api, db, dns, flow, otherApi, outside, outside6, ping, web, world } from '../../oracle/fixtures';

const { ALLOW, DENY, LOG, PASS } = CalicoAction;
const { TCP, UDP, ICMP } = CalicoProtocol;
const app = (name: string) => CalicoSelector.oneOf('app', name);

describe.each(VERSIONS)('on Calico %s', version => {
  const cni = Cni.calico(version);

  test('a policy of a namespace allows what its rules allow, and closes what they do not', () => {
    const manifests = sound(cni, chart => {
      new CalicoNetworkPolicy(chart, 'api', {
        selector: app('api'),
        ingress: [{ action: ALLOW, protocol: TCP, source: { selector: app('web') }, destination: { ports: [CalicoPort.range(8080, 8090), CalicoPort.number(443)] } }],
      });
    });
    expect(manifests).toMatchSnapshot();
    expect(passing(manifests, world, {
      'web': flow(web, api),
      'web within the range': flow(web, api, 'TCP', 8090),
      'web above it': flow(web, api, 'TCP', 8091),
      'another pod': flow(db, api),
      'another protocol': flow(web, api, 'UDP', 8080),
      'the other direction': flow(api, db),
    })).toEqual(['web', 'web within the range', 'the other direction']);
  });

  test('ranges of both IP versions become two rules', () => {
    const manifests = sound(cni, chart => {
      new CalicoNetworkPolicy(chart, 'api', {
        selector: app('api'),
        egress: [{ action: ALLOW, destination: { nets: ['203.0.113.0/24', '2001:db8::/32'], notNets: ['203.0.113.128/25'] } }],
      });
    });
    expect(manifests[0].spec.egress).toEqual([
      { action: 'Allow', ipVersion: 4, destination: { nets: ['203.0.113.0/24'], notNets: ['203.0.113.128/25'] } },
      { action: 'Allow', ipVersion: 6, destination: { nets: ['2001:db8::/32'] } },
    ]);
    expect(passing(manifests, world, {
      four: flow(api, outside), six: flow(api, outside6), excepted: flow(api, { address: '203.0.113.200' }), elsewhere: flow(api, { address: '198.51.100.1' }),
    })).toEqual(['four', 'six']);
  });

  test('an end without ranges of an IP version matches nothing of it', () => {
    const manifests = sound(cni, chart => {
      new CalicoGlobalNetworkPolicy(chart, 'p', {
        ingress: [{ action: ALLOW, source: { nets: ['203.0.113.0/24', '2001:db8::/32'] }, destination: { nets: ['10.0.0.0/8'] } }],
      });
    });
    expect(manifests[0].spec.ingress).toEqual([{ action: 'Allow', ipVersion: 4, source: { nets: ['203.0.113.0/24'] }, destination: { nets: ['10.0.0.0/8'] } }]);
  });

  test('more ports and ranges than a rule may have become several rules that mean the same', () => {
    const manifests = sound(cni, chart => {
      new CalicoNetworkPolicy(chart, 'api', {
        selector: app('api'),
        ingress: [{
          action: ALLOW,
          protocol: TCP,
          source: { nets: Array.from({ length: 257 }, (_, i) => `203.0.${Math.floor(i / 128) + 100}.${(i % 128) * 2}/32`) },
          destination: { ports: Array.from({ length: 51 }, (_, i) => CalicoPort.number(8000 + 2 * i)) },
        }],
      });
    });
    expect(manifests[0].spec.ingress).toHaveLength(4);
    expect(passing(manifests, world, {
      'the first of both': flow({ address: '203.0.100.0' }, api, 'TCP', 8000),
      'the last of both': flow({ address: '203.0.102.0' }, api, 'TCP', 8100),
      'the first and the last': flow({ address: '203.0.100.0' }, api, 'TCP', 8100),
      'a port between': flow({ address: '203.0.100.0' }, api, 'TCP', 8001),
      'an address between': flow({ address: '203.0.100.1' }, api, 'TCP', 8000),
    })).toEqual(['the first of both', 'the last of both', 'the first and the last']);
  });

  test('rules are asked in their order, and a tier before the next', () => {
    const manifests = sound(cni, chart => {
      const tier = new CalicoTier(chart, 'security', { name: 'security', order: 100, defaultAction: CalicoTierAction.PASS });
      new CalicoGlobalNetworkPolicy(chart, 'guard', {
        tier,
        order: 10,
        namespaceSelector: CalicoSelector.oneOf('projectcalico.org/name', 'shop'),
        egress: [
          { action: PASS, destination: { nets: ['203.0.113.7/32'] } },
          { action: LOG, destination: { nets: ['203.0.113.0/24'] } },
          { action: DENY, destination: { nets: ['203.0.113.0/24'] }, annotations: { because: 'INC-1' } },
        ],
      });
      new CalicoNetworkPolicy(chart, 'open', { name: 'open', selector: app('api'), egress: [{ action: ALLOW }] });
    });
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Tier security', 'GlobalNetworkPolicy security.shop-guard', 'NetworkPolicy open']);
    expect(manifests).toMatchSnapshot();
    expect(passing(manifests, world, {
      'denied before the policy that allows': flow(api, { address: '203.0.113.8' }),
      'passed on': flow(api, outside),
      'not looked at': flow(api, { address: '198.51.100.1' }),
      'another namespace': flow(db, { address: '203.0.113.8' }),
    })).toEqual(['passed on', 'not looked at', 'another namespace']);
  });

  test('a tier is written before its policies, wherever they stand', () => {
    const manifests = sound(cni, chart => {
      const early = new Construct(chart, 'early');
      const tier = new CalicoTier(chart, 'tier', { name: 'late', order: 100, defaultAction: CalicoTierAction.PASS });
      new CalicoGlobalNetworkPolicy(early, 'a', { tier, types: [CalicoPolicyType.INGRESS] });
    });
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Tier late', 'GlobalNetworkPolicy late.shop-early-a']);
  });

  test('a policy stands in a tier that exists already', () => {
    const [manifest] = sound(cni, chart => {
      new CalicoNetworkPolicy(chart, 'a', { name: 'a', tier: CalicoTier.existing('platform'), types: [CalicoPolicyType.INGRESS] });
    });
    expect([manifest.metadata.name, manifest.spec.tier]).toEqual(['platform.a', 'platform']);
  });

  test('sets of addresses are matched by their labels', () => {
    const manifests = sound(cni, chart => {
      new CalicoGlobalNetworkSet(chart, 'partners', { nets: ['203.0.113.7', '203.0.113.7/32', '2001:db8::/32'], labels: { role: 'partner' } });
      new CalicoNetworkSet(chart, 'office', { nets: ['198.51.100.0/24'], labels: { role: 'office' } });
      new CalicoNetworkPolicy(chart, 'api', {
        selector: app('api'),
        egress: [
          { action: ALLOW, destination: { selector: CalicoSelector.oneOf('role', 'partner'), namespaceSelector: CalicoSelector.globalOnly() } },
          { action: ALLOW, destination: { selector: CalicoSelector.oneOf('role', 'office') } },
        ],
      });
    });
    expect(manifests.slice(0, 2).map(({ spec }) => spec.nets)).toEqual([['203.0.113.7/32', '2001:db8::/32'], ['198.51.100.0/24']]);
    expect(passing(manifests, world, {
      global: flow(api, outside), namespaced: flow(api, { address: '198.51.100.9' }), neither: flow(api, { address: '203.0.113.8' }),
    })).toEqual(['global', 'namespaced']);
  });

  test('every other field of a rule', () => {
    const manifests = sound(Cni.calico(version, { applicationLayerPolicy: true }), chart => {
      new CalicoNetworkPolicy(chart, 'api', {
        selector: CalicoSelector.parse('  app=="api"||  tier in {"b","a"} '),
        serviceAccountSelector: CalicoSelector.exists('trusted'),
        order: 20.5,
        performanceHints: [CalicoPerformanceHint.ASSUME_NEEDED_ON_EVERY_NODE],
        ingress: [
          { action: ALLOW, protocol: ICMP, icmp: { type: 8, code: 0 } },
          { action: DENY, protocol: CalicoProtocol.number(1), notIcmp: { type: 3 } },
          { action: DENY, notProtocol: UDP, source: { notSelector: CalicoSelector.doesNotExist('trusted'), namespaceSelector: CalicoSelector.all() } },
          { action: ALLOW, source: { serviceAccounts: { names: ['web', 'app', 'web'], selector: CalicoSelector.startsWith('team', 're') } } },
          { action: ALLOW, source: { services: { name: 'gateway' } } },
          { action: ALLOW, protocol: TCP, http: { methods: ['GET'], paths: [{ exact: '/' }, { prefix: '/api' }] } },
          { action: ALLOW, protocol: TCP, ipVersion: 6, destination: { notPorts: [CalicoPort.number(22), CalicoPort.named('stats')] } },
        ],
      });
    });
    expect(manifests).toMatchSnapshot();
  });

  test('ICMP messages', () => {
    const manifests = sound(cni, chart => {
      new CalicoNetworkPolicy(chart, 'api', { selector: app('api'), ingress: [{ action: ALLOW, protocol: ICMP, icmp: { type: 8 }, source: { selector: app('web') } }] });
    });
    expect(passing(manifests, world, { ping: ping(web, api), tcp: flow(web, api), stranger: ping(db, api) })).toEqual(['ping']);
  });

  test('a global policy is about pods, unless host endpoints are meant', () => {
    const [pods, hosts] = sound(cni, chart => {
      new CalicoGlobalNetworkPolicy(chart, 'pods', { selector: app('api'), ingress: [{ action: ALLOW, source: { selector: app('web') } }] });
      new CalicoGlobalNetworkPolicy(chart, 'hosts', { selector: CalicoSelector.exists('node'), hostEndpoints: true, types: [CalicoPolicyType.INGRESS] });
    });
    expect(pods.spec.namespaceSelector).toBe('all()');
    expect(pods.metadata).toEqual({ name: 'shop-pods' });
    expect('namespaceSelector' in hosts.spec).toBe(false);
    expect(passing([pods], world, { one: flow(web, api), two: flow(web, otherApi), stranger: flow(db, otherApi) })).toEqual(['one', 'two']);
  });

  test('flags of host endpoints', () => {
    const manifests = sound(cni, chart => {
      new CalicoGlobalNetworkPolicy(chart, 'before', { hostEndpoints: true, preDnat: true, ingress: [{ action: DENY, source: { nets: ['203.0.113.0/24'] } }] });
      new CalicoGlobalNetworkPolicy(chart, 'untracked', { hostEndpoints: true, doNotTrack: true, ingress: [{ action: ALLOW }], egress: [{ action: ALLOW }] });
      new CalicoGlobalNetworkPolicy(chart, 'forwarded', { hostEndpoints: true, applyOnForward: true, types: [CalicoPolicyType.EGRESS] });
    });
    expect(manifests.map(({ spec: { preDNAT, doNotTrack, applyOnForward } }) => ({ preDNAT, doNotTrack, applyOnForward }))).toEqual([
      { preDNAT: true, applyOnForward: true }, { doNotTrack: true, applyOnForward: true }, { applyOnForward: true },
    ]);
  });

  test('staged policies decide nothing', () => {
    const manifests = sound(cni, chart => {
      new CalicoStagedNetworkPolicy(chart, 'closed', { types: [CalicoPolicyType.INGRESS, CalicoPolicyType.EGRESS] });
      new CalicoStagedGlobalNetworkPolicy(chart, 'all', { types: [CalicoPolicyType.INGRESS] });
      new CalicoStagedNetworkPolicy(chart, 'gone', { name: 'old', stagedAction: CalicoStagedAction.DELETE });
      new CalicoStagedKubernetesNetworkPolicy(chart, 'k8s', {
        podSelector: { labels: { app: 'api' }, expressions: [LabelExpression.exists('tier')] },
        ingress: [{
          peers: [{ podSelector: { labels: { app: 'web' } } }, { namespaceSelector: {} }, { cidr: '203.0.113.0/24', except: ['203.0.113.8/32'] }],
          ports: [{ port: 8080 }, { portName: 'http', protocol: Protocol.TCP }, { port: 9000, endPort: 9010, protocol: Protocol.UDP }],
        }],
        egress: [{}],
      });
      new CalicoStagedKubernetesNetworkPolicy(chart, 'k8s-gone', { stagedAction: CalicoStagedAction.DELETE });
    });
    expect(manifests).toMatchSnapshot();
    expect(passing(manifests, world, { in: flow(db, api), out: flow(api, db), dns: flow(api, dns, 'UDP', 53) })).toEqual(['in', 'out', 'dns']);
  });
});

test('a selector is written in one form, however it is stated', () => {
  const forms = [
    CalicoSelector.parse('app == "web" && tier in {"b","a"}'),
    CalicoSelector.parse('(app==\'web\')&&(tier in { \'a\', \'b\' })'),
    CalicoSelector.allOf(CalicoSelector.oneOf('app', 'web'), CalicoSelector.oneOf('tier', 'b', 'a')),
  ].map(String);
  expect(new Set(forms).size).toBe(1);
  expect(CalicoSelector.anyOf(CalicoSelector.contains('a', 'x'), CalicoSelector.endsWith('a', 'y').negated(), CalicoSelector.noneOf('b', 'z')).toString())
    .toBe('a contains \'x\' || !a ends with \'y\' || b != \'z\'');
});
