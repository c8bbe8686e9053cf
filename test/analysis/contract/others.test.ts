import { analysisOf, deployment, namespace, policy, pods, range, sentences, violations } from './support';

/** Of `only` and `isolated`: who is everybody else. */

const WORKLOADS = [namespace('shop', { team: 'shop' }), namespace('other', { team: 'other' }), deployment('shop/web'), deployment('shop/api'), deployment('other/tool')];
const open = (from: readonly object[], ports: readonly object[] = [{ port: 8080 }]) =>
  analysisOf([...WORKLOADS, policy('shop/api', { ingress: [{ from, ports }] })]);

describe('only', () => {
  const ONLY_WEB = 'only: [{ from: shop/web, to: shop/api }]';

  test('holds where exactly these get through', () => {
    expect(sentences(open([pods('web')]), ONLY_WEB)).toEqual([]);
  });

  test('fails where one of them does not get through with anything', () => {
    expect(sentences(open([pods('web')]), 'only: [{ from: [shop/web, other/tool], to: shop/api }]'))
      .toEqual(['other/tool[Deployment] => shop/api[Deployment] : all traffic is denied']);
    expect(sentences(open([pods('web')]), 'only: [{ from: shop/web, to: shop/api, port: 9090/tcp }]'))
      .toEqual(['shop/web[Deployment] => shop/api[Deployment] : TCP 9090 is denied']);
  });

  test('fails for another workload, and for other pods of the subject', () => {
    expect(sentences(open([{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] } }]), ONLY_WEB))
      .toEqual(['shop/api[Deployment] => shop/api[Deployment] : TCP 8080 is allowed']);
    expect(sentences(open([pods('web'), pods('tool', {})]), ONLY_WEB)[0]).toBe('other/tool[Deployment] => shop/api[Deployment] : TCP 8080 is allowed');
  });

  test('fails for addresses outside', () => {
    expect(sentences(open([pods('web'), range('203.0.113.0/24')]), ONLY_WEB)).toEqual(['203.0.113.0-203.0.113.255[External] => shop/api[Deployment] : TCP 8080 is allowed']);
    expect(sentences(open([pods('web'), range('203.0.113.0/24')]), 'only: [{ from: [shop/web, 203.0.113.0/24], to: shop/api }]')).toEqual([]);
  });

  test('fails for pods that may come, where a rule takes more than those that are there', () => {
    expect(sentences(open([{ podSelector: {} }]), 'only: [{ from: [shop/web, shop/api], to: shop/api }]'))
      .toEqual(['shop/{any other pod} => shop/api[Deployment] : TCP 8080 is allowed']);
    expect(sentences(open([{ podSelector: {} }]), 'only: [{ from: "shop/*", to: shop/api }]')).toEqual([]);
    expect(sentences(open([pods('web'), pods('legacy')]), ONLY_WEB)).toEqual(['shop/{any pod with app=legacy} => shop/api[Deployment] : TCP 8080 is allowed']);
    expect(sentences(open([pods('web', {})]), ONLY_WEB)).toEqual(['(another namespace)/{any pod with app=web} => shop/api[Deployment] : TCP 8080 is allowed']);
  });

  test('takes every value that a rule takes for a pod of its own', () => {
    const selector = { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'legacy'] }] } };
    expect(sentences(open([selector]), ONLY_WEB)).toEqual(['shop/{any pod with app=legacy} => shop/api[Deployment] : TCP 8080 is allowed']);
  });

  test('takes pods that others hold for those that the rule names', () => {
    const monitored = open([pods('prometheus', { 'kubernetes.io/metadata.name': 'monitoring' })]);
    expect(sentences(monitored, 'only: [{ from: { namespace: monitoring, labels: { app: prometheus }, external: true }, to: shop/api }]')).toEqual([]);
    expect(sentences(monitored, 'only: [{ from: { namespace: monitoring, labels: { app: grafana }, external: true }, to: shop/api }]')).toHaveLength(2);
  });

  test('is about the stated port alone, where one is stated', () => {
    const analysis = analysisOf([...WORKLOADS, policy('shop/api', { ingress: [{ from: [pods('web')], ports: [{ port: 8080 }] }, { from: [pods('tool', {})], ports: [{ port: 9090 }] }] })]);
    expect(sentences(analysis, 'only: [{ from: shop/web, to: shop/api, port: 8080/tcp }]')).toEqual([]);
    expect(sentences(analysis, ONLY_WEB)).not.toEqual([]);
  });
});

describe('isolated', () => {
  const ISOLATED = 'isolated: [{ namespace: shop }]';
  const closed = (app: string, ...from: object[]) => policy(`shop/${app}`, { ingress: from.length > 0 ? [{ from }] : [] });
  const shop = (...ofWeb: object[]) => analysisOf([...WORKLOADS, closed('api', { podSelector: {} }), closed('web', ...ofWeb)]);

  test('holds where only the namespace itself gets in', () => {
    expect(sentences(shop(), ISOLATED)).toEqual([]);
    expect(sentences(shop({ podSelector: {} }), ISOLATED)).toEqual([]);
  });

  test('fails for a workload of another namespace, which need not be in the input', () => {
    expect(sentences(shop({ namespaceSelector: { matchLabels: { team: 'other' } } }), ISOLATED)).toEqual(expect.arrayContaining([
      'other/tool[Deployment] => shop/web[Deployment] : all traffic is allowed',
      'other/{any other pod} => shop/web[Deployment] : all traffic is allowed',
    ]));
    expect(sentences(shop(pods('nginx', { 'kubernetes.io/metadata.name': 'ingress-nginx' })), ISOLATED))
      .toEqual(['ingress-nginx/{any pod with app=nginx} => shop/web[Deployment] : all traffic is allowed']);
  });

  test('fails for addresses outside', () => {
    expect(sentences(shop(range('203.0.113.0/24')), ISOLATED)).toEqual(['203.0.113.0-203.0.113.255[External] => shop/web[Deployment] : all traffic is allowed']);
  });

  test('fails where a workload of it is open', () => {
    expect(sentences(analysisOf([...WORKLOADS, closed('web')]), ISOLATED)).toContain('other/tool[Deployment] => shop/api[Deployment] : all traffic is allowed');
  });

  test('is not broken by what is on the network of a node, which always reaches its own pods', () => {
    const analysis = analysisOf([deployment('system/agent', { hostNetwork: true }), ...WORKLOADS, closed('api'), closed('web')], { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });
    expect(sentences(analysis, ISOLATED)).toEqual([]);
    const toNodes = analysisOf([deployment('system/agent', { hostNetwork: true }), ...WORKLOADS, closed('api'), closed('web', range('172.18.0.0/16'))],
      { podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });
    expect(sentences(toNodes, ISOLATED)).toEqual(['system/agent[Deployment] => shop/web[Deployment] : all traffic is allowed']);
  });

  test('says nothing of a namespace without workloads', () => {
    expect(violations(shop(), 'isolated: [{ namespace: shpo }]').map(({ kind }) => kind)).toEqual(['vacuous']);
  });
});
