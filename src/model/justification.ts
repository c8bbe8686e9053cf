/** Why a rule is there. It never decides a verdict: it is carried through write and read, and shown. */
export interface Justified {
  /** What was stated, such as `egress to Deployment shop/api on TCP 8080`; several statements may have become one rule. */
  readonly statement?: string;
  readonly because?: string;
  readonly owner?: string;
  readonly ticket?: string;
  /** Such as `2027-01-31`. */
  readonly reviewBy?: string;
}

/** The texts, with the most characters that each may have. */
export const LONGEST: Readonly<Record<Exclude<keyof Justified, 'reviewBy'>, number>> = { statement: 300, because: 500, owner: 100, ticket: 300 };
const TEXTS = ['because', 'owner', 'ticket'] as const;

/** Control characters, line and paragraph separators, halves of surrogate pairs, and what turns the direction of writing around. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u;

/** What is wrong with one of its fields, as the end of a sentence. */
export function justificationProblem(field: keyof Justified, value: unknown): string | undefined {
  if (typeof value !== 'string') { return 'is no text'; }
  if (field === 'reviewBy') { return isDay(value) ? undefined : 'is no day of the calendar; write it as YYYY-MM-DD, such as 2027-01-31'; }
  if (value.trim() === '') { return 'is empty; leave it out, or say it'; }
  const most = LONGEST[field];
  // Text of this many UTF-16 units has no more characters.
  if (value.length > most && [...value].length > most) { return `has more than ${most} characters; keep it short, and put the rest where the ticket is`; }
  return UNSEEN.test(value) ? 'must be one line without control characters' : undefined;
}

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month < 1 || month > 12 || day < 1) { return false; }
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate() && year >= 1970;
}

/** The same reasons once each, in an order that does not depend on that of statements. */
export function together(all: readonly Justified[]): readonly Justified[] {
  if (all.length < 2) { return all; }
  const byText = new Map(all.map(each => [JSON.stringify(inOrder(each)), each]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, each]) => each);
}

/** Those of several rules, for one that stands for all of them. */
export function reasonsOf(rules: readonly { readonly justifications?: readonly Justified[] }[]): { readonly justifications?: readonly Justified[] } {
  const all = rules.flatMap(({ justifications = [] }) => justifications);
  return all.length > 0 ? { justifications: together(all) } : {};
}

/** Its fields in one order, and no others. */
export function inOrder({ statement, because, owner, ticket, reviewBy }: Justified): Justified {
  return {
    ...(statement === undefined ? {} : { statement }),
    ...(because === undefined ? {} : { because }),
    ...(owner === undefined ? {} : { owner }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(reviewBy === undefined ? {} : { reviewBy }),
  };
}

/** Whether it says anything beside what was stated. */
export const says = (justified: Justified): boolean => TEXTS.some(field => justified[field] !== undefined) || justified.reviewBy !== undefined;

/** Several, each with its statement, so that none is taken for the reason of another. */
export const justificationsText = (all: readonly Justified[]): string =>
  all.map(each => (all.length === 1 || each.statement === undefined ? justifiedText(each) : `${each.statement}: ${justifiedText(each)}`)).join('; ');

/** Such as `orders need stock (owner team-shop, ticket NET-12, review by 2027-01-31)`. */
export function justifiedText({ because, owner, ticket, reviewBy }: Justified): string {
  const rest = [
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(ticket === undefined ? [] : [`ticket ${ticket}`]),
    ...(reviewBy === undefined ? [] : [`review by ${reviewBy}`]),
  ].join(', ');
  return because === undefined ? rest : rest === '' ? because : `${because} (${rest})`;
}
