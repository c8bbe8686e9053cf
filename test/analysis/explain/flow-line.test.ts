import * as fc from 'fast-check';
import { analysisOf, SHOP } from './support';
import { findFlowEnd, FlowLine, parseFlowLine } from '../../../src/analysis/explain/flow-line';

/** In short: the best text of each end, and what travels. */
function told(line: string): unknown {
  const { by, source, destination, traffic, verdict } = parseFlowLine(line);
  return { by, source: source[0], destination: destination[0], traffic, verdict };
}

const WEB_TO_API = { by: 'hubble', source: 'shop/web-6d5f7c9b8d-x2x4z', destination: 'shop/api-0', verdict: 'dropped' };

describe('a line of Hubble', () => {
  test.each<[string, string, unknown]>([
    ['compact',
      'Jan  1 00:20:34.567: shop/web-6d5f7c9b8d-x2x4z:31793 (ID:4321) -> shop/api-0:8080 (ID:12345) Policy denied DROPPED (TCP Flags: SYN)',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 8080, sourcePort: 31793 } }],
    ['compact, with the node and the policies',
      'Jan  1 00:20:34.567 [c/n1]: shop/web-6d5f7c9b8d-x2x4z:31793 (ID:4321) <> shop/api-0:8080 (ID:12345) '
      + 'policy-verdict:none INGRESS DENIED BY deny-all (CiliumNetworkPolicy) (TCP Flags: SYN)',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 8080, sourcePort: 31793 } }],
    ['compact, in colours',
      'Jan  1 00:20:34.567: \u001b[36mshop/web-6d5f7c9b8d-x2x4z:\u001b[33m31793\u001b[0m\u001b[0m (ID:4321) -> shop/api-0:8080 (ID:12345) Policy denied \u001b[31mDROPPED\u001b[0m (UDP)',
      { ...WEB_TO_API, traffic: { protocol: 17, port: 8080, sourcePort: 31793 } }],
    ['compact, of a reply, whose ends are turned round already',
      'Jan  1 00:20:34.567: shop/web-6d5f7c9b8d-x2x4z:31793 (ID:4321) <- shop/api-0:8080 (ID:12345) to-endpoint FORWARDED (TCP Flags: SYN, ACK)',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 8080, sourcePort: 31793 }, verdict: 'passed' }],
    ['a request',
      'May  4 13:23:40.501: shop/web-6d5f7c9b8d-x2x4z:42690 (ID:7) -> shop/api-0:80 (ID:8) http-request DROPPED (HTTP/1.1 PUT http://api.shop.svc/v1/port?x=1)',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 80, sourcePort: 42690, http: { method: 'PUT', path: '/v1/port?x=1', host: 'api.shop.svc' } } }],
    ['an answer to a request',
      'May  4 13:23:40.501: shop/web-6d5f7c9b8d-x2x4z:42690 (ID:7) <- shop/api-0:80 (ID:8) http-response FORWARDED (HTTP/1.1 403 12ms (GET http://api.shop.svc/))',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 80, sourcePort: 42690, http: { method: 'GET', path: '/', host: 'api.shop.svc' } }, verdict: 'passed' }],
    ['a question for a name',
      'May  4 13:23:40.501: shop/web:42690 (ID:7) -> kube-system/coredns-5d78c9869d-abcde:53 (ID:8) dns-request proxy FORWARDED (DNS Query api.example.com. AAAA)',
      {
        by: 'hubble',
        source: 'shop/web',
        destination: 'kube-system/coredns-5d78c9869d-abcde',
        traffic: { protocol: 17, port: 53, sourcePort: 42690, dnsName: 'api.example.com' },
        verdict: 'passed',
      }],
    ['to an address', 'May  4 13:23:40.501: shop/web:42690 (ID:7) -> 203.0.113.7:443 (world) Policy denied DROPPED (TCP Flags: SYN)',
      { by: 'hubble', source: 'shop/web', destination: '203.0.113.7', traffic: { protocol: 6, port: 443, sourcePort: 42690 }, verdict: 'dropped' }],
    ['to an address of IPv6', 'May  4 13:23:40.501: shop/web:42690 (ID:7) -> [2001:db8::7]:443 (world) Policy denied DROPPED (TCP Flags: SYN)',
      { by: 'hubble', source: 'shop/web', destination: '2001:db8::7', traffic: { protocol: 6, port: 443, sourcePort: 42690 }, verdict: 'dropped' }],
    ['to names', 'May  4 13:23:40.501: shop/web:42690 (ID:7) -> api.example.com,www.example.com:443 (ID:16777217) to-stack FORWARDED (TCP Flags: SYN)',
      { by: 'hubble', source: 'shop/web', destination: 'api.example.com', traffic: { protocol: 6, port: 443, sourcePort: 42690 }, verdict: 'passed' }],
    ['a ping', 'May  4 13:23:40.501: shop/web (ID:7) -> 2001:db8::7 (world) to-stack FORWARDED (ICMPv6 EchoRequest)',
      { by: 'hubble', source: 'shop/web', destination: '2001:db8::7', traffic: { protocol: 58, icmp: { type: 128, code: 0 } }, verdict: 'passed' }],
    ['a table', 'Jan  1 00:20:34.567   shop/web-6d5f7c9b8d-x2x4z:31793   shop/api-0:8080   Policy denied   DROPPED   TCP Flags: SYN',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 8080, sourcePort: 31793 } }],
    ['a table with nodes', 'Jan  1 00:20:34.567   n1   shop/web-6d5f7c9b8d-x2x4z:31793   shop/api-0:8080   Policy denied   DROPPED   TCP Flags: SYN',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 8080, sourcePort: 31793 } }],
    ['a dictionary',
      '  TIMESTAMP: Jan  1 00:20:34.567\n     SOURCE: shop/web-6d5f7c9b8d-x2x4z:31793\nDESTINATION: shop/api-0:8080\n'
      + '       TYPE: Policy denied\n    VERDICT: DROPPED\n    SUMMARY: TCP Flags: SYN',
      { ...WEB_TO_API, traffic: { protocol: 6, port: 8080, sourcePort: 31793 } }],
  ])('%s', (_name, line, expected) => {
    expect(told(line)).toEqual(expected);
  });

  const flow = {
    verdict: 'DROPPED',
    IP: { source: '10.0.0.1', destination: '10.0.0.2', ipVersion: 'IPv4' },
    l4: { TCP: { source_port: 31793, destination_port: 8080, flags: { SYN: true } } },
    source: { ID: 1, identity: 4321, namespace: 'shop', pod_name: 'web-6d5f7c9b8d-x2x4z', workloads: [{ name: 'web', kind: 'Deployment' }] },
    destination: { identity: 12345, namespace: 'shop', pod_name: 'api-0' },
    is_reply: false,
  };

  test.each<[string, unknown, unknown]>([
    ['alone', flow, { protocol: 6, port: 8080, sourcePort: 31793 }],
    ['of a stream', { flow, node_name: 'n1' }, { protocol: 6, port: 8080, sourcePort: 31793 }],
    ['with a request',
      { ...flow, l7: { type: 'REQUEST', http: { method: 'GET', url: 'http://api.shop.svc/a?b', headers: [{ key: 'X-Team', value: 'red' }] } } },
      { protocol: 6, port: 8080, sourcePort: 31793, http: { method: 'GET', path: '/a?b', host: 'api.shop.svc', headers: { 'X-Team': 'red' } } }],
    ['with headers that are left out',
      { ...flow, l7: { http: { method: 'GET', url: '/a', headers: [{ key: 'X-Team', value: 'HUBBLE_REDACTED' }] } } },
      { protocol: 6, port: 8080, sourcePort: 31793, http: { method: 'GET', path: '/a' } }],
    ['with a question', { ...flow, l4: { UDP: { destination_port: 53 } }, l7: { dns: { query: 'a.example.com.' } } }, { protocol: 17, port: 53, dnsName: 'a.example.com' }],
    ['a message', { ...flow, l4: { ICMPv4: { type: 8 } } }, { protocol: 1, icmp: { type: 8, code: 0 } }],
  ])('as JSON, %s', (_name, value, traffic) => {
    expect(told(JSON.stringify(value))).toEqual({ by: 'hubble', source: 'shop/web[Deployment]', destination: 'shop/api-0', traffic, verdict: 'dropped' });
  });

  test('as JSON, of a reply, is turned round', () => {
    expect(told(JSON.stringify({ ...flow, is_reply: true }))).toMatchObject({ source: 'shop/api-0', destination: 'shop/web[Deployment]', traffic: { port: 31793, sourcePort: 8080 } });
  });

  test('as JSON, to something outside, is known by its names, and then by its address', () => {
    const { destination } = parseFlowLine(JSON.stringify({ ...flow, destination: { identity: 2, labels: ['reserved:world'] }, destination_names: ['api.example.com'] }));
    expect(destination).toEqual(['api.example.com', '10.0.0.2']);
  });
});

describe('a flow of Whisker and Goldmane', () => {
  const flow = {
    start_time: '2025-01-01T00:00:00Z',
    action: 'Deny',
    source_name: 'web-6d5f7c9b8d-*',
    source_namespace: 'shop',
    source_labels: 'app=web',
    dest_name: 'api-*',
    dest_namespace: 'shop',
    protocol: 'tcp',
    dest_port: 8080,
    reporter: 'Dst',
  };
  const expected: FlowLine = {
    by: 'goldmane', source: ['shop/web-6d5f7c9b8d', 'shop/web'], destination: ['shop/api'], traffic: { protocol: 6, port: 8080 }, verdict: 'dropped',
  };

  test('has ends that stand for all pods of one controller', () => {
    expect(parseFlowLine(JSON.stringify(flow))).toEqual(expected);
  });

  test('may have its fields in a key, and numbers as texts', () => {
    const Key = { sourceName: 'web-6d5f7c9b8d-*', sourceNamespace: 'shop', destName: 'api-*', destNamespace: 'shop', proto: 'tcp', destPort: '8080', action: 'Deny' };
    expect(parseFlowLine(JSON.stringify({ id: '1', flow: { Key, startTime: '1' } }))).toEqual(expected);
  });

  test('may lead to a public network', () => {
    expect(parseFlowLine(JSON.stringify({ ...flow, dest_name: 'pub', dest_namespace: '-', action: 'Allow' }))).toMatchObject({ destination: ['0.0.0.0/0'], verdict: 'passed' });
  });

  test.each<[string, object, string]>([
    ['a private network', { source_name: 'pvt', source_namespace: '-' }, 'the source of the flow is a private network'],
    ['a network set', { dest_name: 'partners', dest_namespace: '-' }, 'the destination of the flow is "partners", which is no workload'],
    ['nobody', { dest_name: '-', dest_namespace: '-' }, 'does not say what its destination is'],
    ['no port', { dest_port: 0 }, 'the flow has no destination port'],
    ['a port that is none', { dest_port: 70000 }, 'the flow has port 70000'],
    ['another protocol', { protocol: 'gre' }, 'the flow is of protocol "GRE", which is not known'],
  ])('cannot be told of %s', (_name, other, message) => {
    expect(() => parseFlowLine(JSON.stringify({ ...flow, ...other }))).toThrow(message);
  });
});

describe('what is no flow', () => {
  test.each([
    ['nothing', '', 'is no flow of Hubble or Goldmane'],
    ['a sentence', 'web cannot reach api', 'is no flow of Hubble or Goldmane'],
    ['JSON that is cut off', '{"flow":', 'is no flow of Hubble or Goldmane'],
    ['another object', '{"kind":"Pod"}', 'is no flow of Hubble or Goldmane'],
    ['what hides behind a prototype', '{"__proto__":{"IP":{"source":"1.2.3.4"}}}', 'is no flow of Hubble or Goldmane'],
    ['a flow without a protocol', '{"IP":{"source":"1.2.3.4","destination":"1.2.3.5"}}', 'does not say which protocol'],
    ['a line without a port', 'x: shop/web (ID:7) -> shop/api (ID:8) to-stack FORWARDED (TCP Flags: SYN)', 'no destination port'],
    ['a line without a protocol', 'x: shop/web:1 (ID:7) -> shop/api:2 (ID:8) to-stack FORWARDED ()', 'TCP, UDP or SCTP'],
    ['a port that is none', 'x: shop/web:1 (ID:7) -> shop/api:99999 (ID:8) to-stack FORWARDED (UDP)', 'the flow has port 99999'],
    ['too much', 'x'.repeat(100_000), 'at most 65536 characters'],
    ['too long a line', `a ${'-> '.repeat(10_000)}`, 'is no flow of Hubble or Goldmane'],
  ])('%s', (_name, text, message) => {
    expect(() => parseFlowLine(text)).toThrow(message);
  });

  test('never breaks the parser', () => {
    const words = fc.constantFrom('->', '<-', '(ID:1)', 'shop/web:1', '[::1]:2', 'DROPPED', '(TCP Flags: SYN)', 'HTTP/1.1', 'GET', ':', '\n', '   ', 'SOURCE:', 'DESTINATION: a', '/', '//', '\u001b[31m');
    const texts = fc.oneof(fc.array(words, { maxLength: 12 }).map(parts => parts.join(' ')), fc.string(), fc.json());
    fc.assert(fc.property(texts, text => {
      try {
        const { source, destination, traffic } = parseFlowLine(text);
        expect([source.length > 0, destination.length > 0, Number.isInteger(traffic.protocol)]).toEqual([true, true, true]);
      } catch (error) {
        expect((error as Error).message).toMatch(/^(the flow|a flow|".*is no flow|\{.*is no flow|.*is no flow)/s);
      }
    }), { numRuns: 2000 });
  });
});

test('ends are found by the first text that is known', () => {
  const analysis = analysisOf(SHOP);
  const { source, destination } = parseFlowLine('x: shop/web-6d5f7c9b8d-x2x4z:31793 (ID:4321) -> shop/api-7f8b9c6d5e-abcde:8080 (ID:12345) Policy denied DROPPED (TCP Flags: SYN)');
  expect([source, destination].map(texts => findFlowEnd(analysis, texts).parties.map(({ text }) => text))).toEqual([['shop/web[Deployment]'], ['shop/api[Deployment]']]);
  expect(() => findFlowEnd(analysis, ['shop/nobody-x', 'shop/nobody'])).toThrow('there is no workload "shop/nobody-x"');
});

describe('an end is what the flow shows of it', () => {
  const analysis = analysisOf(SHOP, { cni: 'cilium' });
  const sourceOf = (line: string) => {
    const { source, seenSource } = parseFlowLine(line);
    return findFlowEnd(analysis, source, seenSource).parties[0].variants.map(({ kind, address, entities = [] }) => [kind, address, entities.filter(entity => entity !== 'all')]);
  };
  const from = (identity: string) => sourceOf(`x: 10.0.1.4:4444 (${identity}) -> shop/db-0:5432 (ID:5678) to-endpoint FORWARDED (TCP Flags: SYN)`);
  const json = (end: object) => sourceOf(JSON.stringify({
    IP: { source: '10.0.1.4', destination: '10.0.0.2' }, l4: { TCP: { destination_port: 5432 } }, source: end, destination: { namespace: 'shop', pod_name: 'db-0' },
  }));
  const node = (...entities: string[]) => ['node', '10.0.1.4', ['cluster', 'cluster-mesh', ...entities]];

  test('another node, the own node, the API server, or the world', () => {
    expect(from('remote-node')).toEqual([node('remote-node')]);
    // Whether it is the API server too, the line does not say.
    expect(from('host')).toEqual([node('host'), node('host', 'kube-apiserver')]);
    expect(from('kube-apiserver')).toEqual([node('remote-node', 'kube-apiserver'), ['external', '10.0.1.4', ['world', 'world-ipv4', 'kube-apiserver']]]);
    expect(from('world')).toEqual([['external', '10.0.1.4', ['world', 'world-ipv4']]]);
  });

  test('by the labels of JSON too', () => {
    expect(json({ labels: ['reserved:remote-node'] })).toEqual([node('remote-node')]);
    expect(json({ labels: ['reserved:host'] })).toEqual([node('host')]);
    expect(json({ labels: ['reserved:kube-apiserver', 'reserved:remote-node'] })).toEqual([node('remote-node', 'kube-apiserver')]);
  });

  test('a pod that is not in the input, with its labels where they are shown', () => {
    const dns = { namespace: 'kube-system', pod_name: 'dns-0', labels: ['k8s:k8s-app=dns', 'k8s:io.kubernetes.pod.namespace=kube-system', 'k8s:io.cilium.k8s.policy.serviceaccount=dns'] };
    const shown = findFlowEnd(analysis, ['kube-system/dns-0', '10.0.1.4'], parseFlowLine(JSON.stringify({
      IP: { source: '10.0.1.4' }, l4: { UDP: { destination_port: 53 } }, source: dns, destination: { namespace: 'shop', pod_name: 'db-0' },
    })).seenSource);
    expect(shown.parties[0].variants).toEqual([expect.objectContaining({ kind: 'pod', namespace: 'kube-system', labels: { 'k8s-app': 'dns' }, openLabels: [], address: '10.0.1.4' })]);
    expect(shown.parties[0].variants[0].serviceAccount).toBeUndefined();
    const line = parseFlowLine('x: shop/web:1 (ID:7) -> elsewhere/dns-0:53 (ID:8) to-endpoint FORWARDED (UDP)');
    const { parties, notes } = findFlowEnd(analysis, line.destination, line.seenDestination);
    expect(parties[0].variants[0]).toMatchObject({ kind: 'pod', namespace: 'elsewhere', labels: {}, openLabels: ['pod', 'namespace'] });
    expect(notes).toEqual(['no workload of the input is elsewhere/dns-0; it is taken for a pod of namespace elsewhere whose labels are not known']);
  });

  test('several flows are none', () => {
    const line = 'x: shop/web:1 (ID:7) -> shop/api:2 (ID:8) to-stack FORWARDED (UDP)';
    expect(() => parseFlowLine(`${line}\n${line}`)).toThrow('the flow is several flows');
  });
});
