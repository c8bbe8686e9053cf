import { Analysis } from '../../src/analysis/analysis';
import { findParty } from '../../src/analysis/find-party';
import { readText } from '../../src/analysis/input/read-paths';
import { Traffic } from '../../src/analysis/party';
import { Answer } from '../../src/model/evaluate';

/**
 * What well-known tutorials get wrong, as texts of YAML that somebody pastes: what cannot be right is a problem with its line and the right
 * form, and the analysis says that it is not complete; what can be is answered as the cluster does it.
 */

const WORLD = `
apiVersion: v1
kind: Namespace
metadata: {name: production, labels: {env: prod}}
---
apiVersion: v1
kind: Namespace
metadata: {name: monitoring, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: production}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: payment-processor, namespace: production}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, namespace: production}
spec: {template: {metadata: {labels: {app: frontend}}, spec: {containers: [{name: main, image: i}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: production}
spec: {template: {metadata: {labels: {app: api}}, spec: {containers: [{name: main, image: i, ports: [{containerPort: 8080}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: database, namespace: production}
spec: {template: {metadata: {labels: {app: database}}, spec: {containers: [{name: main, image: i, ports: [{containerPort: 5432}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: prometheus, namespace: monitoring}
spec: {template: {metadata: {labels: {app: prometheus}}, spec: {containers: [{name: main, image: i}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec: {template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: [{name: main, image: i, ports: [{containerPort: 53, protocol: UDP}]}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: kubelet-probe, namespace: kube-system}
spec: {hostNetwork: true, nodeName: n1, containers: [{name: main, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: probed, namespace: production, labels: {app: probed}}
spec: {nodeName: n1, containers: [{name: main, image: i}]}
`;

const RANGES = { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] };

const analysed = (text: string, cni: string): Analysis => Analysis.of(readText(`${WORLD}---\n${text}`, 'tutorial.yaml'), { cni, ...RANGES });

let count = 0;

const policy = (apiVersion: string, kind: string) => (spec: string, metadata = `{name: tutorial-${count++}, namespace: production}`): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec:\n${spec.trim().replace(/^/gm, '  ')}\n---\n`;
const np = policy('networking.k8s.io/v1', 'NetworkPolicy');
const cnp = policy('cilium.io/v2', 'CiliumNetworkPolicy');
const calico = policy('projectcalico.org/v3', 'NetworkPolicy');

describe('what cannot be right is a problem with its line, and the analysis is not complete', () => {
  test.each<[string, string, string, RegExp[]]>([
    ['(1) Calico ports without a protocol', 'calico', calico('types: [Ingress]\ningress:\n- action: Allow\n  destination: {ports: [8080]}'), [/protocol/, /TCP/]],
    ['(2) Calico protocol TLS', 'calico', calico('types: [Egress]\negress:\n- action: Allow\n  protocol: TLS\n  destination: {ports: [443]}'), [/TLS/, /TCP/]],
    ['(3) Calico domains', 'calico', calico('types: [Egress]\negress:\n- action: Allow\n  destination: {domains: [api.example.com]}'), [/domains/]],
    ['(4) a Cilium port beside its list', 'cilium', cnp('endpointSelector: {}\ningress:\n- toPorts: [{port: "80"}]'), [/port/, /ports/]],
    ['(5) a Cilium header that is a map', 'cilium', cnp('endpointSelector: {}\ningress:\n- toPorts:\n  - ports: [{port: "80", protocol: TCP}]\n    rules: {http: [{headers: [X-API-Version: 2]}]}'), [/headers/]],
    ['(19) rules for requests without TCP', 'cilium', cnp('endpointSelector: {}\ningress:\n- toPorts:\n  - ports: [{port: "8080"}]\n    rules: {http: [{method: GET, path: "/api/v1/.*"}]}'), [/TCP/]],
    ['(24) Calico service accounts as a list', 'calico', calico('types: [Ingress]\ningress:\n- action: Allow\n  source: {serviceAccounts: [{name: payment-processor}]}'), [/serviceAccounts/]],
    ['(27) a SPIFFE ID as the value of a label', 'kubernetes', np('podSelector: {}\ningress:\n- from: [{podSelector: {matchLabels: {spiffe-id: "spiffe://example.org/ns/a/sa/b"}}}]'), [/spiffe:\/\//]],
    ['(46) a policy that lost its indentation', 'kubernetes', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\nname: deny-all\nnamespace: production\nspec:\npodSelector: {}\npolicyTypes:\n- Ingress\n', [/indentation/]],
    ['(46) a policy whose spec is empty', 'kubernetes', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny-all, namespace: production}\nspec:\n', [/spec/]],
    ['(46) typographic quotes', 'cilium', cnp('endpointSelector: {}\ningress:\n- toPorts: [{ports: [{port: “80”, protocol: TCP}]}]'), [/quote|80/]],
    ['(46) tabs', 'kubernetes', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n\tname: deny-all\n', [/tab/i]],
    ['a Calico range with a dash', 'calico', calico('types: [Ingress]\ningress:\n- action: Allow\n  protocol: TCP\n  destination: {ports: ["8000-9000"]}'), [/8000:9000/]],
    ['a bare address in toCIDR', 'cilium', cnp('endpointSelector: {}\negress:\n- toCIDR: [192.0.2.1]'), [/192\.0\.2\.1/]],
  ])('%s', (_name, cni, text, explained) => {
    const { problems } = analysed(text, cni);
    expect(problems).toHaveLength(1);
    const [{ at, message }] = problems;
    expect(at).toMatch(/^tutorial\.yaml:\d+/);
    for (const part of explained) { expect(message).toMatch(part); }
  });

  test('what is not read is said, and never taken as what it would mean', () => {
    const { problems, notes } = analysed('apiVersion: spire.spiffe.io/v1beta1\nkind: SPIREIdentity\nmetadata: {name: a}\n', 'kubernetes');
    expect([...problems.map(({ message }) => message), ...notes].join('\n')).not.toContain('undefined');
  });
});

/** Flows by their answer, such as `frontend -> api TCP 8080`. */
type Flows = Partial<Record<Answer, readonly string[]>>;

const PROTOCOLS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17 };

function answerTo(analysis: Analysis, text: string): Answer {
  const [from, , to, protocol, port, method, path] = text.split(' ');
  const [source, destination] = [from, to].map(end => findParty(analysis, end).parties[0]);
  const traffic: Traffic = {
    protocol: PROTOCOLS[protocol], port: Number(port), ...(method === 'asks' ? { dnsName: path } : method ? { http: { method, path, host: 'api', headers: {} } } : {}),
  };
  return analysis.answer(source, destination, traffic);
}

const DENY_ALL = np('podSelector: {}\npolicyTypes: [Ingress, Egress]');
const DNS = np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]\n  ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]');

describe('what is valid is answered as the cluster does it', () => {
  test.each<[string, string, string, Flows]>([
    ['(6, 15) two items are alternatives, in every CNI', 'kubernetes', np('podSelector: {}\ningress:\n- from:\n  - namespaceSelector: {matchLabels: {team: a}}\n  - podSelector: {matchLabels: {app: frontend}}'), {
      allowed: ['prometheus -> api TCP 8080', 'frontend -> api TCP 8080'], denied: ['database -> api TCP 8080'],
    }],
    ['(15) on Cilium too', 'cilium', np('podSelector: {}\ningress:\n- from:\n  - namespaceSelector: {matchLabels: {team: a}}\n  - podSelector: {matchLabels: {app: frontend}}'), {
      allowed: ['prometheus -> api TCP 8080', 'frontend -> api TCP 8080'], denied: ['database -> api TCP 8080'],
    }],
    ['(15) on Calico too', 'calico', np('podSelector: {}\ningress:\n- from:\n  - namespaceSelector: {matchLabels: {team: a}}\n  - podSelector: {matchLabels: {app: frontend}}'), {
      allowed: ['prometheus -> api TCP 8080', 'frontend -> api TCP 8080'], denied: ['database -> api TCP 8080'],
    }],
    ['(9) closing kube-system closes the DNS for everybody', 'kubernetes', np('podSelector: {}\npolicyTypes: [Ingress]', '{name: deny-system, namespace: kube-system}'), { denied: ['frontend -> coredns UDP 53'] }],
    ['(12) an ingress rule alone does not open a flow whose source is closed', 'kubernetes', `${DENY_ALL}${np('podSelector: {matchLabels: {app: api}}\npolicyTypes: [Ingress]\ningress:\n- from: [{podSelector: {matchLabels: {app: frontend}}}]', '{name: web-to-api, namespace: production}')}`, {
      denied: ['frontend -> api TCP 8080'],
    }],
    ['(13) who closes egress closes the DNS', 'kubernetes', DENY_ALL, { denied: ['frontend -> coredns UDP 53', 'frontend -> coredns TCP 53'] }],
    ['(14) one protocol of DNS is one', 'kubernetes', `${np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- ports: [{port: 53, protocol: UDP}]')}`, { allowed: ['frontend -> coredns UDP 53'], denied: ['frontend -> coredns TCP 53'] }],
    ['(16) an empty namespaceSelector is every pod, and not the internet', 'kubernetes', `${np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{namespaceSelector: {}}]\n  ports: [{port: 443}]')}`, {
      allowed: ['frontend -> prometheus TCP 443'], denied: ['frontend -> 203.0.113.7 TCP 443'],
    }],
    ['(17) without `to` it is any destination', 'kubernetes', np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- ports: [{port: 53, protocol: UDP}]'), { allowed: ['frontend -> 203.0.113.7 UDP 53', 'frontend -> coredns UDP 53'] }],
    ['(18) a pattern that is thought to leave out /admin holds it', 'cilium', cnp('endpointSelector: {}\ningress:\n- toPorts:\n  - ports: [{port: "8080", protocol: TCP}]\n    rules: {http: [{method: GET, path: "/api/v1/.*"}, {method: GET, path: /health}]}'), {
      allowed: ['frontend -> api TCP 8080 GET /api/v1/users', 'frontend -> api TCP 8080 GET /api/v1/admin', 'frontend -> api TCP 8080 GET /health'],
      denied: ['frontend -> api TCP 8080 DELETE /api/v1/users', 'frontend -> api TCP 8080 GET /admin'],
      partial: ['frontend -> api TCP 8080'],
    }],
    ['(20) a trailing Deny of an early order voids NetworkPolicies', 'calico', `${np('podSelector: {}\ningress: [{}]')}${calico('order: 100\ntypes: [Ingress]\ningress:\n- {action: Allow, source: {selector: app == "frontend"}}\n- {action: Deny}')}`, {
      allowed: ['frontend -> api TCP 8080'], denied: ['database -> api TCP 8080'],
    }],
    ['(21) DNS to anybody is a way out', 'calico', calico('types: [Egress]\negress:\n- {action: Allow, protocol: TCP, destination: {ports: [53]}}'), { allowed: ['frontend -> 203.0.113.7 TCP 53'], denied: ['frontend -> coredns UDP 53'] }],
    ['(22) nobody sets the label name on a namespace', 'kubernetes', np('podSelector: {}\ningress:\n- from: [{namespaceSelector: {matchLabels: {name: monitoring}}}]'), { denied: ['prometheus -> api TCP 8080'] }],
    ['(22) the label that is always there', 'kubernetes', np('podSelector: {}\ningress:\n- from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]'), { allowed: ['prometheus -> api TCP 8080'] }],
    ['(23) which pods do not have', 'kubernetes', np('podSelector: {}\ningress:\n- from: [{podSelector: {matchLabels: {kubernetes.io/metadata.name: production}}}]'), { denied: ['frontend -> api TCP 8080'] }],
    ['(25) questions alone are no connections', 'cilium', cnp('endpointSelector: {}\negress:\n- toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}]\n  toPorts:\n  - ports: [{port: "53", protocol: UDP}]\n    rules: {dns: [{matchPattern: "*"}]}'), {
      allowed: ['frontend -> coredns UDP 53 asks api.example.com', 'frontend -> coredns UDP 53 asks tunnel.evil.example'], denied: ['frontend -> api.example.com TCP 443', 'frontend -> coredns TCP 53'],
    }],
    ['(30) the private ranges are not all that is inside', 'kubernetes', np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]}}]'), {
      allowed: ['frontend -> 169.254.169.254 TCP 80', 'frontend -> 100.100.100.200 TCP 80', 'frontend -> 203.0.113.7 TCP 443'], denied: ['frontend -> api TCP 8080'],
    }],
    ['(8) the metadata service of Alibaba Cloud is not link-local', 'kubernetes', np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]'), {
      allowed: ['frontend -> 100.100.100.200 TCP 80'], denied: ['frontend -> 169.254.169.254 TCP 80', 'frontend -> 169.254.170.2 TCP 80'],
    }],
    ['(36) the block of one address opens every pod where a range is also its pods', 'kubernetes', `${DENY_ALL}${np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]')}`, {
      allowed: ['frontend -> 203.0.113.7 TCP 443', 'frontend -> prometheus TCP 80'], denied: ['frontend -> 169.254.169.254 TCP 80'],
    }],
    ['(36) and closes them on Cilium', 'cilium', np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]'), {
      allowed: ['frontend -> 203.0.113.7 TCP 443', 'frontend -> 169.254.170.2 TCP 80'], denied: ['frontend -> api TCP 8080', 'frontend -> coredns UDP 53'],
    }],
    ['(34) a pod without labels is stopped by its own default deny, which says nothing about the database', 'kubernetes', `${DENY_ALL}${np('podSelector: {matchLabels: {app: database}}\ningress:\n- {}')}`, {
      denied: ['probed -> database TCP 5432', 'api -> database TCP 5432'], allowed: ['prometheus -> database TCP 5432'],
    }],
    ['(36) it closes the DNS of GKE, which has that address, and leaves the credentials of pods open', 'kubernetes', np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]'), {
      denied: ['frontend -> 169.254.169.254 UDP 53'], allowed: ['frontend -> 169.254.170.23 TCP 80', 'frontend -> 203.0.113.7 TCP 443'],
    }],
    ['(37) replies need no egress: such a rule lets the database connect', 'kubernetes', `${np('podSelector: {matchLabels: {app: database}}\npolicyTypes: [Egress]\negress:\n- to: [{podSelector: {matchLabels: {app: api}}}]')}`, { allowed: ['database -> api TCP 8080', 'api -> database TCP 5432'], denied: ['database -> frontend TCP 80'] }],
    ['(38) policies add up, whatever their order', 'kubernetes', `${DENY_ALL}${DNS}`, { allowed: ['frontend -> coredns UDP 53'], denied: ['frontend -> api TCP 8080'] }],
    ['(38) backwards too', 'kubernetes', `${DNS}${DENY_ALL}`, { allowed: ['frontend -> coredns UDP 53'], denied: ['frontend -> api TCP 8080'] }],
    ['(40) a policy for pods never selects one on the host network', 'kubernetes', np('podSelector: {}\npolicyTypes: [Ingress, Egress]', '{name: deny-system, namespace: kube-system}'), {
      allowed: ['kubelet-probe -> api TCP 8080', 'kubelet-probe -> 203.0.113.7 TCP 443', 'frontend -> kubelet-probe TCP 10250'], denied: ['frontend -> coredns UDP 53'],
    }],
    ['(41) the node of a pod reaches it without a rule', 'kubernetes', DENY_ALL, { allowed: ['kubelet-probe -> probed TCP 8080'] }],
    ['(47) a policy without a namespace is of the default one', 'kubernetes', np('podSelector: {}', '{name: tutorial}'), { allowed: ['prometheus -> api TCP 8080'] }],
    ['the right form of (24)', 'calico', calico('types: [Ingress]\ningress:\n- {action: Allow, protocol: TCP, source: {serviceAccounts: {names: [default]}}, destination: {ports: [8443]}}'), {
      allowed: ['frontend -> api TCP 8443'], denied: ['frontend -> api TCP 8080', 'prometheus -> api TCP 8443'],
    }],
    ['the right form of (3): a set of addresses, and global()', 'calico', `${calico('types: [Egress]\negress:\n- {action: Allow, protocol: TCP, destination: {namespaceSelector: global(), selector: "dest == \'example\'", ports: [443]}}')}apiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\nmetadata: {name: example, labels: {dest: example}}\nspec: {nets: [203.0.113.0/24]}\n`, {
      allowed: ['frontend -> 203.0.113.7 TCP 443'], denied: ['frontend -> 203.0.113.7 TCP 80', 'frontend -> 198.51.100.7 TCP 443'],
    }],
    ['(7) an annotation of the namespace audits nothing', 'calico', `${calico('types: [Ingress]')}apiVersion: v1\nkind: Namespace\nmetadata: {name: staging, annotations: {projectcalico.org/policy-audit-mode: enabled}}\n`, { denied: ['prometheus -> api TCP 8080'] }],
    ['names whose addresses no DNS rule lets the proxy learn match nothing', 'cilium', cnp('endpointSelector: {}\negress:\n- toFQDNs: [{matchName: api.example.com}]\n  toPorts: [{ports: [{port: "443", protocol: TCP}]}]'), {
      denied: ['frontend -> api.example.com TCP 443', 'frontend -> coredns UDP 53'],
    }],
    ['a path is matched whole', 'cilium', cnp('endpointSelector: {}\ningress:\n- toPorts:\n  - ports: [{port: "8080", protocol: TCP}]\n    rules: {http: [{path: /public}]}'), { allowed: ['frontend -> api TCP 8080 GET /public'], denied: ['frontend -> api TCP 8080 GET /public/a'] }],
  ])('%s', (_name, cni, text, flows) => {
    const analysis = analysed(text, cni);
    expect(analysis.problems).toEqual([]);
    const answered = Object.fromEntries(Object.entries(flows)
      .map(([answer, texts]) => [answer, texts.filter(flow => answerTo(analysis, flow) === answer)]));
    expect(answered).toEqual(flows);
  });
});

test('(40) and a policy of the host does, where the firewall of the host is on', () => {
  const text = 'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: nodes}\nspec: {nodeSelector: {}, egress: [{toEntities: [cluster]}]}\n';
  const read = (hostFirewall: boolean) => Analysis.of(readText(`${WORLD}---\n${text}`, 'tutorial.yaml'), { cni: 'cilium', features: { hostFirewall }, ...RANGES });
  expect([true, false].map(on => answerTo(read(on), 'kubelet-probe -> 203.0.113.7 TCP 443'))).toEqual(['denied', 'allowed']);
});

test('(36) everything but one address is everything of one IP version: in a dual-stack cluster the other is closed', () => {
  const text = np('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]');
  const ranges = { podCidrs: [...RANGES.podCidrs, 'fd00:10:244::/56'], nodeCidrs: RANGES.nodeCidrs };
  const analysis = Analysis.of(readText(`${WORLD}---\n${text}`, 'tutorial.yaml'), { cni: 'kubernetes', ...ranges });
  expect(['frontend -> 2001:db8::7 TCP 443', 'frontend -> 203.0.113.7 TCP 443'].map(flow => answerTo(analysis, flow))).toEqual(['denied', 'allowed']);
});
