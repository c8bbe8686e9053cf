import { calicoPolicy, ciliumPolicy, Example, podsOf, WITH_DNS } from './example';
import { Port } from '../../../src';

const requestsFrom = (source: string, toPorts: object): object =>
  ({ endpointSelector: podsOf('api'), ingress: [{ fromEndpoints: [podsOf(source)], toPorts: [toPorts] }] });

const PORT = { port: '8080', protocol: 'TCP' };
const REQUESTS = [{ method: 'GET', path: '/api/v1/.*' }, { method: 'POST', path: '/api/v1/users' }, { method: 'GET', path: '/api/v1/health' }];

export const CNI_EXAMPLES: readonly Example[] = [
  {
    id: '001/calico-api-isolation',
    title: 'The same as a Calico policy: web to API, API to database and DNS, the rest denied by rule',
    cni: 'calico',
    original: [calicoPolicy('api', {
      selector: "app == 'api'",
      types: ['Ingress', 'Egress'],
      ingress: [{ action: 'Allow', source: { selector: "app == 'web'" }, destination: { ports: [8080] } }, { action: 'Deny' }],
      egress: [
        { action: 'Allow', destination: { selector: "app == 'database'", ports: [5432] } },
        { action: 'Allow', protocol: 'TCP', destination: { ports: [53] } },
      ],
    })],
    clusters: ['calico'],
    program: ({ web, api, database }) => {
      api.connections.allowFrom(web, Port.tcp(8080));
      api.connections.allowTo(database, Port.POSTGRES);
    },
    pass: ['web -> api TCP 8080', 'api -> database TCP 5432', 'api -> coredns UDP 53', 'api -> coredns TCP 53'],
    stop: ['neighbour -> api TCP 8080', 'api -> 203.0.113.7 TCP 53', 'api -> web TCP 8080'],
    verdict: {
      numbers: [1, 14, 20, 21],
      mistake: 'numeric ports without a protocol are no valid rule, and the whole policy is absent; repaired, its DNS is TCP only, to anybody',
      rightForm: `\`Port\` always has a protocol; ${WITH_DNS}; no Deny at the end, where the tier denies by itself`,
      refused: [/protocol/, /TCP/],
      mended: [calicoPolicy('api', {
        selector: "app == 'api'",
        types: ['Ingress', 'Egress'],
        ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'" }, destination: { ports: [8080] } }, { action: 'Deny' }],
        egress: [
          { action: 'Allow', protocol: 'TCP', destination: { selector: "app == 'database'", ports: [5432] } },
          { action: 'Allow', protocol: 'TCP', destination: { ports: [53] } },
        ],
      })],
      opens: ['api -> 203.0.113.7 TCP 53'],
      closes: ['api -> coredns UDP 53'],
    },
  },
  {
    id: '001/cilium-api-policy',
    title: 'The same ingress as a Cilium policy',
    cni: 'cilium',
    original: [ciliumPolicy('api', requestsFrom('web', { ports: [PORT] }) as never)],
    program: ({ web, api }) => {
      api.connections.allowFrom(web, Port.tcp(8080));
    },
    pass: ['web -> api TCP 8080', 'api -> 203.0.113.7 TCP 443'],
    stop: ['web -> api TCP 9090', 'neighbour -> api TCP 8080', 'intruder -> api TCP 8080', 'web -> api UDP 8080'],
    verdict: 'equal',
  },
  {
    id: '001/cilium-api-access-control',
    title: 'The frontend may list and create users and ask for health, but not reach /admin or delete',
    cni: 'cilium',
    original: [ciliumPolicy('api-requests', requestsFrom('web', { ...PORT, rules: { http: REQUESTS }, allowedHeaders: ['Content-Type'] }) as never)],
    clusters: ['cilium'],
    program: ({ web, api }) => {
      const http = Port.tcp(8080);
      api.connections.allowFrom(web, http.http({ method: 'GET', path: '/api/v1/users' }));
      api.connections.allowFrom(web, http.http({ method: 'POST', path: '/api/v1/users' }));
      api.connections.allowFrom(web, http.http({ method: 'GET', path: '/api/v1/health' }));
    },
    pass: ['web -> api TCP 8080 GET /api/v1/users', 'web -> api TCP 8080 POST /api/v1/users', 'web -> api TCP 8080 GET /api/v1/health'],
    stop: ['web -> api TCP 8080 GET /api/v1/admin', 'web -> api TCP 8080 DELETE /api/v1/users', 'intruder -> api TCP 8080 GET /api/v1/users'],
    verdict: {
      numbers: [4, 18],
      mistake: 'the port is not in a list of ports, and allowedHeaders is no field; repaired, the pattern GET /api/v1/.* holds /api/v1/admin',
      rightForm: 'the paths one by one: `Port.http({ method, path })`; nothing is left out of a pattern',
      refused: [/toPorts\[0\]/, /ports/],
      mended: [ciliumPolicy('api-requests', requestsFrom('web', { ports: [PORT], rules: { http: REQUESTS } }) as never)],
      opens: ['web -> api TCP 8080 GET /api/v1/admin'],
    },
  },
  {
    id: '001/cilium-deny-admin-paths',
    title: 'Paths of administrators are denied to the frontend, which may read the rest',
    cni: 'cilium',
    original: [ciliumPolicy('deny-admin', requestsFrom('web', { port: '8080', rules: { http: [{ method: 'GET', path: '/api/v1/.*' }] } }) as never)],
    clusters: ['cilium'],
    program: ({ web, api }) => {
      api.connections.allowFrom(web, Port.tcp(8080).http({ method: 'GET', pathPattern: '/api/v1/(users|orders)(/.*)?' }));
    },
    pass: ['web -> api TCP 8080 GET /api/v1/users', 'web -> api TCP 8080 GET /api/v1/orders/7'],
    stop: ['web -> api TCP 8080 GET /api/v1/admin', 'web -> api TCP 8080 POST /api/v1/users', 'web -> api TCP 8080 GET /api/v1/admin/users'],
    verdict: {
      numbers: [4, 18, 19],
      mistake: 'its name says deny, and it only allows, /api/v1/admin too; as written the port is not in a list, and with the list but no protocol the agent refuses it',
      rightForm: 'an allow-list of paths, with a name that says so; `Port.tcp(...)` has the protocol',
      refused: [/toPorts\[0\]/, /ports/],
      mended: [ciliumPolicy('deny-admin', requestsFrom('web', { ports: [PORT], rules: { http: [{ method: 'GET', path: '/api/v1/.*' }] } }) as never)],
      opens: ['web -> api TCP 8080 GET /api/v1/admin', 'web -> api TCP 8080 GET /api/v1/admin/users'],
    },
  },
];
