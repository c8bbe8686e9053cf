import { listText } from './expr-text';
import { requestText, requestsText } from './http-text';
import { coversEveryProtocol, PortSet, protocolName, rangeText, TrafficBox } from '../../model/traffic';
import { Traffic } from '../party';

export const protocolText = (protocol: number): string => protocolName(protocol) ?? `protocol ${protocol}`;

/** What travels, such as `TCP 8080 GET /api`. */
export function trafficText({ protocol, port, icmp, sourcePort, ...sent }: Traffic): string {
  return [
    protocolText(protocol),
    ...(port === undefined ? [] : [String(port)]),
    ...(icmp ? [`type ${icmp.type} code ${icmp.code}`] : []),
    ...(sourcePort === undefined ? [] : [`from port ${sourcePort}`]),
    ...sentTexts(sent),
  ].join(' ');
}

/** What is sent, such as `GET /api` and `asking for api.example.com`. */
export const sentTexts = ({ http, serverName, dnsName }: Pick<Traffic, 'http' | 'serverName' | 'dnsName'>): string[] => [
  ...(http ? [requestText(http)] : []),
  ...(serverName === undefined ? [] : [`for server name ${serverName}`]),
  ...(dnsName === undefined ? [] : [`asking for ${dnsName}`]),
];

const MOST = 4;

/** What a rule is about, such as `TCP 80,443 or UDP 53`. */
export function boxesText(boxes: readonly TrafficBox[]): string {
  if (boxes.length === 0) { return 'nothing'; }
  const texts = [...new Set(boxes.slice(0, MOST).map(boxText))];
  return boxes.length <= MOST ? texts.join(' or ') : `${texts.join(', ')} and ${boxes.length - MOST} more`;
}

export function boxText(box: TrafficBox): string {
  const { sourcePorts, destinationPorts, icmp, ipVersion, serverNames } = box;
  const parts = [
    protocolsText(box),
    ...(destinationPorts ? [portsText(destinationPorts)] : []),
    ...(icmp ? [icmp.map(({ type, code }) => `type ${type}${code === undefined ? '' : ` code ${code}`}`).join(' or ')] : []),
    ...(sourcePorts ? [`from ${portsText(sourcePorts)}`] : []),
    ...(ipVersion === undefined ? [] : [`over IPv${ipVersion}`]),
    ...(serverNames ? [`for server name ${listText(serverNames)}`] : []),
    ...layer7Text(box),
  ];
  return parts.join(' ');
}

export function protocolsText(box: TrafficBox): string {
  if (coversEveryProtocol(box)) { return box.destinationPorts ? 'every protocol with ports' : 'all traffic'; }
  return box.protocols.map(([first, last]) => (first === last ? protocolText(first) : `protocols ${first}-${last}`)).join('/');
}

export function portsText({ ranges, names, exceptNames }: PortSet): string {
  const all = ranges.length === 1 && ranges[0][0] <= 1 && ranges[0][1] === 65535;
  const numbers = all ? ['every port'] : ranges.map(rangeText);
  const texts = [...numbers, ...names.map(name => `named ${name}`)];
  return `${texts.length === 0 ? 'no port' : listText(texts)}${exceptNames ? ` except those named ${listText(exceptNames)}` : ''}`;
}

export function layer7Text({ l7 }: TrafficBox): string[] {
  if (!l7) { return []; }
  if ('http' in l7) { return [requestsText(l7.http)]; }
  return 'dns' in l7 ? [`asking for ${listText(l7.dns)}`] : [`requests of ${l7.opaque}`];
}
