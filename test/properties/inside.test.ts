import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, POD } from '../../src/model/endpoint';
import { evaluate } from '../../src/model/evaluate';
import { Endpoint, Flow } from '../../src/model/match';
import { Direction, NORMAL, Policy } from '../../src/model/policy-set';
import { ALL_TRAFFIC } from '../../src/model/traffic';
import { ruleOf } from '../support/models/native-kubernetes';
import { judgeAt } from '../support/models/oracle';
import { CALICO, CILIUM, KUBERNETES, KUBERNETES_ON_CALICO, KUBERNETES_ON_CILIUM, linked, Place, readAll, written } from '../support/models/places';
import { API_SERVER, externalOf, HOST_ENDPOINT, nodeOf, podOf } from '../support/models/worlds';

/**
 * Dialects agree on flows to addresses outside and between pods (agreement.test.ts). On addresses inside and on nodes their CNIs differ: these are
 * the answers of each, to policies as close to each other as the dialects have them. The other end is in the first column.
 */

const WEB = podOf({ namespace: 'shop', labels: { app: 'web' }, serviceAccount: 'default', ports: [] }, 0);
const PEERS: Readonly<Record<string, Endpoint>> = {
  'a pod of the namespace': podOf({ namespace: 'shop', labels: { app: 'api' }, serviceAccount: 'default', ports: [] }, 1),
  'a pod of another namespace': podOf({ namespace: 'data', labels: {}, serviceAccount: 'default', ports: [] }, 2),
  'its own node': nodeOf(0),
  'another node': nodeOf(1),
  'an API server outside': API_SERVER,
  'an address outside': externalOf('192.0.2.1'),
};
/** Only Calico knows such an endpoint; to the others it is a node. */
const WITH_HOST: typeof PEERS = { ...PEERS, 'a node with a host endpoint': HOST_ENDPOINT };

const PLACES: readonly Place[] = [KUBERNETES, KUBERNETES_ON_CILIUM, CILIUM, KUBERNETES_ON_CALICO, CALICO];

function policyOf({ dialect }: Place, direction: Direction, peer: EndpointExpr): Policy {
  const { apiVersion, kind } = dialect.kindOf('namespaced');
  const calico = apiVersion.startsWith('projectcalico.org');
  return {
    origin: { apiVersion, kind, namespace: 'shop', name: 'test' },
    stage: calico ? 'default' : NORMAL,
    order: calico ? [1000, 'test/shop/NetworkPolicy'] : [],
    mode: 'enforce',
    direction,
    subject: allOf(POD, inNamespace('shop')),
    isolates: true,
    rules: [ruleOf('allow', direction, peer, ALL_TRAFFIC)],
  };
}

/** For each place what its CNI does, according to the judge; an answer of the model that differs stands behind it. */
function table(direction: Direction, peer: EndpointExpr): Record<string, string> {
  const rows = PLACES.map(place => {
    const documents = written(place, [policyOf(place, direction, peer)]);
    const world = [WEB, ...Object.values(WITH_HOST)];
    const { judge } = judgeAt(place, documents, world);
    const set = linked(place, readAll(place, documents));
    return Object.fromEntries(Object.entries(place === CALICO ? WITH_HOST : PEERS).map(([name, other]) => {
      const [source, destination] = direction === 'ingress' ? [other, WEB] : [WEB, other];
      const flow: Flow = { source, destination, protocol: 6, sourcePort: 40000, port: 80 };
      const [cni, model] = [judge(flow, { onlySide: direction }), evaluate(set, flow, place.profile)];
      return [name, cni === model ? cni : `${cni} (${model})`];
    }));
  });
  return Object.fromEntries(Object.keys(WITH_HOST).map(name => [name, rows.map(row => row[name] ?? '-').join(' | ')]));
}

// The columns: NetworkPolicy where nothing else is known | NetworkPolicy on Cilium | Cilium | NetworkPolicy on Calico | Calico
const EVERY_ADDRESS = anyOf(address('0.0.0.0/0'), address('::/0'));

test('egress to every address', () => {
  expect(table('egress', EVERY_ADDRESS)).toEqual({
    'a pod of the namespace': 'allowed | denied | denied | allowed | allowed',
    'a pod of another namespace': 'allowed | denied | denied | allowed | allowed',
    'its own node': 'allowed | denied | denied | allowed | allowed',
    'another node': 'allowed | denied | denied | allowed | allowed',
    'an API server outside': 'allowed | allowed | allowed | allowed | allowed',
    'an address outside': 'allowed | allowed | allowed | allowed | allowed',
    'a node with a host endpoint': '- | - | - | - | allowed',
  });
});

test('egress to the range of the pods', () => {
  expect(table('egress', address('10.244.0.0/16'))).toEqual({
    'a pod of the namespace': 'allowed | denied | denied | allowed | allowed',
    'a pod of another namespace': 'allowed | denied | denied | allowed | allowed',
    'its own node': 'allowed (denied) | denied | denied | denied | denied',
    'another node': 'denied | denied | denied | denied | denied',
    'an API server outside': 'denied | denied | denied | denied | denied',
    'an address outside': 'denied | denied | denied | denied | denied',
    'a node with a host endpoint': '- | - | - | - | denied',
  });
});

test('egress to the range of the nodes', () => {
  expect(table('egress', address('192.168.7.0/24'))).toEqual({
    'a pod of the namespace': 'denied | denied | denied | denied | denied',
    'a pod of another namespace': 'denied | denied | denied | denied | denied',
    'its own node': 'allowed | denied | denied | allowed | allowed',
    'another node': 'allowed | denied | denied | allowed | allowed',
    'an API server outside': 'denied | denied | denied | denied | denied',
    'an address outside': 'denied | denied | denied | denied | denied',
    'a node with a host endpoint': '- | - | - | - | allowed',
  });
});

test('egress to anybody', () => {
  expect(table('egress', ANY)).toEqual({
    'a pod of the namespace': 'allowed | allowed | allowed | allowed | allowed',
    'a pod of another namespace': 'allowed | allowed | allowed | allowed | allowed',
    'its own node': 'allowed | allowed | allowed | allowed | allowed',
    'another node': 'allowed | allowed | allowed | allowed | allowed',
    'an API server outside': 'allowed | allowed | allowed | allowed | allowed',
    'an address outside': 'allowed | allowed | allowed | allowed | allowed',
    'a node with a host endpoint': '- | - | - | - | allowed',
  });
});

test('egress to pods of the namespace', () => {
  expect(table('egress', allOf(POD, inNamespace('shop')))).toEqual({
    'a pod of the namespace': 'allowed | allowed | allowed | allowed | allowed',
    'a pod of another namespace': 'denied | denied | denied | denied | denied',
    'its own node': 'allowed (denied) | denied | denied | denied | denied',
    'another node': 'denied | denied | denied | denied | denied',
    'an API server outside': 'denied | denied | denied | denied | denied',
    'an address outside': 'denied | denied | denied | denied | denied',
    'a node with a host endpoint': '- | - | - | - | denied',
  });
});

test('ingress from every address', () => {
  expect(table('ingress', EVERY_ADDRESS)).toEqual({
    'a pod of the namespace': 'allowed | denied | denied | allowed | allowed',
    'a pod of another namespace': 'allowed | denied | denied | allowed | allowed',
    'its own node': 'allowed | allowed (denied) | allowed (denied) | allowed | allowed',
    'another node': 'allowed | denied | denied | allowed | allowed',
    'an API server outside': 'allowed | allowed | allowed | allowed | allowed',
    'an address outside': 'allowed | allowed | allowed | allowed | allowed',
    'a node with a host endpoint': '- | - | - | - | allowed',
  });
});

test('ingress from the range of the nodes', () => {
  expect(table('ingress', address('192.168.7.0/24'))).toEqual({
    'a pod of the namespace': 'denied | denied | denied | denied | denied',
    'a pod of another namespace': 'denied | denied | denied | denied | denied',
    'its own node': 'allowed | allowed (denied) | allowed (denied) | allowed | allowed',
    'another node': 'allowed | denied | denied | allowed | allowed',
    'an API server outside': 'denied | denied | denied | denied | denied',
    'an address outside': 'denied | denied | denied | denied | denied',
    'a node with a host endpoint': '- | - | - | - | allowed',
  });
});

test('ingress from pods of the namespace', () => {
  expect(table('ingress', allOf(POD, inNamespace('shop')))).toEqual({
    'a pod of the namespace': 'allowed | allowed | allowed | allowed | allowed',
    'a pod of another namespace': 'denied | denied | denied | denied | denied',
    'its own node': 'allowed (denied) | allowed (denied) | allowed (denied) | allowed (denied) | allowed (denied)',
    'another node': 'denied | denied | denied | denied | denied',
    'an API server outside': 'denied | denied | denied | denied | denied',
    'an address outside': 'denied | denied | denied | denied | denied',
    'a node with a host endpoint': '- | - | - | - | denied',
  });
});
