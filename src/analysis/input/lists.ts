import { preview } from '../../dialects/preview';

/** One object, and its place in the lists that hold it, such as ` items[3]`. */
export interface Listed {
  readonly value: unknown;
  readonly place: string;
  /** The entry of the outermost list that it is, or stands in. */
  readonly entry?: unknown;
  /** What is wrong with it as a list, or as an entry of one. */
  readonly problem?: string;
}

/** How deep lists of lists are looked into. */
const DEEPEST = 8;
const TOO_DEEP = 'this list stands within too many others to be looked into; write its items in a list of their own';

/**
 * The objects of a document: those of a `List` or a `NetworkPolicyList`, or of an array; every other one is itself.
 * Entries of a list of one kind need not say what they are.
 */
export function* objectsOf(document: unknown): Iterable<Listed> {
  yield* flatten(document, '', DEEPEST);
}

function* flatten(value: unknown, place: string, deepest: number, entry?: unknown): Iterable<Listed> {
  const list = listOf(value);
  const here = { value, place: place && ` ${place}`, entry };
  if (!list || deepest === 0) {
    yield list ? { ...here, problem: TOO_DEEP } : here;
    return;
  }
  if (list.problem !== undefined) { yield { ...here, problem: list.problem }; }
  for (const [i, item] of list.items.entries()) {
    const inner = Array.isArray(value) ? `${place}[${i}]` : `${place}${place && '.'}items[${i}]`;
    if (list.kind !== undefined && !isObject(item)) {
      yield { value: item, place: ` ${inner}`, entry: entry ?? item, problem: `an entry of a ${preview(list.kind).slice(1, -1)} must be an object, got ${preview(item)}` };
    } else {
      yield* flatten(list.of(item), inner, deepest - 1, entry ?? item);
    }
  }
}

interface List {
  readonly items: readonly unknown[];
  /** Of one of Kubernetes, whose entries are objects. */
  readonly kind?: string;
  readonly problem?: string;
  /** An entry with what the list says of it. */
  of(item: unknown): unknown;
}

function listOf(value: unknown): List | undefined {
  if (Array.isArray(value)) { return { items: value, of: item => item }; }
  if (!isObject(value) || !Object.hasOwn(value, 'items') || !Object.hasOwn(value, 'kind')) { return undefined; }
  const { kind, items, apiVersion } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List')) { return undefined; }
  // What has a name is no list, whatever its kind is called.
  if (!Array.isArray(items) && isObject(value.metadata) && Object.hasOwn(value.metadata, 'name')) { return undefined; }
  // As Go writes an empty list.
  if (items === null) { return { items: [], kind, ...truncation(value), of: item => item }; }
  if (!Array.isArray(items)) { return { items: [], kind, problem: `items of a ${preview(kind).slice(1, -1)} must be a list, got ${preview(items)}`, of: item => item }; }
  const ofItems = kind.slice(0, -'List'.length);
  return { items, kind, ...truncation(value), of: item => (ofItems === '' || !lacksKind(item) ? item : { apiVersion, kind: ofItems, ...item }) };
}

/** A server that is asked for a few objects at a time says that there are more. */
function truncation({ metadata }: Fields): { readonly problem?: string } {
  if (!isObject(metadata)) { return {}; }
  const { continue: next, remainingItemCount: remaining } = metadata;
  if ((next === undefined || next === null || next === '') && !(typeof remaining === 'number' && remaining > 0)) { return {}; }
  return { problem: `the list goes on${typeof remaining === 'number' ? ` with ${remaining} more objects` : ''}, which are not here; ask the API server for all of it, as kubectl get does` };
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const lacksKind = (item: unknown): item is object => isObject(item) && !Object.hasOwn(item, 'kind') && !Object.hasOwn(item, 'apiVersion');
