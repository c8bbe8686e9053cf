import { distinct } from './dialect';
import { groupBy } from '../model/group-by';
import { inOrder, justificationProblem, Justified, says, together } from '../model/justification';
import { Policy, Rule } from '../model/policy-set';

/**
 * Why policies and rules are there, as a text that documents carry: one JSON object in each line. One with `rules` is about these rules of the
 * document, one without is about all of it. What does not look like that is somebody else's, and left alone.
 */

type Json = Record<string, unknown>;

/** The annotation that carries it, of an object and, in Calico, of a rule. */
export const JUSTIFICATION = 'cdk8s-netpol/justification';

/** All annotations of an object have room for 262144 bytes, and `kubectl apply` stores the whole object in one of them. */
const MOST_BYTES = 100_000;
/** Of somebody else's text no more is looked at: what is beyond is left where it is. */
const MOST_LINES = 5_000;
const MOST_CHARACTERS = 262_144;
/** Of one rule, or of all of a policy, no more are read: who lists what is open repeats them for each connection. */
const MOST_REASONS = 100;

// --- write

/** What is written for a rule, with the reasons of all rules that are written alike. */
export interface WrittenRule {
  readonly raw: Json;
  readonly reasons: readonly Justified[];
}

/** Each written rule once. */
export function writtenOnce(rules: readonly Rule[], write: (rule: Rule, index: number) => readonly Json[]): readonly WrittenRule[] {
  const all = rules.flatMap((rule, i) => write(rule, i).map((raw): WrittenRule => ({ raw, reasons: rule.justifications ?? [] })));
  const byText = groupBy(all, ({ raw }) => JSON.stringify(raw));
  return [...byText.values()].map(alike => ({ raw: alike[0].raw, reasons: together(alike.flatMap(({ reasons }) => reasons)) }));
}

export const hasReasons = (rules: readonly Rule[]): boolean => rules.some(({ justifications }) => justifications !== undefined);

/** How much of the reasons one object carries, wherever they stand in it. */
export class RoomForReasons {
  private bytes = 0;

  /** @throws when they are too many for one object */
  public take(text: string): string {
    this.bytes += Buffer.byteLength(text);
    if (this.bytes > MOST_BYTES) { throw new Error(`the reasons that one object carries have ${this.bytes} bytes, and there is room for ${MOST_BYTES}; state shorter ones, or smaller policies`); }
    return text;
  }
}

/** The reasons of one document, or of one spec, while it is written. */
export class Reasons {
  private readonly found: { readonly rule: string; readonly reason: Justified }[] = [];

  /** @param room is shared by the specs of one object */
  public constructor(private readonly room = new RoomForReasons()) {}

  /** The rules of the list `list`, each once. */
  public once(list: string, rules: readonly Rule[], write: (rule: Rule, index: number) => readonly Json[]): readonly Json[] {
    if (!hasReasons(rules)) { return distinct(rules.flatMap(write)); }
    return writtenOnce(rules, write).map(({ raw, reasons }, i) => {
      for (const reason of reasons) { this.found.push({ rule: `${list}[${i}]`, reason }); }
      return raw;
    });
  }

  /** Rules that are written one by one. */
  public each(list: string, rules: readonly Rule[]): void {
    rules.forEach(({ justifications = [] }, i) => justifications.forEach(reason => this.found.push({ rule: `${list}[${i}]`, reason })));
  }

  /**
   * Those of a rule that carries them itself.
   * @throws when they are too many for one object
   */
  public ofRule(reasons: readonly Justified[]): string {
    return this.room.take(reasons.map(reason => JSON.stringify(inOrder(reason))).join('\n'));
  }

  /**
   * Those of all others, to be asked once. Undefined where nobody gave a reason.
   * @throws when they are too many for one object
   */
  public text(policies: readonly Policy[]): string | undefined {
    const ofAll = together(policies.flatMap(({ justifications = [] }) => justifications));
    if (ofAll.length + this.found.length === 0) { return undefined; }
    const ofRules = groupBy(this.found, ({ reason }) => JSON.stringify(inOrder(reason)));
    return this.room.take([
      ...ofAll.map(reason => JSON.stringify(inOrder(reason))),
      ...[...ofRules.values()].map(alike => JSON.stringify({ rules: alike.map(({ rule }) => rule), ...inOrder(alike[0].reason) })),
    ].join('\n'));
  }

  /** The metadata that carries them. */
  public annotations(policies: readonly Policy[]): { readonly annotations?: Readonly<Record<string, string>> } {
    const text = this.text(policies);
    return text === undefined ? {} : { annotations: { [JUSTIFICATION]: text } };
  }
}

// --- read

export interface ReadReasons {
  readonly ofAll: readonly Justified[];
  /** By the place of the rule, such as `ingress[0]`. */
  readonly ofRules: ReadonlyMap<string, readonly Justified[]>;
  /** The lines that are something else. */
  readonly rest: string;
}

/** Undefined where nothing in it is a reason. The text may be anybody's. */
export function readReasons(text: unknown): ReadReasons | undefined {
  if (typeof text !== 'string' || !text.includes('{')) { return undefined; }
  const ofAll: Justified[] = [];
  const ofRules = new Map<string, Justified[]>();
  const rest: string[] = [];
  let characters = 0;
  for (const [i, line] of text.split('\n').entries()) {
    characters += line.length + 1;
    const read = i < MOST_LINES && characters <= MOST_CHARACTERS ? readLine(line) : undefined;
    if (!read) { rest.push(line); continue; }
    const { rules, reason } = read;
    if (!rules) { addReason(ofAll, reason); }
    for (const rule of new Set(rules)) { addReason(reasonsAt(ofRules, rule), reason); }
  }
  if (ofAll.length + ofRules.size === 0) { return undefined; }
  return { ofAll: together(ofAll), ofRules: new Map([...ofRules].map(([rule, reasons]) => [rule, together(reasons)])), rest: rest.join('\n') };
}

function addReason(reasons: Justified[], reason: Justified): void {
  if (reasons.length < MOST_REASONS) { reasons.push(reason); }
}

function reasonsAt(ofRules: Map<string, Justified[]>, rule: string): Justified[] {
  const known = ofRules.get(rule) ?? [];
  ofRules.set(rule, known);
  return known;
}

const FIELDS = ['statement', 'because', 'owner', 'ticket', 'reviewBy'] as const;
const PLACE = /^(?:(?:ingress|egress)(?:Deny)?|rules)\[\d{1,6}\]$/;

function readLine(line: string): { readonly rules?: readonly string[]; readonly reason: Justified } | undefined {
  if (!line.startsWith('{')) { return undefined; }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { rules, ...fields } = value as Json;
  const isReason = Object.entries(fields).every(([field, text]) =>
    FIELDS.some(known => known === field) && justificationProblem(field as keyof Justified, text) === undefined);
  if (!isReason || !says(fields)) { return undefined; }
  if (rules === undefined) { return { reason: inOrder(fields) }; }
  const arePlaces = Array.isArray(rules) && rules.length > 0 && rules.length <= MOST_LINES
    && rules.every((rule: unknown) => typeof rule === 'string' && PLACE.test(rule));
  return arePlaces ? { rules: rules as string[], reason: inOrder(fields) } : undefined;
}

/** The policies of a document with what its annotation says of them. */
export function withReasons(document: unknown, policies: Policy[]): Policy[] {
  const read = readReasons(annotationOf(document));
  return read ? policies.map(policy => withRead(policy, read)) : policies;
}

export function withRead(policy: Policy, { ofAll, ofRules }: Pick<ReadReasons, 'ofAll' | 'ofRules'>): Policy {
  return {
    ...policy,
    rules: ofRules.size === 0 ? policy.rules : policy.rules.map(rule => {
      const reasons = ofRules.get(placeOf(rule) ?? '');
      return reasons ? { ...rule, justifications: reasons } : rule;
    }),
    ...(ofAll.length > 0 ? { justifications: ofAll } : {}),
  };
}

/** The place in its spec: what follows it is a name, and what is before it the spec. */
const placeOf = ({ origin }: Rule): string | undefined => /^(?:specs?(?:\[\d+\])?\.)?(\w+\[\d+\])/.exec(origin?.part ?? '')?.[1];

function annotationOf(document: unknown): unknown {
  const own = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Json)[key] : undefined);
  return own(own(own(document, 'metadata'), 'annotations'), JUSTIFICATION);
}
