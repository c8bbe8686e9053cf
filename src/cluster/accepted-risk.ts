import { justificationProblem } from '../model/justification';

/** What a CNI may not enforce as stated, and a program may be written for all the same. */
export enum Risk {
  /** What comes in is not policed. */
  INGRESS = 'ingress',
  /** What goes out is not policed. */
  EGRESS = 'egress',
  /** Ranges of ports are not taken as stated. */
  END_PORT = 'endPort',
  /** Ports of SCTP are not policed. */
  SCTP = 'sctp',
  /** Ports by name are not taken as stated. */
  NAMED_PORTS = 'namedPorts',
  /** Exceptions of address ranges are not taken as stated. */
  EXCEPT = 'except',
  /** A pod that has just started may do everything until its policies are programmed. */
  POD_START = 'podStart',
}

export const RISKS: readonly Risk[] = Object.values(Risk);

/** Something that the cluster does not enforce as stated, or is not known to enforce, which somebody has accepted. */
export interface AcceptedRisk {
  /** What is accepted. */
  readonly risk: Risk;
  /** Why: one line of at most 500 characters. It is recorded on every object that it is about. */
  readonly because: string;
}

/** What is wrong with a list of accepted risks; undefined where nothing is. */
export function riskProblem(accepted: readonly AcceptedRisk[]): string | undefined {
  // Callers from plain JavaScript are not held to types by a compiler.
  if (!Array.isArray(accepted)) { return `${JSON.stringify(accepted)} is no list; write [{ risk: Risk.SCTP, because: "..." }]`; }
  const seen = new Set<string>();
  for (const each of accepted as readonly (AcceptedRisk | null | undefined)[]) {
    if (typeof each !== 'object' || each === null) { return `${JSON.stringify(each)} is no accepted risk; write { risk: Risk.SCTP, because: "..." }`; }
    const { risk, because } = each;
    if (!RISKS.includes(risk)) { return `risk ${JSON.stringify(risk)} is not known; use one of ${RISKS.join(', ')}`; }
    if (typeof because !== 'string' || because.trim() === '') { return `risk ${risk} is accepted without a reason; say because: "..."`; }
    const problem = justificationProblem('because', because);
    if (problem) { return `risk ${risk}: because ${JSON.stringify(because.slice(0, 100))} ${problem}`; }
    if (seen.has(risk)) { return `risk ${risk} is accepted twice; accept it once`; }
    seen.add(risk);
  }
  return undefined;
}
