import { Fields } from '../document-reader';
import { boundedList, RuleContext } from './read-context';
import { MOST_PORTS, namesPortsOfEveryProtocol } from './version';
import { ALL_PORTS, complementRanges, inRanges, mergeRanges, PortSet, PROTOCOL_NUMBERS, Range, TrafficBox } from '../../model/traffic';

/** The ports of one end of a rule, as they are written. */
export interface Ports {
  readonly path: string;
  readonly ports?: PortList;
  readonly notPorts?: PortList;
}

interface PortList {
  readonly ranges: readonly Range[];
  readonly names: readonly string[];
}

const { TCP, UDP, SCTP } = PROTOCOL_NUMBERS;
const WITH_PORTS: readonly number[] = [TCP, UDP, SCTP];

/** `protocol` is that of the rule. */
export function readPorts(context: RuleContext, entity: Fields, path: string, protocol: number | undefined): Ports {
  const list = (key: 'ports' | 'notPorts'): Partial<Ports> => {
    const items = boundedList(context, entity, key, path, MOST_PORTS);
    if (items.length === 0) { return {}; }
    const ports = items.map((item, i) => readPort(context, item, `${path}.${key}[${i}]`));
    return { [key]: { ranges: mergeRanges(ports.filter(port => typeof port !== 'string')), names: ports.filter(port => typeof port === 'string') } };
  };
  const read: Ports = { path, ...list('ports'), ...list('notPorts') };
  checkProtocol(context, read, protocol);
  return read;
}

function readPort(context: RuleContext, value: unknown, path: string): Range | string {
  const { reader } = context;
  if (typeof value === 'number') {
    const port = reader.integer(value, path, 1, 65535);
    return [port, port];
  }
  const text = reader.string(value, path);
  if (/^\d+$/.test(text)) { return readPort(context, Number(text), path); }
  const range = /^(\d+):(\d+)$/.exec(text);
  if (range) {
    const first = reader.integer(Number(range[1]), path, 1, 65535);
    return [first, reader.integer(Number(range[2]), path, first, 65535)];
  }
  const dashed = /^(\d+)-(\d+)$/.exec(text);
  if (dashed) { throw reader.fail(path, `${JSON.stringify(text)} is the name of a port, not a range; for a range write "${dashed[1]}:${dashed[2]}"`); }
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(text)) { throw reader.fail(path, `${JSON.stringify(text)} is no port; write a number, a range such as "8000:8080" or a name`); }
  return text;
}

function checkProtocol({ reader }: RuleContext, { path, ports, notPorts }: Ports, protocol: number | undefined): void {
  if (!ports && !notPorts) { return; }
  if (protocol === undefined && [ports, notPorts].some(list => list && list.ranges.length > 0)) {
    throw reader.fail(path, 'ports that are numbers need a protocol: Calico\'s validator refuses the policy, and Felix treats it as missing; add protocol: TCP, UDP or SCTP to the rule');
  }
  if (protocol !== undefined && !WITH_PORTS.includes(protocol)) {
    throw reader.fail(`${path.replace(/\.[^.]*$/, '')}.protocol`, 'a rule with ports must be of TCP, UDP or SCTP');
  }
}

function remaining(ports: PortList | undefined, notPorts: PortList | undefined): Range[] {
  const left = complementRanges(notPorts?.ranges ?? [], ALL_PORTS);
  return (ports?.ranges ?? [ALL_PORTS]).flatMap(([first, last]) => left
    .map(([low, high]): Range => [Math.max(first, low), Math.min(last, high)])
    .filter(([low, high]) => low <= high));
}

function portSet({ reader }: RuleContext, { path, ports, notPorts }: Ports): PortSet | undefined {
  if (!ports && !notPorts) { return undefined; }
  const [names, exceptNames] = [ports?.names ?? [], notPorts?.names ?? []];
  if (names.length > 0 && notPorts) {
    throw reader.fail(path, 'the names in ports cannot be read beside notPorts: which numbers they stand for differs from pod to pod; state the ports as numbers, or write a rule of their own for the names');
  }
  return { ranges: remaining(ports, notPorts), names, ...(exceptNames.length > 0 ? { exceptNames } : {}) };
}

/** What the protocols and the ports of both ends say together. `protocol` is that of the rule, where it states one. */
export function boxesOf(context: RuleContext, from: Ports, to: Ports, protocols: readonly Range[], protocol: number | undefined): TrafficBox[] {
  const [sourcePorts, destinationPorts] = [portSet(context, from), portSet(context, to)];
  const ports = { ...(sourcePorts ? { sourcePorts } : {}), ...(destinationPorts ? { destinationPorts } : {}) };
  if (protocol !== undefined || (!sourcePorts && !destinationPorts)) { return [{ protocols, ...ports }]; }
  // Without a protocol there are only names, and they are looked up among the ports of these.
  const lookedUp = namesPortsOfEveryProtocol(context.version) ? WITH_PORTS : [TCP];
  const named = lookedUp.filter(number => protocols.some(range => inRanges([range], number))).map((number): Range => [number, number]);
  const boxes = named.length > 0 ? [{ protocols: named, ...ports }] : [];
  const others = protocols.flatMap(range => complementRanges(named.filter(([number]) => inRanges([range], number)), range));
  return from.ports || to.ports || others.length === 0 ? boxes : [...boxes, { protocols: others }];
}
