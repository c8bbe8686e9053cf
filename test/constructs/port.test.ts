import { NetworkPolicy, Peer, Port, Protocol } from '../../src';
import { Protocol as Traffic } from '../oracle';
import { api, flow, ping, web, world } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, sound, synthesize } from '../support/apps';

const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };

/** What passes into pods that are open on the port only: "TCP 80", or "ICMP". */
function passing(cluster: ClusterName, port: Port, candidates: readonly string[]): string[] {
  const manifests = sound(cluster, ({ chart }) => { new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.any()], ports: [port] }] }); }, FACTS);
  return candidates.filter(candidate => {
    const [protocol, number] = candidate.split(' ');
    return allowed(cluster, manifests, world, protocol === 'ICMP' ? ping(web, api) : flow(web, api, protocol as Traffic, Number(number)));
  });
}

const ALL = ['TCP 1', 'TCP 53', 'TCP 80', 'TCP 99', 'TCP 100', 'TCP 65535', 'UDP 53', 'UDP 80', 'UDP 100', 'SCTP 80', 'SCTP 100', 'ICMP'];

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test.each<[string, Port, string[]]>([
    ['one TCP port', Port.tcp(80), ['TCP 80']],
    ['one UDP port', Port.udp(80), ['UDP 80']],
    ['one SCTP port', Port.sctp(80), ['SCTP 80']],
    ['the smallest and the largest', Port.oneOf(Port.tcp(1), Port.tcp(65535)), ['TCP 1', 'TCP 65535']],
    ['a TCP range', Port.tcpRange(80, 99), ['TCP 80', 'TCP 99']],
    ['a UDP range', Port.udpRange(53, 80), ['UDP 53', 'UDP 80']],
    ['an SCTP range', Port.sctpRange(1, 80), ['SCTP 80']],
    ['a range of one', Port.tcpRange(80, 80), ['TCP 80']],
    ['a range of everything', Port.tcpRange(1, 65535), ['TCP 1', 'TCP 53', 'TCP 80', 'TCP 99', 'TCP 100', 'TCP 65535']],
    ['all of TCP', Port.allTcp(), ['TCP 1', 'TCP 53', 'TCP 80', 'TCP 99', 'TCP 100', 'TCP 65535']],
    ['all of UDP', Port.allUdp(), ['UDP 53', 'UDP 80', 'UDP 100']],
    ['all of SCTP', Port.allSctp(), ['SCTP 80', 'SCTP 100']],
    ['everything, also what has no ports', Port.all(), ALL],
    ['several', Port.oneOf(Port.DNS, Port.tcp(99)), ['TCP 53', 'TCP 99', 'UDP 53']],
  ])('%s', (_, port, expected) => {
    expect(passing(cluster, port, ALL)).toEqual(expected);
  });

  test('a name, of the protocol that is stated', () => {
    // The pod has "http", TCP 8080, and "stats", UDP 9000.
    const candidates = ['TCP 8080', 'UDP 8080', 'TCP 9000', 'UDP 9000'];
    expect(passing(cluster, Port.named('http'), candidates)).toEqual(['TCP 8080']);
    expect(passing(cluster, Port.named('stats', Protocol.UDP), candidates)).toEqual(['UDP 9000']);
    expect(passing(cluster, Port.named('stats'), candidates)).toEqual([]);
  });

  test('the same port twice is written once', () => {
    const written = (...ports: Port[]) => sound(cluster, ({ chart }) => { new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.any()], ports }] }); });
    expect(written(Port.tcp(80), Port.tcp(80))).toEqual(written(Port.tcp(80)));
  });
});

test('well-known ports are what they say', () => {
  const wellKnown = Object.entries(Port).filter(([, value]) => value instanceof Port).map(([name, port]) => `${name} ${port}`);
  expect(wellKnown).toEqual([
    'HTTP TCP 80', 'HTTPS TCP 443', 'DNS UDP 53, TCP 53', 'SSH TCP 22', 'POSTGRES TCP 5432', 'MYSQL TCP 3306', 'MSSQL TCP 1433', 'REDIS TCP 6379',
    'MONGODB TCP 27017', 'KAFKA TCP 9092', 'AMQP TCP 5672', 'NATS TCP 4222', 'MEMCACHED TCP 11211', 'ELASTICSEARCH TCP 9200', 'SMTP_SUBMISSION TCP 587',
    'OTLP_GRPC TCP 4317',
  ]);
});

describe('a port that is none is an error', () => {
  const SENTENCE = 'is not a whole number from 1 to 65535';

  test.each<[string, () => Port, string]>([
    ['0', () => Port.tcp(0), `port 0 ${SENTENCE}; for every port say Port.allTcp(), Port.allUdp() or Port.all()`],
    ['65536', () => Port.udp(65536), `port 65536 ${SENTENCE}`],
    ['a negative one', () => Port.sctp(-1), `port -1 ${SENTENCE}`],
    ['a fraction', () => Port.tcp(1.5), `port 1.5 ${SENTENCE}`],
    ['not a number', () => Port.tcp(NaN), `port NaN ${SENTENCE}`],
    ['a text', () => Port.tcp('80' as never), `port 80 ${SENTENCE}`],
    ['nothing', () => Port.tcp(undefined as never), `port undefined ${SENTENCE}`],
    ['a range from 0', () => Port.tcpRange(0, 80), `port 0 ${SENTENCE}`],
    ['a range beyond the last', () => Port.udpRange(80, 65536), `port 65536 ${SENTENCE}`],
    ['a range with a fraction', () => Port.sctpRange(1, 2.5), `port 2.5 ${SENTENCE}`],
    ['a reversed range', () => Port.tcpRange(90, 80), 'port range 90 to 80 is reversed; did you mean 80 to 90?'],
    ['a list of none', () => Port.oneOf(), 'no ports are stated, which never means all of them; name at least one, or say Port.all()'],
    ['an empty name', () => Port.named(''), 'port name "" is invalid'],
    ['a name of 16 characters', () => Port.named('a'.repeat(16)), 'at most 15 lower-case letters, digits and single inner "-", with at least one letter'],
    ['a name with capitals', () => Port.named('HTTP'), 'port name "HTTP" is invalid'],
    ['a number as a name', () => Port.named('8080'), 'port name "8080" is invalid'],
    ['a name with two dashes', () => Port.named('a--b'), 'port name "a--b" is invalid'],
    ['a protocol that is not known', () => Port.named('http', 'ICMP' as Protocol), 'protocol "ICMP" is not known; use one of TCP, UDP, SCTP'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('a rule without ports is an error', () => {
  expect(() => synthesize('kubernetes', ({ chart }) => { new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.any()], ports: [] }] }); })).toThrow(
    'ingress rule has no ports, which never means all of them; name at least one, or say Port.all()');
});

describe('ICMP', () => {
  const open = (cluster: ClusterName, port: Port) => sound(cluster, ({ chart }) => {
    new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.any()], ports: [port] }] });
  }, FACTS);
  const icmp = (type: number, code = 0, ipVersion: 4 | 6 = 4) => ({ ...ping(web, api), icmp: { type, code }, ipVersion });

  test.each<ClusterName>(['cilium', 'calico'])('on %s some messages pass, and no others', cluster => {
    expect(open(cluster, Port.ping())).toMatchSnapshot();
    const passing4 = (port: Port) => [0, 3, 8, 13].filter(type => allowed(cluster, open(cluster, port), world, icmp(type)));
    expect(passing4(Port.ping())).toEqual([8]);
    expect(passing4(Port.icmp(13))).toEqual([13]);
    expect(passing4(Port.oneOf(Port.icmp(13), Port.icmp(8)))).toEqual([8, 13]);
    const passing6 = (port: Port) => [1, 128, 135].filter(type => allowed(cluster, open(cluster, port), world, icmp(type, 0, 6)));
    expect(passing6(Port.ping())).toEqual([128]);
    expect(passing6(Port.icmpv6(135))).toEqual([135]);
    expect(allowed(cluster, open(cluster, Port.ping()), world, flow(web, api))).toBe(false);
    expect(allowed(cluster, open(cluster, Port.oneOf(Port.ping(), Port.tcp(8080))), world, flow(web, api))).toBe(true);
  });

  test('on calico a code is one of a type, which Cilium cannot say', () => {
    const manifests = open('calico', Port.icmp(3, 4));
    expect([0, 4].filter(code => allowed('calico', manifests, world, icmp(3, code)))).toEqual([4]);
    expect(() => open('cilium', Port.icmp(3, 4))).toThrow(/the cilium dialect cannot express this/);
  });

  test('plain Kubernetes has no such thing', () => {
    expect(() => open('kubernetes', Port.ping())).toThrow(/ingress from any on ICMP type 8, ICMPv6 type 128.*: the kubernetes dialect cannot express this/);
  });

  test('a number that is none is an error', () => {
    expect(() => Port.icmp(256)).toThrow('ICMP type 256 is not a whole number from 0 to 255');
    expect(() => Port.icmpv6(1, -1)).toThrow('ICMP code -1 is not a whole number from 0 to 255');
    expect(() => Port.icmp(1.5)).toThrow('ICMP type 1.5 is not a whole number');
    expect(`${Port.icmp(3, 4)}`).toBe('ICMP type 3 code 4');
  });
});
