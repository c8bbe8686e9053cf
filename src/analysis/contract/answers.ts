import { AskedTraffic, trafficText } from './asked-traffic';
import { Pair } from './pairs';
import { throughService } from './through-service';
import { TrafficPart, trafficParts } from './traffic-parts';
import { Answer } from '../../model/evaluate';
import { Analysis } from '../analysis';
import { PortMapping } from '../find-party';
import { Party } from '../party';

/** The answer to a part of what is asked, and so to all of that part. */
export interface Answered {
  readonly part: TrafficPart;
  readonly answer: Answer;
}

/** Whether this is the answer to everything between the two, as is plain without a look at what travels. */
export const isPlain = (analysis: Analysis, { source, destination }: Pair, answer: Answer): boolean => {
  const { engine } = analysis;
  const ways = analysis.meetings(source, destination);
  return ways.length > 0 && ways.every(([from, to]) => engine.answerToAll(engine.compile(from), engine.compile(to)) === answer);
};

/** Or a sentence, where there is nothing to answer. */
export function answersOf(analysis: Analysis, { source, destination, ports }: Pair, traffic: AskedTraffic | undefined): readonly Answered[] | string {
  const parts = trafficParts(ports ? throughService(traffic, ports) : traffic, analysis, source, destination);
  if ('missingPort' in parts) { return missingPort(destination, parts.missingPort); }
  if (parts.length === 0) { return noPort(destination, traffic, ports); }
  return parts.map(part => ({ part, answer: analysis.answer(source, destination, part.traffic) }));
}

function noPort({ text }: Party, traffic: AskedTraffic | undefined, ports: readonly PortMapping[] = []): string {
  const known = [...new Set(ports.map(({ port, protocol }) => `${port}/${protocol.toLowerCase()}`))];
  return `${trafficText(traffic)} is not what the Service sends to ${text}, so that the statement would say nothing; the Service has ${known.join(', ')}`;
}

function missingPort({ text, workload }: Party, port: string): string {
  const known = [...new Set(workload?.ports.flatMap(({ name }) => name ?? []))];
  return `${text} has no container port that is called ${JSON.stringify(port)}, so that the statement would say nothing; `
    + (known.length === 0 ? 'state the port by its number' : `it has ${known.join(', ')}`);
}
