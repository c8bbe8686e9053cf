import { Connectivity } from '../connectivity/connectivity';

/** One connection: a line as `list` prints it, or source, destination and traffic. */
export type ExpectedConnection = string | readonly [source: string, destination: string, traffic: string];

/** Lines as `list` prints them, sorted. */
export const linesOf = (connectivity: Connectivity): string[] => connectivity.connections().map(String).sort();

/**
 * The same of what is expected: a text of lines, or a list.
 * @throws when a line is none
 */
export function expectedLines(expected: string | readonly ExpectedConnection[]): string[] {
  const all = typeof expected === 'string' ? expected.split('\n') : expected;
  const lines = all.map(connection => (typeof connection === 'string' ? connection.trim() : `${connection[0]} => ${connection[1]} : ${connection[2]}`));
  const stated = lines.filter(line => line !== '');
  const wrong = stated.find(line => !/^.+ => .+ : .+$/.test(line));
  if (wrong !== undefined) { throw new Error(`${JSON.stringify(wrong)} is no connection; write it like "shop/web[Deployment] => shop/api[Deployment] : TCP 8080"`); }
  return stated.sort();
}
