import { NOBODY_IN_INPUT } from './describe/contributions';
import { DirectionDescription, EffectivePeers, PolicyDescription, RuleDescription, WorkloadDescription } from './describe/description';

const MOST_PEERS = 12;

/** A description as lines of plain text. */
export function descriptionText({ workload, at, labels, ports, directions, remarks }: WorkloadDescription): string {
  const lines = [
    `${workload}${where(at)}`,
    `  labels: ${Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ') || 'none'}`,
    `  ports: ${ports.join(', ') || 'none stated'}`,
    ...remarks.map(remark => `  note: ${remark}`),
    ...directions.flatMap(directionLines),
  ];
  return `${lines.join('\n')}\n`;
}

const where = (at: string | undefined): string => (at === undefined ? '' : ` (${at})`);

const ISOLATED = { yes: 'isolated', maybe: 'perhaps isolated', no: 'not isolated' } as const;

function directionLines({ direction, isolated, closedBy, stages, effective }: DirectionDescription): string[] {
  return [
    '',
    `${direction}: ${ISOLATED[isolated]}${closedBy.length === 0 ? '' : ` by ${closedBy.join(', ')}`}`,
    ...stages.flatMap(({ stage, policies }) => [`  ${stage}`, ...policies.flatMap(policyLines)]),
    `  what passes its own policies:${effective.length === 0 ? ' nothing' : ''}`,
    ...effective.flatMap(effectiveLines),
  ];
}

function policyLines({ policy, at, mode, because, selects, rules }: PolicyDescription): string[] {
  const state = mode === 'enforce' ? '' : mode === 'staged' ? ', staged: it decides nothing' : `, ignored: ${because ?? 'the CNI does not enforce it'}`;
  return [
    `    ${policy}${where(at)}${selects === 'maybe' ? ', if it selects it' : ''}${state}`,
    ...(rules.length === 0 ? ['      no rules'] : rules.map(ruleLine)),
  ];
}

const ruleLine = ({ rule, at, action, peers, traffic, useless }: RuleDescription): string =>
  `      ${rule}${where(at)}: ${action} ${peers}, ${traffic}${uselessText(useless)}`;

/** What is about nobody here may be about others, and is not called idle. */
function uselessText(useless: string | undefined): string {
  if (useless === undefined) { return ''; }
  return useless === NOBODY_IN_INPUT ? `; ${useless}` : `; changes nothing: ${useless}`;
}

function effectiveLines({ peers, connections, requests }: EffectivePeers): string[] {
  const shown = peers.length <= MOST_PEERS ? peers.join(', ') : `${peers.slice(0, MOST_PEERS).join(', ')} and ${peers.length - MOST_PEERS} more`;
  return [`    ${shown} : ${connections}`, ...requests.map(sentence => `      ${sentence}`)];
}
