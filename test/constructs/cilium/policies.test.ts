import { passing, sound, SWITCHED_ON, VERSIONS } from './support';
import { Cni } from '../../../src';
import { CiliumCidrGroup } from '../../../src/constructs/cilium/cilium-cidr-group';
import { CiliumClusterwideNetworkPolicy } from '../../../src/constructs/cilium/cilium-clusterwide-network-policy';
import { CiliumNetworkPolicy } from '../../../src/constructs/cilium/cilium-network-policy';
import { CiliumHeaderMismatch } from '../../../src/constructs/cilium/layer7';
import { CiliumEntity } from '../../../src/constructs/cilium/peers';
import { CiliumAuthenticationMode } from '../../../src/constructs/cilium/rules';
import { CiliumLabelOperator } from '../../../src/constructs/cilium/selector';
import { CiliumIcmpFamily, CiliumProtocol } from '../../../src/constructs/cilium/traffic';
import { api, db, dns, flow, named, otherApi, outside, ping, web, world } from '../../oracle/fixtures';

const TCP = CiliumProtocol.TCP;
const WEB = { matchLabels: { app: 'web' } };
const API = { matchLabels: { app: 'api' } };
const DNS_PODS = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } };

describe.each(VERSIONS)('on Cilium %s', version => {
  const cni = Cni.cilium(version);

  test('peers of two kinds in one rule are alternatives, each in an item of its own', () => {
    const manifests = sound(cni, chart => {
      new CiliumNetworkPolicy(chart, 'api', {
        endpointSelector: API,
        ingress: [{ fromEndpoints: [WEB], fromCidr: ['203.0.113.0/24'], toPorts: [{ ports: [{ port: 8080, protocol: TCP }] }] }],
      });
    });
    expect(manifests).toMatchSnapshot();
    expect(passing('cilium', manifests, world, {
      'web': flow(web, api),
      'outside': flow(outside, api),
      'another port': flow(web, api, 'TCP', 8081),
      'another pod': flow(db, api),
      'another protocol': flow(web, api, 'UDP', 8080),
    })).toEqual(['web', 'outside']);
  });

  test('more than 40 ports become several entries that mean the same', () => {
    const ports = Array.from({ length: 41 }, (_, i) => ({ port: 8000 + i, protocol: TCP }));
    const manifests = sound(cni, chart => {
      new CiliumNetworkPolicy(chart, 'api', { endpointSelector: API, ingress: [{ fromEndpoints: [WEB], toPorts: [{ ports: [...ports, ports[0]] }] }] });
    });
    expect(manifests[0].spec.ingress[0].toPorts.map((entry: { ports: object[] }) => entry.ports.length)).toEqual([40, 1]);
    expect(passing('cilium', manifests, world, {
      first: flow(web, api, 'TCP', 8000), last: flow(web, api, 'TCP', 8040), after: flow(web, api, 'TCP', 8041),
    })).toEqual(['first', 'last']);
  });

  test('ports beside ICMP messages are alternatives, and names of messages become numbers', () => {
    const manifests = sound(cni, chart => {
      new CiliumNetworkPolicy(chart, 'api', {
        endpointSelector: API,
        ingress: [{
          fromEndpoints: [WEB],
          toPorts: [{ ports: [{ port: 8080, protocol: TCP }] }],
          icmps: [{ typeName: 'EchoRequest' }, { type: 8 }, { typeName: 'ExtendedEchoReply', family: CiliumIcmpFamily.IPV6 }],
        }],
      });
    });
    expect(manifests[0].spec.ingress[1].icmps).toEqual([{ fields: [{ family: 'IPv4', type: 8 }, { family: 'IPv6', type: 161 }] }]);
    expect(passing('cilium', manifests, world, { port: flow(web, api), ping: ping(web, api), other: flow(web, api, 'TCP', 22), stranger: ping(db, api) }))
      .toEqual(['port', 'ping']);
  });

  test('a deny rule wins over what is allowed, and need not close the direction', () => {
    const manifests = sound(cni, chart => {
      new CiliumNetworkPolicy(chart, 'api', {
        endpointSelector: API,
        egressDeny: [{ toCidrSet: [{ cidr: '203.0.113.0/24', except: ['203.0.113.8/32'] }], toPorts: [{ port: 443, protocol: TCP }] }],
        enableDefaultDeny: { egress: false },
      });
    });
    expect(passing('cilium', manifests, world, {
      'denied': flow(api, outside, 'TCP', 443),
      'excepted': flow(api, { address: '203.0.113.8' }, 'TCP', 443),
      'another port': flow(api, outside, 'TCP', 80),
      'pods': flow(api, db, 'TCP', 443),
    })).toEqual(['excepted', 'another port', 'pods']);
  });

  test('names with the DNS rule that they need', () => {
    const manifests = sound(cni, chart => {
      new CiliumNetworkPolicy(chart, 'api', {
        endpointSelector: API,
        egress: [
          {
            toEndpoints: [DNS_PODS],
            toPorts: [{ ports: [{ port: 53, protocol: CiliumProtocol.UDP }, { port: 53, protocol: TCP }], dns: [{ matchPattern: '*' }] }],
          },
          { toFqdns: [{ matchName: 'api.example.com' }], toPorts: [{ ports: [{ port: 443, protocol: TCP }] }] },
        ],
      });
    });
    expect(manifests).toMatchSnapshot();
    expect(passing('cilium', manifests, world, {
      name: flow(api, named('api.example.com'), 'TCP', 443), other: flow(api, named('example.org'), 'TCP', 443), dns: flow(api, dns, 'UDP', 53),
    })).toEqual(['name', 'dns']);
  });

  test('every field of an HTTP rule, a listener and TLS', () => {
    const manifests = sound(cni, chart => {
      new CiliumNetworkPolicy(chart, 'api', {
        endpointSelector: API,
        description: 'what the web may ask for',
        labels: [{ key: 'team', value: 'red', source: 'k8s' }],
        log: 'api',
        ingress: [{
          fromEndpoints: [WEB],
          toPorts: [{
            ports: [{ port: 8080, protocol: 'tcp' as CiliumProtocol }],
            terminatingTls: { secretName: 'tls', secretNamespace: 'shop', certificate: 'crt', privateKey: 'key' },
            serverNames: ['api.example.com'],
            http: [{
              method: 'GET|HEAD',
              path: '/api/v1/users(/.*)?',
              host: '(?i:api\\.example\\.com)',
              headers: ['X-Token: secret', 'X-Trace'],
              headerMatches: [{ name: 'X-Key', secretName: 'key', secretNamespace: 'shop', mismatch: CiliumHeaderMismatch.LOG }, { name: 'X-Env', value: 'prod' }],
            }],
          }],
        }],
        egress: [{
          toEntities: [CiliumEntity.WORLD],
          toPorts: [{ ports: [{ port: 443, protocol: TCP }], listener: { name: 'proxy', envoyConfig: 'shop-proxy', priority: 10 } }],
        }],
      });
    });
    expect(manifests).toMatchSnapshot();
  });

  test('every kind of peer', () => {
    const manifests = sound(Cni.cilium(version, switchedOn(version)), chart => {
      const group = new CiliumCidrGroup(chart, 'partners', { cidrs: ['203.0.113.0/24', '198.51.100.0/24', '203.0.113.0/24'], labels: { role: 'partner' } });
      new CiliumNetworkPolicy(chart, 'api', {
        specs: [{
          endpointSelector: { matchExpressions: [{ key: 'app', operator: CiliumLabelOperator.IN, values: ['api', 'web'] }] },
          ingress: [
            { fromCidrSet: [{ cidrGroupRef: group.groupName }, { cidrGroupSelector: { matchLabels: { role: 'partner' } } }] },
            { fromNodes: [{ matchLabels: { zone: 'a' } }] },
            { fromGroups: [{ securityGroupIds: ['sg-1'], labels: { toCidr: 'a label of this name stays as it is' } }] },
            { fromEntities: [CiliumEntity.KUBE_APISERVER, CiliumEntity.HOST] },
            { fromEndpoints: [WEB], authentication: CiliumAuthenticationMode.REQUIRED },
          ],
        }, {
          endpointSelector: WEB,
          egress: [
            { toServices: [{ name: 'db', namespace: 'data' }, { selector: { matchLabels: { app: 'db' } } }] },
            { toEndpoints: [{ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'api', 'io.kubernetes.pod.namespace': 'data' } }] },
          ],
        }],
      });
    });
    expect(manifests).toMatchSnapshot();
  });

  test('a policy about nodes', () => {
    const manifests = sound(Cni.cilium(version, { hostFirewall: true }), chart => {
      new CiliumClusterwideNetworkPolicy(chart, 'ssh', {
        nodeSelector: { matchLabels: { role: 'bastion' } },
        ingress: [{ fromCidr: ['203.0.113.0/24'], toPorts: [{ ports: [{ port: 22, protocol: TCP }] }] }],
      });
    });
    expect(manifests).toEqual([{
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: { name: 'shop-ssh' },
      spec: {
        nodeSelector: { matchLabels: { role: 'bastion' } },
        ingress: [{ fromCIDR: ['203.0.113.0/24'], toPorts: [{ ports: [{ port: '22', protocol: 'TCP' }] }] }],
      },
    }]);
  });

  test('a clusterwide policy is about pods of every namespace', () => {
    const manifests = sound(cni, chart => {
      new CiliumClusterwideNetworkPolicy(chart, 'apis', { endpointSelector: API, ingress: [{ fromEndpoints: [WEB] }] });
    });
    expect(passing('cilium', manifests, world, { one: flow(web, api), two: flow(web, otherApi), stranger: flow(db, otherApi), elsewhere: flow(api, db) }))
      .toEqual(['one', 'two', 'elsewhere']);
  });

  test('an empty rule closes a direction', () => {
    const manifests = sound(cni, chart => { new CiliumNetworkPolicy(chart, 'api', { endpointSelector: {}, egress: [{}] }); });
    expect(passing('cilium', manifests, world, { out: flow(api, db), in: flow(db, api) })).toEqual(['in']);
  });
});

/** Extended protocols are there since 1.19. */
function switchedOn(version: string): object {
  const { extendedProtocols, ...others } = SWITCHED_ON;
  return version === '1.18' ? others : { ...others, extendedProtocols };
}
