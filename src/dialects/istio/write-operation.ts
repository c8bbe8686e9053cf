import { Condition, isHttpKey, keyProblem } from './conditions';
import { OPAQUE } from './terms';
import { ANY_TEXT, writeHost, writePath, writeText } from './texts';
import { Called, Json, refuse } from './write-source';
import { HeaderMatch, HttpMatch, TextMatch } from '../../model/http';
import { ALL_PORTS, complementRanges, mergeRanges, Range, TrafficBox } from '../../model/traffic';

/** One entry of `to`, with the conditions that can only be said by `when`. */
export interface Written {
  /** Absent: every operation. */
  readonly operation?: Json;
  readonly when: readonly Json[];
  /** Whether it is about requests of HTTP. */
  readonly http: boolean;
}

/** Ports are listed one by one. */
const MOST_PORTS = 20;

/** A box of TCP as the operations that it is; none where nothing matches. */
export function writeBox(box: TrafficBox, statement: Called): Written[] {
  if (box.sourcePorts) { throw refuse('source-port', statement); }
  if (box.serverNames) { throw refuse('server-name', statement, box.serverNames.join(', ')); }
  if (box.icmp) { throw refuse('icmp', statement); }
  if (box.ipVersion) { throw refuse('protocol', statement, `IPv${box.ipVersion}`); }
  const ports = writePorts(box, statement);
  if (!ports) { return []; }
  const operation = (fields: Json): { operation?: Json } => (Object.keys(fields).length > 0 ? { operation: fields } : {});
  const { l7 } = box;
  if (!l7) { return [{ ...operation(ports), when: [], http: false }]; }
  if ('http' in l7) {
    return l7.http.flatMap(match => writeRequests(match, statement))
      .map(({ fields, when, http }) => ({ ...operation({ ...fields, ...ports }), when, http }));
  }
  if (!('opaque' in l7) || l7.opaque !== OPAQUE) { throw refuse('l7', statement); }
  return [{ ...operation(ports), when: (l7.value as readonly Condition[]).map(condition => writeCondition(condition, statement)), http: false }];
}

/** Undefined for no port at all. */
function writePorts({ destinationPorts }: TrafficBox, statement: Called): Json | undefined {
  if (!destinationPorts) { return {}; }
  const { names, exceptNames, ranges } = destinationPorts;
  if (names.length > 0 || exceptNames) { throw refuse('port', statement, `the name ${JSON.stringify([...names, ...exceptNames ?? []][0])}`); }
  const merged = mergeRanges(ranges);
  if (merged.length === 0) { return undefined; }
  const others = complementRanges(merged, ALL_PORTS);
  // Nothing travels on port 0.
  if (sizeOf(others) === 0 || (sizeOf(others) === 1 && others[0][1] === 0)) { return {}; }
  if (sizeOf(merged) <= MOST_PORTS) { return { ports: listed(merged) }; }
  if (sizeOf(others) <= MOST_PORTS) { return { notPorts: listed(others) }; }
  throw refuse('port', statement, merged.map(([first, last]) => `${first}-${last}`).join(', '));
}

const sizeOf = (ranges: readonly Range[]): number => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
const listed = (ranges: readonly Range[]): string[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => String(first + i)));

interface Requests {
  readonly fields: Json;
  readonly when: readonly Json[];
  readonly http: boolean;
}

function writeRequests(match: HttpMatch, statement: Called): Requests[] {
  const { methods, notMethods, paths, notPaths, hosts, notHosts, headers = [], conditions = [] } = match;
  // An empty list of alternatives matches nothing.
  if ([methods, paths, hosts, ...headers.map(({ values }) => values)].some(list => list?.length === 0)) { return []; }
  const lists: Record<string, readonly TextMatch[] | undefined> = { methods, notMethods, paths, notPaths, hosts, notHosts };
  const fields = Object.fromEntries(Object.entries(lists).flatMap(([key, texts = []]) => {
    const values = texts.flatMap(text => written(key, text) ?? unsayable(key, text, statement));
    return values.length > 0 ? [[key, [...new Set(values)].sort()]] : [];
  }));
  const when = [...headers.flatMap(header => writeHeader(header, statement)), ...conditions.map(condition => writeCondition(condition, statement))];
  return [{ fields, when, http: Object.keys(fields).length > 0 || headers.length > 0 || conditions.some(({ key }) => isHttpKey(key)) }];
}

function written(key: string, text: TextMatch): string[] | undefined {
  if (key === 'hosts' || key === 'notHosts') { return writeHost(text); }
  const value = key === 'paths' || key === 'notPaths' ? writePath(text) : writeText(text);
  return value === undefined ? undefined : [value];
}

function unsayable(what: string, text: TextMatch, statement: Called): never {
  throw refuse('http', statement, `${what}: ${JSON.stringify(text).slice(0, 100)}`);
}

function writeHeader({ name, values, notValues = [], secret, mismatch }: HeaderMatch, statement: Called): Json[] {
  if (secret || mismatch) { throw refuse('http', statement, `header ${name}: ${secret ? 'a secret' : 'what to do with a mismatch'}`); }
  // Envoy takes the host for a part of the request line.
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || name.toLowerCase() === 'host') { throw refuse('http', statement, `header ${JSON.stringify(name.slice(0, 100))}`); }
  const texts = (list: readonly TextMatch[]): string[] =>
    list.map(text => ('pattern' in text && text.pattern === ANY_TEXT ? '*' : writeText(text)) ?? unsayable(`header ${name}`, text, statement));
  const stated = { values: values ? texts(values) : notValues.length > 0 ? [] : ['*'], notValues: texts(notValues) };
  return [entry(`request.headers[${name.toLowerCase()}]`, stated)];
}

function writeCondition({ key, values, notValues }: Condition, statement: Called): Json {
  const problem = keyProblem(key) ?? (values.length + notValues.length === 0 || [...values, ...notValues].includes('') ? 'no values' : undefined);
  if (problem !== undefined) { throw refuse('http', statement, problem); }
  return entry(key, { values, notValues });
}

export const entry = (key: string, { values, notValues }: { readonly values: readonly string[]; readonly notValues: readonly string[] }): Json =>
  ({ key, ...(values.length > 0 ? { values: [...values] } : {}), ...(notValues.length > 0 ? { notValues: [...notValues] } : {}) });
