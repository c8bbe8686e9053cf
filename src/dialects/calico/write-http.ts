import { Refuse } from './expr-selector';
import { httpPathProblem, normalHttpPath } from './http-path';
import { comparesPathSegments, LONGEST_HTTP_PATH, MOST_HTTP_ENTRIES } from './version';
import { HttpMatch, TextMatch } from '../../model/http';
import { Action, Direction } from '../../model/policy-set';
import { complementRanges, PROTOCOL_NUMBERS, Range, TrafficBox } from '../../model/traffic';
import { distinct, Target } from '../dialect';
import { isBefore } from '../versions';

type Json = Record<string, unknown>;

/** The rule in which a box of traffic stands. */
export interface RulePlace {
  readonly action: Action;
  readonly direction: Direction;
  readonly target: Target;
}

/** A box of traffic, or two: requests, and beside them whatever is not of TCP, which a rule without a protocol says together. */
export type WrittenBox = TrafficBox & { readonly andOtherProtocols?: true };

export function withOtherProtocols(traffic: readonly TrafficBox[]): WrittenBox[] {
  const joined = new Set<TrafficBox>();
  const boxes = traffic.map((box): WrittenBox => {
    if (!box.l7 || !('http' in box.l7) || !isTcp(box)) { return box; }
    const { l7, ...rest } = box;
    const others = JSON.stringify(Object.entries({ ...rest, protocols: complementRanges([TCP], [0, 255]) }).sort());
    const beside = traffic.find(other => !joined.has(other) && JSON.stringify(Object.entries(other).sort()) === others);
    if (!beside) { return box; }
    joined.add(beside);
    return { ...rest, protocols: [[0, 255]], l7, andOtherProtocols: true };
  });
  return boxes.filter(box => !joined.has(box));
}

const TCP: Range = [PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.TCP];
const isTcp = ({ protocols }: TrafficBox): boolean => protocols.every(([first, last]) => first === TCP[0] && last === TCP[1]);

/** What a box asks of HTTP requests, as alternatives; `{}` is any request. */
export function writeHttp(box: WrittenBox, place: RulePlace, refuse: Refuse): Json[] {
  const { l7, serverNames, andOtherProtocols } = box;
  if (serverNames) { return refuse('server-name', serverNames.join(', ')); }
  if (!l7) { return [{}]; }
  if (!('http' in l7)) { return refuse('l7', 'dns' in l7 ? `DNS requests for ${l7.dns.join(', ')}` : l7.opaque); }
  const matches = distinct(mergePaths(l7.http));
  if (matches.some(isAnyRequest)) { return [{}]; }
  const { action, direction, target } = place;
  if (action !== 'allow' || direction !== 'ingress') { return refuse('http', `requests of ${direction} rules that ${action}`); }
  if (!isTcp(box) && !andOtherProtocols) { return refuse('http', 'requests over another protocol than TCP'); }
  if (!target.features?.applicationLayerPolicy) {
    return refuse('http', 'application layer policy is not stated as switched on, and without it Calico does not enforce HTTP rules: every request would pass');
  }
  return matches.flatMap(match => writeMatch(match, target, refuse));
}

/** Requests with the same methods are alternatives by their paths. */
function mergePaths(matches: readonly HttpMatch[]): HttpMatch[] {
  const groups = new Map<string, HttpMatch>();
  for (const match of matches) {
    const { paths, ...rest } = match;
    const key = JSON.stringify([rest, paths === undefined]);
    const group = groups.get(key);
    groups.set(key, group && paths ? { ...group, paths: [...group.paths!, ...paths] } : match);
  }
  return [...groups.values()];
}

const isAnyRequest = (match: HttpMatch): boolean => Object.values(match).every(condition => condition === undefined);

function writeMatch(match: HttpMatch, { version }: Target, refuse: Refuse): Json[] {
  const foreign = Object.entries(match).find(([name, value]) => value !== undefined && name !== 'methods' && name !== 'paths');
  if (foreign) { return refuse('http', FOREIGN[foreign[0]] ?? foreign[0]); }
  const methods = distinct((match.methods ?? []).map(method => writeMethod(method, refuse)));
  const paths = distinct(writePaths(match.paths ?? [], version, refuse));
  if (match.methods?.length === 0 || match.paths?.length === 0) { return []; }
  return chunks(methods).flatMap(some => chunks(paths).map(others => ({
    http: { ...(some.length > 0 ? { methods: some } : {}), ...(others.length > 0 ? { paths: others } : {}) },
  })));
}

const FOREIGN: Readonly<Record<string, string>> = {
  notMethods: 'methods that are excluded',
  notPaths: 'paths that are excluded',
  hosts: 'the host that is asked for',
  notHosts: 'hosts that are excluded',
  headers: 'headers',
  conditions: 'conditions that are known by name only',
};

/** An empty list of alternatives is one without a condition. */
function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.max(1, Math.ceil(items.length / MOST_HTTP_ENTRIES));
  return Array.from({ length: count }, (_, i) => items.slice(i * MOST_HTTP_ENTRIES, (i + 1) * MOST_HTTP_ENTRIES));
}

function writeMethod(method: TextMatch, refuse: Refuse): string {
  if (!('exact' in method)) { return refuse('http', `a method that is not stated exactly (${JSON.stringify(method)})`); }
  return method.exact === '*' ? refuse('http', 'the method *, which is every method to Calico') : method.exact;
}

function writePaths(paths: readonly TextMatch[], version: string | undefined, refuse: Refuse): Json[] {
  const whole = foldsPrefixes(version) ? paths.filter(path => 'exact' in path && hasBelow(path.exact, paths)) : [];
  return paths.filter(path => !whole.includes(path)).map(path => {
    if (!('exact' in path || 'prefix' in path)) { return refuse('http', `a path that is stated neither exactly nor by its beginning (${JSON.stringify(path)})`); }
    const text = 'exact' in path ? path.exact : path.prefix;
    const problem = httpPathProblem(text) ?? (text.length > LONGEST_HTTP_PATH ? `a path of more than ${LONGEST_HTTP_PATH} characters` : undefined);
    if (problem) { return refuse('http', problem); }
    if (comparesPathSegments(version)) { checkNormal(path, paths, refuse); }
    return 'prefix' in path && whole.length > 0 && path.prefix !== '/' ? { prefix: path.prefix.slice(0, -1) } : { ...path };
  });
}

const hasBelow = (path: string, paths: readonly TextMatch[]): boolean => paths.some(other => 'prefix' in other && other.prefix === `${path}/`);

/** Where no patch of the version takes a prefix as mere text. */
const foldsPrefixes = (version: string | undefined): boolean => version !== undefined && !isBefore(version, '3.32');

/** Newer versions compare paths in their normal form, and a prefix matches whole segments: `/api` and all below it. */
function checkNormal(path: TextMatch, paths: readonly TextMatch[], refuse: Refuse): void {
  if ('exact' in path && normalHttpPath(path.exact) !== path.exact) {
    refuse('http', `the path ${JSON.stringify(path.exact)}, which Calico compares in its normal form ${JSON.stringify(normalHttpPath(path.exact) ?? 'only')}`);
  }
  if (!('prefix' in path) || path.prefix === '/') { return; }
  const whole = path.prefix.replace(/\/$/, '');
  const stated = paths.some(other => 'exact' in other && other.exact === whole);
  if (stated && path.prefix === `${whole}/` && normalHttpPath(whole) === whole) { return; }
  refuse('http', `paths that begin with ${JSON.stringify(path.prefix)}: Calico compares whole segments, so state both the path ${JSON.stringify(whole)} and the prefix ${JSON.stringify(`${whole}/`)}`);
}
