import { Fields, ownField, replacedAt, valueAt } from './json-path';
import { JsonPath } from '../path-text';

/** Two objects that trade places. */
interface Flip {
  readonly first: number;
  readonly second: number;
  /** Of the field that says the place, in both. */
  readonly path: JsonPath;
  readonly after: readonly [unknown, unknown];
}

/** The kinds whose objects stand in an order, and where it is stated. */
const PLACED: readonly { readonly kinds: readonly string[]; readonly path: JsonPath; readonly among: (document: Fields) => unknown }[] = [
  { kinds: ['Tier'], path: ['spec', 'order'], among: () => 'tiers' },
  { kinds: ['AdminNetworkPolicy'], path: ['spec', 'priority'], among: () => 'policies' },
  { kinds: ['ClusterNetworkPolicy'], path: ['spec', 'priority'], among: document => valueAt(document, ['spec', 'tier']) },
  { kinds: ['NetworkPolicy', 'GlobalNetworkPolicy'], path: ['spec', 'order'], among: document => valueAt(document, ['spec', 'tier']) ?? 'default' },
];

/** Neighbours in the order in which a cluster asks them, each pair once. */
export function* flips(documents: readonly { readonly value: Fields; readonly index: number }[]): Iterable<Flip> {
  const groups = new Map<string, { readonly value: Fields; readonly index: number; readonly order: number; readonly path: JsonPath }[]>();
  for (const { value, index } of documents) {
    const [apiVersion, kind] = [ownField(value, 'apiVersion'), ownField(value, 'kind')];
    const placed = PLACED.find(({ kinds }) => kinds.includes(String(kind)));
    const order = placed && valueAt(value, placed.path);
    if (!placed || typeof order !== 'number') { continue; }
    const key = JSON.stringify([String(apiVersion), placed.kinds, placed.among(value)]);
    const group = groups.get(key);
    const item = { value, index, order, path: placed.path };
    if (group) { group.push(item); } else { groups.set(key, [item]); }
  }
  for (const group of groups.values()) {
    group.sort((a, b) => a.order - b.order || a.index - b.index);
    for (let i = 1; i < group.length; i++) {
      const [a, b] = [group[i - 1], group[i]];
      if (a.order === b.order) { continue; }
      yield {
        first: a.index,
        second: b.index,
        path: a.path,
        after: [replacedAt(a.value, a.path, b.order), replacedAt(b.value, b.path, a.order)],
      };
    }
  }
}
