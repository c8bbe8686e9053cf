import { distinct } from '../../dialects/dialect';
import { portNameProblem } from '../../model/labels';
import { chunks, Json } from '../native-object';
import { Context, needs, stated, wrong } from './context';
import { renamed } from './names';
import { CiliumListener, CiliumPort, CiliumPortRule, CiliumTlsContext } from './traffic';
import { writeHttp } from './write-http';
import { writeFqdn } from './write-peers';

/** The agent takes so many in one entry of toPorts; several entries add up. */
export const MOST_PORTS = 40;
const EVERY_PORT = '0';
/** Of protocols that Cilium knows with a flag only; they have no ports. */
const EXTENDED = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'];

/** What the rules around an entry of toPorts are. */
export interface Place {
  readonly direction: 'ingress' | 'egress';
  readonly context: Context;
}

/** The entries for a list of ports, without anything but ports. */
export const writePortEntries = (ports: readonly CiliumPort[], where: string, context: Context): Json[] =>
  chunks(writePorts(ports, where, context), MOST_PORTS).map(chunk => ({ ports: chunk }));

export function writePortRule(rule: CiliumPortRule, where: string, place: Place): Json[] {
  const { ports, http, dns, kafka, terminatingTls, originatingTls, serverNames, listener, ...unknown } = rule;
  const { context } = place;
  const written = writePorts(ports ?? [], `${where}.ports`, context);
  const layer7 = [http && 'http', dns && 'dns', kafka && 'kafka'].filter(family => family !== undefined);
  if (layer7.length > 1) { throw wrong(where, `${layer7.join(' and ')} cannot stand in one entry; state an entry for each, on ports of its own`); }
  checkLayer7(layer7[0] as string | undefined, written, where, place);
  if (serverNames && layer7.length > 0 && !terminatingTls) { throw wrong(`${where}.serverNames`, `beside ${layer7[0]} rules the TLS connection must be terminated; state terminatingTls, or leave the ${layer7[0]} rules out`); }
  if (listener && layer7.length > 0) { throw wrong(`${where}.listener`, `traffic that goes to a listener has no ${layer7[0]} rules; state one of the two`); }
  if (listener && place.direction === 'ingress') { throw wrong(`${where}.listener`, 'listeners are for egress only'); }
  const rest: Json = {
    ...unknown,
    ...(http ? { rules: { http: distinct(stated(http, `${where}.http`, 'leave it out for every request').map((each, i) => writeHttp(each, `${where}.http[${i}]`))) } } : {}),
    ...(dns ? { rules: { dns: distinct(stated(dns, `${where}.dns`, 'leave it out for every name').map((each, i) => writeFqdn(each, `${where}.dns[${i}]`, context))) } } : {}),
    ...(kafka ? { rules: { kafka: stated(kafka, `${where}.kafka`, 'leave it out for every request').map(renamed) } } : {}),
    ...(terminatingTls ? { terminatingTLS: writeTls(terminatingTls) } : {}),
    ...(originatingTls ? { originatingTLS: writeTls(originatingTls) } : {}),
    ...(serverNames ? { serverNames: distinct(stated(serverNames, `${where}.serverNames`, 'leave it out for every name')) } : {}),
    ...(listener ? { listener: writeListener(listener, `${where}.listener`, context) } : {}),
  };
  return chunks(written, MOST_PORTS).map(chunk => ({ ports: chunk, ...rest }));
}

function checkLayer7(family: string | undefined, ports: readonly Json[], where: string, { direction, context }: Place): void {
  if (family === undefined) { return; }
  if (context.nodes && (family !== 'dns' || direction === 'ingress')) { throw wrong(`${where}.${family}`, 'rules about nodes have no such conditions; state the ports only'); }
  if (family === 'dns' && direction === 'ingress') { throw wrong(`${where}.dns`, 'DNS rules are for egress only'); }
  for (const { port, endPort, protocol } of ports) {
    const fits = family === 'dns' ? protocol === 'UDP' || protocol === 'TCP' || protocol === 'ANY' : protocol === 'TCP';
    if (!fits) {
      throw wrong(`${where}.ports`, family === 'dns' ? `DNS rules are for UDP and TCP, not ${protocol}` : `${family} rules apply to TCP only; state protocol: CiliumProtocol.TCP, not ${protocol}`);
    }
    if (port === EVERY_PORT) { throw wrong(`${where}.ports`, `${family} rules need a port`); }
    if (family === 'dns' && endPort !== undefined) { throw wrong(`${where}.ports`, 'DNS rules need single ports, not ranges'); }
  }
}

function writePorts(ports: readonly CiliumPort[], where: string, context: Context): Json[] {
  const written = stated(ports, where, 'without ports it matches nothing; for every port of TCP, UDP and SCTP say [{}]');
  return [...distinct(written.map((port, i) => writePort(port, `${where}[${i}]`, context)))];
}

function writePort(entry: CiliumPort, where: string, context: Context): Json {
  const { port, endPort, portName, protocol: named = 'ANY', ...unknown } = entry;
  const protocol = String(named).toUpperCase();
  if (EXTENDED.includes(protocol)) {
    needs(context.features.extendedProtocols, where, `${protocol} needs the agent's --enable-extended-ip-protocols`, 'extendedProtocols');
    if (port !== undefined || endPort !== undefined || portName !== undefined) { throw wrong(where, `${protocol} has no ports; leave the port out`); }
  }
  if (portName !== undefined) { return { port: writeName(entry, where), protocol, ...unknown }; }
  if (port === undefined && endPort !== undefined) { throw wrong(`${where}.endPort`, 'a range needs port, where it begins'); }
  if (port === undefined) { return { port: EVERY_PORT, protocol, ...unknown }; }
  checkNumber(port, `${where}.port`);
  if (endPort === undefined) { return { port: String(port), protocol, ...unknown }; }
  checkNumber(endPort, `${where}.endPort`);
  if (endPort <= port) { throw wrong(`${where}.endPort`, `${endPort} is not above port ${port}, and Cilium would take the single port ${port}; state a range that ends above it, or leave endPort out`); }
  return { port: String(port), endPort, protocol, ...unknown };
}

function checkNumber(port: unknown, where: string): void {
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw wrong(where, `must be a port from 1 to 65535, got ${JSON.stringify(port)}; for every port of the protocol leave it out`);
  }
}

function writeName({ port, endPort, portName }: CiliumPort, where: string): string {
  if (port !== undefined) { throw wrong(where, 'a port has a number or a name; state one of port and portName'); }
  if (endPort !== undefined) { throw wrong(`${where}.endPort`, `Cilium ignores it beside a name (${portName}); state the range by numbers`); }
  const name = String(portName).toLowerCase();
  const problem = portNameProblem(name);
  if (problem) { throw wrong(`${where}.portName`, problem); }
  return name;
}

const secretOf = (name: string, namespace: string | undefined): Json => ({ name, ...(namespace === undefined ? {} : { namespace }) });

function writeTls({ secretName, secretNamespace, ...rest }: CiliumTlsContext): Json {
  return { secret: secretOf(secretName, secretNamespace), ...renamed(rest) };
}

function writeListener(listener: CiliumListener, where: string, { namespace }: Context): Json {
  const { name, envoyConfig, envoyConfigKind, priority, ...unknown } = listener;
  const kind = envoyConfigKind ?? (namespace === undefined ? 'CiliumClusterwideEnvoyConfig' : 'CiliumEnvoyConfig');
  if (namespace === undefined && kind === 'CiliumEnvoyConfig') { throw wrong(`${where}.envoyConfigKind`, 'a clusterwide policy cannot name an object of a namespace; use a CiliumClusterwideEnvoyConfig'); }
  return { name, envoyConfig: { kind, name: envoyConfig }, ...(priority === undefined ? {} : { priority }), ...unknown };
}
