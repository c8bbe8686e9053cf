import { LabelSet, LabelSets } from './label-sets';
import { Position, positionOf } from './positions';
import { PrefixTable } from './prefix-table';
import { NO_ROWS } from './rule-rows';
import { Side } from './side';
import { Aspect, NO_WORD, Words } from './words';
import { EndpointKind, LabelScope } from '../../model/endpoint';
import { Endpoint } from '../../model/match';

/** What endpoints are described with. */
export interface Vocabulary {
  readonly words: Words;
  readonly labels: LabelSets;
  readonly ranges: PrefixTable;
}

/** What is known of one end of flows, as words. */
export class CompiledEndpoint {
  // What every question looks at comes first, side by side in memory.
  public readonly kind: EndpointKind;
  /** Undefined: not known. `NO_WORD`: one that no expression names. */
  public readonly namespace: number | undefined;
  /** Where the rules of its policies are as rows. */
  public egressAt = NO_ROWS;
  public ingressAt = NO_ROWS;
  /** Those of the object itself: a pod, a node, a host endpoint, a set of addresses. Undefined: not known. */
  public readonly own: LabelSet | undefined;
  public readonly ofNamespace: LabelSet | undefined;
  public readonly ofAccount: LabelSet | undefined;
  /** Undefined: not known. */
  public readonly position: Position | undefined;
  public readonly addressIn: readonly string[] | undefined;
  /** What its policies say, which the engine looks up. */
  public egress?: Side;
  public ingress?: Side;
  private found?: readonly number[];

  public constructor(public readonly endpoint: Endpoint, private readonly vocabulary: Vocabulary) {
    const { kind, namespace, labels, namespaceLabels, serviceAccountLabels, address, addressIn } = endpoint;
    this.kind = kind;
    this.namespace = namespace === undefined ? undefined : vocabulary.words.knownNamespace(namespace);
    this.own = kind === 'external' ? undefined : this.labels(kind, labels);
    this.ofNamespace = kind === 'pod' ? this.labels('namespace', namespaceLabels) : undefined;
    this.ofAccount = kind === 'pod' ? this.labels('serviceAccount', serviceAccountLabels) : undefined;
    this.position = address === undefined ? undefined : positionOf(address);
    this.addressIn = addressIn;
  }

  /** All that it surely has, and the ranges that it may be in. */
  public get allWords(): readonly number[] {
    return this.found ??= this.findWords();
  }

  private findWords(): readonly number[] {
    const { kind, namespace, position, addressIn, vocabulary: { words, ranges } } = this;
    const found = SCRATCH;
    found.length = 0;
    found.push(words.knownKind(kind));
    if (kind === 'pod' && namespace !== undefined) { found.push(namespace); }
    for (const labels of [this.own, this.ofNamespace, this.ofAccount]) {
      for (const word of labels?.words ?? NO_WORDS) { found.push(word); }
    }
    if (position !== undefined) {
      found.push(...ranges.holding(position));
    } else if (addressIn !== undefined && addressIn.length > 0) {
      found.push(...addressIn.length === 1 ? ranges.touching(addressIn[0]) : new Set(addressIn.flatMap(range => ranges.touching(range))));
    }
    return found.includes(NO_WORD) ? found.filter(word => word !== NO_WORD).slice() : found.slice();
  }

  /** Of which it may have any word. */
  public get openAspects(): readonly Aspect[] {
    const { kind, position, addressIn } = this;
    const open: Aspect[] = [];
    if (position === undefined && addressIn === undefined) { open.push('address'); }
    if (kind !== 'external' && isOpen(this.own)) { open.push(kind); }
    if (kind === 'pod') {
      if (this.namespace === undefined) { open.push('namespaceName'); }
      if (isOpen(this.ofNamespace)) { open.push('namespace'); }
      if (isOpen(this.ofAccount)) { open.push('serviceAccount'); }
    }
    return open;
  }

  private labels(of: LabelScope, labels: Readonly<Record<string, string>> | undefined): LabelSet | undefined {
    return labels && this.vocabulary.labels.of(of, labels, this.endpoint.openLabels?.includes(of) ?? false);
  }
}

/** A list that is pushed to gets room for many more: one that is kept is a copy. */
const SCRATCH: number[] = [];
const NO_WORDS: readonly number[] = [];

const isOpen = (labels: LabelSet | undefined): boolean => labels === undefined || labels.open;
