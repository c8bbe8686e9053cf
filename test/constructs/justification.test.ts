import * as fc from 'fast-check';
import {
  AllowDns, AllowExternal, AllowIngressController, BlockCloudMetadata, Cloud, ClusterPolicy, Cni, DefaultDeny, Justification, Mesh, NetworkPolicy,
  Peer, PolicyTier, PolicyTiers, Port, RuleAction, Workload, ZeroTrustNamespace,
} from '../../src';
import { readAny } from '../../src/dialects/link';
import { Justified } from '../../src/model/justification';
import { Policy } from '../../src/model/policy-set';
import { CLUSTER_NAMES, ClusterName, deployment, Manifest, Program, sound, synthesize } from '../support/apps';
import { runs } from '../support/models/runs';

const WHY: Justification = { because: 'orders need the stock', owner: 'team-shop', ticket: 'NET-12', reviewBy: '2027-01-31' };
const KEY = 'cdk8s-netpol/justification';

/** Everything that carries a justification, taken out. */
function bare(value: Manifest): Manifest {
  if (Array.isArray(value)) { return value.map(bare); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    if (key === 'description') { return []; }
    if (key === 'annotations') {
      const { [KEY]: _, ...others } = item as Record<string, unknown>;
      return Object.keys(others).length > 0 ? [[key, others]] : [];
    }
    const inner = bare(item);
    return key === 'metadata' && Object.keys(inner as object).length === 0 ? [] : [[key, inner]];
  }));
}

const policiesIn = (manifests: readonly Manifest[]): Policy[] => manifests.flatMap(manifest => {
  const read = readAny(JSON.parse(JSON.stringify(manifest)));
  return read && 'policies' in read ? read.policies : [];
});
const reasonsOf = (policies: readonly Policy[]): readonly Justified[] =>
  policies.flatMap(({ justifications = [], rules }) => [...justifications, ...rules.flatMap(rule => rule.justifications ?? [])]);
const workload = (context: Parameters<Program>[0], name: string): Workload => Workload.of(deployment(context.chart, name));

const EDGE = (why: Justification): Program => context => {
  workload(context, 'web').connections.allowTo(workload(context, 'api'), Port.tcp(8080), why);
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('the reason of an edge stands at both ends', () => {
    const manifests = sound(cluster, EDGE(WHY));
    expect(manifests).toMatchSnapshot();
    const policies = policiesIn(manifests);
    const reasoned = policies.flatMap(({ rules }) => rules.filter(rule => rule.justifications));
    expect(reasoned.map(({ action, justifications }) => ({ action, justifications }))).toEqual([
      { action: 'allow', justifications: [{ statement: 'egress to Deployment api (shop/api) on TCP 8080', ...WHY }] },
      { action: 'allow', justifications: [{ statement: 'ingress from Deployment web (shop/web) on TCP 8080', ...WHY }] },
    ]);
  });

  test('a reason changes nothing but itself', () => {
    expect(bare(sound(cluster, EDGE(WHY)))).toEqual(sound(cluster, EDGE({})));
  });

  test('rules that are written as one keep the reason of each', () => {
    const program = (reasons: boolean): Program => context => {
      const [web, api, db] = ['web', 'api', 'db'].map(name => workload(context, name));
      web.connections.allowTo(api, Port.tcp(8080), reasons ? { because: 'the first' } : {});
      web.connections.allowTo(db, Port.tcp(8080), reasons ? { because: 'the second' } : {});
    };
    const manifests = sound(cluster, program(true));
    expect(bare(manifests)).toEqual(sound(cluster, program(false)));
    const web = policiesIn(manifests).filter(({ origin }) => origin.name === 'web');
    for (const rule of web.flatMap(({ rules }) => rules).filter(({ justifications }) => justifications)) {
      expect(rule.justifications).toEqual([
        { statement: 'egress to Deployment api (shop/api) on TCP 8080', because: 'the first' },
        { statement: 'egress to Deployment db (shop/db) on TCP 8080', because: 'the second' },
      ]);
    }
  });

  test('an edge that is stated twice has both reasons, in whatever order, and each once', () => {
    const stated = (...reasons: readonly string[]) => sound(cluster, context => {
      const [web, api] = ['web', 'api'].map(name => workload(context, name));
      reasons.forEach((because, i) => {
        if (i % 2 === 0) { web.connections.allowTo(api, Port.HTTP, { because }); } else { api.connections.allowFrom(web, Port.HTTP, { because }); }
      });
    });
    const both = stated('one', 'two');
    expect(new Set(reasonsOf(policiesIn(both)).map(({ because }) => because))).toEqual(new Set(['one', 'two']));
    expect(stated('two', 'one')).toEqual(both);
    expect(stated('one', 'two', 'one')).toEqual(both);
  });

  test('each statement takes one, for all of the policy or for a rule of it', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new DefaultDeny(chart, 'deny', { because: 'closed' });
      new AllowDns(chart, 'dns', { because: 'names' });
      new AllowIngressController(chart, 'in', { port: Port.HTTP, because: 'customers' });
      new AllowExternal(chart, 'out', { because: 'outside', destinations: [{ cidrs: ['203.0.113.0/24'], because: 'payments' }] });
      new NetworkPolicy(chart, 'policy', {
        because: 'the policy',
        ingress: [{ peers: [Peer.monitoring()], ports: [Port.tcp(9090)], because: 'metrics' }, { peers: [Peer.cidr('198.51.100.0/24')], ports: [Port.HTTP] }],
      });
      new ZeroTrustNamespace(chart, 'zero', { name: 'zero', blockCloudMetadata: false, ingress: { port: Port.HTTP, because: 'the shop window' } });
      new BlockCloudMetadata(chart, 'metadata', { because: 'credentials' });
    }, { cloud: Cloud.AWS });
    const said = new Set(reasonsOf(policiesIn(manifests)).map(({ because }) => because));
    // In plain Kubernetes a closed namespace needs no policy against metadata.
    const wanted = ['closed', 'names', 'customers', 'outside', 'payments', 'the policy', 'metrics', 'the shop window', ...(cluster === 'kubernetes' ? [] : ['credentials'])];
    expect(said).toEqual(new Set(wanted));
    const [rule, other] = policiesIn(manifests).find(({ origin }) => origin.name === 'shop-policy')!.rules
      .map(({ justifications }) => justifications?.map(({ because }) => because)).sort((a, b) => (a ? 0 : 1) - (b ? 0 : 1));
    expect([rule, other]).toEqual([['metrics'], undefined]);
  });
});

describe('of tiers', () => {
  const program: Program = ({ chart }) => {
    new PolicyTiers(chart, 'tiers', {
      security: [{
        name: 'bad', because: 'known to be bad', egress: [{ action: RuleAction.DENY, peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.all()], ticket: 'SEC-1' }],
      }],
    });
  };

  test.each([
    ['calico', {}], ['cilium', {}], ['kubernetes', { cni: Cni.kubeNetworkPolicies('1.0', { clusterNetworkPolicy: true }) }],
  ] as const)('the reasons stand in the policies of %s', (cluster, facts) => {
    const manifests = sound(cluster as ClusterName, program, facts);
    expect(manifests).toMatchSnapshot();
    expect(reasonsOf(policiesIn(manifests)).map(({ because, ticket }) => because ?? ticket)).toEqual(['known to be bad', 'SEC-1']);
  });

  test('a policy of the cluster takes one', () => {
    const manifests = sound('calico', ({ chart }) => {
      new ClusterPolicy(chart, 'p', { tier: PolicyTier.PLATFORM, owner: 'platform', ingress: [{ peers: [Peer.any()], ports: [Port.HTTP], action: RuleAction.PASS }] });
    });
    expect(reasonsOf(policiesIn(manifests))).toEqual([{ owner: 'platform' }]);
  });
});

test('a mesh is told the reasons of what may connect', () => {
  const manifests = synthesize('kubernetes', EDGE(WHY), { mesh: Mesh.istioSidecar() });
  const authorization = manifests.find(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name === 'api');
  expect(JSON.parse(authorization.metadata.annotations[KEY])).toEqual({ rules: ['rules[0]'], statement: 'ingress from Deployment web (shop/web) on TCP 8080', ...WHY });
  expect(reasonsOf(policiesIn([authorization]))).toEqual([{ statement: 'ingress from Deployment web (shop/web) on TCP 8080', ...WHY }]);
  expect(bare(manifests)).toEqual(synthesize('kubernetes', EDGE({}), { mesh: Mesh.istioSidecar() }));
});

describe('what is refused', () => {
  const state = (why: Justification) => () => synthesize('kubernetes', EDGE(why));
  const where = 'Deployment web (shop/web), egress to Deployment api (shop/api) on TCP 8080: ';

  test.each<[string, Justification, string]>([
    ['an empty text', { because: ' ' }, 'because " " is empty; leave it out, or say it'],
    ['two lines', { because: 'a\nb' }, 'because "a\\nb" must be one line without control characters'],
    ['an escape of a terminal', { owner: 'a\u001b[31m' }, 'owner "a\\u001b[31m" must be one line without control characters'],
    ['a turned direction of writing', { ticket: 'a\u202eb' }, 'must be one line without control characters'],
    ['a long text', { owner: 'x'.repeat(101) }, 'has more than 100 characters; keep it short, and put the rest where the ticket is'],
    ['a day that there is not', { reviewBy: '2027-02-29' }, 'reviewBy "2027-02-29" is no day of the calendar; write it as YYYY-MM-DD, such as 2027-01-31'],
    ['a month that there is not', { reviewBy: '2027-13-01' }, 'is no day of the calendar'],
    ['a day in words', { reviewBy: 'next year' }, 'is no day of the calendar'],
    ['what is no text', { because: 5 as never }, 'because 5 is no text'],
  ])('%s', (_, why, message) => {
    expect(state(why)).toThrow(where);
    expect(state(why)).toThrow(message);
  });

  test.each(['2028-02-29', '2027-12-31'])('but not %s', reviewBy => { expect(state({ reviewBy })).not.toThrow(); });

  test('in a policy, by its name', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => { new DefaultDeny(chart, 'deny', { owner: '' }); })).toThrow('policy shop/default-deny (shop/deny): owner "" is empty');
  });

  test.each(CLUSTER_NAMES)('more than an object has room for, on %s', cluster => {
    expect(() => synthesize(cluster, context => {
      const web = workload(context, 'web');
      for (let i = 0; i < 250; i++) { web.connections.allowTo(Peer.cidr(`203.0.113.${i}/32`), Port.HTTPS, { because: `${i}${'x'.repeat(480)}` }); }
    })).toThrow(/the reasons that one object carries have \d+ bytes, and there is room for 100000; state shorter ones, or smaller policies/);
  });
});

test('whatever is stated, reasons change nothing but themselves, and come back', () => {
  const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter(value => value.trim() !== '' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value));
  const why = fc.record({ because: text, owner: text, ticket: text, reviewBy: fc.constantFrom('2027-01-31', '2028-02-29') }, { requiredKeys: ['because'] });
  const edge = fc.record({ peer: fc.constantFrom('api', 'db', '203.0.113.0/24', '198.51.100.0/24'), port: fc.constantFrom(80, 443), why: fc.option(why, { nil: undefined }) });
  fc.assert(fc.property(fc.constantFrom(...CLUSTER_NAMES), fc.array(edge, { minLength: 1, maxLength: 6 }), (cluster, edges) => {
    const build = (withReasons: boolean) => synthesize(cluster, context => {
      const web = workload(context, 'web');
      const others = { api: workload(context, 'api'), db: workload(context, 'db') };
      for (const each of edges) {
        web.connections.allowTo(each.peer in others ? others[each.peer as 'api' | 'db'] : Peer.cidr(each.peer), Port.tcp(each.port), withReasons ? each.why : undefined);
      }
    });
    const manifests = build(true);
    expect(bare(manifests)).toEqual(build(false));
    const said = new Set(reasonsOf(policiesIn(manifests)).map(({ because }) => because));
    expect(said).toEqual(new Set(edges.flatMap(each => (each.why ? [each.why.because] : []))));
  }), runs(40));
});
