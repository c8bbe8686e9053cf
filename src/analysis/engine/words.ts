import { EndpointKind, LabelScope } from '../../model/endpoint';

/**
 * Numbers for what expressions name: kinds, namespaces, labels, address ranges. Matching compares them, and endpoints are found by them.
 * What no expression names has none, since nothing can be told by it.
 */

/** What an endpoint has a word about. Where it is not known, the endpoint may have any word of the aspect. */
export type Aspect = 'kind' | 'namespaceName' | 'address' | LabelScope;

export interface LabelWords {
  /** That there is such a label. */
  readonly word: number;
  /** That it has this value. */
  readonly values: Map<string, number>;
}

export const NO_WORD = -1;

export class Words {
  private readonly aspects: Aspect[] = [];
  private readonly kinds = new Map<EndpointKind, number>();
  private readonly namespaces = new Map<string, number>();
  private readonly labels = new Map<LabelScope, Map<string, LabelWords>>();

  public add(aspect: Aspect): number {
    return this.aspects.push(aspect) - 1;
  }

  public aspectOf(word: number): Aspect {
    return this.aspects[word];
  }

  public kind(kind: EndpointKind): number {
    return this.in(this.kinds, kind, 'kind');
  }

  public knownKind(kind: EndpointKind): number {
    return this.kinds.get(kind) ?? NO_WORD;
  }

  public namespace(name: string): number {
    return this.in(this.namespaces, name, 'namespaceName');
  }

  public knownNamespace(name: string): number {
    return this.namespaces.get(name) ?? NO_WORD;
  }

  public label(of: LabelScope, key: string): LabelWords {
    const labels = this.labels.get(of) ?? new Map<string, LabelWords>();
    this.labels.set(of, labels);
    let label = labels.get(key);
    if (!label) { labels.set(key, label = { word: this.add(of), values: new Map() }); }
    return label;
  }

  public labelValue(of: LabelScope, key: string, value: string): number {
    return this.in(this.label(of, key).values, value, of);
  }

  /** By key; undefined where no expression names one of the scope. */
  public knownLabels(of: LabelScope): ReadonlyMap<string, LabelWords> | undefined {
    return this.labels.get(of);
  }

  private in<K>(words: Map<K, number>, key: K, aspect: Aspect): number {
    let word = words.get(key);
    if (word === undefined) { words.set(key, word = this.add(aspect)); }
    return word;
  }
}
