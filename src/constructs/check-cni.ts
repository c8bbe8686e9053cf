import { AcceptedRisk, Risk, RISKS } from '../cluster/accepted-risk';
import type { ResolvedFacts } from '../cluster/cluster';
import type { Cni } from '../cluster/cni';
import { doubtOf, valueOf } from '../cluster/cni-capabilities';
import { CNI_TABLE } from '../cluster/cni-table';
import { describeOrigin } from '../dialects/dialect';
import { peerOf, Policy, Rule } from '../model/policy-set';
import { hasException, hasName, isSctp } from '../model/rule-parts';
import { ALL_PORTS, TrafficBox } from '../model/traffic';

/** The annotation of a policy that says more than the CNI enforces, as somebody has accepted. */
export const ACCEPTED_RISKS = 'cdk8s-netpol/accepted-risks';

export interface CniCheck {
  /** What is refused, as sentences. */
  readonly problems: readonly string[];
  /** What was accepted, each as a sentence. */
  readonly accepted: readonly string[];
}

type Risky = Pick<ResolvedFacts, 'cni' | 'acceptedRisks'>;

/** What policies say and the CNI does not enforce, or is not known to. */
export function checkCni(policies: readonly Policy[], { cni, acceptedRisks }: Risky): CniCheck {
  const doubtful = new Set(RISKS.filter(risk => isDoubtful(cni, risk)));
  if (doubtful.size === 0) { return NOTHING; }
  const problems = new Set<string>();
  const accepted = new Set<string>();
  for (const policy of policies) {
    for (const { risk, index } of risksOf(policy, doubtful)) {
      const acceptance = acceptedRisks.find(each => each.risk === risk);
      if (acceptance) { accepted.add(acceptanceText(cni, acceptance)); }
      // A pod that starts concerns what is promised of it, which is what contracts do.
      if (!acceptance && risk !== Risk.POD_START) { problems.add(cniProblem(describeOrigin(policy, index), cni, risk)); }
    }
  }
  return { problems: [...problems], accepted: [...accepted] };
}

/**
 * Why nothing can be promised to be denied where pods start before their policies; undefined where it can, or where that is accepted.
 * @param where the places of the promises
 */
export function podStartProblem(where: string, { cni, acceptedRisks }: Risky): string | undefined {
  const isAccepted = acceptedRisks.some(({ risk }) => risk === Risk.POD_START);
  return isAccepted || !isDoubtful(cni, Risk.POD_START) ? undefined : cniProblem(where, cni, Risk.POD_START);
}

/** Whether somebody has accepted that no policy is enforced at all. */
export const isUnpoliced = (acceptedRisks: readonly AcceptedRisk[]): boolean =>
  [Risk.INGRESS, Risk.EGRESS].every(risk => acceptedRisks.some(each => each.risk === risk));

/** What is still to be accepted, where some of it is; else nothing. */
export function stillUnpoliced(acceptedRisks: readonly AcceptedRisk[]): string {
  const [left, ...more] = ([['INGRESS', Risk.INGRESS], ['EGRESS', Risk.EGRESS]] as const).filter(([, risk]) => !acceptedRisks.some(each => each.risk === risk));
  return left === undefined || more.length > 0 ? '; or accept both: acceptedRisks with Risk.INGRESS and Risk.EGRESS, each with a reason'
    : `; to write policies all the same, accept Risk.${left[0]} too, with a reason: nothing is enforced in either direction`;
}

const NOTHING: CniCheck = { problems: [], accepted: [] };

const isDoubtful = (cni: Cni, risk: Risk): boolean => !['yes', 'closed'].includes(valueOf(cni, risk));

interface Use {
  readonly risk: Risk;
  /** Of the rule. */
  readonly index?: number;
}

function risksOf(policy: Policy, doubtful: ReadonlySet<Risk>): Use[] {
  const { direction, isolates, rules, mode } = policy;
  const closes = mode === 'enforce' && (isolates || rules.some(({ action }) => action === 'deny'));
  const ofPolicy: Risk[] = [direction === 'ingress' ? Risk.INGRESS : Risk.EGRESS, ...(closes ? [Risk.POD_START] : [])];
  return [
    ...ofPolicy.map((risk): Use => ({ risk })),
    ...rules.flatMap((rule, index) => usedBy(rule, policy, doubtful).map((risk): Use => ({ risk, index }))),
  ].filter(({ risk }) => doubtful.has(risk));
}

function usedBy({ match }: Rule, { direction }: Policy, doubtful: ReadonlySet<Risk>): Risk[] {
  return [
    ...(match.traffic.some(hasRange) ? [Risk.END_PORT] : []),
    ...(match.traffic.some(isSctp) ? [Risk.SCTP] : []),
    ...(match.traffic.some(hasName) ? [Risk.NAMED_PORTS] : []),
    ...(doubtful.has(Risk.EXCEPT) && hasException(peerOf(direction, match)) ? [Risk.EXCEPT] : []),
  ];
}

/** Nothing travels on port 0: all the others are written without a port. */
const hasRange = ({ destinationPorts }: TrafficBox): boolean =>
  destinationPorts?.ranges.some(([first, last]) => first !== last && (first > 1 || last < ALL_PORTS[1])) ?? false;

/** What expresses it with another CNI, or in other words. */
const INSTEAD: Readonly<Record<Risk, string>> = {
  [Risk.INGRESS]: 'use a CNI that enforces policy, or run one beside it',
  [Risk.EGRESS]: 'use a CNI that enforces policy, or run one beside it',
  [Risk.END_PORT]: 'state the ports one by one',
  [Risk.SCTP]: 'use a CNI that is known to enforce it, or leave these ports out',
  [Risk.NAMED_PORTS]: 'state the number of the port',
  [Risk.EXCEPT]: 'state the ranges that remain',
  [Risk.POD_START]: 'use a CNI that closes a pod before it starts',
};

function cniProblem(where: string, cni: Cni, risk: Risk): string {
  const { instead = INSTEAD[risk] } = cellOf(cni, risk);
  const name = Object.entries(Risk).find(([, value]) => value === risk)?.[0];
  return `${where}: ${doubtText(cni, risk)}; ${instead}, or accept it with a reason: acceptedRisks: [{ risk: Risk.${name}, because: "..." }]`;
}

const acceptanceText = (cni: Cni, { risk, because }: AcceptedRisk): string => `${risk}: ${because} (${doubtText(cni, risk)})`;

/** The row, in words. */
function doubtText(cni: Cni, risk: Risk): string {
  if (risk !== Risk.POD_START) { return doubtOf(cni, risk); }
  const { note, source } = cellOf(cni, risk);
  const state = valueOf(cni, risk) === 'open' ? 'is open' : 'is not known to be closed';
  return `on ${cni.name} a pod that has just started ${state} until its policies are programmed${note === undefined ? '' : ` (${note})`}, see ${source}`;
}

const cellOf = (cni: Cni, risk: Risk) => CNI_TABLE[cni.name][risk];
