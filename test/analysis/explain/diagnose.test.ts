import { execFileSync } from 'child_process';
import * as fc from 'fast-check';
import { analysisOf, deployment, document, namespace, networkPolicy, outside, party, service, SHOP, tcp, udp } from './support';
import { Analysis } from '../../../src/analysis/analysis';
import { diagnose } from '../../../src/analysis/explain/diagnosis/diagnose';
import { Check, Diagnosis, Question, Topic } from '../../../src/analysis/explain/diagnosis/diagnosis';
import { diagnosisText } from '../../../src/analysis/explain/diagnosis/diagnosis-text';
import { probesOf } from '../../../src/analysis/explain/diagnosis/probes';
import { command } from '../../../src/analysis/explain/diagnosis/shell';
import { findParty, trafficTo } from '../../../src/analysis/find-party';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Party, Traffic } from '../../../src/analysis/party';

const CNIS = ['kubernetes', 'cilium', 'calico'];
const DENY = networkPolicy('shop/deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const DNS = networkPolicy('shop/dns', {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }], ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] }],
});
const api = (rules: object) => networkPolicy('shop/api', { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'], ...rules });

/** From web to what a text stands for, on a port of it. */
function toService(text: string, to: string, traffic: Traffic, options: AnalysisOptions = {}): Diagnosis {
  const analysis = analysisOf(text, options);
  const found = findParty(analysis, to);
  const [destination = outside('192.0.2.1')] = found.parties;
  const [mapped = traffic] = trafficTo(found, destination, traffic);
  return diagnose(analysis, { source: party(analysis, 'shop/web'), destination, traffic: mapped, found });
}

/** From web to api. */
function toApi(policies: string, traffic: Traffic = tcp(8080), options: AnalysisOptions = {}): Diagnosis {
  const analysis = analysisOf(SHOP + policies, options);
  return diagnose(analysis, { source: party(analysis, 'shop/web'), destination: party(analysis, 'shop/api'), traffic });
}

const about = ({ checks }: Diagnosis, topic: Topic): string[] => checks.filter(check => check.topic === topic).map(({ outcome, text }) => `${outcome}: ${text}`);

test('is one list, in the order in which things go wrong', () => {
  const text = SHOP + service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 'http' }]) + DENY + DNS
    + api({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'webb' } } }], ports: [{ port: 8080 }] }] });
  expect(diagnosisText(toService(text, 'svc/shop/api', tcp(80)))).toBe(`Diagnosis
  1. name resolution: ok: shop/web[Deployment] asks kube-system/coredns[Deployment] for api.shop.svc.cluster.local on port 53: allowed over UDP and TCP
  2. service: ok: Service shop/api selects shop/api[Deployment]
  3. port: ok: TCP 80 of the Service is 8080 (http) at shop/api[Deployment]: policies are about 8080
  4. egress: problem: shop/web[Deployment]: denied; closes: NetworkPolicy shop/dns (app.yaml:17) isolates it, and no rule of it matches
  5. ingress: problem: shop/api[Deployment]: denied; closes: NetworkPolicy shop/api (app.yaml:19) isolates it, and no rule of it matches
  6. labels: problem: NetworkPolicy shop/api, ingress[0] would match but for one label: it asks for app=webb, and shop/web[Deployment] has app=web, which reads like it

Fix: with this statement the flow passes
  web.connections.allowTo(api, Port.tcp(8080));

The same as YAML:
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    name: allow-web-to-api
    namespace: shop
  spec:
    podSelector:
      matchLabels:
        app: web
    policyTypes:
      - Egress
    egress:
      - to:
          - podSelector:
              matchLabels:
                app: api
        ports:
          - port: 8080
            protocol: TCP
  ---
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    name: allow-api-from-web
    namespace: shop
  spec:
    podSelector:
      matchLabels:
        app: api
    policyTypes:
      - Ingress
    ingress:
      - from:
          - podSelector:
              matchLabels:
                app: web
        ports:
          - port: 8080
            protocol: TCP

To confirm:
  kubectl debug --namespace=shop --stdin --tty --image=busybox:1.36 "$(kubectl get pods --namespace=shop --selector=app=web --field-selector=status.phase=Running --output=name | head -n 1)" -- nc -z -v -w 3 api.shop.svc 80
`);
});

describe('name resolution', () => {
  const API_SERVICE = service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 8080 }]);
  const only = (protocol: 'UDP' | 'TCP') => networkPolicy('shop/dns', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 53, protocol }] }] });

  test.each<[string, string, string]>([
    ['that is denied', DENY, 'problem: shop/web[Deployment] asks kube-system/coredns[Deployment] for api.shop.svc.cluster.local on port 53: denied over UDP, denied over TCP'],
    ['over UDP alone', only('UDP'), 'note: shop/web[Deployment] asks kube-system/coredns[Deployment] for api.shop.svc.cluster.local on port 53: allowed over UDP, but denied over TCP'],
    ['over TCP alone', only('TCP'), 'problem: shop/web[Deployment] asks kube-system/coredns[Deployment] for api.shop.svc.cluster.local on port 53: denied over UDP, allowed over TCP'],
  ])('%s', (_name, policies, expected) => {
    expect(about(toService(SHOP + API_SERVICE + policies, 'svc/shop/api:80', tcp(80)), 'name resolution')).toEqual([expect.stringContaining(expected)]);
  });

  test('goes to the pods of the DNS Service, on the port on which they listen', () => {
    const openshift = namespace('openshift-dns') + deployment('openshift-dns/dns', { dns: 'default' }, {})
      + service('openshift-dns/dns-default', { dns: 'default' }, [{ port: 53, targetPort: 5353, protocol: 'UDP', name: 'dns' }, { port: 53, targetPort: 5353, protocol: 'TCP', name: 'dns-tcp' }]);
    const [check] = about(toService(SHOP + openshift + API_SERVICE + only('UDP'), 'svc/shop/api:80', tcp(80)), 'name resolution');
    expect(check).toContain('asks openshift-dns/dns[Deployment] for api.shop.svc.cluster.local on port 5353: denied over UDP');
  });

  test('goes to where every cluster has it, where the input has no DNS', () => {
    const text = SHOP.replace(deployment('kube-system/coredns', { 'k8s-app': 'kube-dns' }), '');
    expect(about(toService(text + API_SERVICE + DENY, 'svc/shop/api:80', tcp(80)), 'name resolution'))
      .toEqual([expect.stringContaining('asks the DNS pods of kube-system (k8s-app=kube-dns, not in the input) for api.shop.svc.cluster.local on port 53: denied over UDP')]);
  });

  test('is not asked for pods and addresses', () => {
    expect(about(toApi(DENY), 'name resolution')).toEqual([]);
  });

  test('of a name outside', () => {
    const diagnosis = toService(SHOP + DENY, 'api.example.com', tcp(443));
    expect(about(diagnosis, 'name resolution')).toEqual([expect.stringContaining('asks kube-system/coredns[Deployment] for api.example.com on port 53: denied over UDP')]);
  });
});

describe('a Service', () => {
  test.each<[string, string, string]>([
    ['that selects nobody but for a typo', service('shop/api', { app: 'apii' }, [{ port: 80 }]),
      'problem: Service shop/api selects no pods (app=apii); it would select shop/api[Deployment] but for app=apii: the pods have app=api, which reads like it'],
    ['that selects nobody but for one of several labels', service('shop/api', { app: 'api', tier: 'back' }, [{ port: 80 }]),
      'problem: Service shop/api selects no pods (app=api,tier=back); it would select shop/api[Deployment] but for tier=back: the pods have no such label'],
    ['that selects nobody', service('shop/api', { run: 'payments' }, [{ port: 80 }]), 'problem: Service shop/api selects no pods (run=payments)'],
    ['that is another name', service('shop/api', undefined, [], { type: 'ExternalName', externalName: 'api.example.com' }),
      'note: Service shop/api is another name of api.example.com, outside the cluster: policies are about that name'],
  ])('%s', (_name, text, expected) => {
    expect(about(toService(SHOP + text, 'svc/shop/api', tcp(80)), 'service')).toEqual([expected]);
  });
});

describe('ports', () => {
  const API_SERVICE = service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 'http' }]);

  test('a name that no container has', () => {
    const text = SHOP + service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 'web' }]);
    expect(about(toService(text, 'svc/shop/api:80', tcp(80)), 'port'))
      .toEqual(['problem: TCP 80 of the Service is the port web of the pods, and no container of shop/api[Deployment] has a port of that name']);
  });

  test('the port of the Service where that of the pods was meant', () => {
    expect(about(toApi(API_SERVICE + DENY, tcp(80)), 'port'))
      .toEqual(['problem: 80 is the port of Service shop/api; its pods listen on 8080, and policies are about that: ask for 8080, or for svc/shop/api:80']);
  });

  test('a rule with the port of the Service where that of the pods was meant', () => {
    const policies = API_SERVICE + api({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] });
    expect(about(toApi(policies), 'port'))
      .toEqual(['problem: NetworkPolicy shop/api, ingress[0] allows 80, which is the port of Service shop/api; its pods listen on 8080, and policies are about that: write 8080']);
  });

  test('a Service whose port is that of the pods explains nothing', () => {
    const policies = service('shop/api', { app: 'api' }, [{ port: 8080 }]) + api({ ingress: [{ ports: [{ port: 8080, protocol: 'UDP' }, { port: 80 }] }] });
    expect(about(toApi(policies), 'port')).toEqual([]);
  });

  test('a port on which no container says that it listens', () => {
    expect(about(toApi('', tcp(9999)), 'port')).toEqual(['note: no container of shop/api[Deployment] says that it listens on TCP 9999; they say 8080 (http)']);
    expect(about(toApi('', tcp(8080)), 'port')).toEqual([]);
  });
});

describe('labels', () => {
  const from = (peer: object) => api({ ingress: [{ from: [peer], ports: [{ port: 8080 }] }] });

  test.each<[string, string, string]>([
    ['a namespace label that nobody sets', from({ namespaceSelector: { matchLabels: { name: 'shop' } } }),
      'problem: NetworkPolicy shop/api, ingress[0] would match but for one label: it asks for a namespace with name=shop, and no namespace of the input has the label name; '
      + 'every namespace has kubernetes.io/metadata.name=shop'],
    ['a namespace label of another namespace', from({ namespaceSelector: { matchLabels: { team: 'red' } } }) + namespace('ops', { team: 'red' }),
      'problem: NetworkPolicy shop/api, ingress[0] would match but for one label: it asks for a namespace with team=red, and namespace shop has no label team; '
      + 'every namespace has kubernetes.io/metadata.name=shop'],
    ['a key that is written otherwise', from({ podSelector: { matchLabels: { App: 'web' } } }),
      'problem: NetworkPolicy shop/api, ingress[0] would match but for one label: it asks for App=web, and shop/web[Deployment] has no label App; it has app=web'],
    ['a policy that selects somebody else', DENY + networkPolicy('shop/open', { podSelector: { matchLabels: { app: 'apy' } }, ingress: [{ ports: [{ port: 8080 }] }] }),
      'problem: NetworkPolicy shop/open would allow it, but does not select shop/api[Deployment]: it asks for app=apy, and shop/api[Deployment] has app=api, which reads like it'],
  ])('%s', (_name, policies, expected) => {
    expect(about(toApi(policies), 'labels')).toEqual([expected]);
  });

  test('nothing is said where more than a label is wrong, or where the flow passes', () => {
    expect(about(toApi(api({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'webb' } } }], ports: [{ port: 9090 }] }] })), 'labels')).toEqual([]);
    expect(about(toApi(from({ podSelector: { matchLabels: { app: 'webb', team: 'red' } } })), 'labels')).toEqual([]);
    expect(about(toApi(from({ podSelector: { matchLabels: { app: 'webb' } } }) + networkPolicy('shop/open', { podSelector: {}, ingress: [{}] })), 'labels')).toEqual([]);
  });

  test('a label that Cilium does not see', () => {
    const text = SHOP + deployment('shop/agent', { 'statefulset.kubernetes.io/pod-name': 'agent-0', 'app': 'agent' })
      + from({ podSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'agent-0' } } });
    const analysis = analysisOf(text, { cni: 'cilium' });
    const diagnosis = diagnose(analysis, { source: party(analysis, 'shop/agent'), destination: party(analysis, 'shop/api'), traffic: tcp(8080) });
    expect(about(diagnosis, 'labels')).toEqual([expect.stringContaining('a label that Cilium leaves out of identities, so that it never matches; select by another one')]);
  });
});

describe('the network', () => {
  test('Cilium matches no pods by address', () => {
    expect(about(toApi(api({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }), tcp(8080), { cni: 'cilium' }), 'network'))
      .toEqual(['note: NetworkPolicy shop/api has rules about address ranges: Cilium matches them outside the cluster only, never pods; select pods by labels']);
  });

  test('the address of a Service is seen by no policy', () => {
    const text = SHOP + service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 8080 }], { clusterIP: '10.96.0.7' })
      + networkPolicy('shop/web', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.96.0.7/32' } }] }] });
    expect(about(toService(text, 'svc/shop/api:80', tcp(80)), 'network'))
      .toEqual(['note: NetworkPolicy shop/web names the address of the Service (10.96.0.7): policies see the pods behind it, so that such a rule matches nothing; select the pods']);
  });

  test('what comes by way of a node may hide its address', () => {
    const analysis = analysisOf(SHOP + service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 8080 }], { type: 'NodePort' }));
    const found = findParty(analysis, 'svc/shop/api:80');
    expect(about(diagnose(analysis, { source: outside('203.0.113.7'), destination: found.parties[0], traffic: tcp(8080), found }), 'network'))
      .toEqual([expect.stringContaining('Service shop/api is a NodePort with externalTrafficPolicy Cluster')]);
  });

  test('what an unknown answer depends on', () => {
    expect(about(toApi(api({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }), tcp(8080), { podCidrs: [] }), 'network'))
      .toEqual([expect.stringContaining('unknown: the answer depends on the address of shop/web[Deployment]')]);
  });
});

describe('the fix', () => {
  /** With the YAML of the fix beside what there is. */
  const fixed = (text: string, { fix }: Diagnosis, options: AnalysisOptions): Analysis => analysisOf(`${text}---\n${fix!.yaml!.join('\n')}\n`, options);

  const ENDS: readonly [string, (analysis: Analysis) => Party, (analysis: Analysis) => Party, Traffic, string][] = [
    ['between workloads', analysis => party(analysis, 'shop/web'), analysis => party(analysis, 'shop/api'), tcp(8080), 'web.connections.allowTo(api, Port.tcp(8080));'],
    ['within one', analysis => party(analysis, 'shop/api'), analysis => party(analysis, 'shop/api'), tcp(8080), 'api.connections.allowInternally(Port.tcp(8080));'],
    ['between namespaces', analysis => party(analysis, 'shop/web'), analysis => party(analysis, 'kube-system/coredns'), udp(53), 'web.connections.allowTo(coredns, Port.udp(53));'],
    ['to an address', analysis => party(analysis, 'shop/web'), () => outside('203.0.113.7'), tcp(443), 'web.connections.allowTo(Peer.cidr(\'203.0.113.7/32\'), Port.tcp(443));'],
    ['from an address', () => outside('2001:db8::7'), analysis => party(analysis, 'shop/web'), tcp(80), 'web.connections.allowFrom(Peer.cidr(\'2001:db8::7/128\'), Port.tcp(80));'],
  ];

  test.each(CNIS.flatMap(cni => ENDS.map(([name, ...rest]) => [cni, name, ...rest] as const)))('on %s %s opens the flow, and nothing else', (cni, _name, source, destination, traffic, code) => {
    const text = SHOP + DENY + networkPolicy('kube-system/deny', { podSelector: {}, policyTypes: ['Ingress'] });
    const options = { cni, nodeCidrs: ['172.18.0.0/16'], podCidrs: ['10.244.0.0/16', 'fd00::/64'] };
    const before = analysisOf(text, options);
    const diagnosis = diagnose(before, { source: source(before), destination: destination(before), traffic });
    expect([diagnosis.fix?.text, diagnosis.fix?.code]).toEqual(['with this statement the flow passes', code]);
    const after = fixed(text, diagnosis, options);
    expect([after.problems, after.answer(source(after), destination(after), traffic)]).toEqual([[], 'allowed']);
    expect(after.answer(source(after), destination(after), { ...traffic, port: traffic.port! + 1 })).toBe('denied');
    expect(after.answer(party(after, 'shop/db'), party(after, 'shop/web'), traffic)).toBe('denied');
  });

  test('on Cilium knows names, and brings their resolution', () => {
    const analysis = analysisOf(SHOP + DENY, { cni: 'cilium' });
    const [destination] = findParty(analysis, 'api.example.com').parties;
    const diagnosis = diagnose(analysis, { source: party(analysis, 'shop/web'), destination, traffic: tcp(443) });
    expect(diagnosis.fix?.code).toBe('web.connections.allowTo(Peer.fqdn(\'api.example.com\'), Port.tcp(443));');
    expect(diagnosis.fix?.yaml?.join('\n')).toContain('toFQDNs:\n        - matchName: api.example.com');
    const after = fixed(SHOP + DENY, diagnosis, { cni: 'cilium' });
    expect(after.answer(party(after, 'shop/web'), party(after, 'kube-system/coredns'), { ...udp(53), dnsName: 'api.example.com' })).toBe('allowed');
  });

  test.each(['kubernetes', 'calico'])('on %s says why there is none for names', cni => {
    const analysis = analysisOf(SHOP + DENY, { cni });
    const [destination] = findParty(analysis, 'api.example.com').parties;
    const { fix } = diagnose(analysis, { source: party(analysis, 'shop/web'), destination, traffic: tcp(443) });
    expect([fix?.text, fix?.yaml]).toEqual([expect.stringContaining(`the ${cni} dialect cannot say this`), undefined]);
  });

  test('looks into requests where the dialect can', () => {
    const traffic = tcp(8080, { http: { method: 'GET', path: '/a?b=c' } });
    const diagnosis = toApi(DENY, traffic, { cni: 'cilium' });
    expect(diagnosis.fix?.code).toBe('web.connections.allowTo(api, Port.tcp(8080).http({ method: \'GET\', path: \'/a\' }));');
    const after = fixed(SHOP + DENY, diagnosis, { cni: 'cilium' });
    const ask = (path: string) => after.answer(party(after, 'shop/web'), party(after, 'shop/api'), tcp(8080, { http: { method: 'GET', path, host: 'x', headers: {} } }));
    expect([ask('/a'), ask('/a?b=c'), ask('/b')]).toEqual(['allowed', 'allowed', 'denied']);
    // Where the connection begins nobody looks into it.
    expect(diagnosis.fix?.yaml?.filter(line => line.includes('http:') || line.startsWith('kind'))).toEqual(['kind: CiliumNetworkPolicy', 'kind: CiliumNetworkPolicy', '            http:']);
    expect(toApi(DENY, traffic).fix).toMatchObject({ text: expect.stringContaining('the kubernetes dialect cannot say this') });
  });

  test('is only for the side that is closed', () => {
    const { fix } = toApi(api({ ingress: [] }));
    expect(fix?.yaml?.filter(line => line.startsWith('kind') || line.includes('name:'))).toEqual(['kind: NetworkPolicy', '  name: allow-api-from-web']);
  });

  test.each([
    ['cilium', document({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'no', namespace: 'shop' }, spec: { endpointSelector: {}, ingressDeny: [{ fromEntities: ['all'] }] } }), 'CiliumNetworkPolicy shop/no, ingressDeny[0]'],
    ['calico', document({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'no', namespace: 'shop' }, spec: { order: 1, selector: 'all()', ingress: [{ action: 'Deny' }] } }), 'NetworkPolicy shop/no, ingress[0]'],
  ])('on %s is no allow where a rule denies before it', (cni, policy, rule) => {
    const { fix } = toApi(policy, tcp(8080), { cni });
    expect(fix?.text).toContain(`no allow comes before the rule that denies it: change or remove that rule (denies: ${rule}`);
    expect([fix?.code, fix?.yaml]).toEqual([undefined, undefined]);
  });

  test('is none where the flow passes, or where that is not known', () => {
    expect(toApi('').fix).toBeUndefined();
    expect(toApi(api({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }), tcp(8080), { podCidrs: [] }).fix).toBeUndefined();
  });

  test('selects by the fewest labels that no other workload has', () => {
    const text = namespace('shop') + deployment('shop/web-a', { 'app': 'web', 'track': 'a', 'helm.sh/chart': 'web-1' }) + deployment('shop/web-b', { app: 'web', track: 'b' }) + DENY;
    const analysis = analysisOf(text);
    const { fix } = diagnose(analysis, { source: party(analysis, 'shop/web-a'), destination: party(analysis, 'shop/web-b'), traffic: tcp(80) });
    expect(fix?.code).toBe('webA.connections.allowTo(webB, Port.tcp(80));');
    expect(fix?.yaml?.filter(line => /track|app:|chart/.test(line)).map(line => line.trim())).toEqual(['track: a', 'track: b', 'track: b', 'track: a']);
  });
});

describe('probes', () => {
  const probes = (traffic: Traffic, destination: (analysis: Analysis) => Party = analysis => party(analysis, 'shop/api'), options: AnalysisOptions = {}): readonly string[] => {
    const analysis = analysisOf(SHOP + service('shop/api', { app: 'api' }, [{ port: 80, targetPort: 8080 }]), options);
    const question: Question = { source: party(analysis, 'shop/web'), destination: destination(analysis), traffic };
    return diagnose(analysis, question).probes.map(probe => probe.replace(/^kubectl debug .* --image=(\S+) "\$\(.*\)" -- /, '$1: '));
  };

  test.each<[string, Traffic, ((analysis: Analysis) => Party) | undefined, readonly string[]]>([
    ['a port of a Service', tcp(8080), undefined, ['busybox:1.36: nc -z -v -w 3 api.shop.svc 80']],
    ['a request', tcp(8080, { http: { method: 'POST', path: '/a b\'c', headers: { 'X-Team': 'red' } } }), undefined,
      ['curlimages/curl:8.10.1: curl --silent --show-error --include --max-time 3 --request POST --header \'X-Team: red\' \'http://api.shop.svc:80/a b\'\\\'\'c\'']],
    ['an address', tcp(443), () => outside('2001:db8::7'), ['busybox:1.36: nc -z -v -w 3 2001:db8::7 443']],
    ['a name', tcp(443), () => outside('203.0.113.7', ['api.example.com']), ['busybox:1.36: nc -z -v -w 3 api.example.com 443']],
    ['a ping', { protocol: 1, icmp: { type: 8, code: 0 } }, () => outside('203.0.113.7'), ['busybox:1.36: ping -c 1 -W 3 203.0.113.7']],
    ['a question', { ...udp(53), dnsName: 'api.example.com' }, () => outside('203.0.113.7'), ['busybox:1.36: nslookup api.example.com 203.0.113.7']],
    ['what no tool can tell', udp(9000), () => outside('203.0.113.7'), []],
    ['pods without a Service or an address', tcp(5432), analysis => party(analysis, 'shop/db'), []],
  ])('of %s', (_name, traffic, destination, expected) => {
    expect(probes(traffic, destination)).toEqual(expected);
  });

  test('on Cilium, Hubble shows what became of it', () => {
    expect(probes(tcp(8080), undefined, { cni: 'cilium' })[1]).toBe('hubble observe --last=20 --from-pod=shop/web --to-pod=shop/api --port=8080');
    expect(probes(tcp(443), () => outside('203.0.113.7', ['api.example.com']), { cni: 'cilium' })[1]).toBe('hubble observe --last=20 --from-pod=shop/web --to-fqdn=api.example.com --port=443');
  });

  test('words reach the command as they are, whatever they hold', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('$(reboot)', '`id`', '\'', '"', '\\', 'a b', '*', '~', '', '=x', '#', '!!', ';', 'a\nb', '-')).map(text => text.replace(/\0/g, ''));
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), words => {
      const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${command(...words)}`]).toString();
      expect(printed.split('\0').slice(0, -1)).toEqual(words);
    }), { numRuns: 60 });
  });

  test('hostile names stay inside their words', () => {
    const analysis = analysisOf(SHOP, { cni: 'cilium' });
    const web = party(analysis, 'shop/web');
    const [namespaceName, label] = ['a\'; reboot; \'', '$(reboot)'];
    const source: Party = { ...web, workload: { ...web.workload!, namespace: namespaceName, name: '`reboot`', labels: { app: label } } };
    const commands = probesOf(analysis, { source, destination: outside('203.0.113.7'), traffic: tcp(80) });
    const printed = commands.map(probe => execFileSync('sh', ['-c', `kubectl() { printf '%s\\n' "$@" >&2; printf '%s\\n' "$@"; }; hubble() { kubectl "$@"; }; { ${probe}; } 2>&1`]).toString());
    expect(printed[0]).toContain(`--namespace=${namespaceName}\n`);
    expect(printed[0]).toContain(`--selector=app=${label}\n`);
    expect(printed[1]).toContain(`--from-pod=${namespaceName}/\`reboot\`\n`);
  });
});

test('a diagnosis is plain data, in lines that a terminal can be trusted with', () => {
  const checks: readonly Check[] = toApi(networkPolicy('shop/a\u001b[2J\nb', { podSelector: {} })).checks;
  expect(JSON.parse(JSON.stringify(checks))).toEqual(checks);
  expect(JSON.stringify(checks)).toContain('shop/a\\\\u001b[2J\\\\nb');
});

test('a request that no dialect could write leaves the diagnosis, without a policy', () => {
  const analysis = analysisOf(SHOP + DENY, { cni: 'cilium' });
  const traffic: Traffic = { ...tcp(8080), http: { method: 'GET', path: `/${'a'.repeat(5000)}` } };
  const { fix } = diagnose(analysis, { source: party(analysis, 'shop/web'), destination: party(analysis, 'shop/api'), traffic });
  expect(fix).toEqual({ text: expect.stringContaining('no policy that lets it pass could be written: ') });
});
