import { ApiObject, App } from 'cdk8s';
import { AcceptedRisk, AllowExternal, AwsVpcMode, Cluster, ClusterFacts, Cni, ConnectivityContract, DefaultDeny, Dialect, NetworkPolicy, Peer, Port, Risk, Workload } from '../../src';
import { RISKS } from '../../src/cluster/accepted-risk';
import { CNI_TABLE } from '../../src/cluster/cni-table';
import { appWith } from '../cluster/support';
import { deployment, Manifest, policiesOf, Program } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

const ACCEPTED = 'cdk8s-netpol/accepted-risks';
const RANGES = { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

function built(facts: ClusterFacts, program: Program): App {
  const { app, chart } = appWith({ ...RANGES, ...facts });
  program({ app, chart, dialect: Cluster.of(app).dialect });
  return app;
}

function written(facts: ClusterFacts, program: Program): Manifest[] {
  const app = built(facts, program);
  app.synthYaml();
  const manifests = app.charts.flatMap(each => each.toJson());
  expect(schemaErrorsOf(manifests)).toEqual([]);
  return policiesOf(manifests);
}

const refused = (facts: ClusterFacts, program: Program): string => {
  try { built(facts, program).synthYaml(); } catch (error) { return (error as Error).message; }
  throw new Error('nothing was refused');
};

const API = Peer.pods({ labels: { app: 'api' } });
const accepting = (...risks: Risk[]): AcceptedRisk[] => risks.map(risk => ({ risk, because: `${risk} is looked at elsewhere` }));

const on = (port: Port): Program => ({ chart }) => {
  const [web, api] = ['web', 'api'].map(name => Workload.of(deployment(chart, name)));
  api.connections.allowFrom(web, port);
};
const named: Program = ({ chart }) => {
  deployment(chart, 'api');
  new NetworkPolicy(chart, 'named', { subject: API, ingress: [{ peers: [Peer.pods()], ports: [Port.named('http')] }] });
};
const exception: Program = ({ chart }) => {
  deployment(chart, 'api');
  new AllowExternal(chart, 'partner', { subject: API, destinations: [{ cidrs: ['203.0.113.0/24'], port: Port.HTTPS }] });
  new NetworkPolicy(chart, 'except', {
    subject: API, egress: [{ peers: [Peer.cidr('198.51.100.0/24', { except: ['198.51.100.128/25'] })], ports: [Port.HTTPS] }],
  });
};
const comingIn = on(Port.tcp(8080));
const goingOut: Program = ({ chart }) => { new DefaultDeny(chart, 'deny', { ingress: false }); deployment(chart, 'api'); };

/** For each part of a policy: a CNI that does not enforce it, or is not known to, and a program that says it. */
const GATES: readonly [Risk, Cni, Program, RegExp][] = [
  [Risk.END_PORT, Cni.weave(), on(Port.tcpRange(8000, 8100)),
    /^.*policy shop\/api \(shop\/api\), ingress from Deployment web.* on TCP 8000-8100: weave does not enforce ranges of ports \(endPort\) \(only the first port of the range is allowed\), see https:\/\/github\.com\/weaveworks\S*; state the ports one by one, or accept it with a reason: acceptedRisks: \[\{ risk: Risk\.END_PORT, because: "\.\.\." \}\]$/m],
  [Risk.END_PORT, Cni.gkeDataplaneV2(), on(Port.tcpRange(8000, 8100)), /gke-dataplane-v2 is not known to enforce ranges of ports/],
  [Risk.SCTP, Cni.weave(), on(Port.sctp(3868)), /weave is not known to enforce ports of SCTP/],
  [Risk.SCTP, Cni.azure(), on(Port.sctp(3868)), /azure is not known to enforce ports of SCTP/],
  [Risk.SCTP, Cni.azure({ windows: true }), on(Port.sctp(3868)), /azure does not enforce ports of SCTP/],
  [Risk.NAMED_PORTS, Cni.weave(), named, /weave does not enforce ports by name.*; state the number of the port, or accept/],
  [Risk.NAMED_PORTS, Cni.awsVpc(), named, /policy shop\/shop-named \(shop\/named\).*aws-vpc does not enforce ports by name/],
  [Risk.NAMED_PORTS, Cni.openShift(), named, /ovn-kubernetes does not enforce ports by name \(a name opens every port of its protocol\)/],
  [Risk.EXCEPT, Cni.azure({ windows: true }), exception, /policy shop\/shop-except \(shop\/except\).*azure does not enforce exceptions of address ranges \(except\).*; state the ranges that remain/],
];

test.each(GATES)('%s on %s is refused with the statement, the row and what to do', (_, cni, program, why) => {
  expect(refused({ cni }, program)).toMatch(why);
});

test.each(GATES)('%s on %s is written as it is stated once it is accepted, and says so on the object', (risk, cni, program) => {
  const manifests = written({ cni, acceptedRisks: accepting(risk) }, program);
  const marked = manifests.filter(({ metadata }) => metadata.annotations?.[ACCEPTED] !== undefined);
  expect(marked.length).toBeGreaterThan(0);
  for (const { metadata } of marked) {
    expect(metadata.annotations[ACCEPTED]).toMatch(new RegExp(`^${risk}: ${risk} is looked at elsewhere \\(${cni.name} (does not|is not known to) enforce .*, see https://\\S+\\)$`));
  }
  const { ipBlockMatchesPods } = CNI_TABLE[cni.name];
  const plain = written({ cni: Cni.kubernetes() }, program);
  if (ipBlockMatchesPods.value === 'yes') { expect(manifests.map(({ spec }) => spec)).toEqual(plain.map(({ spec }) => spec)); }
});

test.each(GATES)('%s on %s is not accepted by accepting something else', (risk, cni, program, why) => {
  expect(refused({ cni, acceptedRisks: accepting(...RISKS.filter(other => other !== risk)) }, program)).toMatch(why);
});

test.each(GATES.filter(([, cni], i) => GATES.findIndex(([, other]) => other.name === cni.name) === i))(
  '%s: what does not use it is written on %s without a word', (_, cni) => {
    for (const program of [comingIn, goingOut, on(Port.all()), on(Port.tcpRange(1, 65535)), on(Port.oneOf(Port.tcp(80), Port.tcp(81)))]) {
      for (const { metadata } of written({ cni }, program)) { expect(metadata.annotations?.[ACCEPTED]).toBeUndefined(); }
    }
  });

test.each([Cni.kubernetes(), Cni.cilium(), Cni.calico(), Cni.antrea(), Cni.kubeOvn(), Cni.kubeNetworkPolicies(), Cni.kindnet(), Cni.kubeRouter()])(
  '%s enforces every part, and refuses none', cni => {
    for (const [, , program] of GATES) {
      for (const { metadata } of written({ cni }, program)) { expect(metadata.annotations?.[ACCEPTED]).toBeUndefined(); }
    }
  });

test('plain NetworkPolicies for Cilium and Calico are as free', () => {
  for (const cni of [Cni.cilium(), Cni.calico()]) {
    for (const [, , program] of GATES) { expect(() => written({ cni, dialect: Dialect.KUBERNETES }, program)).not.toThrow(); }
  }
});

test('every object that says it carries the reason, and no other', () => {
  const manifests = written({ cni: Cni.weave(), acceptedRisks: accepting(Risk.END_PORT) }, context => {
    on(Port.tcpRange(8000, 8100))(context);
    new DefaultDeny(context.chart, 'deny');
  });
  const marked = manifests.filter(({ metadata }) => metadata.annotations?.[ACCEPTED]).map(({ metadata }) => metadata.name);
  expect(marked.sort()).toEqual(['api', 'web']);
  expect(manifests).toHaveLength(3);
});

test('a range of addresses that pods are left out of is an exception too', () => {
  const program: Program = ({ chart }) => {
    deployment(chart, 'api');
    new NetworkPolicy(chart, 'private', { subject: API, egress: [{ peers: [Peer.cidr('10.0.0.0/8')], ports: [Port.HTTPS] }] });
  };
  expect(refused({ cni: Cni.azure({ windows: true }) }, program)).toMatch(/policy shop\/shop-private.*does not enforce exceptions/);
});

describe('on a CNI that enforces nothing', () => {
  test('every policy is refused', () => {
    for (const program of [comingIn, goingOut]) {
      expect(refused({ cni: Cni.flannel() }, program)).toMatch(/Flannel enforces no network policy/);
      expect(refused({ cni: Cni.flannel(), acceptedRisks: accepting(Risk.INGRESS) }, program)).toMatch(/Flannel enforces no network policy.*accept Risk\.EGRESS too/);
    }
  });

  test('policies are written where both directions are accepted, and each says so', () => {
    const manifests = written({ cni: Cni.flannel(), acceptedRisks: accepting(Risk.INGRESS, Risk.EGRESS) }, comingIn);
    expect(manifests).toHaveLength(2);
    const lines = Object.fromEntries(manifests.map(({ metadata }) => [metadata.name, metadata.annotations[ACCEPTED]]));
    expect(lines.api).toMatch(/^ingress: ingress is looked at elsewhere \(flannel does not enforce rules for what comes in, see \S+\)$/);
    expect(lines.web).toMatch(/^egress: /);
  });
});

describe('what is accepted', () => {
  const configure = (acceptedRisks: AcceptedRisk[]) => () => Cluster.of(new App()).configure({ acceptedRisks });

  test.each<[string, AcceptedRisk[], string]>([
    ['no column', [{ risk: 'encryption' as never, because: 'of it' }], 'fact acceptedRisks: risk "encryption" is not known; use one of ingress, egress, endPort, sctp, namedPorts, except, podStart'],
    ['a column that no policy can be written for', [{ risk: 'l7' as never, because: 'of it' }], 'risk "l7" is not known'],
    ['of every object', [{ risk: 'constructor' as never, because: 'of it' }], 'risk "constructor" is not known'],
    ['without a reason', [{ risk: Risk.SCTP, because: ' ' }], 'risk sctp is accepted without a reason; say because: "..."'],
    ['with no text', [{ risk: Risk.SCTP } as never], 'risk sctp is accepted without a reason'],
    ['with nothing in the list', [null as never], 'fact acceptedRisks: null is no accepted risk; write { risk: Risk.SCTP, because: "..." }'],
    ['by its name alone', ['sctp' as never], 'fact acceptedRisks: "sctp" is no accepted risk'],
    ['outside a list', { risk: Risk.SCTP, because: 'of it' } as never, 'fact acceptedRisks: {"risk":"sctp","because":"of it"} is no list'],
    ['with a control character', [{ risk: Risk.SCTP, because: 'a\u0000b' }], 'risk sctp: because "a\\u0000b" must be one line without control characters'],
    ['with two lines', [{ risk: Risk.SCTP, because: 'a\nb' }], 'must be one line without control characters'],
    ['with a turned direction of writing', [{ risk: Risk.SCTP, because: 'a\u202eb' }], 'must be one line without control characters'],
    ['with very many words', [{ risk: Risk.SCTP, because: 'x'.repeat(300_000) }], 'has more than 500 characters; keep it short'],
    ['twice', [...accepting(Risk.SCTP), ...accepting(Risk.SCTP)], 'risk sctp is accepted twice; accept it once'],
  ])('%s is an error', (_, risks, why) => {
    expect(configure(risks)).toThrow(why);
  });

  test('says nothing where the CNI enforces it: one program serves several clusters', () => {
    for (const { metadata } of written({ cni: Cni.calico(), acceptedRisks: accepting(...RISKS) }, on(Port.sctp(3868)))) {
      expect(metadata.annotations?.[ACCEPTED]).toBeUndefined();
    }
  });
});

describe('a contract that denies', () => {
  const promising = (denies: boolean): Program => ({ chart }) => {
    const [web, api] = ['web', 'api'].map(name => Workload.of(deployment(chart, name)));
    for (const name of ['web', 'api', 'shop']) { new ApiObject(chart, `ns-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }); }
    new DefaultDeny(chart, 'deny', { dns: false });
    web.connections.allowTo(api, Port.tcp(8080));
    new ConnectivityContract(chart, 'contract', {
      allow: [{ source: web, destination: api, traffic: Port.tcp(8080) }],
      ...(denies ? { deny: [{ source: api, destination: web }], notReachable: [{ source: Peer.internet(), destination: api }] } : {}),
    });
  };

  test.each<[Cni, RegExp]>([
    [Cni.awsVpc(), /deny\[0\], notReachable\[0\]: on aws-vpc a pod that has just started is open until its policies are programmed .*; state Cni\.awsVpc\(\{ mode: AwsVpcMode\.STRICT \}\) where NETWORK_POLICY_ENFORCING_MODE of the CNI is "strict", or accept it with a reason: acceptedRisks: \[\{ risk: Risk\.POD_START, because: "\.\.\." \}\]/],
    [Cni.kubeRouter(), /state Cni\.kubeRouter\(\{ defaultDeny: true \}\)/],
    [Cni.azure(), /on azure a pod that has just started is open/],
    [Cni.antrea(), /on antrea a pod that has just started is not known to be closed until its policies are programmed/],
    [Cni.ovnKubernetes(), /on ovn-kubernetes a pod that has just started is not known to be closed/],
  ])('is refused on %s, where pods start before their policies', (cni, why) => {
    const message = refused({ cni }, promising(true));
    expect(message).toMatch(why);
    expect(message).toContain('shop/contract');
  });

  test.each([Cni.awsVpc(), Cni.antrea()])('is kept on %s where that is accepted, and policies that close say so', cni => {
    const manifests = written({ cni, acceptedRisks: accepting(Risk.POD_START) }, promising(true));
    for (const { metadata } of manifests) {
      expect(metadata.annotations[ACCEPTED]).toMatch(/^podStart: podStart is looked at elsewhere \(on \S+ a pod that has just started is (open|not known to be closed) until its policies are programmed.*\)$/);
    }
    expect(manifests).toHaveLength(3);
  });

  test.each([
    Cni.kubernetes(), Cni.cilium(), Cni.calico(), Cni.gkeDataplaneV2(), Cni.weave(), Cni.awsVpc({ mode: AwsVpcMode.STRICT }),
    Cni.kubeRouter({ defaultDeny: true }),
  ])('is kept on %s, where pods are closed first', cni => {
    expect(() => written({ cni }, promising(true))).not.toThrow();
  });

  test('that only allows promises nothing of a pod that starts', () => {
    expect(() => written({ cni: Cni.awsVpc() }, promising(false))).not.toThrow();
  });

  test('policies without a contract are written: they close as soon as the CNI can', () => {
    expect(() => written({ cni: Cni.awsVpc() }, comingIn)).not.toThrow();
  });
});
