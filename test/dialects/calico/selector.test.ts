import * as fc from 'fast-check';
import { equals, every, has, negate, oneOf, parseSelector, Selector, some } from '../../../src/dialects/calico/selector';
import { endpointsExpr, holdsForHostEndpoints } from '../../../src/dialects/calico/selector-expr';
import { printSelector } from '../../../src/dialects/calico/selector-printer';
import { allOf, ANY, anyOf, inNamespace, labelExists, labelIn, NONE, not, POD } from '../../../src/model/endpoint';

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
  const expr = (text: string) => endpointsExpr(parseSelector(text));
  const shop = inNamespace('shop');

  test.each([
    ["a == 'b'", allOf(POD, labelIn('pod', 'a', 'b'))],
    ["a != 'b'", allOf(POD, not(labelIn('pod', 'a', 'b')))],
    ["a in {'b', 'c'} && !has(d)", allOf(POD, labelIn('pod', 'a', 'b', 'c'), not(labelExists('pod', 'd')))],
    ["has(a) || b starts with 'c'", allOf(POD, anyOf(labelExists('pod', 'a'), { label: 'b', of: 'pod', op: 'startsWith', values: ['c'] }))],
    ['a in {}', NONE],
    ["projectcalico.org/namespace == 'shop'", allOf(POD, shop)],
    ["projectcalico.org/namespace in {'data', 'shop'}", allOf(POD, anyOf(inNamespace('data'), shop))],
    ["projectcalico.org/namespace starts with 's'", allOf(POD, { label: 'kubernetes.io/metadata.name', of: 'namespace', op: 'startsWith', values: ['s'] })],
    ["pcns.projectcalico.org/name == 'shop'", allOf(POD, shop)],
    ["projectcalico.org/serviceaccount == 'robot'", allOf(POD, { serviceAccount: 'robot' })],
    ["projectcalico.org/orchestrator == 'k8s'", POD],
    ["projectcalico.org/orchestrator == 'openstack'", NONE],
    ["projectcalico.org/orchestrator contains '8'", POD],
    ["projectcalico.org/orchestrator starts with 'k'", POD],
    ["projectcalico.org/orchestrator ends with 'x'", NONE],
    ['has(projectcalico.org/orchestrator)', POD],
    ['has(projectcalico.org/namespace)', POD],
    ["pcns.team == 'red'", allOf(POD, labelIn('namespace', 'team', 'red'))],
    ['has(pcsa.duty)', allOf(POD, labelExists('serviceAccount', 'duty'))],
  ])('%s is of pods', (text, expected) => {
    expect(expr(text)).toEqual(expected);
  });

  test.each([
    ['all()', anyOf(POD, { kind: 'hostEndpoint' })],
    ['!has(projectcalico.org/namespace)', { kind: 'hostEndpoint' }],
    ["projectcalico.org/namespace not in {'shop'}", anyOf(allOf(POD, not(shop)), { kind: 'hostEndpoint' })],
    ["!has(pcns.team) || a == 'b'", anyOf(allOf(POD, anyOf(not(labelExists('namespace', 'team')), labelIn('pod', 'a', 'b'))), { kind: 'hostEndpoint' })],
  ])('%s is of host endpoints too', (text, expected) => {
    expect(expr(text)).toEqual(expected);
  });

  test('whether a host endpoint is matched can depend on labels that are not known', () => {
    expect(holdsForHostEndpoints(parseSelector("a != 'b'"))).toBeUndefined();
    expect(holdsForHostEndpoints(parseSelector("a != 'b' && has(projectcalico.org/namespace)"))).toBe(false);
    expect(holdsForHostEndpoints(parseSelector("a != 'b' || all()"))).toBe(true);
    expect(expr('all() && !all()')).toEqual(allOf(POD, ANY, NONE));
  });

  test('a part of a service account\'s name has no expression', () => {
    expect(() => expr("projectcalico.org/serviceaccount contains 'x'")).toThrow('not evaluated yet');
  });
});
