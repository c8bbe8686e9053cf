import { readText } from '../../../src/analysis/input/read-paths';

/** The values, or what is wrong. */
function read(text: string): { values: unknown[]; problems: string[] } {
  const documents = readText(text, 'x.yaml');
  const values = [...documents].map(({ value }) => value);
  return { values, problems: documents.problems.map(({ at, message }) => `${at}: ${message}`) };
}

const problemOf = (text: string): string => {
  const { values, problems } = read(text);
  expect(values).toEqual([]);
  expect(problems).toHaveLength(1);
  return problems[0];
};

describe('what would grow without bound is refused', () => {
  const laughs = (levels: number): string => ['kind: &a0 ha', ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)].join('\n');

  test('aliases of aliases', () => {
    expect(problemOf(laughs(9))).toMatch(/^x\.yaml:1: its aliases, written out, make \d+ values of \d+$/);
    expect(problemOf(laughs(80))).toMatch(/its aliases, written out/);
    expect(read(laughs(4)).values).toHaveLength(1);
  });

  test('merges of merges', () => {
    const merges = ['kind: x', 'a0: &a0 {k: &k [1,2,3]}', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} {<<: *a${i}, l: *a${i}, r: *a${i}}`)].join('\n');
    expect(problemOf(merges)).toMatch(/its aliases, written out/);
  });

  test.each([
    ['a list', 'kind: x\na: &a [*a]'], ['a mapping', 'kind: x\na: &a\n  b: *a'], ['the document', '&a\nkind: x\na:\n- *a'], ['two of them', 'kind: x\na: &a [&b [*a], *b]'],
  ])('a value within itself: %s', (_name, text) => expect(problemOf(text)).toBe('x.yaml:1: an alias stands within what it names, so that the value has no end'));

  test('a chain of aliases that is deeper than its text', () => {
    const chain = ['kind: x', 'a0: &a0 []', ...Array.from({ length: 50_000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)].join('\n');
    expect(problemOf(chain)).toMatch(/deeper than 100 levels/);
    // A key that is a number comes first.
    expect(problemOf(`${chain}\n1: *a50000`)).toMatch(/deeper than 100 levels/);
  });

  test.each([
    ['lists', '['.repeat(100_000)], ['closed lists', '['.repeat(100_000) + ']'.repeat(100_000)], ['mappings', '{"a":'.repeat(100_000)],
    ['closed mappings', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`], ['dashes', '- '.repeat(50_000)], ['questions', '? '.repeat(50_000)],
    ['indentation', Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('nesting: %s', (_name, text) => {
    expect(problemOf(text)).toMatch(/^x\.yaml:\d+: .*(nest|nested)/);
    expect(problemOf(text).length).toBeLessThan(300);
  });

  test('a hundred levels are read, in JSON and in YAML', () => {
    const nested = (levels: number): string => `{"kind":"x","a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(read(nested(100)).values).toHaveLength(1);
    expect(problemOf(nested(101))).toMatch(/nested 101 levels deep/);
    expect(problemOf(nested(101).replace('"kind"', 'kind'))).toMatch(/nest/);
  });
});

describe('what is only large is read', () => {
  test('a scalar of 10 MB, and a key of 1 MB', () => {
    const long = 'x'.repeat(10 * 1024 * 1024);
    expect(read(`kind: a\nb: ${long}`).values).toEqual([{ kind: 'a', b: long }]);
    const key = 'k'.repeat(1024 * 1024);
    expect(read(`{"kind":"a","${key}":1}`).values).toEqual([{ kind: 'a', [key]: 1 }]);
  });

  test('texts of JSON with colons, quotes and brackets in them', () => {
    const value = { 'kind': 'a', ':"': '":', 'b\\': ['\\"', '[', '{"c": 1}'] };
    expect(read(JSON.stringify(value)).values).toEqual([value]);
    const brackets = { kind: '['.repeat(1_000) };
    expect(read(JSON.stringify(brackets)).values).toEqual([brackets]);
  });

  test('many keys, and many aliases of something small', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: &a${i} {}`).join('\n');
    expect(Object.keys(read(`kind: a\n${keys}`).values[0] as object)).toHaveLength(50_001);
    expect(read(`kind: a\nx: &x {a: b}\ny: [${Array(50_000).fill('*x').join(', ')}]`).values).toHaveLength(1);
  });
});

describe('keys that are properties of every object', () => {
  test.each([
    ['YAML', 'kind: a\n__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\ntoString: x\nhasOwnProperty: y'],
    ['JSON', '{"kind":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x","hasOwnProperty":"y"}'],
    ['merged', 'kind: a\n<<: {__proto__: {polluted: 1}}\nconstructor: {prototype: {polluted: 1}}\ntoString: x\nhasOwnProperty: y'],
    ['an item', 'kind: aList\nitems:\n- __proto__: {polluted: 1}\n  constructor: {prototype: {polluted: 1}}\n  toString: x\n  hasOwnProperty: y'],
  ])('are its own: %s', (_name, text) => {
    const [value] = read(text).values as [Record<string, unknown>];
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(expect.arrayContaining(['kind', '__proto__', 'constructor', 'toString', 'hasOwnProperty']));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('a kind that an object inherits is none', () => {
    expect(read('__proto__: {kind: NetworkPolicy}').values).toEqual([]);
    expect(read('{"__proto__": {"kind": "NetworkPolicy"}}').values).toEqual([]);
  });

  test('anchors may be called so', () => {
    expect(read('kind: a\nb: &__proto__ {c: 1}\nd: *__proto__\ne: &constructor x').values).toEqual([{ kind: 'a', b: { c: 1 }, d: { c: 1 }, e: 'x' }]);
    expect(problemOf('kind: a\nb: *toString')).toMatch(/unidentified alias/);
  });
});

describe('what cannot be parsed is named with its line', () => {
  test.each<[string, string, string | RegExp]>([
    ['a key that stands twice', 'kind: a\nspec:\n  x: 1\n  "y": 2\n  x: 3\n', 'x.yaml:5: the key "x" stands twice in one mapping; remove one, or restore the indentation that made them two'],
    ['a quoted one, with CRLF', '# c\r\n---\r\nkind: a\r\n"b:c" : 1\r\n"b:c" : 2\r\n', /^x\.yaml:5: the key "b:c" stands twice/],
    ['in JSON', '{\n  "kind": "a",\n  "b": {"c": 1, "d": "a:b", "c": 2}\n}', /^x\.yaml:3: the key "c" stands twice/],
    ['in an item', 'kind: List\nitems:\n- a: 1\n  a: 2', /^x\.yaml:4: the key "a" stands twice/],
    ['a tab', 'kind: a\nspec:\n\tb: 1\n', /^x\.yaml:3: .* at "\\tb: 1"; YAML is indented by spaces, and this line by a tab$/],
    ['typographic quotes', 'kind: a\nb: [“x”: y, “z]\n  c', /typographic quotes/],
    ['a template', 'kind: a\n{{- if .Values.on }}\nb: 1\n{{- end }}\n', /^x\.yaml:2: .*it looks like a template: render it first, as in `helm template`/],
    ['a template that parses', 'kind: a\nmetadata:\n  name: {{ .Release.Name }}\n', /^x\.yaml:1: it holds a template where a value is due; .*`helm template`/],
    ['an endless quote', 'a: 1\n---\nkind: "a\n---\n', /^x\.yaml:\d: .*double quoted scalar/],
    ['an unknown alias', 'kind: a\nb: *c', /^x\.yaml:2: .*unidentified alias "c"/],
    ['JSON', '{"kind": "a",\n "b": tru,,\n}', /^x\.yaml:2: /],
    ['a bad escape', '{"kind": "a", "b": "\\q"}', /unknown escape sequence/],
  ])('%s', (_name, text, expected) => {
    const { problems: [first] } = read(text);
    expect(first).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
    expect(first.length).toBeLessThan(400);
  });

  test('what is long is shown by its beginning', () => {
    expect(problemOf(`kind: a\nb: [${'x'.repeat(100_000)}`).length).toBeLessThan(300);
    expect(problemOf(`kind: a\n${'x'.repeat(100_000)}: 1\n${'x'.repeat(100_000)}: 1`).length).toBeLessThan(300);
  });

  test('braces in a text are no template', () => {
    expect(read('kind: a\nb: "{{ $labels.pod }}"\nc: |\n  {{ x }}\nd: {}').values).toHaveLength(1);
  });
});
