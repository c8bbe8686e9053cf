import { ExpectedConnection, expectedLines, linesOf } from './connection-lines';
import { differingPort } from './differing-port';
import { ExpectedFlow } from './flow';
import { flowStatement } from './flow-statement';
import { connectivityOf } from './received';
import { statementText } from '../analysis/contract/statement';
import { Connectivity } from '../connectivity/connectivity';
import { ConnectivityOptions } from '../connectivity/connectivity-options';

/** What jest takes from a matcher. */
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What jest gives to a matcher. */
interface MatcherContext {
  readonly isNot?: boolean;
}

/** The matchers, for an `expect` that is not global: `expect.extend(connectivityMatchers)`. */
export const connectivityMatchers = {
  toAllow(this: MatcherContext, received: unknown, flow: ExpectedFlow, options?: ConnectivityOptions): MatcherResult {
    return judged(received, this.isNot ? 'deny' : 'allow', flow, options, this.isNot);
  },

  toDeny(this: MatcherContext, received: unknown, flow: ExpectedFlow, options?: ConnectivityOptions): MatcherResult {
    return judged(received, this.isNot ? 'allow' : 'deny', flow, options, this.isNot);
  },

  toMatchConnectivity(received: unknown, expected: string | readonly ExpectedConnection[], options?: ConnectivityOptions): MatcherResult {
    const connectivity = connectivityOf(received, options);
    connectivity._checkComplete();
    const [actual, wanted] = [linesOf(connectivity), expectedLines(expected)];
    const missing = wanted.filter(line => !actual.includes(line));
    const unexpected = actual.filter(line => !wanted.includes(line));
    const pass = missing.length === 0 && unexpected.length === 0;
    return { pass, message: () => (pass ? `the connections are exactly these:\n${actual.join('\n')}` : differenceText(connectivity, { actual, wanted, missing, unexpected })) };
  },
};

/** `not` turns a statement into its opposite, never into "anything else": what is unknown, or true of a part only, fails either way. */
function judged(received: unknown, says: 'allow' | 'deny', flow: ExpectedFlow, options: ConnectivityOptions | undefined, isNot: boolean = false): MatcherResult {
  const connectivity = connectivityOf(received, options);
  const statement = flowStatement(says, flow, connectivity._facts);
  const failure = connectivity._failureOf(statement);
  const holds = failure === undefined;
  return { pass: holds !== isNot, message: () => failure ?? `${statementText(statement)} holds` };
}

const MOST_EXPLAINED = 3;

interface Difference {
  readonly actual: readonly string[];
  readonly wanted: readonly string[];
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

function differenceText(connectivity: Connectivity, { actual, wanted, missing, unexpected }: Difference): string {
  const blocks = [
    ...unexpected.map(line => () => explained(connectivity, line, wanted)),
    ...missing.map(line => () => explained(connectivity, line, actual)),
  ].slice(0, MOST_EXPLAINED).flatMap(block => block() ?? []);
  return [
    'the connections are not those that are expected (- is missing, + was not expected):',
    ...[...missing.map(line => `- ${line}`), ...unexpected.map(line => `+ ${line}`)],
    ...[...new Set(blocks)].flatMap(block => ['', block]),
  ].join('\n');
}

/** By one port that the line has and those of the other side have not. Ends that are no more are named by the lines already. */
function explained(connectivity: Connectivity, line: string, others: readonly string[]): string | undefined {
  const [, source, destination, traffic] = LINE.exec(line)!;
  const known = others.map(other => LINE.exec(other)!).filter(([, from, to]) => from === source && to === destination).map(([, , , text]) => text);
  try {
    return connectivity.explain(Connectivity.named(source), Connectivity.named(destination), differingPort(traffic, known)).trimEnd();
  } catch {
    return undefined;
  }
}

const LINE = /^(.+) => (.+) : (.+)$/;
