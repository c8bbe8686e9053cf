import { deploymentObject, Json, namespaceObject, networkPolicy, podObject, podsWith, tcp } from './objects';
import { Random } from './random';

/** Clusters of the sizes and forms that are known from the literature. */
export interface Shape {
  readonly name: string;
  readonly what: string;
  readonly cni?: string;
  /** Ports that verdicts are asked for. */
  readonly ports: readonly number[];
  readonly targets: Targets;
  /** Made one by one, as they are asked for. */
  objects(): Iterable<Json>;
}

export interface Targets {
  /** In seconds, from the first object to the first answer. */
  readonly ready: number;
  /** In megabytes, of the whole process. */
  readonly memory?: number;
  /** Verdicts a second. */
  readonly verdicts?: number;
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** Four pods and three policies in each of 25,000 namespaces. */
function* manyNamespaces(distinct: boolean): Iterable<Json> {
  for (let n = 0; n < 25_000; n++) {
    const namespace = `ns-${n}`;
    const app = (i: number) => `app${i % 4}${distinct ? `-${n}` : ''}`;
    yield namespaceObject(namespace, { team: `t${n % 500}` });
    for (let i = 0; i < 4; i++) { yield podObject(namespace, `p${i}`, { app: app(i), tier: `t${i % 2}` }); }
    for (let i = 0; i < 3; i++) {
      const oneTier = { matchExpressions: [{ key: 'tier', operator: 'In', values: ['t1'] }] };
      yield networkPolicy(namespace, `np${i}`, {
        podSelector: { matchLabels: { app: app(i) } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{
          from: [podsWith({ app: app(i + 1) }), { namespaceSelector: { matchLabels: { team: `t${(n + i) % 500}` } }, podSelector: oneTier }],
          ports: [tcp(80)],
        }],
        egress: [
          { to: [podsWith({ app: app(i + 3) })], ports: [tcp(80)] },
          { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ns-0' } } }], ports: [{ protocol: 'UDP', port: 53 }] },
          { to: [{ ipBlock: { cidr: `10.${n % 250}.${i}.0/24` } }] },
        ],
      });
    }
  }
}

/** One namespace, and every policy is about every pod, each with a port of its own. */
function* everyPolicyAboutEveryPod(): Iterable<Json> {
  yield namespaceObject('shop');
  for (const i of range(10_000)) { yield podObject('shop', `p${i}`, { app: `app${i}` }); }
  for (const i of range(10_000)) {
    yield networkPolicy('shop', `np${i}`, {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }], ports: [tcp(1 + i)] }],
      egress: [{ to: [{ podSelector: {} }], ports: [tcp(1 + i)] }],
    });
  }
}

/** In each of 100 namespaces 1,000 pods of 100 applications, what denies all, and a policy for each application. */
function* largeNamespaces(): Iterable<Json> {
  for (const n of range(100)) {
    const namespace = `ns-${n}`;
    yield namespaceObject(namespace, { team: `t${n % 10}` });
    for (const i of range(1000)) { yield podObject(namespace, `p${i}`, { app: `app${i % 100}`, tier: `t${i % 3}` }); }
    yield networkPolicy(namespace, 'deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const i of range(100)) {
      const team = { namespaceSelector: { matchLabels: { team: `t${i % 10}` } }, ...podsWith({ tier: 't1' }) };
      yield networkPolicy(namespace, `np${i}`, {
        podSelector: { matchLabels: { app: `app${i}` } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [podsWith({ app: `app${(i + 1) % 100}` }), team], ports: [tcp(80)] }],
        egress: [{ to: [podsWith({ app: `app${(i + 99) % 100}` })], ports: [tcp(80)] }, { to: [{ ipBlock: { cidr: `10.${n}.${i}.0/24` } }] }],
      });
    }
  }
}

function* aPolicyForEachPod(): Iterable<Json> {
  yield namespaceObject('shop');
  for (const i of range(10_000)) { yield podObject('shop', `p${i}`, { app: `app${i}` }); }
  for (const i of range(10_000)) {
    yield networkPolicy('shop', `np${i}`, {
      podSelector: { matchLabels: { app: `app${i}` } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: range(3).map(k => podsWith({ app: `app${(i + k + 1) % 10_000}` })), ports: [tcp(80)] }],
      egress: [{ to: range(3).map(k => podsWith({ app: `app${(i + 9_999 - k) % 10_000}` })), ports: [tcp(80)] }],
    });
  }
}

const CALICO = 'projectcalico.org/v3';
const SETS = 3708;
const TIERS = 5;

/** 294 policies of 68 rules in five tiers; sets of 69 ranges each, which the rules find by a label. */
function* calicoTiersAndSets(): Iterable<Json> {
  const random = new Random();
  for (const t of range(TIERS)) {
    yield { apiVersion: CALICO, kind: 'Tier', metadata: { name: `tier-${t}` }, spec: { order: 100 + t, defaultAction: t < TIERS - 1 ? 'Pass' : 'Deny' } };
  }
  const net = () => `${1 + random.below(223)}.${random.below(256)}.${random.below(256)}.${random.below(256)}/${24 + random.below(9)}`;
  for (const s of range(SETS)) {
    yield { apiVersion: CALICO, kind: 'GlobalNetworkSet', metadata: { name: `set-${s}`, labels: { set: `s${s}` } }, spec: { nets: range(69).map(net) } };
  }
  for (const n of range(20)) {
    yield namespaceObject(`ns-${n}`);
    for (const i of range(100)) { yield podObject(`ns-${n}`, `p${i}`, { role: `r${i % 20}`, app: `app${i}` }, { status: { podIP: `10.${n}.${i}.1` } }); }
  }
  const rule = (): Json => {
    const [set, first] = [random.below(SETS), 1 + random.below(60_000)];
    return {
      action: random.below(20) === 0 ? 'Deny' : random.below(20) === 0 ? 'Pass' : 'Allow',
      protocol: 'TCP',
      destination: { selector: `set == "s${set}"`, ports: [`${first}:${first + random.below(5000)}`] },
    };
  };
  for (const p of range(294)) {
    const tier = `tier-${p % TIERS}`;
    yield {
      apiVersion: CALICO,
      kind: 'GlobalNetworkPolicy',
      metadata: { name: `${tier}.p${p}` },
      spec: { tier, order: p, selector: `role == "r${p % 20}"`, types: ['Egress'], egress: range(68).map(rule) },
    };
  }
}

/** 5,000 policies over 50 namespaces: what is allowed, by HTTP too, what is denied, DNS and names. */
function* ciliumWithDenyAndHttp(): Iterable<Json> {
  const app = (i: number) => ({ matchLabels: { app: `app${i % 100}` } });
  const ports = (port: number, more: Json = {}) => [{ ports: [{ port: `${port}`, protocol: 'TCP' }], ...more }];
  for (const n of range(50)) {
    const namespace = `ns-${n}`;
    yield namespaceObject(namespace, { team: `t${n % 10}` });
    for (const i of range(100)) { yield podObject(namespace, `p${i}`, { app: `app${i}`, tier: `t${i % 3}` }); }
    for (const i of range(100)) {
      const team = { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': `t${i % 10}`, 'tier': 't1' } };
      const dns = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } };
      yield {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: `cnp${i}`, namespace },
        spec: {
          endpointSelector: app(i),
          ingress: [
            { fromEndpoints: [app(i + 1)], toPorts: ports(80, { rules: { http: [{ method: 'GET', path: '/api/.*' }] } }) },
            { fromEndpoints: [team], toPorts: ports(8080) },
          ],
          ingressDeny: [{ fromEndpoints: [app(i + 7)] }],
          egress: [
            { toEndpoints: [app(i + 99)], toPorts: ports(80) },
            { toEndpoints: [dns], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*.example.com' }] } }] },
            { toFQDNs: [{ matchPattern: '*.example.com' }], toPorts: ports(443) },
          ],
          egressDeny: [{ toCIDRSet: [{ cidr: '169.254.0.0/16' }] }],
        },
      };
    }
  }
}

/** Ten workloads in a namespace; each is called by the two before it. Output grows as the workloads do. */
export function* constantDegree(workloads: number): Iterable<Json> {
  for (const n of range(Math.ceil(workloads / 10))) {
    const namespace = `ns-${n}`;
    yield namespaceObject(namespace, { team: `t${n % 7}` });
    for (const i of range(10)) {
      const labels = (k: number) => ({ app: `w${(k + 10) % 10}` });
      yield deploymentObject(namespace, `w${i}`, labels(i));
      yield networkPolicy(namespace, `np${i}`, {
        podSelector: { matchLabels: labels(i) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [podsWith(labels(i - 1)), podsWith(labels(i - 2))], ports: [tcp(8080)] }],
        egress: [
          { to: [podsWith(labels(i + 1)), podsWith(labels(i + 2))], ports: [tcp(8080)] },
          { to: [{ ipBlock: { cidr: `198.51.${i}.0/24` } }], ports: [tcp(443)] },
        ],
      });
    }
  }
}

const LARGEST: Targets = { ready: 3, memory: 1024, verdicts: 1_000_000 };
const OTHERS: Targets = { ready: 3 };
const PORTS = [80, 443, 8080];

export const SHAPES: readonly Shape[] = [
  {
    name: 'a-equal',
    what: '25,000 namespaces, 75,000 policies, 100,000 pods, with the same labels in each namespace',
    ports: [80],
    targets: LARGEST,
    objects: () => manyNamespaces(false),
  },
  { name: 'a-distinct', what: 'the same, with labels of its own in each namespace', ports: [80], targets: LARGEST, objects: () => manyNamespaces(true) },
  {
    name: 'b',
    what: '1 namespace, 10,000 policies, each about all of 10,000 pods, with a port of its own',
    ports: [80, 9_999, 20_000],
    targets: OTHERS,
    objects: everyPolicyAboutEveryPod,
  },
  { name: 'c', what: '100 namespaces, 10,100 policies, 100,000 pods', ports: PORTS, targets: OTHERS, objects: largeNamespaces },
  { name: 'd', what: '10,000 pods in one namespace, with a policy for each', ports: PORTS, targets: OTHERS, objects: aPolicyForEachPod },
  {
    name: 'e',
    what: 'Calico: 294 policies of 68 rules in tiers, 3,708 sets with 256,000 ranges, 2,000 pods',
    cni: 'calico',
    ports: [80, 20_000, 50_000],
    targets: OTHERS,
    objects: calicoTiersAndSets,
  },
  { name: 'f', what: 'Cilium: 5,000 policies with deny, HTTP and names, 5,000 pods', cni: 'cilium', ports: PORTS, targets: OTHERS, objects: ciliumWithDenyAndHttp },
];
