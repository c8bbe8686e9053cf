import { rangeOf } from './address-ranges';
import { End, Ends } from './ends';
import { Conjunction, disjunction, Literal } from '../../model/dnf';
import { EndpointExpr, isNamespace, LabelTest } from '../../model/endpoint';
import { matchesEndpoint, NO, Profile, Tri, YES } from '../../model/match';
import { textOf } from '../../model/text';

/** Which ends an expression matches, or may. Few of them are a list; many are a table, so that nobody walks them one by one. */
export type Matching = { readonly few: ReadonlyMap<number, Tri> } | { readonly many: Uint8Array };

/** Finds the ends that expressions match by what they ask for, without a look at all others. Every expression is looked up once. */
export class EndIndex {
  private readonly byNamespace = new Map<string | undefined, End[]>();
  private readonly byAccount = new Map<string | undefined, End[]>();
  private readonly byLabel = new Map<string, End[]>();
  /** Whose labels may be others than those that are stated. */
  private readonly open: End[] = [];
  /** Sorted by address, by family. */
  private readonly outside: Readonly<Record<4 | 6, End[]>> = { 4: [], 6: [] };
  /** Others that a range may match. */
  private readonly addressed: End[] = [];
  private readonly known = new Map<string, Matching>();

  public constructor(private readonly ends: Ends, private readonly profile: Profile) {
    for (const end of ends.all) { this.add(end); }
    for (const family of [4, 6] as const) { this.outside[family].sort((a, b) => (a.address! < b.address! ? -1 : 1)); }
  }

  public matching(expr: EndpointExpr): Matching {
    const text = textOf(expr);
    let matching = this.known.get(text);
    if (!matching) { this.known.set(text, matching = this.lookUp(expr)); }
    return matching;
  }

  private add(end: End): void {
    const { kind, namespace, serviceAccount, labels, namespaceLabels, openLabels, address, addressIn } = end.endpoint;
    if (kind === 'pod') {
      put(this.byNamespace, namespace, end);
      put(this.byAccount, serviceAccount, end);
    }
    for (const [of, own] of [['own', labels], ['namespace', namespaceLabels]] as const) {
      for (const [key, value] of Object.entries(own ?? {})) {
        put(this.byLabel, labelKey(of, key), end);
        put(this.byLabel, labelKey(of, key, value), end);
      }
    }
    const unlabelled = kind !== 'external' && (labels === undefined || (kind === 'pod' && namespaceLabels === undefined));
    if (unlabelled || (openLabels?.length ?? 0) > 0) { this.open.push(end); }
    if (end.address !== undefined) {
      this.outside[address!.includes(':') ? 6 : 4].push(end);
    } else if (address !== undefined || addressIn === undefined || addressIn.length > 0) {
      this.addressed.push(end);
    }
  }

  /** Alternatives one by one: of thousands of ranges, an end is asked only for those that may hold it. */
  private lookUp(expr: EndpointExpr): Matching {
    const found = new Map<number, Tri>();
    for (const alternative of 'anyOf' in expr ? expr.anyOf : [expr]) {
      for (const end of this.candidates(alternative)) {
        const known = found.get(end.index) ?? NO;
        if (known === YES) { continue; }
        const matched = matchesEndpoint(alternative, end.endpoint, this.profile);
        if (matched > known) { found.set(end.index, matched); }
      }
    }
    if (found.size <= Math.max(FEW, this.ends.all.length / 4)) { return { few: found }; }
    const many = new Uint8Array(this.ends.all.length);
    for (const [index, matched] of found) { many[index] = matched; }
    return { many };
  }

  private candidates(expr: EndpointExpr): Iterable<End> {
    let conjunctions: readonly Conjunction[];
    // What is too large to take apart is asked of everybody.
    try { conjunctions = disjunction(expr); } catch { return this.ends.all; }
    const lists = conjunctions.map(conjunction => this.candidatesOf(conjunction));
    if (lists.some(list => list === this.ends.all)) { return this.ends.all; }
    return lists.length === 1 ? lists[0] : new Set(lists.flat());
  }

  /** By the condition that the fewest meet. */
  private candidatesOf(conjunction: Conjunction): readonly End[] {
    return conjunction.reduce<readonly End[]>((best, literal) => {
      const list = this.meeting(literal, best.length);
      return list && list.length < best.length ? list : best;
    }, this.ends.all);
  }

  /** Undefined: not to be told, or not fewer than `most`. */
  private meeting({ atom, negated }: Literal, most: number): readonly End[] | undefined {
    if (negated) { return undefined; }
    if (isNamespace(atom)) { return [...this.byNamespace.get(atom.namespace) ?? [], ...this.byNamespace.get(undefined) ?? []]; }
    if ('serviceAccount' in atom) { return [...this.byAccount.get(atom.serviceAccount) ?? [], ...this.byAccount.get(undefined) ?? []]; }
    if ('cidr' in atom) { return [...this.inRange(atom.cidr), ...this.addressed]; }
    return 'label' in atom ? this.labelled(atom, most) : undefined;
  }

  private labelled({ label, of, op, values }: LabelTest, most: number): readonly End[] | undefined {
    if (of === 'serviceAccount') { return undefined; }
    const scope = of === 'namespace' ? 'namespace' : 'own';
    const lists = (op === 'in' ? values.map(value => labelKey(scope, label, value)) : [labelKey(scope, label)]).map(key => this.byLabel.get(key) ?? []);
    return lists.reduce((sum, list) => sum + list.length, this.open.length) < most ? [...lists.flat(), ...this.open] : undefined;
  }

  /** The ends outside whose address is in the range: they stand side by side. */
  private inRange(cidr: string): End[] {
    const { family, first, last } = rangeOf(cidr);
    const ends = this.outside[family];
    return ends.slice(position(ends, first), position(ends, last + 1n));
  }
}

const FEW = 8;

/** Of the first end whose address is not before `address`. */
function position(ends: readonly End[], address: bigint): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1; // eslint-disable-line no-bitwise -- half of it
    if (ends[middle].address! < address) { low = middle + 1; } else { high = middle; }
  }
  return low;
}

const labelKey = (of: 'own' | 'namespace', key: string, value?: string): string => JSON.stringify([of, key, ...(value === undefined ? [] : [value])]);

function put<K>(lists: Map<K, End[]>, key: K, end: End): void {
  const list = lists.get(key);
  if (list) { list.push(end); } else { lists.set(key, [end]); }
}
