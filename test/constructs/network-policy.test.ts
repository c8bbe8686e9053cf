import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, Chart, Include, JsonPatch } from 'cdk8s';
import { LabelExpression, Namespaces, NetworkPolicy, Peer, PolicyRule, Port, RuleAction, Workload } from '../../src';
import { api, db, dns, flow, otherApi, outside, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, expectFlows, Program, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const WEB = { app: 'web' };

function deployment(chart: Chart, name: string, labels: Record<string, string> = { app: name }): ApiObject {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
  return new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: labels }, template } } as never);
}

const ofWeb: Program = ({ chart }) => {
  new NetworkPolicy(chart, 'policy', {
    subject: Workload.of(deployment(chart, 'web')),
    ingress: [{ peers: [Peer.pods({ labels: { tier: 'back' } })], ports: [Port.tcp(8080)] }],
    egress: [{ peers: [Peer.pods({ labels: { app: 'db' }, namespaces: Namespaces.named('data') })], ports: [Port.tcp(5432), Port.udp(5432)] }],
  });
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('a policy allows its rules, DNS, and nothing else', () => {
    const manifests = sound(cluster, ofWeb, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'a pod that the ingress rule names': flow(api, web),
      'a pod that the egress rule names, TCP': flow(web, db, 'TCP', 5432),
      'a pod that the egress rule names, UDP': flow(web, db, 'UDP', 5432),
      'DNS over UDP': flow(web, dns, 'UDP', 53),
      'DNS over TCP': flow(web, dns, 'TCP', 53),
      'a pod that no policy is about': flow(api, db),
    }, {
      'another port in': flow(api, web, 'TCP', 8081),
      'another protocol in': flow(api, web, 'UDP', 8080),
      'a pod with the labels in another namespace': flow(otherApi, web),
      'outside in': flow(outside, web),
      'another port out': flow(web, db, 'TCP', 5433),
      'another pod out': flow(web, api),
      'outside out': flow(web, outside, 'TCP', 443),
      'another port of DNS': flow(web, dns, 'TCP', 9153),
    });
  });

  test('a policy without subject is about every pod of its namespace, and of no other', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new NetworkPolicy(chart, 'all', { ingress: [{ peers: [Peer.namespaces(Namespaces.same())], ports: [Port.all()] }] });
    }, FACTS);
    expectFlows(cluster, manifests, {
      'inside': flow(api, web, 'UDP', 99),
      'to another namespace': flow(web, otherApi),
      'between others': flow(db, otherApi),
    }, {
      'from another namespace': flow(otherApi, web),
      'from outside': flow(outside, api),
    });
  });

  test('isolation alone closes a direction, and dns: false closes DNS too', () => {
    const manifests = sound(cluster, ({ chart }) => {
      new NetworkPolicy(chart, 'closed', { subject: Workload.of(deployment(chart, 'web')), isolate: { egress: true }, dns: false });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { in: flow(api, web) }, { out: flow(web, api), DNS: flow(web, dns, 'UDP', 53) });
  });

  test('a rule that is added later is as one that was stated at once', () => {
    const added = sound(cluster, ({ chart }) => {
      const policy = new NetworkPolicy(chart, 'policy', { subject: Workload.of(deployment(chart, 'web')) });
      policy.addEgressRule({
        peers: [Peer.pods({ labels: { app: 'db' }, namespaces: Namespaces.named('data') })], ports: [Port.tcp(5432), Port.udp(5432)],
      });
      policy.addIngressRule({ peers: [Peer.pods({ labels: { tier: 'back' } })], ports: [Port.tcp(8080)] });
    }, FACTS);
    expect(added).toEqual(sound(cluster, ofWeb, FACTS));
  });

  test('isolation that was declined stays declined when a rule that allows is added', () => {
    const rule = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] };
    for (const [isolate, add] of [[{ egress: false }, 'addEgressRule'], [{ ingress: false }, 'addIngressRule']] as const) {
      const attempt = (later: boolean): string => {
        try {
          return JSON.stringify(sound(cluster, ({ chart }) => {
            const stated = later ? {} : add === 'addEgressRule' ? { egress: [rule] } : { ingress: [rule] };
            const policy = new NetworkPolicy(chart, 'p', { subject: Workload.of(deployment(chart, 'web')), isolate, ...stated });
            if (later) { policy[add](rule); }
          }, FACTS));
        } catch (error) {
          return (error as Error).message;
        }
      };
      // The same as when it is stated at once: written in Cilium, refused by the others.
      expect(attempt(true)).toBe(attempt(false));
      expect(attempt(true)).toMatch(cluster === 'cilium' ? /"enableDefaultDeny":\{"(e|in)gress":false/ : /dialect cannot express this/);
    }
  });

  test('an object can be patched', () => {
    const [manifest] = sound(cluster, ({ chart }) => {
      const policy = new NetworkPolicy(chart, 'policy', { isolate: { ingress: true } });
      policy.addJsonPatch(JsonPatch.add('/metadata/annotations', { team: 'red' }));
    });
    expect(manifest.metadata.annotations).toEqual({ team: 'red' });
    expect(manifest.spec).toBeDefined();
  });

  test('a policy may stand in another namespace than its chart', () => {
    const [manifest] = sound(cluster, ({ chart }) => { new NetworkPolicy(chart, 'p', { namespace: 'data', isolate: { ingress: true } }); });
    expect(manifest.metadata).toEqual({ name: 'shop-p', namespace: 'data' });
    expect(allowed(cluster, [manifest], world, flow(web, db))).toBe(false);
    expect(allowed(cluster, [manifest], world, flow(db, web))).toBe(true);
  });

  test('a policy that says nothing is an error', () => {
    expect(() => synthesize(cluster, ({ chart }) => { new NetworkPolicy(chart, 'p'); }))
      .toThrow('policy shop/shop-p (shop/p) says nothing; state a rule, or isolate a direction');
  });

  test('a policy of pods that the app does not have is an error, save those of an external workload', () => {
    const about = (subject: (chart: Chart) => Peer | Workload): Program => ({ chart }) => {
      new NetworkPolicy(chart, 'p', { subject: subject(chart), isolate: { ingress: true } });
    };
    expect(() => synthesize(cluster, about(() => Peer.pods({ labels: { app: 'wbe' } })))).toThrow(
      'policy shop/shop-p (shop/p) selects no pods of this app in namespace shop: pods with app=wbe in namespace (same); correct the labels, or say Workload.external(...) when another app holds them');
    expect(() => synthesize(cluster, about(chart => Workload.select(chart, { labels: { app: 'wbe' } })))).toThrow(/selects no pods of this app .*: workload wbe;/);
    expect(sound(cluster, about(chart => Workload.external(chart, { labels: { app: 'wbe' } })))).toHaveLength(1);
    expect(sound(cluster, context => {
      deployment(context.chart, 'web');
      about(() => Peer.pods({ labels: WEB }))(context);
    })).toHaveLength(1);
  });
});

describe('deny', () => {
  const denying: Program = ({ chart }) => {
    new NetworkPolicy(chart, 'policy', {
      subject: Workload.of(deployment(chart, 'web')),
      ingress: [
        { peers: [Peer.pods({ labels: { tier: 'back' } })], ports: [Port.tcp(8080)], action: RuleAction.DENY },
        { peers: [Peer.any()], ports: [Port.tcp(8080), Port.tcp(9090)] },
      ],
    });
  };

  test.each(['cilium', 'calico'] as const)('on %s it wins over what is allowed, whatever stands first', cluster => {
    const manifests = sound(cluster, denying, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'the denied pod on another port': flow(api, web, 'TCP', 9090),
      'another pod': flow(otherApi, web),
      'outside': flow(outside, web),
    }, {
      'the denied pod': flow(api, web),
      'what nothing allows': flow(outside, web, 'TCP', 22),
    });
  });

  test.each(['cilium', 'calico'] as const)('on %s a policy that only denies isolates nobody', cluster => {
    const manifests = sound(cluster, ({ chart }) => {
      new NetworkPolicy(chart, 'no', { egress: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.all()], action: RuleAction.DENY }] });
    }, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'another address': flow(web, { address: '198.51.100.1' }), 'a pod': flow(web, db), 'in': flow(outside, web),
    }, { 'the denied address': flow(web, outside) });
  });

  test('plain Kubernetes refuses it', () => {
    expect(() => synthesize('kubernetes', denying)).toThrow(
      /policy shop\/shop-policy \(shop\/policy\), ingress from pods with tier=back in namespace \(same\) on TCP 8080: the kubernetes dialect cannot express this: NetworkPolicy has no deny rules: policies only add what is allowed; isolate the pods \(DefaultDeny\) and allow what is needed, or use the cilium or calico dialect/);
  });

  test('plain Kubernetes refuses it as a deny also where the policy does not isolate', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      new NetworkPolicy(chart, 'no', { egress: [{ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.all()], action: RuleAction.DENY }] });
    })).toThrow(
      'policy shop/shop-no (shop/no), egress to 203.0.113.0/24 on all traffic: the kubernetes dialect cannot express this: NetworkPolicy has no deny rules: policies only add what is allowed; isolate the pods (DefaultDeny) and allow what is needed, or use the cilium or calico dialect');
  });

  test('on calico a policy that was made to allow cannot become one that only denies', () => {
    expect(() => synthesize('calico', ({ chart }) => {
      new NetworkPolicy(chart, 'p').addEgressRule({ peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS], action: RuleAction.DENY });
    })).toThrow('policy shop/shop-p (shop/p) only denies, and was made as a policy that allows; state a deny when it is made, or isolate a direction');
  });

  test('on calico a policy that only denies cannot allow later', () => {
    const rule = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS] };
    expect(() => synthesize('calico', ({ chart }) => {
      new NetworkPolicy(chart, 'p', { egress: [{ ...rule, action: RuleAction.DENY }] }).addEgressRule(rule);
    })).toThrow('policy shop/shop-p (shop/p) only denies; state what it allows in a policy of its own');
  });
});

describe('service accounts', () => {
  const program: Program = ({ chart }) => {
    new NetworkPolicy(chart, 'policy', {
      subject: Workload.of(deployment(chart, 'web')), ingress: [{ peers: [Peer.serviceAccount('api')], ports: [Port.tcp(8080)] }],
    });
  };

  test.each(['cilium', 'calico'] as const)('%s selects pods by theirs, in the own namespace unless another is named', cluster => {
    const manifests = sound(cluster, program, FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, { 'that account': flow(api, web) }, {
      'that account elsewhere': flow(otherApi, web),
      'another account': flow({ ...api, name: 'api-2', serviceAccount: 'default' }, web),
    });
  });

  test('plain Kubernetes refuses them', () => {
    expect(() => synthesize('kubernetes', program)).toThrow(
      'policy shop/shop-policy (shop/policy), ingress from pods of service account api in namespace (same) on TCP 8080: api: the kubernetes dialect cannot express this: NetworkPolicy selects by labels only; select the pods by labels, or use the cilium or calico dialect');
  });
});

describe('a subject with alternatives', () => {
  const program: Program = ({ chart }) => {
    new NetworkPolicy(chart, 'both', {
      subject: Peer.oneOf(Workload.of(deployment(chart, 'web')), Workload.of(deployment(chart, 'api'))),
      ingress: [{ peers: [Peer.namespaces(Namespaces.named('data'))], ports: [Port.tcp(8080)] }],
    });
  };

  test.each(['cilium', 'calico'] as const)('%s writes it as one object', cluster => {
    const manifests = sound(cluster, program, FACTS);
    expect(manifests).toHaveLength(1);
    expect(manifests).toMatchSnapshot();
    const third = { ...web, name: 'third', labels: { app: 'third' } };
    expectFlows(cluster, manifests, { 'to one': flow(otherApi, web), 'to the other': flow(db, api), 'to a third': flow(outside, third) }, {
      'outside to one': flow(outside, web), 'outside to the other': flow(outside, api),
    });
  });

  test('plain Kubernetes refuses it', () => {
    expect(() => synthesize('kubernetes', program)).toThrow('policy shop/shop-both (shop/both), ingress: 2 alternatives: the kubernetes dialect cannot express this');
  });
});

describe('mistakes', () => {
  const making = (props: ConstructorParameters<typeof NetworkPolicy>[2], cluster: ClusterName = 'kubernetes') => () =>
    synthesize(cluster, ({ chart }) => { new NetworkPolicy(chart, 'p', props); });

  test('no peers never means all of them', () => {
    expect(making({ ingress: [{ peers: [], ports: [Port.HTTP] }] })).toThrow(
      'policy shop/shop-p (shop/p), ingress rule has no peers, which never means all of them; name at least one, or say Peer.any()');
  });

  test('no ports never means all of them', () => {
    expect(making({ egress: [{ peers: [Peer.any()], ports: [] }] })).toThrow(
      'policy shop/shop-p (shop/p), egress rule has no ports, which never means all of them; name at least one, or say Port.all()');
  });

  test('an action that is not known is an error', () => {
    expect(making({ egress: [{ peers: [Peer.any()], ports: [Port.HTTP], action: 'drop' as RuleAction }] })).toThrow(
      'policy shop/shop-p (shop/p), egress rule: action "drop" is not known; use one of allow, deny');
  });

  test.each<[string, unknown, string]>([
    ['peers', { ports: [Port.HTTP] }, 'policy shop/shop-p (shop/p), egress rule has no peers, which never means all of them; name at least one, or say Peer.any()'],
    ['ports', { peers: [Peer.any()] }, 'policy shop/shop-p (shop/p), egress rule has no ports, which never means all of them; name at least one, or say Port.all()'],
    ['ports but null', { peers: [Peer.any()], ports: null }, 'egress rule has no ports'],
  ])('a rule of plain JavaScript without %s is an error that says so', (_, rule, message) => {
    expect(making({ egress: [rule as PolicyRule] })).toThrow(message);
  });

  test.each<[string, unknown, string]>([
    ['a name', { peers: ['web'], ports: [Port.HTTP] }, '"web" is no peer; name a Peer, such as Peer.cidr("203.0.113.0/24"), or a workload by Workload.of(...)'],
    ['nothing', { peers: [undefined], ports: [Port.HTTP] }, 'undefined is no peer'],
    ['labels', { peers: [{ app: 'web' }], ports: [Port.HTTP] }, '{"app":"web"} is no peer'],
    ['a number', { peers: [Peer.any()], ports: [80] }, '80 is no port; name a Port, such as Port.tcp(8080)'],
    ['null', { peers: [Peer.any()], ports: [Port.HTTP, null] }, 'null is no port'],
    ['a big number', { peers: [Peer.any()], ports: [BigInt(80)] }, '80 is no port'],
    ['one peer for a list', { peers: Peer.any(), ports: [Port.HTTP] }, 'peers is any, which is no list; write it as a list, such as peers: [Peer.any()]'],
    ['one port for a list', { peers: [Peer.any()], ports: Port.HTTP }, 'ports is TCP 80, which is no list; write it as a list, such as ports: [Port.HTTPS]'],
    ['nothing for a rule', undefined, 'undefined is no rule; state its peers and ports'],
  ])('%s in a rule of plain JavaScript is an error that names the policy, the direction and the value', (_, rule, message) => {
    expect(making({ ingress: [rule as PolicyRule] })).toThrow(`policy shop/shop-p (shop/p), ingress rule: ${message}`);
    expect(() => synthesize('kubernetes', ({ chart }) => { new NetworkPolicy(chart, 'p').addEgressRule(rule as PolicyRule); }))
      .toThrow(`policy shop/shop-p (shop/p), egress rule: ${message}`);
  });

  test('a construct that is no peer is an error that names it', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      new NetworkPolicy(chart, 'p', { ingress: [{ peers: [deployment(chart, 'web') as never], ports: [Port.HTTP] }] });
    })).toThrow('ingress rule: the construct shop/web is no peer; name a Peer');
  });

  test('a label value that is no string is an error that says to quote it', () => {
    expect(() => Peer.pods({ labels: { app: 1 as never } })).toThrow('label value 1 of "app" is not a string; quote it, as "1"');
  });

  test('a name of more than 253 characters is an error, one of 253 is not', () => {
    expect(making({ name: 'a'.repeat(254), isolate: { ingress: true } })).toThrow(/^shop\/p: policy name "a{40}\.\.\." has 254 characters; at most 253 are allowed$/);
    expect(making({ name: 'a'.repeat(253), isolate: { ingress: true } })).not.toThrow();
  });

  test('a name that is no name is an error', () => {
    expect(making({ name: 'Allow_Web', isolate: { ingress: true } })).toThrow('shop/p: policy name "Allow_Web" is invalid');
  });

  test('a namespace of more than 63 characters is an error, one of 63 is not', () => {
    expect(making({ namespace: 'a'.repeat(64), isolate: { ingress: true } })).toThrow(/^shop\/p: namespace "a{64}" has 64 characters; at most 63 are allowed$/);
    expect(making({ namespace: 'a'.repeat(63), isolate: { ingress: true } })).not.toThrow();
  });

  test('a namespace that is not known is an error', () => {
    expect(() => synthesize('kubernetes', ({ app }) => { new NetworkPolicy(new Chart(app, 'nowhere'), 'p', { isolate: { ingress: true } }); })).toThrow(
      'nowhere/p: the namespace is not known; set it on the chart (new Chart(app, id, { namespace })) or on the construct');
  });

  test('a subject of another namespace is an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      new NetworkPolicy(chart, 'p', { namespace: 'data', subject: Workload.of(deployment(chart, 'web')), isolate: { ingress: true } });
    })).toThrow('shop/p: the policy is stated in namespace data, but Deployment web (shop/web) is in shop; a policy selects pods of its own namespace only');
  });

  test.each(CLUSTER_NAMES)('on %s a subject that is not pods of the namespace is an error', cluster => {
    const elsewhere = Peer.namespaces(Namespaces.named('data'));
    for (const subject of [elsewhere, Peer.any(), Peer.cidr('203.0.113.0/24'), Peer.pods({ namespaces: Namespaces.all(), labels: WEB })]) {
      expect(() => synthesize(cluster, ({ chart }) => {
        deployment(chart, 'web');
        new NetworkPolicy(chart, 'p', { subject, isolate: { ingress: true } });
      })).toThrow(`the ${cluster} dialect cannot express this`);
    }
  });

  test('on calico a name with a dot is an error, since the tier stands before a dot', () => {
    const props = { name: 'allow.web', isolate: { ingress: true } };
    expect(making(props, 'calico')).toThrow(
      'policy shop/allow.web (shop/p): policy name "allow.web" has a dot');
    expect(making(props, 'kubernetes')).not.toThrow();
    expect(making(props, 'cilium')).not.toThrow();
  });

  test('on calico a deny of a policy whose name has a dot is written without it', () => {
    const rule = { peers: [Peer.cidr('203.0.113.0/24')], ports: [Port.HTTPS], action: RuleAction.DENY };
    const manifests = sound('calico', ({ chart }) => { new NetworkPolicy(chart, 'p', { name: 'no.thing', egress: [rule] }); });
    expect(manifests.map(manifest => manifest.metadata.name)).toEqual(['netpol-deny', 'netpol-deny.no-thing']);
  });

  test('two policies of one name are an error', () => {
    expect(() => synthesize('kubernetes', ({ chart }) => {
      for (const id of ['one', 'two']) { new NetworkPolicy(chart, id, { name: 'same', isolate: { ingress: true } }); }
    })).toThrow('two policies are the same object, NetworkPolicy shop/same: shop/one and shop/two; the one that is applied last would replace the other, so give one another name');
  });

  test('a policy of the name of one that the app includes is an error', () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
    const url = path.join(directory, 'policy.yaml');
    fs.writeFileSync(url, [
      'apiVersion: networking.k8s.io/v1', 'kind: NetworkPolicy', 'metadata: { name: same, namespace: shop }', 'spec: { podSelector: {} }', '',
    ].join('\n'));
    const beside = (name: string) => () => synthesize('kubernetes', ({ chart }) => {
      new Include(chart, 'include', { url });
      new NetworkPolicy(chart, 'mine', { name, isolate: { ingress: true } });
    });
    expect(beside('same')).toThrow(/two policies are the same object, NetworkPolicy shop\/same: shop\/mine and shop\/include\//);
    expect(beside('other')).not.toThrow();
    fs.rmSync(directory, { recursive: true });
  });

  test('policies of one name in two namespaces are two', () => {
    expect(sound('kubernetes', ({ chart }) => {
      for (const namespace of ['one', 'two']) { new NetworkPolicy(chart, namespace, { namespace, name: 'same', isolate: { ingress: true } }); }
    })).toHaveLength(2);
  });

  test('a negative requirement means pods without the label, never the internet', () => {
    for (const cluster of CLUSTER_NAMES) {
      const manifests = sound(cluster, ({ chart }) => {
        const peer = Peer.pods({ expressions: [LabelExpression.doesNotExist('tier')], namespaces: Namespaces.all() });
        new NetworkPolicy(chart, 'p', { ingress: [{ peers: [peer], ports: [Port.tcp(8080)] }] });
      }, FACTS);
      expectFlows(cluster, manifests, { 'a pod without': flow(db, web) }, { 'a pod with': flow(api, web), 'outside': flow(outside, web) });
    }
  });
});
