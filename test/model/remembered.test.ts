import { remembered, rememberedPair } from '../../src/model/remembered';

test('what is made of a text is one object', () => {
  const made = remembered(text => ({ text }));
  expect(made('a')).toBe(made('a'));
  expect(made('a')).not.toBe(made('b'));
  expect(made('b')).toEqual({ text: 'b' });
});

test('what is made of two texts is one object, and neither is mistaken for the other', () => {
  const made = rememberedPair((first, second) => ({ first, second }));
  expect(made('a', 'b')).toBe(made('a', 'b'));
  expect([made('a', 'b'), made('b', 'a'), made('a', 'c')]).toEqual([{ first: 'a', second: 'b' }, { first: 'b', second: 'a' }, { first: 'a', second: 'c' }]);
});

test('an error is thrown each time, and what was forgotten is made anew', () => {
  const failing = remembered(text => { throw new Error(text); });
  expect(() => failing('a')).toThrow('a');
  expect(() => failing('a')).toThrow('a');

  const made = rememberedPair((first, second) => ({ first, second }));
  const before = made('key', '0');
  for (let i = 0; i < 30_000; i++) { expect(made('key', String(i)).second).toBe(String(i)); }
  expect(made('key', '0')).toEqual(before);
});
