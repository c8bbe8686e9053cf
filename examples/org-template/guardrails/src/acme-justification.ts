/** Why a connection is open: at Acme all of it must be said. */
export interface AcmeJustification {
  /** Why it is needed. */
  readonly because: string;
  /** Where it was decided, as "NET-1234". */
  readonly ticket: string;
  /** The day by which it must be looked at again, as "2027-01-31". */
  readonly reviewBy: string;
}

const TICKET = /^NET-\d+$/;

/**
 * Types say that all is stated; this says that it is stated well, also in languages that do not check.
 * @throws when a part is empty or of another form
 */
export function checkJustification(what: string, { because, ticket }: AcmeJustification): void {
  if (!because?.trim()) { throw new Error(`${what}: because is empty; say why the connection is needed`); }
  if (!TICKET.test(ticket)) { throw new Error(`${what}: ticket ${JSON.stringify(ticket)} is none of network security; write it as NET-1234`); }
}
