import { trafficAsked } from './asked-traffic';
import { ExplainOptions } from './commands/explain';
import { UsageError } from './usage-error';
import { Analysis } from '../analysis/analysis';
import { findFlowEnd, parseFlowLine } from '../analysis/explain/flow-line';
import { findParty, FoundParty, isOutside, seenClient, trafficTo, unreachable } from '../analysis/find-party';
import { Party, Traffic } from '../analysis/party';

/** What somebody wants explained. */
export interface AskedFlows {
  /** Of both ends, as they were written. */
  readonly text: string;
  /** None where nothing answers. */
  readonly flows: readonly AskedFlow[];
  /** Whether the input says nothing of who answers. */
  readonly open?: boolean;
  readonly notes: readonly string[];
  /** What became of a flow that was seen. */
  readonly seen?: 'passed' | 'dropped';
}

export interface AskedFlow {
  readonly source: Party;
  readonly destination: Party;
  readonly traffic: Traffic;
  /** As the destination was found. */
  readonly found: FoundParty;
}

/** One for each pair of ends that the options stand for. */
export function askedFlows(analysis: Analysis, options: ExplainOptions): AskedFlows {
  if (options.flow !== undefined) { return pastedFlow(analysis, options, options.flow); }
  const { from, to, port } = options;
  if (from === undefined || to === undefined) { throw new UsageError('state both --from and --to, or a --flow'); }
  const [source, found] = [findParty(analysis, from), findParty(analysis, to)];
  refuseOutside(source, found);
  const { service } = found;
  const seen = source.parties.map(party => seenClient(analysis, party, service));
  const flows = flowsOf({ ...source, parties: seen.map(({ party }) => party) }, found, party => trafficAsked(options, found, party));
  // A Service that has no such port says which it has.
  if (flows.length === 0 && port !== undefined && found.service && !/:[^/:]+$/.test(to)) { findParty(analysis, `${to}:${port.split('/')[0]}`); }
  const open = service !== undefined && service.selector === undefined && service.endpoints === undefined && flows.length === 0;
  return { text: `${from} => ${to}`, flows, open, notes: [...source.notes, ...found.notes, ...seen.flatMap(({ remarks }) => remarks)] };
}

/** Between two ends outside no policy has a say, and from outside nothing gets to the address of a Service in the cluster. */
function refuseOutside(source: FoundParty, { text, parties, service }: FoundParty): void {
  if (!source.parties.every(isOutside)) { return; }
  if (parties.length > 0 && parties.every(isOutside)) {
    throw new UsageError(`${source.text} and ${text} are both outside the cluster, where no policy has a say; name a workload on one side`);
  }
  const sentence = service && unreachable(service);
  if (sentence !== undefined) { throw new UsageError(sentence); }
}

/** Its line says all that the other options would. */
function pastedFlow(analysis: Analysis, options: ExplainOptions, line: string): AskedFlows {
  const other = (['from', 'to', 'port', 'http', 'host', 'dns'] as const).find(name => options[name] !== undefined);
  if (other !== undefined) { throw new UsageError(`--flow says what --${other} would; leave one of the two out`); }
  const { source, destination, seenSource, seenDestination, traffic, verdict } = parseFlowLine(line);
  const [from, to] = [findFlowEnd(analysis, source, seenSource), findFlowEnd(analysis, destination, seenDestination)];
  return {
    text: `${from.text} => ${to.text}`,
    flows: flowsOf(from, to, party => trafficTo(to, party, traffic)),
    notes: [...from.notes, ...to.notes],
    ...(verdict === undefined ? {} : { seen: verdict }),
  };
}

const flowsOf = (from: FoundParty, to: FoundParty, trafficFor: (party: Party) => readonly Traffic[]): AskedFlow[] =>
  from.parties.flatMap(source => to.parties.flatMap(destination =>
    trafficFor(destination).map(traffic => ({ source, destination, traffic, found: to }))));
