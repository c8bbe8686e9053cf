import { calicoPolicy, ciliumPolicy, denyAll, Example, netpol, podsOf, tcp, withoutNamespace } from './example';
import { AllowDns, ClusterSpiffeId, DefaultDeny, Peer, Port } from '../../../src';

const NO_NAMESPACE = 'it names no namespace, and lands in the one that kubectl happens to be set to: here `default`';
const NAMESPACE = 'the namespace of the chart; where none is known the synth fails';

export const EXAMPLES_002: readonly Example[] = [
  {
    id: '002/api-policy',
    title: 'The ingress controller and the gateway reach the API; the API its database and HTTPS on the internet, but no private network',
    original: [netpol('api', {
      podSelector: podsOf('api'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }, { podSelector: podsOf('gateway') }], ports: [tcp(8080)] }],
      egress: [
        { to: [{ podSelector: podsOf('database') }], ports: [tcp(5432)] },
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] } }], ports: [tcp(443)] },
      ],
    })],
    clusters: ['kubernetes', 'cilium', 'calico'],
    program: ({ api, database }) => {
      api.connections.allowFrom(Peer.ingressController(), Port.tcp(8080));
      api.connections.allowFrom(Peer.pods({ labels: { app: 'gateway' } }), Port.tcp(8080));
      api.connections.allowTo(database, Port.POSTGRES);
      api.connections.allowTo(Peer.internet(), Port.HTTPS);
    },
    pass: ['controller -> api TCP 8080', 'gateway -> api TCP 8080', 'api -> database TCP 5432', 'api -> 203.0.113.7 TCP 443', 'api -> coredns UDP 53'],
    stop: ['web -> api TCP 8080', 'api -> 192.168.1.1 TCP 443', 'api -> intruder TCP 443', 'api -> 169.254.169.254 TCP 443', 'api -> 100.100.100.200 TCP 443'],
    verdict: {
      numbers: [13, 22, 30],
      mistake: 'no DNS; a label that namespaces do not have; and the private ranges are not all that is no internet: shared and link-local addresses stay open, where clouds have their metadata',
      rightForm: '`Peer.internet()` leaves out every range that is not public, of both IP versions; the controller is a fact of the cluster',
      opens: ['api -> 169.254.169.254 TCP 443', 'api -> 100.100.100.200 TCP 443'],
      closes: ['controller -> api TCP 8080', 'api -> coredns UDP 53'],
    },
  },
  {
    id: '002/default-deny-ingress',
    title: 'Nobody may connect to the pods of the namespace',
    original: [withoutNamespace(denyAll(['Ingress']))],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny', { egress: false });
    },
    pass: ['web -> 203.0.113.7 TCP 443'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080'],
    verdict: { numbers: [47], mistake: NO_NAMESPACE, rightForm: NAMESPACE, opens: ['web -> api TCP 8080', 'intruder -> api TCP 8080'] },
  },
  {
    id: '002/default-deny-egress',
    title: 'The pods of the namespace may connect to nobody',
    original: [withoutNamespace(denyAll(['Egress']))],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny', { ingress: false });
    },
    pass: ['intruder -> api TCP 8080', 'web -> coredns UDP 53'],
    stop: ['web -> api TCP 8080', 'web -> 203.0.113.7 TCP 443'],
    verdict: {
      numbers: [47],
      mistake: `${NO_NAMESPACE}; where it lands, DNS is closed too`,
      rightForm: NAMESPACE,
      opens: ['web -> api TCP 8080', 'web -> 203.0.113.7 TCP 443'],
    },
  },
  {
    id: '002/cilium-api-http-policy',
    title: 'The frontend may read what is public, and order with the second version of the API',
    cni: 'cilium',
    original: [ciliumPolicy('api-requests', {
      endpointSelector: podsOf('api'),
      ingress: [{
        fromEndpoints: [podsOf('web')],
        toPorts: [{
          ports: [{ port: '8080', protocol: 'TCP' }],
          rules: { http: [{ method: 'GET', path: '/api/v1/public/.*' }, { method: 'POST', path: '/api/v1/orders', headers: ['X-API-Version: 2'] }] },
        }],
      }],
    })],
    clusters: ['cilium'],
    program: ({ web, api }) => {
      const http = Port.tcp(8080);
      api.connections.allowFrom(web, http.http({ method: 'GET', pathPrefix: '/api/v1/public/' }));
      api.connections.allowFrom(web, http.http({ method: 'POST', path: '/api/v1/orders', headers: { 'X-API-Version': '2' } }));
    },
    pass: ['web -> api TCP 8080 GET /api/v1/public/prices', 'web -> api TCP 8080 POST /api/v1/orders X-API-Version=2'],
    stop: [
      'web -> api TCP 8080 POST /api/v1/orders', 'web -> api TCP 8080 POST /api/v1/orders X-API-Version=3', 'web -> api TCP 8080 GET /api/v1/private',
      'neighbour -> api TCP 8080 GET /api/v1/public/prices',
    ],
    verdict: 'equal',
  },
  {
    id: '002/cilium-dns-egress',
    title: 'The API reaches a partner outside by its name, and asks DNS for nothing else',
    cni: 'cilium',
    original: [ciliumPolicy('dns-egress', {
      endpointSelector: podsOf('api'),
      egress: [{
        toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
        toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }],
      }],
    })],
    clusters: ['cilium'],
    program: ({ chart, api }) => {
      new AllowDns(chart, 'names', { names: ['api.example.com', 'database.shop.svc.cluster.local'] });
      api.connections.allowTo(Peer.fqdn('api.example.com'), Port.HTTPS);
    },
    pass: ['api -> coredns UDP 53 asks api.example.com', 'api -> coredns TCP 53 asks api.example.com', 'api -> api.example.com TCP 443'],
    stop: ['api -> coredns UDP 53 asks stolen.tunnel.example', 'api -> elsewhere.example TCP 443', 'api -> web TCP 8080'],
    verdict: {
      numbers: [14, 25],
      mistake: 'it allows questions only: every name, which is a way out, over one protocol; and connects to nothing',
      rightForm: '`Peer.fqdn(...)` beside `AllowDns` with the names that are needed',
      opens: ['api -> coredns UDP 53 asks stolen.tunnel.example'],
      closes: ['api -> coredns TCP 53 asks api.example.com', 'api -> api.example.com TCP 443'],
    },
  },
  {
    id: '002/calico-payment-service',
    title: 'The order service and whoever runs as the payment processor reach the payment service, which reaches its provider',
    cni: 'calico',
    original: [calicoPolicy('payments', {
      selector: "app == 'api'",
      ingress: [
        { action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'", namespaceSelector: "project == 'shop'" }, destination: { ports: [8443] } },
        { action: 'Allow', source: { serviceAccounts: [{ name: 'payment-processor' }] } },
      ],
      egress: [{ action: 'Allow', protocol: 'TLS', destination: { domains: ['*.payments.example'], ports: [443] } }],
    })],
    clusters: ['calico'],
    program: ({ web, api }) => {
      api.connections.allowFrom(web, Port.tcp(8443));
      api.connections.allowFrom(Peer.serviceAccount('payment-processor'), Port.tcp(8443));
      api.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    },
    pass: ['web -> api TCP 8443', 'processor -> api TCP 8443', 'api -> 203.0.113.7 TCP 443', 'api -> coredns UDP 53'],
    stop: ['neighbour -> api TCP 8443', 'processor -> api TCP 5432', 'api -> 198.51.100.7 TCP 443'],
    verdict: {
      numbers: [2, 3, 13, 22, 24],
      mistake: 'serviceAccounts is an object with names, TLS is no protocol, and domains are of Calico Enterprise; repaired, the label project is on no namespace, one rule is every port, and there is no DNS',
      rightForm: '`Peer.serviceAccount(...)` with a port, and addresses in Calico: `Peer.fqdn(...)` is refused there',
      refused: [/serviceAccounts|TLS|domains/],
      mended: [calicoPolicy('payments', {
        selector: "app == 'api'",
        types: ['Ingress', 'Egress'],
        ingress: [
          { action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'", namespaceSelector: "project == 'shop'" }, destination: { ports: [8443] } },
          { action: 'Allow', source: { serviceAccounts: { names: ['payment-processor'] } } },
        ],
        egress: [{ action: 'Allow', protocol: 'TCP', destination: { nets: ['203.0.113.0/24'], ports: [443] } }],
      })],
      opens: ['processor -> api TCP 5432'],
      closes: ['web -> api TCP 8443', 'api -> coredns UDP 53'],
    },
  },
  {
    id: '002/spire-identity',
    title: 'The pods of the API get an identity of SPIFFE',
    original: [{
      apiVersion: 'spiffe.io/v1beta1',
      kind: 'SPIREIdentity',
      metadata: { name: 'api' },
      spec: { selector: podsOf('api'), dnsNames: ['api.shop.svc.cluster.local'] },
    }],
    program: ({ chart, api }) => {
      new ClusterSpiffeId(chart, 'api-identity', {
        workload: api,
        dnsNameTemplates: ['api.{{ .PodMeta.Namespace }}.svc.{{ .ClusterDomain }}'],
      });
    },
    pass: ['web -> api TCP 8443', 'intruder -> api TCP 8443'],
    stop: [],
    verdict: {
      numbers: [26],
      mistake: 'there is no such kind, and no policy asks for what it would give',
      rightForm: '`ClusterSpiffeId`; who may connect is stated beside it, since an identity closes nothing',
      decidesNothing: 'SPIREIdentity',
    },
  },
  {
    id: '002/zero-trust-api',
    title: 'Only the gateway, by who it is, reaches the API',
    original: [withoutNamespace(netpol('zero-trust', {
      podSelector: podsOf('api'),
      ingress: [{ from: [{ podSelector: { matchLabels: { 'spiffe-id': 'spiffe://cluster.local/ns/shop/sa/api-gateway' } } }], ports: [tcp(8443)] }],
    }))],
    clusters: ['cilium', 'calico'],
    program: ({ api }) => {
      api.connections.allowFrom(Peer.serviceAccount('api-gateway'), Port.tcp(8443));
    },
    pass: ['gateway -> api TCP 8443'],
    stop: ['web -> api TCP 8443', 'intruder -> api TCP 8443', 'gateway -> api TCP 8080'],
    verdict: {
      numbers: [27, 47],
      mistake: 'a SPIFFE ID cannot be the value of a label, and the API server refuses the policy; a label would prove nothing either',
      rightForm: '`Peer.serviceAccount(...)`, and a mesh or Cilium\'s mutual authentication where it must be proven',
      refused: [/spiffe:\/\//],
    },
  },
];

