import { Condition, isHttpKey } from './conditions';
import { Operation, readOperation, bothRanges } from './read-operation';
import { Caller, callers, Context, readSource } from './read-source';
import { readWhen, When } from './read-when';
import { OF_TCP, OPAQUE } from './terms';
import { ANY, anyOf } from '../../model/endpoint';
import { HttpMatch } from '../../model/http';
import { Action, Origin, Rule } from '../../model/policy-set';
import { Range, TrafficBox } from '../../model/traffic';

/** A document of others must not multiply. */
const MOST_BOXES = 20_000;

/** A request of HTTP, whichever it is. */
const ANY_REQUEST: HttpMatch = { methods: [{ present: true }] };

const ANYONE: Caller = { expr: ANY, conditions: [], layer4: false, request: false };

/** One rule of a policy; several in the model where callers differ in what is not known of them. */
export function readRule(context: Context, raw: unknown, path: string, action: Action, origin: Origin): Rule[] {
  const { reader, mesh } = context;
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['from', 'to', 'when']);
  const list = (key: 'from' | 'to') => {
    const items = reader.optionalList(reader.own(fields, key), `${path}.${key}`);
    if (items?.length === 0) { throw reader.fail(`${path}.${key}`, `Istio means to refuse an empty list, and what gets past it is any; leave \`${key}\` out`); }
    if (items && items.length > 512 && key === 'from') { throw reader.fail(`${path}.from`, 'the API server takes at most 512'); }
    return items;
  };
  const inner = (item: unknown, at: string, key: 'source' | 'operation') => {
    const entry = reader.object(item, at);
    reader.only(entry, at, [key]);
    const value = reader.own(entry, key);
    if (value === undefined) { throw reader.fail(`${at}.${key}`, 'Istio refuses an entry without it'); }
    return value;
  };
  const sources = list('from')?.map((item, i) => readSource(context, inner(item, `${path}.from[${i}]`, 'source'), `${path}.from[${i}].source`));
  const operations = list('to')?.map((item, i) => readOperation(context, inner(item, `${path}.to[${i}]`, 'operation'), `${path}.to[${i}].operation`));
  const when = readWhen(context, reader.optionalList(reader.own(fields, 'when'), `${path}.when`) ?? [], `${path}.when`);
  const clauses = { sources: sources ?? [ANYONE], operations: operations ?? [{}], when };
  const kept = mesh.dataPlane === 'ambient' ? atZtunnel(clauses, action) : clauses;
  return kept ? modelRules(context, kept, path, action, { ...origin, part: path.slice('spec.'.length) }) : [];
}

interface Clauses {
  readonly sources: readonly Caller[];
  readonly operations: readonly Operation[];
  readonly when: When;
}

/**
 * What ztunnel does, which sees no requests: an ALLOW rule with such a condition is left out; of a DENY rule the conditions are, and an entry
 * that has no others then matches nothing.
 */
function atZtunnel({ sources, operations, when }: Clauses, action: Action): Clauses | undefined {
  const http = operations.some(operation => operation.http !== undefined) || !when.layer4 || sources.some(({ request }) => request);
  if (action === 'allow') { return http ? undefined : { sources: entries(sources), operations, when }; }
  if (!when.layer4) { return undefined; }
  const known = operations.filter(({ ports, http: requests }) => ports !== undefined || requests === undefined);
  return { sources: entries(sources), operations: known.map(({ ports }) => (ports ? { ports } : {})), when };
}

const entries = (sources: readonly Caller[]): readonly Caller[] => sources.filter(source => source === ANYONE || source.layer4);

function modelRules({ reader }: Context, { sources, operations, when }: Clauses, path: string, action: Action, origin: Origin): Rule[] {
  const all = sources.map(source => callers([source, when.caller, { ...ANYONE, conditions: when.conditions }]));
  const plain = all.filter(({ conditions }) => conditions.length === 0);
  const others = all.filter(({ conditions }) => conditions.length > 0);
  if (others.length * operations.length > MOST_BOXES) { throw reader.fail(path, `callers and operations combine to more than ${MOST_BOXES}; state several rules`); }
  const http = when.http || operations.some(operation => operation.http !== undefined) || others.some(ofRequests);
  // Where a port is not HTTP, Istio leaves out an ALLOW rule that mentions requests anywhere, with all its alternatives.
  const onlyHttp = http && action === 'allow';
  const grouped: Caller[] = [...(plain.length > 0 ? [{ ...ANYONE, expr: anyOf(...plain.map(({ expr }) => expr)) }] : []), ...others];
  return grouped.flatMap(({ expr, conditions }): Rule[] => {
    const traffic = operations.flatMap(operation => box(operation, when, conditions, onlyHttp));
    return traffic.length === 0 ? [] : [{ action, match: { source: expr, destination: when.destination, traffic }, origin }];
  });
}

const ofRequests = ({ conditions }: { readonly conditions: readonly Condition[] }): boolean => conditions.some(({ key }) => isHttpKey(key));

function box({ ports: own, http }: Operation, when: When, conditions: readonly Condition[], onlyHttp: boolean): TrafficBox[] {
  const ports = own && when.ports ? bothRanges(own, when.ports) : own ?? when.ports;
  if (ports?.length === 0) { return []; }
  const destinationPorts = ports ? { destinationPorts: { ranges: ports as Range[], names: [] } } : {};
  const { headers } = when;
  const requests: HttpMatch = { ...http, ...(headers.length > 0 ? { headers } : {}), ...(conditions.length > 0 ? { conditions } : {}) };
  const ofHttp = http !== undefined || headers.length > 0 || ofRequests({ conditions });
  if (ofHttp || onlyHttp) { return [{ ...OF_TCP, ...destinationPorts, l7: { http: [ofHttp ? requests : { ...ANY_REQUEST, ...requests }] } }]; }
  return [{ ...OF_TCP, ...destinationPorts, ...(conditions.length > 0 ? { l7: { opaque: OPAQUE, value: conditions } } : {}) }];
}

