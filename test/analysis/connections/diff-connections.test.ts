import * as fc from 'fast-check';
import { app, deployment, namespace, policy } from './manifests';
import { linesOf } from './naive';
import { analyse, analysisOf, documentsOf } from './worlds';
import { changeOf } from '../../../src/analysis/connections/change';
import { ConnectionSet, NO_CONNECTIONS } from '../../../src/analysis/connections/connection-set';
import { connectionText } from '../../../src/analysis/connections/connection-text';
import { connections } from '../../../src/analysis/connections/connections';
import { diffConnections } from '../../../src/analysis/connections/diff-connections';
import { outsideOf } from '../../../src/analysis/connections/outside';
import { KUBERNETES } from '../../support/models/places';
import { runs } from '../../support/models/runs';

const WORLD = [namespace('shop'), deployment('shop/web'), deployment('shop/db')];
const openTo = (port: number) => policy('shop/db', { ...app('db'), ingress: [{ from: [app('web')], ports: [{ port }] }] });
const CLOSED = policy('shop/all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const web = policy('shop/web', { ...app('web'), policyTypes: ['Egress'], egress: [{ to: [app('db')] }] });

const differences = (before: readonly unknown[], after: readonly unknown[]) => diffConnections(analyse(before), analyse(after)).differences
  .map(({ type, source, destination, before: was, after: is, opened, closed, workloads }) =>
    [type, `${source} => ${destination}`, connectionText(was), connectionText(is), { opened, closed, workloads }]);

test('equal documents differ in nothing', () => {
  const found = diffConnections(analyse([...WORLD, CLOSED]), analyse([...WORLD, CLOSED]));
  expect(found).toEqual({ differences: [], workloadsAdded: [], workloadsRemoved: [], reach: [], exposure: [] });
});

test('what passes now and did not is added, and the other way round it is removed', () => {
  const pair = 'shop/web[Deployment] => shop/db[Deployment]';
  const [closed, open] = [[...WORLD, CLOSED, web], [...WORLD, CLOSED, web, openTo(5432)]];
  expect(differences(closed, open)).toEqual([['added', pair, 'No Connections', 'TCP 5432', { opened: true, closed: false, workloads: [] }]]);
  expect(differences(open, closed)).toEqual([['removed', pair, 'TCP 5432', 'No Connections', { opened: false, closed: true, workloads: [] }]]);
});

test('another port opens and closes', () => {
  expect(differences([...WORLD, CLOSED, web, openTo(80)], [...WORLD, CLOSED, web, openTo(81)])).toEqual([
    ['changed', 'shop/web[Deployment] => shop/db[Deployment]', 'TCP 80', 'TCP 81', { opened: true, closed: true, workloads: [] }],
  ]);
});

const CILIUM = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'db', namespace: 'shop' } };
const requests = (...http: readonly object[]) =>
  ({ ...CILIUM, spec: { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http } }] }] } });
const [GET, ALL] = [{ method: 'GET', path: '/public' }, { path: '/.*' }];

test('other requests on the same port open and close', () => {
  const found = diffConnections(analyse([...WORLD, requests(GET)], { cni: 'cilium' }), analyse([...WORLD, requests(ALL)], { cni: 'cilium' })).differences.filter(({ source }) => source.startsWith('shop/web'));
  expect(found).toMatchObject([{ type: 'changed', texts: ['Some TCP 80', 'Some TCP 80 (other requests)'], opened: true, closed: true }]);
});

test('the same requests in another order, or in several rules, are the same', () => {
  const one = requests(GET, ALL);
  const [first, second] = [requests(ALL), requests(GET)];
  const several = { ...first, spec: { ...first.spec, ingress: [...first.spec.ingress, ...second.spec.ingress] } };
  expect(diffConnections(analyse([...WORLD, one], { cni: 'cilium' }), analyse([...WORLD, requests(ALL, GET)], { cni: 'cilium' }))).toMatchObject({ differences: [], exposure: [] });
  expect(diffConnections(analyse([...WORLD, one], { cni: 'cilium' }), analyse([...WORLD, several], { cni: 'cilium' }))).toMatchObject({ differences: [], exposure: [] });
});

const calico = (...ingress: readonly object[]) =>
  ({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'db', namespace: 'shop' }, spec: { selector: 'app == "db"', types: ['Ingress'], ingress } });

test('what has no ports is compared too', () => {
  const pair = (before: object, after: object) => diffConnections(analyse([...WORLD, before], { cni: 'calico' }), analyse([...WORLD, after], { cni: 'calico' })).differences
    .filter(({ source }) => source.startsWith('shop/web')).map(({ type, texts, opened, closed }) => [type, ...texts, opened, closed]);
  const [closed, open] = [calico(), calico({ action: 'Allow', protocol: 'ICMP' }, { action: 'Allow', protocol: 47 })];
  expect(pair(closed, open)).toEqual([['added', 'No Connections', 'ICMP,Protocol 47', true, false]]);
  expect(pair(open, closed)).toEqual([['removed', 'ICMP,Protocol 47', 'No Connections', false, true]]);
});

test('a ping is compared where no policy mentions it', () => {
  const ports = ['TCP', 'UDP', 'SCTP'].map(protocol => ({ protocol, port: 1, endPort: 65535 }));
  const found = diffConnections(analyse([...WORLD, policy('shop/db', { podSelector: {}, ingress: [{ ports }] })]), analyse([...WORLD, policy('shop/db', { podSelector: {}, ingress: [{}] })]));
  expect(found.differences.find(({ source }) => source.startsWith('shop/web'))).toMatchObject({ type: 'changed', opened: true, closed: false });
});

test('what is opened to pods that are not there yet is exposure', () => {
  const monitoring = policy('shop/db', { ...app('db'), ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'sre' } } }], ports: [{ port: 9090 }] }] });
  const [closed, open] = [analyse([...WORLD, CLOSED]), analyse([...WORLD, CLOSED, monitoring])];
  const change = { workload: 'shop/db[Deployment]', direction: 'ingress', peer: '[namespace with {team=sre}]/[all pods]' };
  expect(diffConnections(closed, open)).toMatchObject({
    differences: [], exposure: [{ ...change, before: 'No Connections', after: 'TCP 9090', opened: true, closed: false }],
  });
  expect(diffConnections(open, closed).exposure).toEqual([{ ...change, before: 'TCP 9090', after: 'No Connections', opened: false, closed: true }]);
});

test('workloads that only one of the two has are named', () => {
  const found = diffConnections(analyse([namespace('shop'), deployment('shop/web')]), analyse(WORLD));
  expect(found.workloadsAdded).toEqual(['shop/db[Deployment]']);
  expect(found.differences.every(({ workloads }) => workloads.join() === 'shop/db[Deployment]')).toBe(true);
  expect(found.reach).toEqual([{ workload: 'shop/db[Deployment]', before: 0, after: 1 }, { workload: 'shop/web[Deployment]', before: 0, after: 1 }]);
});

test('ranges are cut as both need it, and neighbours that fare alike are one', () => {
  const out = (...cidrs: string[]) => policy('shop/out',
    { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{ to: cidrs.map(cidr => ({ ipBlock: { cidr } })) }] });
  const base = [namespace('shop'), deployment('shop/web')];
  expect(differences([...base, out('10.0.0.0/9')], [...base, out('10.0.0.0/8', '11.0.0.0/8', '13.0.0.0/8')]).map(([type, pair]) => [type, pair])).toEqual([
    ['added', 'shop/web[Deployment] => 10.128.0.0-11.255.255.255[External]'],
    ['added', 'shop/web[Deployment] => 13.0.0.0-13.255.255.255[External]'],
  ]);
});

test('differences are those of the lists of both, port by port', () => {
  fc.assert(fc.property(documentsOf(KUBERNETES, fc.constant(false)), documentsOf(KUBERNETES, fc.constant(false)), (one, other) => {
    const [before, after] = [analysisOf(one), analysisOf(other)];
    const outside = outsideOf(before, after);
    const [old, recent] = [before, after].map(analysis => linesOf(connections(analysis, { outside })).filter(line => !line.includes('[External]')));
    const { differences: found } = diffConnections(before, after);
    const inside = found.filter(({ source, destination }) => !`${source}${destination}`.includes('[External]'));
    const linesIn = (which: 'before' | 'after') => linesOf(inside.map(each => ({ source: each.source, destination: each.destination, set: each[which] })));
    const [was, is] = [new Set(linesIn('before')), new Set(linesIn('after'))];
    expect([...is].filter(line => !was.has(line)).sort()).toEqual(recent.filter(line => !old.includes(line)));
    expect([...was].filter(line => !is.has(line)).sort()).toEqual(old.filter(line => !recent.includes(line)));
  }), runs(30));
});

describe('a change', () => {
  const at = (kind: keyof ConnectionSet): ConnectionSet => ({ ...NO_CONNECTIONS, [kind]: { TCP: [[80, 80]] } });

  test.each<[string, ConnectionSet, ConnectionSet, boolean, boolean]>([
    ['from nothing to some', NO_CONNECTIONS, at('partial'), true, false],
    ['from some to all', at('partial'), at('allowed'), true, false],
    ['from all to some', at('allowed'), at('partial'), false, true],
    ['from nothing to what is not known', NO_CONNECTIONS, at('unknown'), true, false],
    ['from what is not known to nothing', at('unknown'), NO_CONNECTIONS, false, true],
    ['from what is not known to all', at('unknown'), at('allowed'), true, false],
    ['from all to what is not known', at('allowed'), at('unknown'), false, true],
    ['from what is not known to some', at('unknown'), at('partial'), true, true],
    ['to the same', at('unknown'), at('unknown'), false, false],
  ])('%s is told as what it may be', (_, before, after, opened, closed) => {
    expect(changeOf(before, after)).toMatchObject({ opened, closed });
  });
});
