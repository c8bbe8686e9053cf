import { Question } from './diagnosis';
import { familyOf, hostRange } from '../../../model/cidr';
import { HttpRequest } from '../../../model/http';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Party, Traffic } from '../../party';

/** The statement that lets the flow pass, such as `web.connections.allowTo(api, Port.tcp(8080))`; undefined where no construct says it. */
export function fixCode({ source, destination, traffic }: Question): string | undefined {
  const port = portCode(traffic);
  if (port === undefined) { return undefined; }
  const [from, to] = [variableOf(source), variableOf(destination)];
  if (from !== undefined && source === destination) { return `${from}.connections.allowInternally(${port});`; }
  if (from !== undefined) {
    const peer = to ?? peerCode(destination);
    return peer === undefined ? undefined : `${from}.connections.allowTo(${peer === from ? `${peer}2` : peer}, ${port});`;
  }
  const peer = peerCode(source);
  return to === undefined || peer === undefined ? undefined : `${to}.connections.allowFrom(${peer}, ${port});`;
}

/** A name for a variable; undefined for what is no workload that policies select. */
function variableOf({ workload }: Party): string | undefined {
  if (!workload || workload.hostNetwork) { return undefined; }
  const words = workload.name.split(/[^A-Za-z0-9]+/).filter(word => word !== '');
  const name = words.map((word, i) => (i === 0 ? word.toLowerCase() : word[0].toUpperCase() + word.slice(1))).join('');
  return /^[A-Za-z]/.test(name) ? name : `workload${name}`;
}

function peerCode({ text, variants, workload }: Party): string | undefined {
  if (text === '{ingress-controller}') { return 'Peer.ingressController()'; }
  if (workload?.hostNetwork) { return 'Peer.remoteNodes()'; }
  const [{ kind, names = [], address, addressIn = [] }] = variants;
  if (kind !== 'external') { return undefined; }
  if (names.length > 0) { return `Peer.fqdn(${quoted(names[0])})`; }
  const range = address === undefined ? addressIn[0] : hostRange(address);
  if (range === undefined) { return 'Peer.internet()'; }
  return range === (familyOf(range) === 4 ? '0.0.0.0/0' : '::/0') ? 'Peer.internet()' : `Peer.cidr(${quoted(range)})`;
}

const FACTORIES: Readonly<Record<number, string>> = { [PROTOCOL_NUMBERS.TCP]: 'tcp', [PROTOCOL_NUMBERS.UDP]: 'udp', [PROTOCOL_NUMBERS.SCTP]: 'sctp' };

function portCode({ protocol, port, icmp, http, serverName }: Traffic): string | undefined {
  if (icmp) { return `Port.${protocol === PROTOCOL_NUMBERS.ICMP ? 'icmp' : 'icmpv6'}(${icmp.type}, ${icmp.code})`; }
  const factory = FACTORIES[protocol];
  if (factory === undefined || port === undefined) { return undefined; }
  const plain = `Port.${factory}(${port})`;
  if (http) { return `${plain}.http(${requestCode(http)})`; }
  return serverName === undefined ? plain : `${plain}.serverNames(${quoted(serverName)})`;
}

function requestCode({ method, path, host, headers = {} }: HttpRequest): string {
  const fields = [['method', method], ['path', path?.replace(/[?#].*$/s, '')], ['host', host]].flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${quoted(value)}`]));
  const entries = Object.entries(headers).map(([name, value]) => `${quoted(name)}: ${quoted(value)}`);
  return `{ ${[...fields, ...(entries.length > 0 ? [`headers: { ${entries.join(', ')} }`] : [])].join(', ')} }`;
}

/** As TypeScript writes a text. */
const quoted = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, '\\\'')}'`;
