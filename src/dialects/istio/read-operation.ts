import { Context, texts } from './read-source';
import { pathProblem, readHosts, readPath, readText } from './texts';
import { HttpMatch } from '../../model/http';
import { ALL_PORTS, complementRanges, mergeRanges, Range } from '../../model/traffic';
import { DocumentReader } from '../document-reader';

/** What is called: one `operation`. */
export interface Operation {
  /** Absent: every port. */
  readonly ports?: readonly Range[];
  /** Absent: no condition on requests. */
  readonly http?: HttpMatch;
}

const FIELDS = ['hosts', 'notHosts', 'ports', 'notPorts', 'methods', 'notMethods', 'paths', 'notPaths'];

export function readOperation({ reader }: Context, raw: unknown, path: string): Operation {
  const fields = reader.object(raw, path);
  reader.only(fields, path, FIELDS);
  const list = (key: string) => texts(reader, fields, key, path);
  for (const key of ['paths', 'notPaths']) {
    const problem = list(key).map(pathProblem).find(found => found !== undefined);
    if (problem !== undefined) { throw reader.fail(`${path}.${key}`, problem); }
  }
  const http = requests({
    methods: list('methods').map(readText),
    notMethods: list('notMethods').map(readText),
    paths: list('paths').map(readPath),
    notPaths: list('notPaths').map(readPath),
    hosts: readHosts(list('hosts')),
    notHosts: readHosts(list('notHosts')),
  });
  const ports = readPorts(reader, list('ports'), list('notPorts'), `${path}.ports`);
  if (!http && !ports) { throw reader.fail(path, 'Istio refuses an empty operation; leave `to` out for every operation'); }
  return { ...(ports ? { ports } : {}), ...(http ? { http } : {}) };
}

/** Without the lists that state nothing. */
function requests(match: HttpMatch): HttpMatch | undefined {
  const stated = Object.entries(match).filter(([, items]) => items.length > 0);
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

/** Undefined where nothing is stated. */
export function readPorts(reader: DocumentReader, ports: readonly string[], notPorts: readonly string[], path: string): Range[] | undefined {
  if (ports.length + notPorts.length === 0) { return undefined; }
  const single = (text: string): Range => {
    if (!/^\d{1,10}$/.test(text) || Number(text) > ALL_PORTS[1]) {
      throw reader.fail(path, `${JSON.stringify(text.slice(0, 40))} is no port: Istio takes single numbers from 0 to 65535, as strings`);
    }
    return [Number(text), Number(text)];
  };
  const left = complementRanges(notPorts.map(single), ALL_PORTS);
  return ports.length === 0 ? left : bothRanges(ports.map(single), left);
}

/** What is in both. */
export function bothRanges(one: readonly Range[], other: readonly Range[]): Range[] {
  const gaps = mergeRanges([...complementRanges(one, ALL_PORTS), ...complementRanges(other, ALL_PORTS)]);
  return complementRanges(gaps, ALL_PORTS);
}
