import { denyAll, Example, ingressFrom, namespaceCalled, netpol, podsOf, tcp, udp, WITH_DNS, WITHOUT_EGRESS } from './example';
import {
  AllowDns, AllowExternal, AllowIngressController, DefaultDeny, Namespaces, NetworkPolicy, Peer, Port, ProtectSystemNamespace, ZeroTrustNamespace,
} from '../../../src';

/** DNS, and beside it "other necessary egress", which is the pods of every namespace. */
const dnsAndPort443 = netpol('dns-and-443', {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [
    { to: [{ namespaceSelector: namespaceCalled('kube-system') }], ports: [udp(53), tcp(53)] },
    { to: [{ namespaceSelector: {} }], ports: [tcp(443)] },
  ],
});

const labelled = (name: string) => ({ matchLabels: { name } });

export const NAMESPACE_EXAMPLES: readonly Example[] = [
  {
    id: '001/api-backend-policy',
    title: 'The web frontend reaches the API, the API its database, and the API nothing else',
    original: [netpol('api', {
      podSelector: podsOf('api'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: podsOf('web') }], ports: [tcp(8080)] }],
      egress: [{ to: [{ podSelector: podsOf('database') }], ports: [tcp(5432)] }],
    })],
    program: ({ web, api, database }) => {
      api.connections.allowFrom(web, Port.tcp(8080));
      api.connections.allowTo(database, Port.POSTGRES);
    },
    pass: ['web -> api TCP 8080', 'api -> database TCP 5432', 'api -> coredns UDP 53', 'api -> coredns TCP 53'],
    stop: ['web -> api TCP 9090', 'neighbour -> api TCP 8080', 'intruder -> api TCP 8080', 'api -> web TCP 8080', 'api -> 203.0.113.7 TCP 443'],
    verdict: {
      numbers: [13],
      mistake: 'egress is isolated and DNS is not among its rules: the API cannot resolve the name of its database',
      rightForm: WITH_DNS,
      closes: ['api -> coredns UDP 53', 'api -> coredns TCP 53'],
    },
  },
  {
    id: '001/default-deny-ingress',
    title: 'Nobody may connect to the pods of the namespace',
    original: [denyAll(['Ingress'])],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny', { egress: false });
    },
    pass: ['web -> 203.0.113.7 TCP 443', 'web -> coredns UDP 53'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080', '203.0.113.7 -> web TCP 80'],
    verdict: 'equal',
  },
  {
    id: '001/default-deny-egress',
    title: 'The pods of the namespace may connect to nobody, not even to DNS, until policies allow it',
    original: [denyAll(['Egress'])],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny', { ingress: false, dns: false });
    },
    pass: ['intruder -> api TCP 8080'],
    stop: ['web -> api TCP 8080', 'web -> 203.0.113.7 TCP 443', 'web -> coredns UDP 53'],
    verdict: 'equal',
  },
  {
    id: '001/default-deny-all',
    title: 'Both directions are closed before anything is deployed, DNS too',
    original: [denyAll()],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny', { dns: false });
    },
    pass: ['intruder -> storefront TCP 8080'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080', 'web -> 203.0.113.7 TCP 443', 'web -> coredns UDP 53'],
    verdict: 'equal',
  },
  {
    id: '001/allow-web-to-api',
    title: 'In a closed namespace, the web frontend reaches the API',
    original: [ingressFrom('web-to-api', 'api', 'web', 8080)],
    beside: [denyAll(), dnsAndPort443],
    program: ({ chart, web, api }) => {
      new DefaultDeny(chart, 'deny');
      api.connections.allowFrom(web, Port.tcp(8080));
    },
    pass: ['web -> api TCP 8080', 'web -> coredns UDP 53'],
    stop: ['web -> database TCP 5432', 'neighbour -> api TCP 8080', 'intruder -> api TCP 8080'],
    verdict: {
      numbers: [12],
      mistake: 'egress is denied in the whole namespace, and only the API\'s ingress is opened: the connection is stopped at the frontend',
      rightForm: WITHOUT_EGRESS,
      closes: ['web -> api TCP 8080'],
    },
  },
  {
    id: '001/allow-api-to-db',
    title: 'In a closed namespace, the API reaches its database',
    original: [ingressFrom('api-to-database', 'database', 'api', 5432)],
    beside: [denyAll(), dnsAndPort443],
    program: ({ chart, api, database }) => {
      new DefaultDeny(chart, 'deny');
      api.connections.allowTo(database, Port.POSTGRES);
    },
    pass: ['api -> database TCP 5432', 'api -> coredns UDP 53'],
    stop: ['web -> database TCP 5432', 'database -> api TCP 8080', 'intruder -> database TCP 5432'],
    verdict: {
      numbers: [12],
      mistake: 'only the database\'s ingress is opened: the connection is stopped at the API',
      rightForm: WITHOUT_EGRESS,
      closes: ['api -> database TCP 5432'],
    },
  },
  {
    id: '001/from-two-namespaces',
    title: 'The frontend of another namespace and Prometheus of the monitoring namespace reach the API',
    original: [netpol('from-namespaces', {
      podSelector: podsOf('api'),
      policyTypes: ['Ingress'],
      ingress: [{
        from: [
          { namespaceSelector: labelled('storefront'), podSelector: podsOf('web') },
          { namespaceSelector: labelled('monitoring'), podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } },
        ],
      }],
    })],
    program: ({ api }) => {
      api.connections.allowFrom(Peer.pods({ namespaces: Namespaces.named('storefront'), labels: { app: 'web' } }), Port.tcp(8080));
      api.connections.allowFrom(Peer.monitoring(), Port.tcp(9102));
    },
    pass: ['storefront -> api TCP 8080', 'prometheus -> api TCP 9102'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080', 'controller -> api TCP 8080'],
    verdict: {
      numbers: [22],
      mistake: 'nobody puts the label `name` on namespaces, so that no peer matches; and it names no ports, which is every port',
      rightForm: '`Namespaces.named(...)` selects by `kubernetes.io/metadata.name`, which every namespace has; a port is always stated',
      closes: ['storefront -> api TCP 8080', 'prometheus -> api TCP 9102'],
    },
  },
  {
    id: '001/production-isolation',
    title: 'Only pods of the same namespace and the ingress controller reach the pods of a namespace',
    original: [netpol('isolation', {
      podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: labelled('shop') }, { namespaceSelector: labelled('ingress-nginx') }] }],
    })],
    program: ({ chart, web }) => {
      new NetworkPolicy(chart, 'same-namespace', { ingress: [{ peers: [Peer.namespaces(Namespaces.same())], ports: [Port.all()] }] });
      new AllowIngressController(chart, 'ingress', { subject: web, port: Port.tcp(8080) });
    },
    pass: ['web -> api TCP 8080', 'api -> database TCP 5432', 'controller -> web TCP 8080'],
    stop: ['intruder -> api TCP 8080', 'prometheus -> api TCP 8080', '203.0.113.7 -> web TCP 8080'],
    verdict: {
      numbers: [22],
      mistake: 'the label `name` is on no namespace, not on the own one either: the namespace is closed to itself and to the ingress controller',
      rightForm: 'the own namespace by `Namespaces.same()`, the controller by the fact of the cluster',
      closes: ['web -> api TCP 8080', 'api -> database TCP 5432', 'controller -> web TCP 8080'],
    },
  },
  {
    id: '001/deny-system-namespaces',
    title: 'Applications do not reach the system services in kube-system',
    original: [netpol('deny-system', {
      podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: namespaceCalled('kube-system') }] }],
    }, 'kube-system')],
    program: ({ chart }) => {
      new ProtectSystemNamespace(chart, 'system');
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53', 'prometheus -> coredns TCP 9153'],
    stop: ['web -> metrics-server TCP 443', 'intruder -> coredns TCP 8080'],
    verdict: {
      numbers: [9],
      mistake: 'the cluster\'s DNS is in kube-system: no pod of any other namespace resolves a name any more, and nobody scrapes or calls what is there',
      rightForm: '`ProtectSystemNamespace`: DNS stays open to every namespace, its metrics to monitoring, and what the API server calls to the API server',
      closes: ['web -> coredns UDP 53', 'web -> coredns TCP 53', 'prometheus -> coredns TCP 9153'],
    },
  },
  {
    id: '001/allow-dns-egress',
    title: 'Pods may resolve names, and use HTTPS where that is necessary',
    original: [dnsAndPort443],
    program: ({ chart }) => {
      new AllowDns(chart, 'dns');
      new AllowExternal(chart, 'partner', { destinations: [{ cidrs: ['203.0.113.0/24'] }] });
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53', 'web -> 203.0.113.7 TCP 443'],
    stop: ['web -> intruder TCP 443', 'web -> vault TCP 443', 'web -> metrics-server UDP 53'],
    verdict: {
      numbers: [15, 16],
      mistake: 'an empty namespaceSelector is every pod of every namespace, and nothing outside: port 443 is open sideways and closed outwards; port 53 is open to everything in kube-system',
      rightForm: 'places outside by name or address (`AllowExternal`), DNS to the resolver itself (`AllowDns`)',
      opens: ['web -> intruder TCP 443', 'web -> vault TCP 443', 'web -> metrics-server UDP 53'],
      closes: ['web -> 203.0.113.7 TCP 443'],
    },
  },
  {
    id: '001/default-deny-cardholder-data',
    title: 'The namespace of card data is closed, and its pods resolve names',
    original: [denyAll(undefined, 'cardholder-data')],
    program: ({ chart }) => {
      new ZeroTrustNamespace(chart, 'cardholder-data', { name: 'cardholder-data' });
    },
    pass: ['vault -> coredns UDP 53', 'vault -> coredns TCP 53'],
    stop: ['web -> vault TCP 8443', 'vault -> web TCP 8080', 'vault -> 203.0.113.7 TCP 443'],
    verdict: {
      numbers: [13],
      mistake: 'its own checklist asks for DNS, which it closes',
      rightForm: WITH_DNS,
      closes: ['vault -> coredns UDP 53', 'vault -> coredns TCP 53'],
    },
  },
];
