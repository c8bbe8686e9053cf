import { portNameProblem } from '../../model/labels';
import { ALL_PORTS, allOfProtocol, portRange, ProtocolName, Range, TrafficBox, PROTOCOL_NUMBERS } from '../../model/traffic';
import { DocumentReader } from '../document-reader';
import { Form } from './kinds';

/** `protocols` of v1alpha2, and `ports` of v1alpha1. */

const PROTOCOLS = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const;
type Lower = keyof typeof PROTOCOLS;
const LOWER = Object.keys(PROTOCOLS) as Lower[];

/** A port's name is that of a container port of any protocol. */
const NAMED_PROTOCOLS: readonly Range[] = LOWER.map((name): Range => [PROTOCOL_NUMBERS[PROTOCOLS[name]], PROTOCOL_NUMBERS[PROTOCOLS[name]]]);

export function readTraffic(reader: DocumentReader, raw: unknown, path: string, form: Form): TrafficBox {
  return form.version === 'v1alpha2' ? readProtocol(reader, raw, path) : readPort(reader, raw, path);
}

function readProtocol(reader: DocumentReader, raw: unknown, path: string): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, [...LOWER, 'destinationNamedPort']);
  const given = [...LOWER, 'destinationNamedPort'].filter(key => reader.own(fields, key) !== undefined);
  if (given.length !== 1) { throw reader.fail(path, `exactly one of tcp, udp, sctp and destinationNamedPort is needed, got ${given.join(' and ') || 'none'}`); }
  const [key] = given;
  if (key === 'destinationNamedPort') { return readName(reader, reader.own(fields, key), `${path}.${key}`); }
  const own = reader.object(reader.own(fields, key), `${path}.${key}`);
  reader.only(own, `${path}.${key}`, ['destinationPort']);
  const port = reader.own(own, 'destinationPort');
  if (port === undefined) {
    throw reader.fail(`${path}.${key}`, `destinationPort is needed, since the API server refuses an empty ${key}; every port is range: {start: 1, end: 65535}`);
  }
  return readDestinationPort(reader, port, `${path}.${key}.destinationPort`, PROTOCOLS[key as Lower]);
}

function readDestinationPort(reader: DocumentReader, raw: unknown, path: string, protocol: ProtocolName): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['number', 'range']);
  const [number, range] = [reader.own(fields, 'number'), reader.own(fields, 'range')];
  if ((number === undefined) === (range === undefined)) { throw reader.fail(path, 'exactly one of number and range is needed'); }
  return number === undefined
    ? readRange(reader, range, `${path}.range`, protocol, ['start', 'end'])
    : portRange(protocol, reader.integer(number, `${path}.number`, 1, ALL_PORTS[1]));
}

function readPort(reader: DocumentReader, raw: unknown, path: string): TrafficBox {
  const fields = reader.object(raw, path);
  const forms = ['portNumber', 'portRange', 'namedPort'];
  reader.only(fields, path, forms);
  const given = forms.filter(key => reader.own(fields, key) !== undefined);
  if (given.length !== 1) { throw reader.fail(path, `exactly one of ${forms.join(', ')} is needed, got ${given.join(' and ') || 'none'}`); }
  const [key] = given;
  const [value, at] = [reader.own(fields, key), `${path}.${key}`];
  if (key === 'namedPort') { return readName(reader, value, at); }
  const own = reader.object(value, at);
  const protocol = reader.oneOf(reader.own(own, 'protocol') ?? 'TCP', `${at}.protocol`, ['TCP', 'UDP', 'SCTP']);
  if (key === 'portRange') { return readRange(reader, own, at, protocol, ['protocol', 'start', 'end']); }
  reader.only(own, at, ['protocol', 'port']);
  return portRange(protocol, reader.integer(reader.own(own, 'port'), `${at}.port`, 1, ALL_PORTS[1]));
}

function readRange(reader: DocumentReader, raw: unknown, path: string, protocol: ProtocolName, known: readonly string[]): TrafficBox {
  const fields = reader.object(raw, path);
  reader.only(fields, path, known);
  const [start, end] = ['start', 'end'].map(key => reader.integer(reader.own(fields, key), `${path}.${key}`, 1, ALL_PORTS[1]));
  if (start >= end) { throw reader.fail(path, `start must be less than end, got ${start} and ${end}; a single port is a number`); }
  // Nothing travels on port 0.
  return start === 1 && end === ALL_PORTS[1] ? allOfProtocol(protocol) : portRange(protocol, start, end);
}

function readName(reader: DocumentReader, raw: unknown, path: string): TrafficBox {
  const name = reader.string(raw, path);
  const problem = portNameProblem(name);
  if (problem) { throw reader.fail(path, problem); }
  return { protocols: NAMED_PROTOCOLS, destinationPorts: { ranges: [], names: [name] } };
}
