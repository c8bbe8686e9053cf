import { visible } from './visible';

/** What was looked at, in the words of a test runner. */
interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

export interface TestCase {
  readonly name: string;
  /** What the case belongs to, such as the file that states it. */
  readonly group: string;
  /** Absent: the case passed. */
  readonly failure?: TestFailure;
}

interface TestFailure {
  /** `error`: it could not be said whether the case holds. */
  readonly kind: 'failure' | 'error';
  /** One sentence. */
  readonly message: string;
  readonly details: string;
}

/** As JUnit writes XML and CI servers read it. Times are left out, so that equal input gives equal bytes. */
export function junit(name: string, suites: readonly TestSuite[]): string {
  const cases = suites.flatMap(suite => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(name)}" ${counts(cases)}>`,
    ...suites.flatMap(suite => [
      `  <testsuite name="${attribute(suite.name)}" ${counts(suite.cases)}>`,
      ...suite.cases.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(cases: readonly TestCase[]): string {
  const count = (kind: TestFailure['kind']) => cases.filter(({ failure }) => failure?.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
}

function caseLines({ name, group, failure }: TestCase): string[] {
  const start = `    <testcase name="${attribute(name)}" classname="${attribute(group)}"`;
  if (!failure) { return [`${start}/>`]; }
  const { kind, message, details } = failure;
  return [`${start}>`, `      <${kind} message="${attribute(message)}" type="${kind}">${content(details)}</${kind}>`, '    </testcase>'];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** XML 1.0 has no way at all to write most control characters. */
const content = (text: string): string => visible(text).replace(/[&<>]/g, character => ENTITIES[character]);
/** A parser would make spaces of line ends and tabs. */
const attribute = (text: string): string => visible(text).replace(/[&<>"\n\t]/g, character => ENTITIES[character]);
