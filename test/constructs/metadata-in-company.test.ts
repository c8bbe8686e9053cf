import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { IConstruct } from 'constructs';
import { BlockCloudMetadata, Cloud, ClusterFacts, DefaultDeny, NetworkPolicy, Peer, Port, Workload } from '../../src';
import { CLUSTER_NAMES, ClusterName, Program, synthesize } from '../support/apps';

const AWS: ClusterFacts = { cloud: Cloud.AWS };
const block: Program = ({ chart }) => { new BlockCloudMetadata(chart, 'metadata'); };
const deny: Program = ({ chart }) => { new DefaultDeny(chart, 'deny'); };
const all = (...programs: Program[]): Program => context => programs.forEach(program => program(context));

const errorOf = (cluster: ClusterName, program: Program): string => {
  try {
    synthesize(cluster, program, AWS);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

// --- what stands in a List

const policy = (spec: object, namespace?: string, kind = 'NetworkPolicy', apiVersion = 'networking.k8s.io/v1') =>
  ({ apiVersion, kind, metadata: { name: 'theirs', ...(namespace === undefined ? {} : { namespace }) }, spec });
const OPEN = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] };
const CLOSED = { podSelector: {}, policyTypes: ['Egress'] };
const list = (items: unknown[], kind = 'List', apiVersion = 'v1'): Program => ({ chart }) => { new ApiObject(chart, 'list', { apiVersion, kind, items } as never); };
const { apiVersion: _version, kind: _kind, ...bare } = policy(OPEN, 'shop');

describe('policies in a List', () => {
  test.each<[string, Program, string]>([
    ['a List', list([{ apiVersion: 'v1', kind: 'ConfigMap' }, policy(OPEN, 'shop')]), 'items[1]'],
    ['a NetworkPolicyList, whose items need no kind', list([bare], 'NetworkPolicyList', 'networking.k8s.io/v1'), 'items[0]'],
    ['a List in a List', list([null, { apiVersion: 'v1', kind: 'List', items: [policy(OPEN, 'shop')] }]), 'items[1] items[0]'],
    ['a List, without a namespace, since it may be applied to this one', list([policy(OPEN)]), 'items[0]'],
  ])('of %s cannot open what is closed', (_, program, place) => {
    for (const beside of [block, all(block, deny)]) {
      expect(errorOf('kubernetes', all(beside, program))).toContain(
        `BlockCloudMetadata (shop/metadata): the policy shop/list ${place} (NetworkPolicy theirs, egress[0]) allows egress to 169.254.169.254 TCP 80 and fd00:ec2::254 TCP 80, and policies add up`);
    }
  });

  test('that are about another namespace are no matter', () => {
    expect(errorOf('kubernetes', all(block, deny, list([policy(OPEN, 'data')])))).toBe('');
  });

  test('isolate the pods of their namespace, where it is known', () => {
    expect(synthesize('kubernetes', all(block, list([policy(CLOSED, 'shop')])), AWS).map(({ kind }) => kind)).toEqual(['List']);
    expect(errorOf('kubernetes', all(block, list([policy(CLOSED)])))).toContain('some pods of namespace shop are isolated for egress (by shop/list items[0]) and others may be not');
  });

  test('in Calico, may not accept the addresses in an earlier tier', () => {
    const theirs = policy({ tier: 'security', order: 1, selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow' }] }, undefined, 'GlobalNetworkPolicy', 'projectcalico.org/v3');
    expect(errorOf('calico', all(block, list([theirs])))).toContain('the policy shop/list items[0] in tier security allows egress');
  });

  test('that accept before any NetworkPolicy is asked are seen', () => {
    const admin = policy({ egress: [{ action: 'Allow', to: [{ networks: ['0.0.0.0/0'] }] }] }, undefined, 'AdminNetworkPolicy', 'policy.networking.k8s.io/v1alpha1');
    expect(errorOf('kubernetes', all(block, deny, list([admin])))).toContain('AdminNetworkPolicy theirs (shop/list items[0]) accepts egress before any NetworkPolicy is asked');
  });

  test.each(CLUSTER_NAMES)('on %s are duplicates of policies of the same name', cluster => {
    const [own] = synthesize(cluster, ({ chart }) => { new NetworkPolicy(chart, 'own', { name: 'theirs', isolate: { ingress: true } }); });
    const both = (namespace: string) => all(
      ({ chart }) => { new NetworkPolicy(chart, 'own', { name: 'theirs', isolate: { ingress: true } }); },
      list([{ ...own, metadata: { name: 'theirs', namespace } }]));
    expect(errorOf(cluster, both('shop'))).toContain('shop/theirs: shop/own and shop/list items[0]; the one that is applied last would replace the other');
    expect(errorOf(cluster, both('data'))).toBe('');
  });

  test('of a kind that only sounds like a List are objects as others', () => {
    expect(errorOf('kubernetes', all(block, ({ chart }) => { new ApiObject(chart, 'allow', { apiVersion: 'example.com/v1', kind: 'AllowList' }); }))).toBe('');
  });
});

test('a policy that a patch moves into the namespace is judged there', () => {
  const moved: Program = ({ chart }) => {
    new ApiObject(chart, 'theirs', policy(OPEN, 'data') as never).addJsonPatch(JsonPatch.replace('/metadata/namespace', 'shop'));
  };
  expect(errorOf('kubernetes', all(block, deny, moved))).toContain('the policy shop/theirs (NetworkPolicy theirs, egress[0]) allows egress');
});

// --- patches of policies of this library

const patch = (find: (chart: Chart) => IConstruct, ...patches: JsonPatch[]): Program => ({ chart }) => {
  ApiObject.of(find(chart)).addJsonPatch(...patches);
};
const rule: Program = ({ chart }) => {
  new NetworkPolicy(chart, 'rule', { name: 'rule', egress: [{ peers: [Peer.cidr('0.0.0.0/0')], ports: [Port.HTTP] }] });
};
const opening = JsonPatch.add('/spec/egress/0', { to: [{ ipBlock: { cidr: '169.254.0.0/16' } }] });
const child = (id: string) => (chart: Chart): IConstruct => chart.node.findChild(id);

describe('a JSON patch of a policy of this library, in plain Kubernetes', () => {
  const opened = (object: string): string =>
    `BlockCloudMetadata (shop/metadata): the policy ${object}, egress[0]) allows egress to 169.254.169.254 TCP 80 after its JSON patch, and policies add up; take the address out of the patch`;

  test('that opens the addresses which were carved out is an error', () => {
    expect(errorOf('kubernetes', all(block, deny, rule, patch(child('rule'), opening)))).toContain(opened('shop/rule (NetworkPolicy rule'));
    expect(errorOf('kubernetes', all(block, deny, rule, patch(child('rule'), JsonPatch.remove('/spec/egress/1/to/0/ipBlock/except'))))).toContain(
      'the policy shop/rule (NetworkPolicy rule, egress[1]) allows egress to 169.254.169.254 TCP 80 after its JSON patch');
  });

  test('that opens them in the policy that allows everything else is an error', () => {
    expect(errorOf('kubernetes', all(block, patch(child('metadata'), opening)))).toContain(opened('shop/metadata/Resource (NetworkPolicy block-cloud-metadata'));
  });

  test('that opens them for a workload is an error, unless the workload is in except', () => {
    const program = (excepted: boolean): Program => ({ chart }) => {
      const agent = Workload.external(chart, { labels: { app: 'agent' } });
      new DefaultDeny(chart, 'deny');
      new BlockCloudMetadata(chart, 'metadata', { except: excepted ? [agent] : [] });
      new NetworkPolicy(chart, 'rule', { name: 'rule', subject: agent, egress: [{ peers: [Peer.any()], ports: [Port.HTTPS] }] }).addJsonPatch(opening);
    };
    expect(errorOf('kubernetes', program(false))).toContain(opened('shop/rule (NetworkPolicy rule'));
    expect(errorOf('kubernetes', program(true))).toBe('');
  });

  test('that moves an open policy into the namespace is an error', () => {
    const other: Program = ({ app }) => {
      const chart = new Chart(app, 'data', { namespace: 'data' });
      new NetworkPolicy(chart, 'open', { name: 'open', egress: [{ peers: [Peer.any()], ports: [Port.HTTP] }] })
        .addJsonPatch(JsonPatch.replace('/metadata/namespace', 'shop'));
    };
    expect(errorOf('kubernetes', all(block, deny, other))).toContain('the policy data/open (NetworkPolicy open, egress[1]) allows egress to 169.254.169.254 TCP 80');
  });

  test.each<[string, JsonPatch]>([
    ['is about some pods only', JsonPatch.add('/spec/podSelector', { matchLabels: { app: 'web' } })],
    ['isolates ingress only', JsonPatch.replace('/spec/policyTypes', ['Ingress'])],
    ['is in another namespace', JsonPatch.replace('/metadata/namespace', 'data')],
  ])('after which the default deny %s is an error, unless another one isolates every pod', (_, change) => {
    expect(errorOf('kubernetes', all(block, deny, patch(child('deny'), change)))).toMatch(
      /BlockCloudMetadata \(shop\/metadata\): policy shop\/default-deny \(shop\/deny\) no longer isolates every pod of namespace shop for egress after its JSON patch, so that the addresses are open to others; take that out of the patch/);
    const second: Program = ({ chart }) => { new DefaultDeny(chart, 'second', { name: 'second' }); };
    expect(errorOf('kubernetes', all(block, deny, second, patch(child('deny'), change)))).toBe('');
    const theirs: Program = ({ chart }) => { new ApiObject(chart, 'theirs', policy(CLOSED) as never); };
    expect(errorOf('kubernetes', all(block, deny, theirs, patch(child('deny'), change)))).toBe('');
  });

  test('that leaves the addresses closed is no matter', () => {
    const harmless = [JsonPatch.add('/metadata/labels', { team: 'shop' }), JsonPatch.add('/spec/egress/0', { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })];
    const manifests = synthesize('kubernetes', all(block, deny, rule, patch(child('rule'), ...harmless), patch(child('deny'), harmless[0])), AWS);
    expect(manifests.find(({ metadata }) => metadata.name === 'rule').spec.egress[0]).toEqual({ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] });
  });

  test('that does not apply is reported by cdk8s', () => {
    expect(errorOf('kubernetes', all(block, deny, rule, patch(child('rule'), JsonPatch.remove('/spec/nothing/here'))))).toContain('Failed serializing construct at path \'shop/rule\'');
  });
});

test.each(['cilium', 'calico'] as const)('on %s, where a deny wins, a patch of another policy opens nothing', cluster => {
  expect(errorOf(cluster, all(block, deny, rule, patch(child('rule'), JsonPatch.add('/metadata/labels', { team: 'shop' }))))).toBe('');
});
