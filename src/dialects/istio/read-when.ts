import { addressRange, AMBIENT_KEYS, Condition, isHttpKey, keyProblem } from './conditions';
import { bothRanges, readPorts } from './read-operation';
import { ATTRIBUTES, attributeCaller, Caller, callers, Context, texts } from './read-source';
import { chosen } from './terms';
import { ANY_TEXT, readText } from './texts';
import { allOf, EndpointExpr } from '../../model/endpoint';
import { HeaderMatch, TextMatch } from '../../model/http';
import { Range } from '../../model/traffic';

/** All conditions of a rule together. */
export interface When {
  readonly caller: Caller;
  readonly destination: EndpointExpr;
  readonly ports?: readonly Range[];
  readonly headers: readonly HeaderMatch[];
  readonly conditions: readonly Condition[];
  /** Whether any of them exists in HTTP only. */
  readonly http: boolean;
  /** Whether ztunnel knows all of them. */
  readonly layer4: boolean;
}

export function readWhen(context: Context, items: readonly unknown[], path: string): When {
  const parts = items.map((raw, i) => readCondition(context, raw, `${path}[${i}]`));
  const ports = parts.flatMap(part => (part.ports ? [part.ports] : []));
  return {
    caller: callers(parts.flatMap(({ caller }) => (caller ? [caller] : []))),
    destination: allOf(...parts.flatMap(({ destination }) => (destination ? [destination] : []))),
    ...(ports.length > 0 ? { ports: ports.reduce((all, next) => bothRanges(all, next)) } : {}),
    headers: parts.flatMap(({ headers = [] }) => headers),
    conditions: parts.flatMap(({ condition }) => (condition ? [condition] : [])),
    http: parts.some(({ key }) => isHttpKey(key)),
    layer4: parts.every(({ key }) => AMBIENT_KEYS.includes(key)),
  };
}

interface Part {
  readonly key: string;
  readonly caller?: Caller;
  readonly destination?: EndpointExpr;
  readonly ports?: readonly Range[];
  readonly headers?: readonly HeaderMatch[];
  readonly condition?: Condition;
}

function readCondition(context: Context, raw: unknown, path: string): Part {
  const { reader } = context;
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['key', 'values', 'notValues']);
  const key = reader.string(reader.own(fields, 'key'), `${path}.key`);
  const condition: Condition = { key, values: texts(reader, fields, 'values', path), notValues: texts(reader, fields, 'notValues', path) };
  const { values, notValues } = condition;
  const problem = keyProblem(key);
  if (problem !== undefined) { throw reader.fail(`${path}.key`, problem); }
  if (values.length + notValues.length === 0) { throw reader.fail(path, 'Istio refuses a condition without values and notValues'); }
  const attribute = ATTRIBUTES.find(each => each.key === key && each.expr !== undefined);
  if (attribute) { return { key, caller: attributeCaller(context, attribute, condition, path) }; }
  if (key === 'destination.port') { return { key, ports: readPorts(reader, values, notValues, path) }; }
  if (key === 'destination.ip') {
    return { key, destination: reader.at(path, () => chosen(values, notValues, value => ({ cidr: addressRange(value), except: [], anyone: true }))) };
  }
  if (key === 'remote.ip') { reader.at(path, () => [...values, ...notValues].forEach(addressRange)); }
  const header = /^request\.headers\[(.*)\]$/s.exec(key)?.[1].toLowerCase();
  // Envoy keeps these apart from the headers that a request states.
  if (header === undefined || header.startsWith(':') || header === 'host') { return { key, condition }; }
  return { key, headers: readHeader(header, condition) };
}

function readHeader(name: string, { values, notValues }: Condition): HeaderMatch[] {
  const none = notValues.length > 0 ? { notValues: notValues.map(value => (value === '*' ? { pattern: ANY_TEXT } : readText(value))) } : {};
  if (values.length === 0) { return [{ name, ...none }]; }
  // A star asks for the header only, whatever it holds.
  if (values.includes('*')) { return notValues.length > 0 ? [{ name }, { name, ...none }] : [{ name }]; }
  return [{ name, values: values.map((value): TextMatch => readText(value)), ...none }];
}
