import { PairTable } from './pair-table';
import { intervalsOf } from './positions';
import { PrefixTable } from './prefix-table';
import { EMPTY, Sequences } from './sequences';
import { SomeOfMany } from './some-of-many';
import { All, Always, InNamespace, InRanges, KindIs, LabelIn, LabelIs, NamespaceIs, Never, Not, Other, Some, Term } from './terms';
import { Words } from './words';
import { Atom, Cidr, EndpointExpr, LabelTest } from '../../model/endpoint';
import { Profile } from '../../model/match';

/** Expressions as terms, equal ones as the same. */
export class Compiler {
  /** By their numbers. */
  public readonly terms: Term[] = [];
  private readonly always = this.numbered(id => new Always(id));
  private readonly never = this.numbered(id => new Never(id));
  private readonly known = new Map<string, Term>();
  /** Those that one word stands for. */
  private readonly ofWords: Term[] = [];
  private readonly inNamespaces: InNamespace[] = [];
  /** By the word of the namespace and the rest. */
  private readonly inNamespacePlaces = new PairTable();
  private readonly ofRange = new Map<string, Term>();
  private readonly sequences = new Sequences();
  private readonly bySequence = new Map<number, Term>();
  /** Long lists of ranges stand in many rules, as one object. */
  private readonly long = new Map<EndpointExpr, Term>();

  public constructor(private readonly words: Words, private readonly ranges: PrefixTable, private readonly profile: Profile) {}

  public term(expr: EndpointExpr): Term {
    if ('any' in expr) { return this.always; }
    if ('none' in expr) { return this.never; }
    if ('allOf' in expr) { return this.all(expr.allOf); }
    if ('anyOf' in expr) { return this.some(expr, expr.anyOf); }
    if ('not' in expr) {
      const term = this.term(expr.not);
      return this.one(`!${term.id}`, id => new Not(id, term));
    }
    return this.atom(expr);
  }

  private all(parts: readonly EndpointExpr[]): Term {
    const ofPods = parts.some(impliesPod);
    let namespace: NamespaceIs | undefined;
    // Nearly always there is one more, for which a list would be made in vain.
    let first: Term | undefined;
    let others: Term[] | undefined;
    for (const part of parts) {
      if (ofPods && 'kind' in part && part.kind === 'pod') { continue; }
      const term = this.term(part);
      if (namespace === undefined && term instanceof NamespaceIs) {
        namespace = term;
      } else if (first === undefined) {
        first = term;
      } else if (others === undefined) {
        others = [first, term];
      } else {
        others.push(term);
      }
    }
    if (first === undefined) { return namespace ?? this.always; }
    const rest = others === undefined ? first : this.allTogether(others);
    return namespace === undefined ? rest : this.inNamespace(namespace, rest);
  }

  private allTogether(terms: readonly Term[]): Term {
    return this.sequence(ALL, terms, id => new All(id, terms));
  }

  /** Nearly every peer is one of these. */
  private inNamespace({ word }: NamespaceIs, rest: Term): Term {
    const place = this.inNamespacePlaces.get(word, rest.id);
    if (place >= 0) { return this.inNamespaces[place]; }
    const term = this.numbered(id => new InNamespace(id, word, rest));
    this.inNamespacePlaces.set(word, rest.id, this.inNamespaces.push(term) - 1);
    return term;
  }

  private some(expr: EndpointExpr, parts: readonly EndpointExpr[]): Term {
    const found = this.long.get(expr);
    if (found) { return found; }
    const ranges = parts.filter(isCidr);
    const terms = ranges.length > 1
      ? [...parts.filter(part => !isCidr(part)).map(part => this.term(part)), ...this.inRanges(ranges)]
      : parts.map(part => this.term(part));
    const term = terms.length < 2
      ? terms[0] ?? this.never
      : this.sequence(SOME, terms, id => (terms.length < MANY ? new Some(id, terms) : new SomeOfMany(id, terms, this.words)));
    if (parts.length >= LONG) { this.long.set(expr, term); }
    return term;
  }

  private sequence(sign: number, terms: readonly Term[], make: (id: number) => Term): Term {
    let sequence = this.sequences.append(EMPTY, sign);
    for (const { id } of terms) { sequence = this.sequences.append(sequence, id); }
    let term = this.bySequence.get(sequence);
    if (!term) { this.bySequence.set(sequence, term = this.numbered(make)); }
    return term;
  }

  private atom(atom: Atom): Term {
    if ('label' in atom) { return this.label(atom); }
    if ('kind' in atom) { return this.ofWord(this.words.kind(atom.kind), (id, word) => new KindIs(id, atom.kind, word)); }
    if ('ref' in atom) { return this.other(atom); }
    if ('cidr' in atom) { return this.inRange(atom); }
    if ('namespace' in atom) {
      const name = this.words.namespace(atom.namespace);
      return this.ofWords[name] ?? this.ofWord(name, (id, word) => new NamespaceIs(id, word));
    }
    return this.other(atom);
  }

  private label(test: LabelTest): Term {
    const { of, label, op, values } = test;
    const { word: key } = this.words.label(of, label);
    if (op !== 'in' && op !== 'exists') { return this.other(test); }
    if (op === 'exists' || values.length === 1) {
      const only = op === 'exists' ? key : this.words.labelValue(of, label, values[0]);
      return this.ofWords[only] ?? this.ofWord(only, (id, word) => new LabelIs(id, of, key, word));
    }
    const words = [...new Set(values)].map(value => this.words.labelValue(of, label, value));
    return this.one(`l${key} ${words.join()}`, id => new LabelIn(id, of, key, words));
  }

  /** Nearly every range stands alone and has no holes. */
  private inRange(range: Cidr): Term {
    const { cidr, except, anyone } = range;
    if (anyone || except.length > 0) { return this.inRanges([range])[0]; }
    let term = this.ofRange.get(cidr);
    if (!term) { this.ofRange.set(cidr, term = this.inRanges([range])[0]); }
    return term;
  }

  /** One term, or two where some ranges are meant whoever holds the address. */
  private inRanges(ranges: readonly Cidr[]): Term[] {
    const byReach = [ranges.filter(({ anyone }) => !anyone), ranges.filter(({ anyone }) => anyone)];
    return byReach.flatMap((cidrs, i) => {
      if (cidrs.length === 0) { return []; }
      const kinds = i === 1 ? 'all' : this.profile.cidrMatches;
      const key = `r${i}${cidrs.map(({ cidr, except }) => `${cidr}${except.map(hole => `-${hole}`).join('')}`).join()}`;
      return [this.one(key, id => {
        const word = this.words.add('address');
        for (const { cidr } of cidrs) { this.ranges.add(cidr, word); }
        return new InRanges(id, word, kinds, intervalsOf(cidrs), cidrs, this.profile);
      })];
    });
  }

  private other(atom: Atom): Term {
    return this.one(JSON.stringify(atom), id => new Other(id, atom, this.profile));
  }

  private ofWord(word: number, make: (id: number, word: number) => Term): Term {
    return this.ofWords[word] ??= this.numbered(id => make(id, word));
  }

  private one(key: string, make: (id: number) => Term): Term {
    let term = this.known.get(key);
    if (!term) { this.known.set(key, term = this.numbered(make)); }
    return term;
  }

  private numbered<T extends Term>(make: (id: number) => T): T {
    const term = make(this.terms.length);
    this.terms.push(term);
    return term;
  }
}

const LONG = 8;
const MANY = 16;

/** What the terms of a sequence are joined by. */
const [ALL, SOME] = [0, 1];

const isCidr = (expr: EndpointExpr): expr is Cidr => 'cidr' in expr;

/** What no endpoint but a pod can match, or may match. */
const impliesPod = (expr: EndpointExpr): boolean =>
  ('namespace' in expr && !('ref' in expr)) || ('label' in expr && (expr.of === 'pod' || expr.of === 'namespace' || expr.of === 'serviceAccount'));
