import { BY_FACT, egressOfApi, WHOLE_KUBE_SYSTEM } from './003';
import { denyAll, dnsToKubeSystem, Example, ingressFrom, netpol, tcp, WITH_DNS, WITHOUT_EGRESS } from './example';
import { AllowDns, AllowMonitoring, BlockCloudMetadata, DefaultDeny, Peer, Port } from '../../../src';

const EGRESS = egressOfApi('203.0.113.0/24');

export const EXAMPLES_004: readonly Example[] = [
  {
    id: '004/default-deny-all',
    title: 'The namespace is closed in both directions, and the next policy opens DNS',
    original: [denyAll()],
    beside: [dnsToKubeSystem],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny');
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53'],
    stop: ['web -> api TCP 8080', 'intruder -> api TCP 8080', 'web -> 203.0.113.7 TCP 443'],
    verdict: 'equal',
  },
  {
    id: '004/allow-dns',
    title: 'Every pod of the namespace may resolve names',
    original: [dnsToKubeSystem],
    program: ({ chart }) => {
      new AllowDns(chart, 'dns');
    },
    pass: ['web -> coredns UDP 53', 'web -> coredns TCP 53'],
    stop: ['web -> metrics-server UDP 53', 'web -> 203.0.113.7 UDP 53'],
    verdict: { numbers: [15], mistake: WHOLE_KUBE_SYSTEM, rightForm: BY_FACT, opens: ['web -> metrics-server UDP 53'] },
  },
  {
    id: '004/backend-allow-frontend',
    title: 'In a closed namespace with DNS, the frontend reaches the backend',
    original: [ingressFrom('api', 'api', 'web', 8080)],
    beside: [denyAll(), dnsToKubeSystem, EGRESS],
    program: ({ chart, web, api }) => {
      new DefaultDeny(chart, 'deny');
      api.connections.allowFrom(web, Port.tcp(8080));
    },
    pass: ['web -> api TCP 8080', 'web -> coredns UDP 53'],
    stop: ['web -> database TCP 5432', 'neighbour -> api TCP 8080', 'intruder -> api TCP 8080'],
    verdict: {
      numbers: [12],
      mistake: 'egress is opened at the backend only: the frontend\'s connection is stopped where it begins',
      rightForm: WITHOUT_EGRESS,
      closes: ['web -> api TCP 8080'],
    },
  },
  {
    id: '004/database-allow-backend',
    title: 'In a closed namespace, the backend reaches its database',
    original: [ingressFrom('database', 'database', 'api', 5432)],
    beside: [denyAll(), dnsToKubeSystem, EGRESS],
    program: ({ chart, api, database }) => {
      new DefaultDeny(chart, 'deny');
      api.connections.allowTo(database, Port.POSTGRES);
    },
    pass: ['api -> database TCP 5432', 'api -> coredns UDP 53'],
    stop: ['web -> database TCP 5432', 'database -> api TCP 8080', 'intruder -> database TCP 5432'],
    verdict: 'equal',
  },
  {
    id: '004/allow-monitoring-scrape',
    title: 'Monitoring may scrape the metrics of the pods',
    original: [netpol('scrape', {
      podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: { matchLabels: { purpose: 'monitoring' } } }], ports: [tcp(9090)] }],
    })],
    program: ({ chart, api }) => {
      new AllowMonitoring(chart, 'scrape', { subject: api, port: Port.tcp(9102) });
    },
    pass: ['prometheus -> api TCP 9102'],
    stop: ['intruder -> api TCP 9102', 'web -> api TCP 9102'],
    verdict: {
      numbers: [22, 35],
      mistake: 'nobody puts the label `purpose` on the namespace; and 9090 is the port of Prometheus itself, not that of what it scrapes',
      rightForm: '`AllowMonitoring`: monitoring is a fact of the cluster, and the port is the target\'s',
      closes: ['prometheus -> api TCP 9102'],
    },
  },
  {
    id: '004/restrict-egress',
    title: 'The backend reaches its database, an API outside and DNS, and nothing else',
    original: [EGRESS],
    program: ({ api, database }) => {
      api.connections.allowTo(database, Port.POSTGRES);
      api.connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS);
    },
    pass: ['api -> coredns UDP 53', 'api -> coredns TCP 53', 'api -> database TCP 5432', 'api -> 203.0.113.7 TCP 443'],
    stop: ['api -> 198.51.100.7 TCP 443', 'api -> web TCP 8080', 'api -> metrics-server UDP 53'],
    verdict: {
      numbers: [14, 15],
      mistake: 'DNS over UDP only, to every pod of kube-system',
      rightForm: WITH_DNS,
      opens: ['api -> metrics-server UDP 53'],
      closes: ['api -> coredns TCP 53'],
    },
  },
  {
    id: '004/block-metadata',
    title: 'In a closed namespace, pods do not reach the metadata service of the cloud',
    original: [netpol('block-metadata', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32', '100.100.100.200/32'] } }] }],
    })],
    beside: [denyAll(), dnsToKubeSystem],
    program: ({ chart }) => {
      new DefaultDeny(chart, 'deny');
      new BlockCloudMetadata(chart, 'metadata');
    },
    pass: ['web -> coredns UDP 53'],
    stop: ['web -> 169.254.169.254 TCP 80', 'web -> 100.100.100.200 TCP 80', 'web -> 203.0.113.7 TCP 443', 'web -> 169.254.170.2 TCP 80'],
    verdict: {
      numbers: [8, 36],
      mistake: 'policies add up: beside the default deny it opens the internet, pod credentials and every other pod\'s address; 100.100.100.200 is Alibaba Cloud\'s, not Azure\'s',
      rightForm: '`BlockCloudMetadata` denies where the dialect can, and elsewhere leaves the addresses out of what others allow',
      opens: ['web -> 203.0.113.7 TCP 443', 'web -> 169.254.170.2 TCP 80'],
    },
  },
];
