import { analysisOf, deployment, namespace, policy, pods, POD_CIDRS, range, sentences, violations } from './support';
import { violationText } from '../../../src/analysis/contract/violation';

/** Of `allow` and `deny`. */

const SHOP = [
  namespace('shop', { team: 'shop' }),
  deployment('shop/web'),
  deployment('shop/api'),
  deployment('shop/database', { ports: [{ containerPort: 5432 }] }),
  policy('shop/api', { ingress: [{ from: [pods('web')], ports: [{ port: 8080 }, { port: 9000, endPort: 9010 }] }] }),
  policy('shop/database', { ingress: [{ from: [pods('api')], ports: [{ port: 5432 }] }] }),
];
const shop = analysisOf(SHOP);

test('a flow that passes is allowed, and a flow that does not is denied', () => {
  expect(sentences(shop, 'allow: [{ from: shop/web, to: shop/api, port: 8080/tcp }]')).toEqual([]);
  expect(sentences(shop, 'deny: [{ from: shop/web, to: shop/database }]')).toEqual([]);
});

test('a violation names the flow and the answer, and explains them by rule and place', () => {
  const [violation, ...others] = violations(shop, 'deny: [{ from: shop/web, to: shop/api, port: 8080/tcp, because: they are strangers }]');
  expect(others).toEqual([]);
  expect(violation).toMatchObject({ kind: 'flow', source: 'shop/web[Deployment]', destination: 'shop/api[Deployment]', traffic: 'TCP 8080', answer: 'allowed' });
  const text = violationText(violation);
  expect(text).toContain('deny shop/web => shop/api : TCP 8080 (contract.yaml:2)');
  expect(text).toContain('stated because: they are strangers');
  expect(text).toContain('NetworkPolicy shop/api');
  expect(text).toContain('NetworkPolicy api');
});

test('a deny without traffic is about everything, cut where rules begin and end', () => {
  expect(sentences(shop, 'deny: [{ from: shop/web, to: shop/api }]')).toEqual(['shop/web[Deployment] => shop/api[Deployment] : TCP 8080,9000-9010 is allowed']);
  // What no rule mentions, ICMP and other protocols among it.
  expect(sentences(shop, 'deny: [{ from: shop/api, to: shop/web }]')).toEqual(['shop/api[Deployment] => shop/web[Deployment] : all traffic is allowed']);
});

test('a range of ports must pass from the first to the last', () => {
  expect(sentences(shop, 'allow: [{ from: shop/web, to: shop/api, port: 9000-9010/tcp }]')).toEqual([]);
  expect(sentences(shop, 'allow: [{ from: shop/web, to: shop/api, port: 8999-9011/tcp }]'))
    .toEqual(['shop/web[Deployment] => shop/api[Deployment] : TCP 8999,9011 is denied']);
  expect(sentences(shop, 'allow: [{ from: shop/web, to: shop/api, port: 8080/udp }]')).toEqual(['shop/web[Deployment] => shop/api[Deployment] : UDP 8080 is denied']);
});

test('a named port is that of the destination', () => {
  expect(sentences(shop, 'allow: [{ from: shop/web, to: shop/api, port: http/tcp }]')).toEqual([]);
  expect(sentences(shop, 'allow: [{ from: shop/api, to: shop/database, port: postgres/tcp }]'))
    .toEqual([expect.stringContaining('shop/database[Deployment] has no container port that is called "postgres"')]);
});

test('a rule with a named port is about the container port of that name alone', () => {
  const named = analysisOf([...SHOP.slice(0, 3), policy('shop/api', { ingress: [{ ports: [{ port: 'http' }] }] })]);
  expect(sentences(named, 'deny: [{ from: shop/web, to: shop/api }]')).toEqual(['shop/web[Deployment] => shop/api[Deployment] : TCP 8080 is allowed']);
  expect(sentences(named, 'allow: [{ from: shop/web, to: shop/api, port: 8080/tcp }]')).toEqual([]);
});

test('a side that stands for many must hold for each with each', () => {
  expect(sentences(shop, 'deny: [{ from: "shop/*", to: shop/database }]')).toEqual(['shop/api[Deployment] => shop/database[Deployment] : TCP 5432 is allowed']);
  expect(sentences(shop, 'allow: [{ from: [shop/web, shop/api], to: shop/database, port: 5432/tcp }]'))
    .toEqual(['shop/web[Deployment] => shop/database[Deployment] : TCP 5432 is denied']);
  expect(sentences(shop, 'deny: [{ from: { namespaceLabels: { team: shop }, labels: { app: web } }, to: shop/database }]')).toEqual([]);
});

test('a range of addresses must hold for all of it: it is judged in parts', () => {
  const open = analysisOf([...SHOP, policy('shop/web', { ingress: [{ from: [range('203.0.113.0/24', '203.0.113.64/26')], ports: [{ port: 8080 }] }] })]);
  expect(sentences(open, 'allow: [{ from: 203.0.113.0/26, to: shop/web, port: 8080/tcp }]')).toEqual([]);
  expect(sentences(open, 'allow: [{ from: 203.0.113.0/24, to: shop/web, port: 8080/tcp }]'))
    .toEqual(['203.0.113.64-203.0.113.127[External] => shop/web[Deployment] : TCP 8080 is denied']);
  expect(sentences(open, 'allow: [{ from: { cidr: 203.0.113.0/24, except: [203.0.113.64/26] }, to: shop/web, port: 8080/tcp }]')).toEqual([]);
  expect(sentences(open, 'deny: [{ from: internet, to: shop/web }]')).toEqual([
    // What differs by the range alone is said once.
    '203.0.113.0-203.0.113.63[External], 203.0.113.128-203.0.113.255[External] => shop/web[Deployment] : TCP 8080 is allowed',
  ]);
});

test('addresses outside are not those of pods', () => {
  const everywhere = analysisOf([...SHOP, policy('shop/web', { ingress: [{ from: [range('0.0.0.0/0', '10.244.0.0/16')] }] })]);
  expect(sentences(everywhere, 'allow: [{ from: { cidr: 10.0.0.0/8 }, to: shop/web, port: 8080/tcp }]')).toEqual([]);
});

test('what nothing is fails, with names that are near', () => {
  expect(sentences(shop, 'deny: [{ from: shop/wbe, to: shop/database }]')).toEqual([expect.stringMatching(/shop\/wbe.*shop\/web\[Deployment\]/)]);
  expect(sentences(shop, 'allow: [{ from: { labels: { app: wbe } }, to: shop/api, port: 8080/tcp }]'))
    .toEqual([expect.stringMatching(/nothing in the input is pods with app=wbe.*shop\/web\[Deployment\]/)]);
  expect(sentences(shop, 'deny: [{ from: "empty/*", to: shop/database }]')).toHaveLength(1);
});

test('pods that others hold are judged by their labels alone', () => {
  const text = 'from: { namespace: monitoring, labels: { app: prometheus }, external: true }, to: shop/web, port: 8080/tcp';
  const scraped = analysisOf([...SHOP, policy('shop/web', { ingress: [{ from: [pods('prometheus', { 'kubernetes.io/metadata.name': 'monitoring' })] }] })]);
  expect(sentences(scraped, `allow: [{ ${text} }]`)).toEqual([]);
  // Whether that namespace has the label nobody knows.
  const labelled = analysisOf([...SHOP, policy('shop/web', { ingress: [{ from: [pods('prometheus', { team: 'platform' })] }] })]);
  expect(violations(labelled, `allow: [{ ${text} }]`).map(({ answer }) => answer)).toEqual(['unknown']);
  expect(violations(labelled, `deny: [{ ${text} }]`).map(({ answer }) => answer)).toEqual(['unknown']);
});

test('what is unknown fails both ways, and says what is missing', () => {
  const manifests = [...SHOP, policy('shop/web', { ingress: [{ from: [range('10.0.0.0/8')] }] })];
  const [said, ...others] = violations(analysisOf(manifests, {}), 'allow: [{ from: shop/api, to: shop/web, port: 8080/tcp }]');
  expect(others).toEqual([]);
  expect(said.answer).toBe('unknown');
  expect(said.explanations[0].missing).not.toEqual([]);
  expect(violations(analysisOf(manifests, {}), 'deny: [{ from: shop/api, to: shop/web, port: 8080/tcp }]').map(({ answer }) => answer)).toEqual(['unknown']);
  // With the ranges stated nothing is missing.
  expect(violations(analysisOf(manifests, { podCidrs: POD_CIDRS }), 'allow: [{ from: shop/api, to: shop/web, port: 8080/tcp }]')).toEqual([]);
});

test('whether somebody is meant may be unknown, and then nothing is sure', () => {
  const undeclared = analysisOf([deployment('red/a'), deployment('blue/b')]);
  const denied = violations(undeclared, 'deny: [{ from: { namespaceLabels: { team: red } }, to: blue/b }]');
  expect(denied.map(({ source, answer }) => [source, answer])).toEqual([['blue/b[Deployment]', 'unknown'], ['red/a[Deployment]', 'unknown']]);
  expect(denied[0].sentence).toContain('whether the statement is about it depends on labels');
  expect(violations(undeclared, 'allow: [{ from: { namespaceLabels: { team: red } }, to: blue/b, port: 8080/tcp }]')).toEqual([]);
});

test('everything is also whoever is not in the input', () => {
  const sameNamespace = analysisOf([deployment('shop/web'), namespace('other'), policy('shop/web', { ingress: [{ from: [{ namespaceSelector: {} }] }] })]);
  expect(sentences(sameNamespace, 'deny: [{ from: "*", to: shop/web }]')).toContainEqual(expect.stringContaining('other/{any other pod} => shop/web[Deployment]'));
});

test('addresses of a family that the pods have not are no question', () => {
  const text = 'from: "2001:db8::/32", to: shop/web, port: 8080/tcp';
  expect(sentences(shop, `allow: [{ ${text} }]`)).toEqual(['2001:db8::/32 and shop/web never meet: their addresses are of two families']);
  const dual = analysisOf(SHOP, { podCidrs: [...POD_CIDRS, 'fd00::/64'] });
  expect(sentences(dual, `allow: [{ ${text} }]`)).toEqual([]);
});

test('two sides outside are no question for a policy', () => {
  expect(sentences(shop, 'deny: [{ from: 203.0.113.0/24, to: internet }]')).toEqual([expect.stringContaining('both outside the cluster')]);
});

describe('a Service', () => {
  const service = {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', namespace: 'shop' }, spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080 }, { port: 81, targetPort: 8081 }] },
  };
  const served = analysisOf([...SHOP, service]);

  test('is asked for by its own ports', () => {
    expect(sentences(served, 'allow: [{ from: shop/web, to: svc/shop/api, port: 80/tcp }]')).toEqual([]);
    expect(sentences(served, 'allow: [{ from: shop/web, to: svc/shop/api, port: 81/tcp }]')).toEqual(['shop/web[Deployment] => shop/api[Deployment] : TCP 8081 is denied']);
  });

  test('has all of its ports where none is stated', () => {
    expect(sentences(served, 'allow: [{ from: shop/web, to: svc/shop/api }]')).toEqual(['shop/web[Deployment] => shop/api[Deployment] : TCP 8081 is denied']);
    expect(sentences(served, 'allow: [{ from: shop/web, to: "svc/shop/api:80" }]')).toEqual([]);
  });

  test('cannot be asked for a port that it has not', () => {
    expect(sentences(served, 'deny: [{ from: shop/web, to: svc/shop/api, port: 8080/tcp }]')).toEqual([expect.stringContaining('the Service has 80/tcp, 81/tcp')]);
  });
});

describe('a request', () => {
  const cilium = analysisOf([
    namespace('shop'),
    deployment('shop/web'),
    deployment('shop/api'),
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'api', namespace: 'shop' },
      spec: {
        endpointSelector: { matchLabels: { app: 'api' } },
        ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/api/.*' }] } }] }],
      },
    },
  ]);

  test('passes or not by its method and path', () => {
    expect(sentences(cilium, 'allow: [{ from: shop/web, to: shop/api, port: 8080/tcp, http: GET /api/users }]')).toEqual([]);
    expect(sentences(cilium, 'deny: [{ from: shop/web, to: shop/api, port: 8080/tcp, http: POST /api/users }]')).toEqual([]);
    expect(violations(cilium, 'deny: [{ from: shop/web, to: shop/api, port: 8080/tcp, http: { method: GET, path: /api/users } }]').map(({ answer }) => answer)).toEqual(['allowed']);
  });

  test('that is not stated is partly allowed, which neither allow nor deny takes', () => {
    expect(violations(cilium, 'allow: [{ from: shop/web, to: shop/api, port: 8080/tcp }]').map(({ answer }) => answer)).toEqual(['partial']);
    expect(violations(cilium, 'deny: [{ from: shop/web, to: shop/api, port: 8080/tcp }]').map(({ answer }) => answer)).toEqual(['partial']);
  });

  test('of which a part that decides is left out is unknown', () => {
    expect(violations(cilium, 'allow: [{ from: shop/web, to: shop/api, port: 8080/tcp, http: { method: GET } }]').map(({ answer }) => answer)).toEqual(['unknown']);
  });
});

describe('from outside through a Service', () => {
  const service = (type: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'front', namespace: 'shop' }, spec: { type, selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } });
  const CLIENTS = policy('shop/web', { ingress: [{ from: [range('203.0.113.0/24')] }] });
  const judged = (type: string, says: string, ...more: object[]) =>
    sentences(analysisOf([...SHOP, ...more, service(type)]), `${says}: [{ from: 203.0.113.7, to: "svc/shop/front:80", port: 80/tcp }]`);

  test('a list of addresses may see nodes', () => {
    expect(judged('LoadBalancer', 'allow', CLIENTS)).toEqual([expect.stringContaining('TCP 8080 is unknown')]);
    expect(judged('LoadBalancer', 'allow')).toEqual([]);
  });

  test('nothing gets to one of the cluster by itself', () => {
    expect(judged('ClusterIP', 'allow')).toEqual([expect.stringContaining('Service shop/front is of type ClusterIP: from outside the cluster nothing reaches it by itself')]);
    expect(judged('ClusterIP', 'deny', policy('shop/web', { ingress: [] }))).toEqual([]);
  });
});

test('a deny of what never meets holds, and an allow does not', () => {
  const four = analysisOf([namespace('shop'), deployment('shop/web'), policy('shop/web', { egress: [] })], { podCidrs: ['10.0.0.0/16'] });
  expect(sentences(four, "deny: [{ from: shop/web, to: 'fd00:ec2::254', port: 80/tcp }]")).toEqual([]);
  expect(sentences(four, "notReachable: [{ from: shop/web, to: 'fd00:ec2::254' }]")).toEqual([]);
  expect(sentences(four, "allow: [{ from: shop/web, to: 'fd00:ec2::254', port: 80/tcp }]")).toEqual([expect.stringContaining('two families')]);
});
