import { Analysis } from '../../../src/analysis/analysis';
import { Connection, PORT_PROTOCOLS, PortProtocol } from '../../../src/analysis/connections/connection-set';
import { outsideOf } from '../../../src/analysis/connections/outside';
import { meetings } from '../../../src/analysis/party';
import { Answer } from '../../../src/model/evaluate';
import { inRanges, PROTOCOL_NUMBERS } from '../../../src/model/traffic';

/** A port on each side of every border in the vocabulary of the generators, and the first and the last one. */
export const PORTS: readonly number[] = [1, 52, 53, 54, 79, 80, 81, 443, 444, 8079, 8080, 8081, 8090, 8091, 9090, 9091, 65535];

/** Every pair, protocol and port, one by one: what is not denied, as lines. */
export function naiveLines(analysis: Analysis, ports: readonly number[] = PORTS): string[] {
  const { sources, destinations } = outsideOf(analysis);
  const inside = analysis.parties;
  const pairs = [
    ...inside.flatMap(source => inside.filter(destination => destination !== source).map(destination => [source, destination])),
    ...inside.flatMap(source => destinations.map(destination => [source, destination])),
    ...sources.flatMap(source => inside.map(destination => [source, destination])),
  ];
  return pairs.filter(([source, destination]) => meetings(source, destination).length > 0).flatMap(([source, destination]) =>
    PORT_PROTOCOLS.flatMap(protocol => ports.flatMap(port => {
      const answer = analysis.answer(source, destination, { protocol: PROTOCOL_NUMBERS[protocol], port });
      return answer === 'denied' ? [] : [line(source.text, destination.text, protocol, port, answer)];
    }))).sort();
}

/** The same lines of a list of connections. */
export const linesOf = (connections: readonly Connection[], ports: readonly number[] = PORTS): string[] =>
  connections.flatMap(({ source, destination, set }) => (['allowed', 'partial', 'unknown'] as const).flatMap(answer =>
    PORT_PROTOCOLS.flatMap(protocol => ports
      .filter(port => inRanges(set[answer][protocol] ?? [], port))
      .map(port => line(source, destination, protocol, port, answer))))).sort();

const line = (source: string, destination: string, protocol: PortProtocol, port: number, answer: Answer): string =>
  `${source} => ${destination} : ${protocol} ${port} ${answer}`;
