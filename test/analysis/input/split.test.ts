import * as fc from 'fast-check';
import { dump, loadAll } from 'js-yaml';
import { KUBERNETES_SCHEMA } from '../../../src/analysis/input/kubernetes-schema';
import { readText } from '../../../src/analysis/input/read-paths';
import { splitDocuments } from '../../../src/analysis/input/split';
import { runs } from '../../support/models/runs';

interface Piece {
  readonly text: string | undefined;
  readonly line: number;
  readonly start: number;
}

const MANY = 1_000_000;

function split(text: string, { most = MANY, size = MANY } = {}): Piece[] {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  const pieces: Piece[] = [];
  for (const { bytes: piece, line, start } of splitDocuments(chunks, most)) { pieces.push({ text: piece?.toString(), line, start }); }
  return pieces;
}

const places = (text: string): [string | undefined, number][] => split(text).map(piece => [piece.text, piece.line]);

describe('documents are split at their markers', () => {
  test.each<[string, string, [string, number][]]>([
    ['one', 'a: 1\n', [['a: 1\n', 1]]],
    ['two', 'a: 1\n---\nb: 2\n', [['a: 1\n', 1], ['b: 2\n', 3]]],
    ['no end of the last line', 'a: 1\n---\nb: 2', [['a: 1\n', 1], ['b: 2', 3]]],
    ['nothing', '', []],
    ['comments and markers only', '# a\n---\n\n# b\n--- # c\n...\n', []],
    ['comments above a document', '# a\n---\n# Source: x.yaml\n\na: 1\n# b\n---\n# c\n\nb: 2', [['a: 1\n# b\n', 5], ['b: 2', 10]]],
    ['CRLF', 'a: 1\r\n---\r\nb: 2\r\n---\r\nc: 3', [['a: 1\r\n', 1], ['b: 2\r\n', 3], ['c: 3', 5]]],
    ['CR alone', 'a: 1\r---\rb: 2\r', [['a: 1\r', 1], ['b: 2\r', 3]]],
    ['content on the line of the marker', '--- {a: 1}\n--- # b\nc: d\n--- |\n  x\n', [['--- {a: 1}\n', 1], ['c: d\n', 3], ['--- |\n  x\n', 4]]],
    ['directives belong to what follows', '%YAML 1.1\n# x\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n', [['%YAML 1.1\n# x\n---\na: 1\n', 1], ['%YAML 1.2\n---\nb: 2\n', 6]]],
    ['three dots', 'a: 1\n...\nb: 2\n... # x\n---\nc: 3', [['a: 1\n', 1], ['b: 2\n', 3], ['c: 3', 6]]],
    ['no markers', 'a: ---\nb:\n  ---\n---c: 1\n----\n..\n....\n- --- x\n', [['a: ---\nb:\n  ---\n---c: 1\n----\n..\n....\n- --- x\n', 1]]],
    ['marker without a line break at the end', 'a: 1\n---', [['a: 1\n', 1]]],
    ['a byte order mark before each', '\ufeffa: 1\n---\n\ufeffb: 2\n\ufeff---\nc: 3', [['a: 1\n', 1], ['b: 2\n', 3], ['c: 3', 5]]],
  ])('%s', (_name, text, expected) => expect(places(text)).toEqual(expected));

  test('texts of JSON that follow each other', () => {
    expect(places('{"a":1}\n{"b":2}\n\n{\n  "c": {\n    "d": {}\n  }\n}\n{"e":\n{"f":1}}\n')).toEqual([
      ['{"a":1}\n', 1], ['{"b":2}\n\n', 2], ['{\n  "c": {\n    "d": {}\n  }\n}\n', 4], ['{"e":\n{"f":1}}\n', 9],
    ]);
  });

  test('a line with a brace in YAML begins nothing', () => {
    expect(places('a: {}\n{b}: 2\n')).toEqual([['a: {}\n{b}: 2\n', 1]]);
    expect(places('[{},\n{}\n]\n')).toEqual([['[{},\n{}\n]\n', 1]]);
  });
});

/** Markers, comments and empty lines, and what only looks like them. */
const line = fc.constantFrom(
  '---', '---', '--- # c', '...', '# c', '', '  ', 'a: 1', '- b', '  c: d', '--- {e: 1}', '---x', '%YAML 1.2', '\ufeffa: 1', '{"f": 1}', '}', '{', 'é: ü',
  '----',
);
const anyText = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r')).map(([lines, end]) => lines.join(end));

test('the pieces in which a file is read make no difference', () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 1, max: 9 }), (text, size) => {
    expect(split(text, { size })).toEqual(split(text));
  }), runs(300));
});

test('a piece stands in the file where it says', () => {
  fc.assert(fc.property(anyText, text => {
    const bytes = Buffer.from(text);
    for (const { text: piece, line: number, start } of split(text)) {
      expect(bytes.subarray(start).toString().startsWith(piece!)).toBe(true);
      expect(bytes.subarray(0, start).toString().split(/\r\n|\r|\n/)).toHaveLength(number);
    }
  }), runs(300));
});

/** Texts in which every style of a scalar occurs. */
const scalar = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('---', '...', 'a\n---\nb\n', ' x\n\n  y', '# no comment', '---\n', '%a', '{}', 'yes', '0x1'));
const value = fc.letrec<{ any: unknown }>(tie => ({
  any: fc.oneof({ maxDepth: 3 }, scalar, fc.integer(), fc.boolean(), fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), tie('any'), { maxKeys: 3 })),
})).any;
const object = fc.tuple(scalar, value).map(([name, data]) => ({ kind: 'ConfigMap', name, data }));
const style = fc.record({
  flowLevel: fc.constantFrom(-1, 0, 1, 2), indent: fc.constantFrom(2, 4), noArrayIndent: fc.boolean(), forceQuotes: fc.boolean(),
});
const between = fc.constantFrom('---\n', '--- # c\n', '...\n---\n', '...\n# c\n', '# c\n---\n', '...\n%YAML 1.2\n---\n', '---\n---\n');

test('splitting and parsing is what parsing the whole is', () => {
  fc.assert(fc.property(fc.array(fc.tuple(between, object, style), { maxLength: 4 }), documents => {
    const text = documents.map(([separator, written, options]) => `${separator}${dump(written, { ...options, lineWidth: -1 })}`).join('').replace(/^\.\.\.\n/, '');
    const whole = loadAll(text, null, { schema: KUBERNETES_SCHEMA }).filter(found => found !== null);
    const input = readText(text, 'x');
    const found = [...input].map(document => document.value);
    expect(input.problems).toEqual([]);
    expect(found).toEqual(whole);
  }), runs(300));
});

describe('a document that is too big', () => {
  const big = `a: ${'x'.repeat(200)}\nb: 1\n`;

  test('is left out, and the next one is read', () => {
    for (const size of [1, 7, MANY]) {
      expect(split(`a: 1\n---\n# c\n${big}---\nb: 2\n`, { most: 100, size })).toEqual([
        { text: 'a: 1\n', line: 1, start: 0 }, { text: undefined, line: 4, start: 13 },
        // Of one line that is longer than the bound, the rest of the file is not waited for.
        ...(size === MANY ? [{ text: 'b: 2\n', line: 7, start: 13 + big.length + 4 }] : []),
      ]);
    }
  });

  test('of many short lines too', () => {
    const lines = 'a: 1\n'.repeat(100);
    for (const size of [1, 7, MANY]) {
      expect(split(`${lines}---\nb: 2\n`, { most: 100, size })).toEqual([
        { text: undefined, line: 1, start: 0 }, { text: 'b: 2\n', line: 102, start: lines.length + 4 },
      ]);
    }
  });

  test('an endless line is not collected', () => {
    function* endless(): Iterable<Buffer> {
      for (;;) { yield Buffer.from(' '.repeat(64)); }
    }
    expect([...splitDocuments(endless(), 1000)]).toEqual([{ start: 0, line: 1 }]);
  });
});
