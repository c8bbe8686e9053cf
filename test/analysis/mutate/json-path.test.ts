import { replacedAt, splitAt, valueAt } from '../../../src/analysis/mutate/json-path';

const document = { spec: { ingress: [{ from: ['a', 'b'] }, { ports: [1] }], selector: { app: 'web' } } };

test('a value is found by its path, and nothing by a path to nowhere', () => {
  expect(valueAt(document, ['spec', 'ingress', 0, 'from', 1])).toBe('b');
  expect(valueAt(document, ['spec', 'egress', 0, 'to'])).toBeUndefined();
  expect(valueAt(document, ['spec', 'toString'])).toBeUndefined();
});

test('a copy has another value, and the original stays', () => {
  const before = JSON.stringify(document);
  expect(replacedAt(document, ['spec', 'selector', 'app'], 'api')).toEqual({ spec: { ...document.spec, selector: { app: 'api' } } });
  expect(replacedAt(document, ['spec', 'ingress', 0, 'from', 0], undefined)).toEqual({ spec: { ...document.spec, ingress: [{ from: ['b'] }, { ports: [1] }] } });
  expect(replacedAt(document, ['spec', 'selector', 'app'], undefined)).toEqual({ spec: { ...document.spec, selector: {} } });
  expect(replacedAt(document, ['spec', 'more'], 1)).toEqual({ spec: { ...document.spec, more: 1 } });
  expect(JSON.stringify(document)).toBe(before);
});

test('an item of a list becomes several', () => {
  expect(splitAt(document, ['spec', 'ingress', 0], ['x', 'y'])).toEqual({ spec: { ...document.spec, ingress: ['x', 'y', { ports: [1] }] } });
});

test('keys of documents are no properties of objects', () => {
  const hostile = JSON.parse('{"spec":{"__proto__":{"x":1},"constructor":2}}');
  const changed = replacedAt(hostile, ['spec', 'constructor'], 3) as { spec: object };
  expect(JSON.stringify(changed)).toBe('{"spec":{"__proto__":{"x":1},"constructor":3}}');
  expect(({} as { x?: number }).x).toBeUndefined();
});
