import * as fc from 'fast-check';
import { equals, every, has, negate, oneOf, parseSelector, Selector, some } from '../../../src/dialects/calico/selector';
import { endpointsExpr, hostsExpr, podExpr } from '../../../src/dialects/calico/selector-expr';
import { printSelector } from '../../../src/dialects/calico/selector-printer';
import { allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, NONE, not, POD } from '../../../src/model/endpoint';
import { matchesEndpoint, YES } from '../../../src/model/match';

const canonical = (text: string): string => printSelector(parseSelector(text));

describe('a valid selector', () => {
  test.each([
    ['', 'all()'],
    [' \t ', 'all()'],
    ['all()', 'all()'],
    ['all( )', 'all()'],
    ['global()', 'global()'],
    ['a == "b"', "a == 'b'"],
    ["a=='b'", "a == 'b'"],
    ["a == ''", "a == ''"],
    ['a == "it\'s"', 'a == "it\'s"'],
    ["a == 'say \"hi\"'", "a == 'say \"hi\"'"],
    ['a != "b"', "a != 'b'"],
    ["a in {'c', 'b', 'c'}", "a in {'b', 'c'}"],
    ["a in {'b'}", "a == 'b'"],
    ["a in {'b',}", "a == 'b'"],
    ['a in {}', 'a in {}'],
    ["a in{'b','c'}", "a in {'b', 'c'}"],
    ["a not in {'b', 'c'}", "a not in {'b', 'c'}"],
    ["a notin {'b', 'c'}", "a not in {'b', 'c'}"],
    ['a not\tin {}', 'a not in {}'],
    ["a contains 'b'", "a contains 'b'"],
    ["a contains'b'", "a contains 'b'"],
    ["a starts with 'b'", "a starts with 'b'"],
    ["a startswith 'b'", "a starts with 'b'"],
    ["a ends with 'b'", "a ends with 'b'"],
    ["a endswith 'b'", "a ends with 'b'"],
    ['has(a)', 'has(a)'],
    ['has( a )', 'has(a)'],
    ['! has(a)', '!has(a)'],
    ['!!has(a)', 'has(a)'],
    ["! a == 'b'", "a != 'b'"],
    ["!(a == 'b')", "a != 'b'"],
    ["!a != 'b'", "a == 'b'"],
    ["!(a contains 'b')", "!a contains 'b'"],
    ['!all()', '!all()'],
    ['has(a)&&has(b)||has(c)', 'has(a) && has(b) || has(c)'],
    ['(has(a) && has(b)) || has(c)', 'has(a) && has(b) || has(c)'],
    ['has(a) && (has(b) || has(c))', 'has(a) && (has(b) || has(c))'],
    ['has(a) && (has(b) && (has(c)))', 'has(a) && has(b) && has(c)'],
    ['!(has(a) && has(b))', '!(has(a) && has(b))'],
    ['!(!(has(a) || has(b)))', 'has(a) || has(b)'],
    ['((((has(a)))))', 'has(a)'],
    ["in == 'x' && has == 'y' && all == 'z'", "in == 'x' && has == 'y' && all == 'z'"],
    ["kubernetes.io/metadata.name == 'x'", "kubernetes.io/metadata.name == 'x'"],
    ["-_./9 == 'x'", "-_./9 == 'x'"],
    ["a == 'x\ny'", "a == 'x\ny'"],
  ])('%j is %j', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(canonical(printed)).toBe(printed);
  });
});

describe('an invalid selector says what is wrong and where', () => {
  test.each([
    ['a', 2, 'expected an operator after the label a: ==, !=, in, not in, contains, starts with or ends with; to ask only whether it is there, write has(a)'],
    ['a == b', 6, 'expected a string in quotes'],
    ["a = 'b'", 3, 'expected "=="'],
    ["a ! 'b'", 3, 'expected an operator after the label a'],
    ['has(a) & has(b)', 8, 'expected "&&"'],
    ['has(a) | has(b)', 8, 'expected "||"'],
    ["'a' == 'b'", 1, 'expected a label on the left side, without quotes'],
    ["!= 'b'", 1, 'expected a label before "!="'],
    ["a in 'b'", 6, 'expected "{"'],
    ["a in {'b' 'c'}", 11, 'expected "," or "}"'],
    ['a in {b}', 7, 'expected a string in quotes'],
    ["a in {'b'", 10, 'expected "," or "}"'],
    ["a == 'b", 6, 'this string has no closing quote'],
    ["(a == 'b'", 10, 'a ")" is missing'],
    ["(a == 'b' c", 11, 'expected "&&", "||" or ")"'],
    ["a == 'b')", 9, 'there is no "(" for this ")"'],
    ["a == 'b' c == 'd'", 10, 'expected "&&", "||" or the end'],
    ['has(a) &&', 10, 'expected a label, has(...), all() or "(", but it ends here'],
    ['has(a', 6, 'expected ")"'],
    ["has('a')", 5, 'expected a label name in has(...), without quotes'],
    ['has (a)', 1, 'write has(...) without a space before "("'],
    ['all ()', 1, 'write all() without a space before "("'],
    ['all(x)', 5, 'expected ")"'],
    ["a == 'b'\n", 9, 'a line break is not allowed'],
    ["a == 'b' &&\nhas(c)", 12, 'a line break is not allowed'],
    ['$', 1, 'expected a label, has(...), all() or "("'],
    [`${'x'.repeat(513)} == 'a'`, 1, 'a label name has at most 512 characters'],
  ])('%j at character %d: %s', (text, position, problem) => {
    expect(() => parseSelector(text)).toThrow(`is invalid at character ${position}: ${problem.slice(0, 20)}`);
    expect(() => parseSelector(text)).toThrow(problem);
  });

  test('hostile depth and length are refused before they cost anything', () => {
    expect(() => parseSelector('('.repeat(60_000))).toThrow('more than 512 nested parentheses');
    expect(() => parseSelector(' '.repeat(70_000))).toThrow('a selector of 70000 characters is too long');
    expect(canonical(`${'('.repeat(512)}has(a)${')'.repeat(512)}`)).toBe('has(a)');
    expect(canonical(`${'!'.repeat(60_001)}has(a)`)).toBe('!has(a)');
  });

  test('a value with both kinds of quotes cannot be printed', () => {
    expect(() => printSelector(equals('a', '\'"'))).toThrow('has both kinds of quotes');
  });
});

const tests: fc.Arbitrary<Selector> = fc.oneof(
  fc.constantFrom('a', 'b', 'pcns.team', 'projectcalico.org/name').map(has),
  fc.tuple(fc.constantFrom('a', 'in', 'has'), fc.array(fc.constantFrom('', 'x', 'it\'s', '"'), { maxLength: 3 })).map(([label, values]) => oneOf(label, values)),
  fc.constantFrom<Selector>({ all: true }, { global: true }, { label: 'a', op: 'contains', values: ['x'] }, { label: 'a', op: 'startsWith', values: ['x'] },
    { label: 'a', op: 'endsWith', values: ['x'] }),
);

const { selectors } = fc.letrec<{ selectors: Selector }>(tie => ({
  selectors: fc.oneof(
    { depthSize: 'small' },
    tests,
    tie('selectors').map(negate),
    fc.array(tie('selectors'), { minLength: 1, maxLength: 3 }).map(every),
    fc.array(tie('selectors'), { minLength: 1, maxLength: 3 }).map(some),
  ),
}));

test('what is printed is parsed as what it was', () => {
  fc.assert(fc.property(selectors, selector => {
    expect(parseSelector(printSelector(selector))).toEqual(selector);
  }), { numRuns: 1000 });
});

test('any text is either a selector whose canonical form is its own, or an error that names the text', () => {
  const tokens = fc.constantFrom('a', 'b', "'x'", '"y"', '==', '!=', '!', '(', ')', '&&', '||', ' ', 'in', 'not in', '{', '}', ',', 'has(a)', 'all()', 'contains', '\n');
  fc.assert(fc.property(fc.array(tokens, { maxLength: 8 }).map(parts => parts.join('')), text => {
    let printed: string;
    try {
      printed = canonical(text);
    } catch (error) {
      expect((error as Error).message).toMatch(/^the selector ".*" is invalid at character \d+: /s);
      return;
    }
    expect(canonical(printed)).toBe(printed);
  }), { numRuns: 5000 });
});

describe('a selector as an expression', () => {
  const pods = (text: string) => podExpr(parseSelector(text));
  const expr = (text: string) => endpointsExpr(parseSelector(text));
  const shop = inNamespace('shop');
  const HOSTS: EndpointExpr = { kind: 'hostEndpoint' };

  test.each([
    ["a == 'b'", labelIn('pod', 'a', 'b')],
    ["a != 'b'", not(labelIn('pod', 'a', 'b'))],
    ["a in {'b', 'c'} && !has(d)", allOf(labelIn('pod', 'a', 'b', 'c'), not(labelExists('pod', 'd')))],
    ["has(a) || b starts with 'c'", anyOf(labelExists('pod', 'a'), { label: 'b', of: 'pod', op: 'startsWith', values: ['c'] })],
    ['a in {}', NONE],
    ["projectcalico.org/namespace == 'shop'", shop],
    ["projectcalico.org/namespace in {'data', 'shop'}", anyOf(inNamespace('data'), shop)],
    ["projectcalico.org/namespace starts with 's'", { label: 'kubernetes.io/metadata.name', of: 'namespace', op: 'startsWith', values: ['s'] }],
    ["pcns.projectcalico.org/name == 'shop'", shop],
    ["projectcalico.org/serviceaccount == 'robot'", { serviceAccount: 'robot' }],
    ["projectcalico.org/orchestrator == 'k8s'", ANY],
    ["projectcalico.org/orchestrator == 'openstack'", NONE],
    ["projectcalico.org/orchestrator contains '8'", ANY],
    ["projectcalico.org/orchestrator starts with 'k'", ANY],
    ["projectcalico.org/orchestrator ends with 'x'", NONE],
    ['has(projectcalico.org/orchestrator)', ANY],
    ['has(projectcalico.org/namespace)', ANY],
    ["pcns.team == 'red'", labelIn('namespace', 'team', 'red')],
    ['has(pcsa.duty)', labelExists('serviceAccount', 'duty')],
    ['global()', NONE],
  ])('%s asks this of pods', (text, expected) => {
    expect(pods(text)).toEqual(expected);
  });

  test.each([
    ["app == 'x'", anyOf(
      allOf(POD, labelIn('pod', 'app', 'x')), allOf(HOSTS, labelIn('hostEndpoint', 'app', 'x')), { ref: 'addressSet', selector: labelIn('addressSet', 'app', 'x') })],
    ['all()', anyOf(POD, HOSTS, { ref: 'addressSet' })],
    ['!all()', NONE],
    ['!has(projectcalico.org/namespace)', anyOf(HOSTS, { ref: 'addressSet', selector: not(labelExists('addressSet', 'projectcalico.org/namespace')) })],
    ["projectcalico.org/orchestrator == 'k8s'", POD],
    ["projectcalico.org/orchestrator == 'k8s' && app == 'x'", allOf(POD, labelIn('pod', 'app', 'x'))],
    ["projectcalico.org/serviceaccount == 'robot'", allOf(POD, { serviceAccount: 'robot' })],
    ["pcsa.duty != 'x'", anyOf(allOf(POD, not(labelIn('serviceAccount', 'duty', 'x'))), HOSTS, { ref: 'addressSet' })],
    ["projectcalico.org/namespace == 'shop' && app == 'x'", anyOf(
      allOf(POD, shop, labelIn('pod', 'app', 'x')), { ref: 'addressSet', namespace: 'shop', selector: labelIn('addressSet', 'app', 'x') })],
    ["pcns.kubernetes.io/metadata.name == 'shop'", anyOf(
      allOf(POD, labelIn('namespace', 'kubernetes.io/metadata.name', 'shop')), { ref: 'addressSet', namespace: 'shop' })],
    ["pcns.team == 'red'", anyOf(
      allOf(POD, labelIn('namespace', 'team', 'red')), { ref: 'addressSet', selector: labelIn('addressSet', 'pcns.team', 'red') })],
  ])('%s finds pods, host endpoints and network sets', (text, expected) => {
    expect(expr(text)).toEqual(expected);
  });

  test('of host endpoints asks their own labels only', () => {
    expect(hostsExpr(parseSelector("a != 'b'"))).toEqual(allOf(HOSTS, not(labelIn('hostEndpoint', 'a', 'b'))));
    expect(hostsExpr(parseSelector("a != 'b' && has(projectcalico.org/namespace)"))).toEqual(NONE);
    expect(hostsExpr(parseSelector("a != 'b' || all()"))).toEqual(HOSTS);
    expect(hostsExpr(parseSelector('a in {}'))).toEqual(NONE);
  });

  test('a part of a service account\'s name has no expression', () => {
    expect(() => pods("projectcalico.org/serviceaccount contains 'x'")).toThrow('no label of a ServiceAccount holds its name, and which accounts there are is not known; list the names with "in"');
  });
});

/** What upstream's own tests say of labels; each is a selector, labels that match it and labels that do not. */
describe('a selector means what it means to Calico', () => {
  type Labels = Record<string, string>;
  const holds = (text: string, labels: Labels): boolean =>
    matchesEndpoint(podExpr(parseSelector(text)), { kind: 'pod', labels, namespace: 'x', serviceAccount: 'x' }, { cidrMatches: [] }) === YES;

  test.each<[string, Labels[], Labels[]]>([
    ['a == "b" && c == "d"', [{ a: 'b', c: 'd' }], [{}, { a: 'b', c: 'e' }, { c: 'd' }, { a: 'b' }]],
    ['a == "b" || c == "d"', [{ a: 'b' }, { c: 'd' }], [{}, { a: 'e', c: 'e' }]],
    ['a in {"\'", \'"\', "c"}', [{ a: 'c' }, { a: '"' }, { a: '\'' }], [{}, { a: 'e' }]],
    ['a not in {"\'", \'"\', "c"}', [{}, { a: 'e' }], [{ a: 'c' }, { a: '"' }, { a: '\'' }]],
    ['a != "a"', [{}, { a: 'b' }], [{ a: 'a' }]],
    ['a contains "a"', [{ a: 'a' }, { a: 'bab' }], [{}, { a: 'b' }, { b: 'aaa' }]],
    ['a starts with "a"', [{ a: 'a' }, { a: 'abb' }], [{}, { a: 'baa' }]],
    ['a ends with "a"', [{ a: 'a' }, { a: 'bba' }], [{}, { a: 'aab' }]],
    ['!a in {"a"}', [{ a: 'b' }, {}], [{ a: 'a' }]],
    ['!!! has(a)', [{}], [{ a: 'b' }]],
    ['a != \'a1\' && !b == \'b1\'', [{}], [{ a: 'a1', b: 'b1' }]],
    ['!(!has(a) || has(b))', [{ a: 'a' }], [{}, { a: 'a', b: 'b' }]],
    ['! a == \'a1\' || ! b == \'b1\'', [{ a: 'a1' }], [{ a: 'a1', b: 'b1' }]],
    ['a contains ""', [{ a: '' }, { a: 'x' }], [{}]],
  ])('%s', (text, matching, others) => {
    expect(matching.map(labels => holds(text, labels))).toEqual(matching.map(() => true));
    expect(others.map(labels => holds(text, labels))).toEqual(others.map(() => false));
    const again = canonical(text);
    expect(matching.map(labels => holds(again, labels))).toEqual(matching.map(() => true));
    expect(others.map(labels => holds(again, labels))).toEqual(others.map(() => false));
  });

  test.each(['b == b', 'b contains b', '\'b1\' == b', 'a b', '!', 'foo == "bar" &', 'foo != ||', 'foo in {"", ||', 'foo in ""', '"FOO', '"FOO\'', '(', ')', '()', '%', 'a == "b" && %', 'a ', 'has(foo) &&'])(
    'and %j is none', text => {
      expect(() => parseSelector(text)).toThrow('is invalid at character');
    });
});
