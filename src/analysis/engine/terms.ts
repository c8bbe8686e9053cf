import { CompiledEndpoint } from './compiled-endpoint';
import { holds, Interval } from './positions';
import { Atom, Cidr, EndpointKind, LabelScope } from '../../model/endpoint';
import { both, matchesEndpoint, MAYBE, NO, Profile, Tri, YES } from '../../model/match';

/** Compiled expressions. Equal ones are one object, and have one number. */

/** An endpoint that matches has one of these words, or may have it. */
export type Need = readonly number[];

export abstract class Term {
  public constructor(public readonly id: number) {}

  public abstract test(endpoint: CompiledEndpoint): Tri;

  /** Each of them alone must be met; none: nothing can be said. */
  public needs(): readonly Need[] {
    return [];
  }

  /** The terms that it is made of. */
  public parts(): readonly Term[] {
    return [];
  }
}

export class Always extends Term {
  public test(): Tri {
    return YES;
  }
}

export class Never extends Term {
  public test(): Tri {
    return NO;
  }

  public override needs(): readonly Need[] {
    return [[]];
  }
}

export class Not extends Term {
  public constructor(id: number, private readonly term: Term) {
    super(id);
  }

  public test(endpoint: CompiledEndpoint): Tri {
    return (2 - this.term.test(endpoint)) as Tri;
  }

  public override parts(): readonly Term[] {
    return [this.term];
  }
}

export class All extends Term {
  public constructor(id: number, private readonly terms: readonly Term[]) {
    super(id);
  }

  public test(endpoint: CompiledEndpoint): Tri {
    let all: Tri = YES;
    for (const term of this.terms) {
      all = both(all, term.test(endpoint));
      if (all === NO) { return NO; }
    }
    return all;
  }

  public override needs(): readonly Need[] {
    return this.terms.flatMap(term => term.needs());
  }

  public override parts(): readonly Term[] {
    return this.terms;
  }
}

export class Some extends Term {
  public constructor(id: number, protected readonly terms: readonly Term[]) {
    super(id);
  }

  public test(endpoint: CompiledEndpoint): Tri {
    let any: Tri = NO;
    for (const term of this.terms) {
      const matched = term.test(endpoint);
      if (matched === YES) { return YES; }
      if (matched === MAYBE) { any = MAYBE; }
    }
    return any;
  }

  public override needs(): readonly Need[] {
    const needs = this.terms.map(term => term.needs());
    // Of each alternative the last, which is the narrowest.
    return needs.every(({ length }) => length > 0) ? [needs.flatMap(need => need[need.length - 1])] : [];
  }

  public override parts(): readonly Term[] {
    return this.terms;
  }
}

export class KindIs extends Term {
  public constructor(id: number, private readonly kind: EndpointKind, private readonly word: number) {
    super(id);
  }

  public test({ kind }: CompiledEndpoint): Tri {
    return kind === this.kind ? YES : NO;
  }

  public override needs(): readonly Need[] {
    return [[this.word]];
  }
}

/** A pod of one namespace, and something more. */
export class InNamespace extends Term {
  public constructor(id: number, public readonly word: number, private readonly rest: Term) {
    super(id);
  }

  public test(endpoint: CompiledEndpoint): Tri {
    if (endpoint.kind !== 'pod') { return NO; }
    if (endpoint.namespace === this.word) { return this.rest.test(endpoint); }
    return endpoint.namespace === undefined ? both(MAYBE, this.rest.test(endpoint)) : NO;
  }

  public override needs(): readonly Need[] {
    return [[this.word], ...this.rest.needs()];
  }

  public override parts(): readonly Term[] {
    return [this.rest];
  }
}

export class NamespaceIs extends Term {
  public constructor(id: number, public readonly word: number) {
    super(id);
  }

  public test({ kind, namespace }: CompiledEndpoint): Tri {
    if (namespace === this.word) { return kind === 'pod' ? YES : NO; }
    return namespace === undefined && kind === 'pod' ? MAYBE : NO;
  }

  public override needs(): readonly Need[] {
    return [[this.word]];
  }
}

/** Whose labels are meant. */
type Owner = 'own' | 'ofNamespace' | 'ofAccount';

abstract class LabelTerm extends Term {
  private readonly owner: Owner;
  private readonly kind: EndpointKind;

  public constructor(id: number, of: LabelScope, protected readonly key: number) {
    super(id);
    this.owner = of === 'namespace' ? 'ofNamespace' : of === 'serviceAccount' ? 'ofAccount' : 'own';
    this.kind = of === 'namespace' || of === 'serviceAccount' ? 'pod' : of;
  }

  public test(endpoint: CompiledEndpoint): Tri {
    if (endpoint.kind !== this.kind) { return NO; }
    const labels = this.owner === 'own' ? endpoint.own : this.owner === 'ofNamespace' ? endpoint.ofNamespace : endpoint.ofAccount;
    if (labels === undefined) { return MAYBE; }
    if (this.isIn(labels.words)) { return YES; }
    return labels.open && !labels.words.includes(this.key) ? MAYBE : NO;
  }

  protected abstract isIn(words: readonly number[]): boolean;
}

/** That a label is there, or has one value. */
export class LabelIs extends LabelTerm {
  /** @param word of the label with the value, or of the label alone */
  public constructor(id: number, of: LabelScope, key: number, private readonly word: number) {
    super(id, of, key);
  }

  public override needs(): readonly Need[] {
    return [[this.word]];
  }

  protected isIn(words: readonly number[]): boolean {
    return words.includes(this.word);
  }
}

/** That a label has one of some values. */
export class LabelIn extends LabelTerm {
  public constructor(id: number, of: LabelScope, key: number, private readonly words: readonly number[]) {
    super(id, of, key);
  }

  public override needs(): readonly Need[] {
    // Without a value it has no word by which it could be found, and where labels are not known it may match all the same.
    return this.words.length > 0 ? [this.words] : [];
  }

  protected isIn(words: readonly number[]): boolean {
    return this.words.some(word => words.includes(word));
  }
}

/** An address in one of some ranges. */
export class InRanges extends Term {
  /** By the ranges that an unknown address is in. */
  private readonly among = new Map<string, Tri>();

  public constructor(
    id: number,
    private readonly word: number,
    private readonly kinds: readonly EndpointKind[] | 'all',
    private readonly intervals: readonly Interval[],
    public readonly cidrs: readonly Cidr[],
    private readonly profile: Profile,
  ) {
    super(id);
  }

  public test({ kind, position, addressIn }: CompiledEndpoint): Tri {
    if (this.kinds !== 'all' && !this.kinds.includes(kind)) { return NO; }
    if (position !== undefined) { return holds(this.intervals, position) ? YES : NO; }
    if (addressIn === undefined) { return MAYBE; }
    return addressIn.length === 0 ? NO : this.testRanges(addressIn);
  }

  public override needs(): readonly Need[] {
    return [[this.word]];
  }

  private testRanges(addressIn: readonly string[]): Tri {
    const key = addressIn.length === 1 ? addressIn[0] : addressIn.join();
    let matched = this.among.get(key);
    if (matched === undefined) {
      matched = NO;
      for (const cidr of this.cidrs) {
        const one = matchesEndpoint({ ...cidr, anyone: true }, { kind: 'external', addressIn }, this.profile);
        if (one > matched) { matched = one; }
      }
      this.among.set(key, matched);
    }
    return matched;
  }
}

/** What is rare: as the model matches it. */
export class Other extends Term {
  public constructor(id: number, private readonly atom: Atom, private readonly profile: Profile) {
    super(id);
  }

  public test({ endpoint }: CompiledEndpoint): Tri {
    return matchesEndpoint(this.atom, endpoint, this.profile);
  }
}
