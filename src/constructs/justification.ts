import { justificationProblem, Justified } from '../model/justification';

/**
 * Why something is stated, who answers for it, and when it is looked at again. It is carried into the manifests, and never changes what they
 * allow. Each text is one line; `because` has at most 500 characters, `owner` 100 and `ticket` 300.
 * @see https://www.pcisecuritystandards.org/document_library/ (requirement 1.2.5)
 */
export interface Justification {
  /**
   * Why it is needed.
   * @default - not said
   */
  readonly because?: string;
  /**
   * Who answers for it, such as a team.
   * @default - not said
   */
  readonly owner?: string;
  /**
   * Where it was decided, such as "NET-1234" or a URL.
   * @default - not said
   */
  readonly ticket?: string;
  /**
   * The day by which it must be looked at again, as "2027-01-31".
   * @default - not said
   */
  readonly reviewBy?: string;
}

/** Its fields alone, out of the options of a statement. */
export const justificationIn = ({ because, owner, ticket, reviewBy }: Justification): Justification => ({ because, owner, ticket, reviewBy });

/** Each field as the first of them says it: an entry goes before the whole that it is part of. */
export function firstSaid(...all: readonly Justification[]): Justification {
  const first = (field: keyof Justification) => all.find(each => each[field] !== undefined)?.[field];
  return { because: first('because'), owner: first('owner'), ticket: first('ticket'), reviewBy: first('reviewBy') };
}

/**
 * What is carried on; undefined where nothing is said.
 * @param where names the statement in an error
 * @throws when a text is not fit, or the day is none
 */
export function justified({ because, owner, ticket, reviewBy }: Justification, where: () => string): Justified | undefined {
  if (because === undefined && owner === undefined && ticket === undefined && reviewBy === undefined) { return undefined; }
  const stated = Object.fromEntries(Object.entries({ because, owner, ticket, reviewBy }).filter(([, value]) => value !== undefined));
  for (const [field, value] of Object.entries(stated)) {
    const problem = justificationProblem(field as keyof Justified, value);
    if (problem) { throw new Error(`${where()}: ${field} ${JSON.stringify(value)?.slice(0, 120)} ${problem}`); }
  }
  return stated;
}
