import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { patternSize } from '../../src/model/pattern-size';

const measured = (pattern: string): number => RE2JS.compile(pattern).programSize();

describe('the size of a pattern', () => {
  test.each([
    '', 'a', '/api/v[0-9]+(/.*)?', '(a|b|c){3}', '|a|', '()|', '(|){40}', 'a{10}', 'a{2,7}b*', '(ab{3}c){20}', 'x{0,1000}', 'a{5,}', '[(]{30}', '([)]a){30}', '([]a(]b){9}', '([^]a(]b){9}', '([[:alpha:](]b){9}',
    '(?i:abc)(:[0-9]+)?', '\\.\\{3\\}', 'a{,3}', '((a{3}){3}){3}', '(?:a*)*', '\\pL{10}', '\\QA(B\\E{4}', '[\\](]{8}a',
  ])('is at least that of the program: %s', pattern => {
    expect(patternSize(pattern)).toBeGreaterThanOrEqual(measured(pattern) - 2);
  });

  test('is at least that of the program, whatever the pattern', () => {
    const piece = fc.constantFrom('a', 'b', '|', '.', '(', ')', '[', ']', '|', '*', '+', '?', '{3}', '{2,5}', '{4,}', '{0,9}', '\\(', '\\]', '^', '$', '(?:', '(?i)', '[^a]', '[(]', '[[:digit:]]');
    fc.assert(fc.property(fc.array(piece, { maxLength: 14 }), pieces => {
      const pattern = pieces.join('');
      let program = 0;
      try { program = measured(pattern); } catch { return; }
      expect(patternSize(pattern)).toBeGreaterThanOrEqual(program - 2);
    }), { numRuns: 2000 });
  });

  test('is not far above it', () => {
    expect(patternSize('/api/v[0-9]+/[-a-z0-9_]{1,253}/(items|orders)(/[^/?]{1,64})?')).toBeLessThan(2_000);
  });
});
