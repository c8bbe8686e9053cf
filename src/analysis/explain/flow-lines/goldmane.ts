import { Fields, numberOf, objectOf, portOf, textOf } from './fields';
import { podTexts } from './pod-names';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Traffic } from '../../party';
import type { FlowLine } from '../flow-line';

/** One flow of Whisker, whose fields stand side by side, or of Goldmane, where they stand in `Key`. */
export function goldmaneFlow(flow: Fields): FlowLine | undefined {
  const key = objectOf(flow, 'Key', 'key') ?? flow;
  const protocol = textOf(key, 'protocol', 'proto');
  if (protocol === undefined || textOf(key, 'source_name', 'sourceName') === undefined) { return undefined; }
  const verdict = VERDICTS.get(textOf(key, 'action') ?? '');
  return {
    by: 'goldmane',
    source: endTexts(key, 'source'),
    destination: endTexts(key, 'dest'),
    traffic: trafficOf(protocol.toUpperCase(), numberOf(key, 'dest_port', 'destPort')),
    ...(verdict ? { verdict } : {}),
  };
}

const VERDICTS = new Map<string, FlowLine['verdict']>([['Allow', 'passed'], ['Deny', 'dropped']]);

/** What is not there is written so. */
const NONE = '-';

/** Names stand for all pods of one generated name: `web-6d5f7c9b8d-*` is what the pods of a ReplicaSet have in common. */
function endTexts(key: Fields, end: 'source' | 'dest'): string[] {
  const [name, namespace] = [textOf(key, `${end}_name`, `${end}Name`), textOf(key, `${end}_namespace`, `${end}Namespace`)];
  if (name === undefined || name === NONE) { return []; }
  if (name === 'pub') { return ['0.0.0.0/0']; }
  if (namespace === undefined || namespace === NONE) {
    const what = end === 'source' ? 'source' : 'destination';
    throw new Error(name === 'pvt'
      ? `the ${what} of the flow is a private network, and which one it does not say; use --from and --to with an address`
      : `the ${what} of the flow is ${JSON.stringify(name.slice(0, 80))}, which is no workload; use --from and --to with its address`);
  }
  return name.endsWith('-*') ? generatedTexts(namespace, name.slice(0, -2)) : podTexts(namespace, name.replace(/\*$/, ''));
}

/** By the name of the controller, and where that is a ReplicaSet by that of its Deployment. */
const generatedTexts = (namespace: string, name: string): string[] => [...new Set([name, name.replace(/-[a-z0-9]{6,10}$/, '')])].map(each => `${namespace}/${each}`);

function trafficOf(protocol: string, port: number | undefined): Traffic {
  switch (protocol) {
    case 'TCP': case 'UDP': case 'SCTP':
      if (port === undefined || port === 0) { throw new Error('the flow has no destination port; use --from, --to and --port'); }
      return { protocol: PROTOCOL_NUMBERS[protocol], port: portOf(port) };
    case 'ICMP': return { protocol: PROTOCOL_NUMBERS.ICMP };
    case 'ICMPV6': case 'ICMP6': return { protocol: PROTOCOL_NUMBERS.ICMPv6 };
    default: throw new Error(`the flow is of protocol ${JSON.stringify(protocol.slice(0, 40))}, which is not known; use --from, --to and --port`);
  }
}
