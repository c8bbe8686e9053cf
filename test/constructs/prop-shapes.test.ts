import { Construct } from 'constructs';
import {
  AllowHealthChecks, AllowKubeApi, AllowMonitoring, CardholderDataEnvironment, ClusterDefaultDeny, IngressService, IsolateNamespace,
  MultiTenantCluster, Peer, Port, ProtectSystemNamespace, ThreeTierApp, WorkerQueue, Workload,
} from '../../src';
import { deployment, synthesize } from '../support/apps';

/** What constructs refuse of callers that no compiler holds to the types: an error in words, never a TypeError, and nothing is dropped. */

type Kind = new (scope: Construct, id: string, props: never) => Construct;
const KINDS = ([
  IsolateNamespace, AllowHealthChecks, AllowKubeApi, AllowMonitoring, ProtectSystemNamespace, IngressService, WorkerQueue, ThreeTierApp,
  ClusterDefaultDeny, MultiTenantCluster, CardholderDataEnvironment,
] as Kind[]).map((kind): [string, Kind] => [kind.name, kind]);
const making = (Construct_: Kind, props: unknown) => () => synthesize('calico', ({ chart }) => {
  const given = typeof props === 'function' ? (props as (web: unknown, workload: Workload) => unknown)(deployment(chart, 'web'), Workload.of(deployment(chart, 'api'))) : props;
  new Construct_(chart, 'it', given as never);
});

describe.each(KINDS)('%s', (_, Kind_) => {
  test.each([null, 'text', 7, []])('props that are %p are refused in words', props => {
    expect(making(Kind_, props)).toThrow(/^shop\/it: props: must be an object with /);
  });

  test('a property that there is not is refused, never dropped', () => {
    expect(making(Kind_, { naem: 'x' })).toThrow(/^shop\/it: naem: unknown field; known are /);
  });
});

const port = Port.HTTP;
const TIER = { labels: { app: 'web' }, port };

test.each<[string, Kind, unknown, string]>([
  ['no props', AllowHealthChecks, undefined, 'props: must be an object with port'],
  ['no props', MultiTenantCluster, undefined, 'props: must be an object with tenants'],
  ['no props', CardholderDataEnvironment, undefined, 'props: must be an object with members'],
  ['a crossing of null', IsolateNamespace, { allowFrom: [null] }, 'allowFrom[0]: is null'],
  ['crossings of null', IsolateNamespace, { allowFrom: null }, 'allowFrom: is null; leave it out'],
  ['crossings that are a text', IsolateNamespace, { allowFrom: 'x' }, 'allowFrom: must be a list, got "x"'],
  ['a crossing without peers', IsolateNamespace, { allowTo: [{ ports: [port] }] }, 'allowTo[0].peers: is required, but is missing'],
  ['a flag that is a text', IsolateNamespace, { dns: 'false' }, 'dns: must be true or false, got "false"'],
  ['ranges of null', AllowHealthChecks, { port, loadBalancerCidrs: null }, 'loadBalancerCidrs: is null'],
  ['a range of null', AllowHealthChecks, { port, loadBalancerCidrs: [null] }, 'loadBalancerCidrs[0]: is null'],
  ['a range that is a number', AllowHealthChecks, { port, loadBalancerCidrs: [10] }, 'loadBalancerCidrs[0]: must be a text, got 10'],
  ['a port that is a number', AllowKubeApi, { port: 6443 }, 'port: must be a Port, such as Port.tcp(8080), got 6443'],
  ['a subject that is a construct', AllowMonitoring, (web: unknown) => ({ subject: web }), 'subject: must be a Peer or a Workload, such as Peer.pods() or Workload.of(deployment), got an object of ApiObject'],
  ['a backend of null', ProtectSystemNamespace, { backends: [null] }, 'backends[0]: is null'],
  ['a backend without labels', ProtectSystemNamespace, { backends: [{ service: 'x', port }] }, 'backends[0].labels: is required'],
  ['no port', IngressService, { labels: { app: 'web' } }, 'port: is required, but is missing'],
  ['a workload of null', IngressService, { workload: null, port }, 'workload: is null; leave it out'],
  ['a workload that is a construct', IngressService, (web: unknown) => ({ workload: web, port }), 'workload: must be a Workload, such as Workload.of(deployment), got an object of ApiObject'],
  ['labels that are a text', IngressService, { labels: 'web', port }, 'labels: must be an object of labels, such as { app: \'web\' }, got "web"'],
  ['a dependency of null', IngressService, { ...TIER, dependencies: [null] }, 'dependencies[0]: is null'],
  ['further ingress without peers', IngressService, { ...TIER, extraIngress: [{ port }] }, 'extraIngress[0].peers: is required'],
  ['nothing', WorkerQueue, {}, 'producers: is required, but is missing'],
  ['nothing', ThreeTierApp, {}, 'web: is required, but is missing'],
  ['a tier of null', ThreeTierApp, { web: null, api: TIER, database: TIER }, 'web: is null'],
  ['a misspelt property of a tier', ThreeTierApp, { web: { ...TIER, monitorng: port }, api: TIER, database: TIER }, 'web.monitorng: unknown field; known are port'],
  ['exceptions of null', ClusterDefaultDeny, { except: null }, 'except: is null'],
  ['an exception of null', ClusterDefaultDeny, { except: [null] }, 'except[0]: is null'],
  ['exceptions that are a text', ClusterDefaultDeny, { except: 'shop' }, 'except: must be a list, got "shop"'],
  ['a tenant of null', MultiTenantCluster, { tenants: [null] }, 'tenants[0]: is null'],
  ['namespaces of null', MultiTenantCluster, { tenants: [{ name: 'a', namespaces: null }] }, 'tenants[0].namespaces: is null'],
  ['namespaces that are a text', MultiTenantCluster, { tenants: [{ name: 'a', namespaces: 'prod' }] }, 'tenants[0].namespaces: must be a list, got "prod"'],
  ['inbound of nobody', MultiTenantCluster, { tenants: [{ name: 'a', namespaces: ['a'], inbound: [{}] }] }, 'tenants[0].inbound[0].peers: is required'],
  ['something shared that is nothing', MultiTenantCluster, { tenants: [{ name: 'a', namespaces: ['a'] }], shared: [{}] }, 'shared[0].peer: is required'],
  ['a member that is a construct', CardholderDataEnvironment, (web: unknown) => ({ members: [web], reviewBy: '2027-01-31' }), 'members[0]: must be a Workload, such as Workload.of(deployment), got an object of ApiObject'],
  ['a connection without ports', CardholderDataEnvironment, (_: unknown, api: Workload) => ({ members: [api], reviewBy: '2027-01-31', inbound: [{ peers: [Peer.any()], destination: api }] }), 'inbound[0].ports: is required'],
])('%s of %p is an error that says where', (_, Kind_, props, message) => {
  expect(making(Kind_, props)).toThrow(`shop/it: ${message}`);
});
