import { Reason } from './explanation';
import { boxText, layer7Text, portsText, protocolsText, protocolText } from './traffic-text';
import { Flow, matchesTraffic, NO } from '../../model/match';
import { TrafficBox } from '../../model/traffic';

/** Why what travels is none of the boxes: what fails of the one that is nearest. */
export function trafficMismatch(boxes: readonly TrafficBox[], flow: Flow): Reason[] {
  if (matchesTraffic(boxes, flow) !== NO) { return []; }
  let best: Reason[] | undefined;
  for (const box of boxes) {
    const reasons = boxMismatch(box, flow);
    if (!best || rank(reasons) < rank(best)) { best = reasons; }
  }
  const others = boxes.length > 1 ? ` (of ${boxes.length} alternatives, the nearest)` : '';
  return best?.map(({ about, text }) => ({ about, text: text + others })) ?? [{ about: 'protocol', text: 'the rule has no ports, and matches nothing' }];
}

/** Another protocol is further away than another port. */
const rank = (reasons: readonly Reason[]): number => reasons.reduce((sum, { about }) => sum + (about === 'protocol' ? 10 : 1), 0);

function boxMismatch(box: TrafficBox, flow: Flow): Reason[] {
  const { protocols, sourcePorts, destinationPorts, icmp, ipVersion, serverNames, l7 } = box;
  const fails = (part: Partial<TrafficBox>): boolean => matchesTraffic([{ protocols, ...part }], flow) === NO;
  if (fails({})) { return [{ about: 'protocol', text: `${protocolText(flow.protocol)} is not ${protocolsText(box)}` }]; }
  return [
    ...(destinationPorts && fails({ destinationPorts }) ? [port(box, flow)] : []),
    ...(sourcePorts && fails({ sourcePorts }) ? [{ about: 'source port' as const, text: `source port ${flow.sourcePort} is not ${portsText(sourcePorts)}` }] : []),
    ...(icmp && fails({ icmp }) ? [{ about: 'message' as const, text: `the message is not ${boxText({ protocols, icmp })}` }] : []),
    ...(ipVersion && fails({ ipVersion }) ? [{ about: 'IP version' as const, text: `the rule is about IPv${ipVersion}` }] : []),
    ...(serverNames && fails({ serverNames }) ? [{ about: 'request' as const, text: `the server name ${flow.serverName} is not ${serverNames.join(' or ')}` }] : []),
    ...(l7 && fails({ l7 }) ? [{ about: 'request' as const, text: `the request is not ${layer7Text(box).join(' ')}` }] : []),
  ];
}

function port({ destinationPorts }: TrafficBox, { port: own, protocol, destination }: Flow): Reason {
  if (own === undefined) { return { about: 'port', text: `${protocolText(protocol)} has no ports` }; }
  const text = portsText(destinationPorts!);
  const named = destinationPorts!.names.filter(name => !destination.ports?.some(each => each.name === name));
  const missing = named.length > 0 && destination.kind === 'pod' && destination.ports !== undefined ? `; no container port is named ${named.join(' or ')}` : '';
  return { about: 'port', text: `port ${own} is not ${text}${missing}` };
}
