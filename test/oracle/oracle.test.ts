import { agent, api, apiServerOnNode, apiServerOutside, ccnp, cnp, db, flow, gnp, localNode, networkPolicy, np, outside, remoteNode, web, world } from './fixtures';
import { Dialect, judge } from './index';

const DIALECTS: Dialect[] = ['kubernetes', 'cilium', 'calico'];
const denyAll = networkPolicy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const open = { allowed: true, egress: true, ingress: true };

describe.each(DIALECTS)('every dialect: %s', (dialect) => {
  const verdict = (manifests: any[], each: Parameters<typeof judge>[3]) => judge(dialect, manifests, world, each);

  test('tells which side denies: ingress', () => {
    expect(verdict([networkPolicy({ podSelector: { matchLabels: { app: 'api' } } })], flow(web, api))).toEqual({ allowed: false, egress: true, ingress: false });
  });
  test('tells which side denies: egress', () => {
    expect(verdict([networkPolicy({ podSelector: {}, policyTypes: ['Egress'] })], flow(web, db))).toEqual({ allowed: false, egress: false, ingress: true });
  });
  test('lets a side that is no pod allow', () => {
    expect(verdict([denyAll], flow(outside, remoteNode))).toEqual(open);
  });
  test('lets a pod reach itself', () => {
    expect(verdict([denyAll], flow(web, web))).toEqual(open);
  });
  test('checks manifests even for a pod that reaches itself', () => {
    expect(() => verdict([networkPolicy({ podSelector: { matchLabels: { app: 'a b' } } })], flow(web, web))).toThrow(/no label value/);
  });
  test('treats a hostNetwork pod as its node', () => {
    expect(verdict([networkPolicy({ podSelector: { matchLabels: { app: 'agent' } } })], flow(web, agent))).toEqual(open);
    expect(verdict([denyAll], flow(agent, api)).ingress).toBe(false);
  });
  test('lets the local node in', () => {
    expect(verdict([denyAll], flow(localNode, web)).allowed).toBe(true);
  });
  test('unfolds lists', () => {
    expect(verdict([{ apiVersion: 'v1', kind: 'List', items: [denyAll] }], flow(web, api)).allowed).toBe(false);
  });
  test('takes other objects for no policies', () => {
    expect(verdict([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }], flow(web, api))).toEqual(open);
  });
  test('refuses policies that it cannot judge', () => {
    const policy = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'x' } };
    expect(() => verdict([policy], flow(web, api))).toThrow(/does not know policy.networking.k8s.io/);
  });
  test('refuses an object that is there twice', () => {
    expect(() => verdict([denyAll, denyAll], flow(web, api))).toThrow(/is there twice/);
  });
  test('refuses what is no manifest', () => {
    expect(() => verdict([{ kind: 'NetworkPolicy' }], flow(web, api))).toThrow(/not a manifest/);
  });
  test('refuses a flow without a port', () => {
    expect(() => verdict([], { ...flow(web, api), port: undefined })).toThrow(/has a destination port/);
  });
  test('refuses an ICMP flow with a port', () => {
    expect(() => verdict([], { ...flow(web, api), protocol: 'ICMP' })).toThrow(/unless it is ICMP/);
  });
  test('refuses a port out of range', () => {
    expect(() => verdict([], flow(web, api, 'TCP', 65536))).toThrow(/no port/);
  });
  test('refuses the address of a pod for an outside end', () => {
    expect(() => verdict([], flow({ address: '10.0.0.1' }, api))).toThrow(/name the pod/);
    expect(() => verdict([], flow({ address: '10.0.77.1' }, api))).toThrow(/name the pod/);
  });
  test('refuses the address of a node for an outside end', () => {
    expect(() => verdict([], flow({ address: '192.168.0.200' }, api))).toThrow(/say which node/);
  });
  test('refuses what is no address', () => {
    expect(() => verdict([], flow({ address: '203.0.113.07' }, api))).toThrow(/no address/);
  });
  test('refuses ends of two IP versions', () => {
    expect(() => verdict([], flow(outside, { node: 'remote', address: 'fd01::1' }))).toThrow(/not of IP version/);
  });
  test('knows the API server on a node and outside by its address', () => {
    const toOutside = networkPolicy({
      podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
    });
    expect(verdict([toOutside], flow(web, apiServerOutside)).allowed).toBe(true);
    // Nodes have addresses to every CNI but Cilium.
    expect(verdict([toOutside], flow(web, apiServerOnNode)).allowed).toBe(dialect !== 'cilium');
  });
});

test('policies of a CNI that is not there are stored and do nothing', () => {
  const cilium = [cnp({ ingress: [{}] }), ccnp({ ingress: [{}] })];
  const calico = [np({ types: ['Ingress'] }), gnp({ types: ['Ingress'] })];
  expect(judge('kubernetes', [...cilium, ...calico], world, flow(web, api))).toEqual(open);
  expect(judge('cilium', calico, world, flow(web, api))).toEqual(open);
  expect(judge('calico', cilium, world, flow(web, api))).toEqual(open);
});

test('a NetworkPolicy of Calico is not one of Kubernetes, and the other way round', () => {
  expect(judge('calico', [np({ types: ['Ingress'] }), networkPolicy({ podSelector: {}, ingress: [{}] })], world, flow(web, api)).allowed).toBe(true);
  expect(judge('kubernetes', [np({ types: ['Ingress'] }), networkPolicy({ podSelector: {}, ingress: [{}] })], world, flow(web, api)).allowed).toBe(true);
});

test('manifests that were added to a list after it was judged are looked at', () => {
  const manifests: any[] = [];
  const allowed = () => judge('kubernetes', manifests, world, flow(web, api)).allowed;
  expect(allowed()).toBe(true);
  manifests.push(denyAll);
  expect(allowed()).toBe(false);
});
