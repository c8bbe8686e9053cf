import { denyAll, dnsToKubeSystem, Example, ingressFrom, namespaceCalled, netpol, podsOf, tcp, udp, WITH_DNS, WITHOUT_EGRESS } from './example';
import { AllowDns, AllowIngressController, Cluster, ClusterDefaultDeny, DefaultDeny, Peer, Port } from '../../../src';

/** Egress of one workload: its database, one range outside, and half of DNS. 004 has the same. */
export const egressOfApi = (range: string) => netpol('api-egress', {
  podSelector: podsOf('api'),
  policyTypes: ['Egress'],
  egress: [
    { to: [{ namespaceSelector: namespaceCalled('kube-system') }], ports: [udp(53)] },
    { to: [{ podSelector: podsOf('database') }], ports: [tcp(5432)] },
    { to: [{ ipBlock: { cidr: range } }], ports: [tcp(443)] },
  ],
});

export const WHOLE_KUBE_SYSTEM = 'every pod of kube-system may be asked on port 53, not only its DNS; and it is no DNS at all where that is NodeLocal DNSCache, on OpenShift and with Cloud DNS of GKE';
export const BY_FACT = '`AllowDns` opens the resolver that the facts of the cluster name';

const DNS_TWICE = netpol('allow-dns', {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [{ to: [{ namespaceSelector: namespaceCalled('kube-system') }, { podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [udp(53), tcp(53)] }],
});

/** Everything that a loop over namespaces that do not begin with "kube-" meets. */
const IN_THE_LOOP = ['shop', 'other', 'storefront', 'cardholder-data', 'ingress-nginx', 'monitoring', 'cert-manager'];

export const EXAMPLES_003: readonly Example[] = [
  {
    id: '003/default-deny-all',
    title: 'First the namespace is closed in both directions; the next step brings DNS back',
    original: [denyAll()],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny');
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080', 'web -> 203.0.113.7 TCP 443'],
    verdict: {
      numbers: [13],
      mistake: 'until the next step no name is resolved: the order is wrong, and what is retried in between fails',
      rightForm: '`DefaultDeny` keeps DNS open; where it is a policy of its own, it is written before what denies',
      closes: ['web -> coredns UDP 53', 'web -> coredns TCP 53'],
    },
  },
  {
    id: '003/default-deny-loop',
    title: 'Every namespace is closed except those of the system',
    original: IN_THE_LOOP.map(namespace => denyAll(undefined, namespace)),
    program: ({ app, chart }) => {
      Cluster.of(app).configure({ addons: ['cert-manager', 'ingress-nginx'] });
      new ClusterDefaultDeny(chart, 'deny', { namespaces: ['shop', 'other', 'storefront', 'cardholder-data'] });
    },
    pass: ['203.0.113.7 -> controller TCP 443', 'web -> coredns UDP 53', 'prometheus -> coredns TCP 9153', 'prometheus -> issuer TCP 9402'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080', 'web -> 203.0.113.7 TCP 443', 'intruder -> vault TCP 8443'],
    verdict: {
      numbers: [10, 11, 13],
      mistake: 'namespaces of add-ons do not begin with kube-: the ingress controller, monitoring and the webhooks are closed, with no policy that opens them; and so is DNS for everybody, since the next step\'s file names one namespace and kubectl refuses it for the others',
      rightForm: '`ClusterDefaultDeny` leaves the namespaces of the distribution and of the add-ons alone, which are data, and brings DNS along; only plain Kubernetes needs the others by name',
      closes: ['203.0.113.7 -> controller TCP 443', 'web -> coredns UDP 53', 'prometheus -> coredns TCP 9153', 'prometheus -> issuer TCP 9402'],
    },
  },
  {
    id: '003/allow-dns',
    title: 'Every pod of the namespace may ask the DNS pods',
    original: [DNS_TWICE],
    program: ({ chart }) => {
      new AllowDns(chart, 'dns');
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53'],
    stop: ['web -> metrics-server UDP 53', 'web -> decoy UDP 53', 'web -> api TCP 8080'],
    verdict: {
      numbers: [6, 15],
      mistake: 'two items of a list are alternatives, in every CNI: all pods of kube-system, or pods of the own namespace with the label of DNS',
      rightForm: 'both selectors in one item, as `AllowDns` and `Peer.pods({ namespaces, labels })` write them',
      opens: ['web -> metrics-server UDP 53', 'web -> decoy UDP 53'],
    },
  },
  {
    id: '003/allow-dns-to-the-namespace',
    title: 'The same for every CNI: DNS to the whole of kube-system',
    original: [dnsToKubeSystem],
    program: ({ chart }) => {
      new AllowDns(chart, 'dns');
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53'],
    stop: ['web -> metrics-server UDP 53', 'web -> decoy UDP 53', 'web -> api TCP 8080'],
    verdict: { numbers: [15], mistake: WHOLE_KUBE_SYSTEM, rightForm: BY_FACT, opens: ['web -> metrics-server UDP 53'] },
  },
  {
    id: '003/api-allow-frontend',
    title: 'In a closed namespace with DNS, the frontend reaches the API',
    original: [ingressFrom('api', 'api', 'web', 8080)],
    beside: [denyAll(), dnsToKubeSystem, egressOfApi('198.51.100.0/24')],
    program: ({ chart, web, api }) => {
      new DefaultDeny(chart, 'deny');
      api.connections.allowFrom(web, Port.tcp(8080));
    },
    pass: ['web -> api TCP 8080', 'web -> coredns UDP 53'],
    stop: ['web -> database TCP 5432', 'neighbour -> api TCP 8080', 'intruder -> api TCP 8080'],
    verdict: {
      numbers: [12],
      mistake: 'nothing lets the frontend out, and the test of the same tutorial that should succeed fails',
      rightForm: WITHOUT_EGRESS,
      closes: ['web -> api TCP 8080'],
    },
  },
  {
    id: '003/database-allow-api',
    title: 'In a closed namespace, the API reaches its database',
    original: [ingressFrom('database', 'database', 'api', 5432)],
    beside: [denyAll(), dnsToKubeSystem, egressOfApi('198.51.100.0/24')],
    program: ({ chart, api, database }) => {
      new DefaultDeny(chart, 'deny');
      api.connections.allowTo(database, Port.POSTGRES);
    },
    pass: ['api -> database TCP 5432', 'api -> coredns UDP 53'],
    stop: ['web -> database TCP 5432', 'database -> api TCP 8080', 'intruder -> database TCP 5432'],
    verdict: 'equal',
  },
  {
    id: '003/frontend-allow-ingress',
    title: 'The ingress controller of another namespace reaches the frontend',
    original: [netpol('frontend', {
      podSelector: podsOf('web'), policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: namespaceCalled('ingress-nginx') }], ports: [tcp(80)] }],
    })],
    program: ({ chart, web }) => {
      new AllowIngressController(chart, 'ingress', { subject: web, port: Port.HTTP });
    },
    pass: ['controller -> web TCP 80'],
    stop: ['intruder -> web TCP 80', 'controller -> web TCP 8080', 'admission -> web TCP 80'],
    verdict: {
      numbers: [],
      mistake: 'every pod of the controller\'s namespace may connect, not only the controller',
      rightForm: '`AllowIngressController` selects the pods of the controller that the facts name, and knows those on the host network',
      opens: ['admission -> web TCP 80'],
    },
  },
  {
    id: '003/api-egress',
    title: 'The API reaches DNS, its database and a payment provider, and nothing else',
    original: [egressOfApi('198.51.100.0/24')],
    program: ({ api, database }) => {
      api.connections.allowTo(database, Port.POSTGRES);
      api.connections.allowTo(Peer.cidr('198.51.100.0/24'), Port.HTTPS);
    },
    pass: ['api -> coredns UDP 53', 'api -> coredns TCP 53', 'api -> database TCP 5432', 'api -> 198.51.100.7 TCP 443'],
    stop: ['api -> 203.0.113.7 TCP 443', 'api -> web TCP 8080', 'api -> metrics-server UDP 53'],
    verdict: {
      numbers: [14, 15],
      mistake: 'DNS over UDP only, which another policy of the tutorial makes good: alone, large answers fail',
      rightForm: WITH_DNS,
      opens: ['api -> metrics-server UDP 53'],
      closes: ['api -> coredns TCP 53'],
    },
  },
];
