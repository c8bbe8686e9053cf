import { atVersion, checkFields, FieldTree, isIn } from '../../src/dialects/field-tree';

const TREE: FieldTree = {
  type: 'object',
  fields: {
    name: { type: 'string', minLength: 1, maxLength: 5 },
    action: { type: 'string', enum: ['Allow', 'Deny'] },
    net: { type: 'string', pattern: /^[0-9./]+\/[0-9]+$/, hint: 'a CIDR' },
    code: { type: 'integer', min: 0, max: 255 },
    ipVersion: { type: 'integer', enum: [4, 6] },
    order: { type: 'number' },
    enabled: { type: 'boolean' },
    port: { type: 'intOrString', min: 1, max: 65535, pattern: /^[a-z]+$/, maxLength: 15 },
    types: { type: 'array', of: { type: 'string', enum: ['In', 'Out'] }, minItems: 1, maxItems: 2, unique: true },
    labels: { type: 'map', of: { type: 'string', maxLength: 3 } },
    peer: { type: 'object', fields: { cidr: { type: 'string' }, ref: { type: 'string' } }, exactlyOneOf: ['cidr', 'ref'] },
    rules: { type: 'array', of: { type: 'object', fields: { to: { type: 'any' } }, required: ['to'] } },
    spec: { type: 'object', fields: { a: { type: 'any' }, b: { type: 'any' }, c: { type: 'any' } }, atLeastOneOf: ['a', 'b'], alone: ['b'] },
    raw: { type: 'any' },
  },
};

test('a value that fits every field has no errors', () => {
  expect(checkFields(TREE, {
    name: 'web',
    action: 'Allow',
    net: '10.0.0.0/8',
    code: 255,
    ipVersion: 4,
    order: -1.5,
    enabled: false,
    port: 80,
    types: ['In', 'Out'],
    labels: { 'app.kubernetes.io/name': 'web' },
    peer: { ref: 'x' },
    rules: [{ to: { anything: [null] } }],
    spec: { a: 1, c: 2 },
    raw: null,
  })).toEqual([]);
  expect(checkFields(TREE, { port: 'http' })).toEqual([]);
});

test('an unknown field is an error that names its path and the fields that are known', () => {
  const rule: FieldTree = { type: 'object', fields: { nets: { type: 'any' }, ports: { type: 'any' } } };
  const tree: FieldTree = { type: 'object', fields: { egress: { type: 'array', of: rule } } };
  expect(checkFields(tree, { egress: [{ nets: [] }, { domains: [] }] }, 'spec')).toEqual([
    'spec.egress[1].domains: unknown field; the API server would drop it (known: nets, ports)',
  ]);
});

test.each<[string, unknown, string]>([
  ['a string that is a number', { name: 5 }, 'name: must be a string, not the number 5'],
  ['a string that is null', { name: null }, 'name: must be a string, not null'],
  ['a string that is a date, as YAML makes them', { name: new Date(0) }, 'name: must be a string, not a date'],
  ['a string that is too short', { name: '' }, 'name: must have at least 1 character, not 0'],
  ['a string that is too long', { name: 'webweb' }, 'name: must have at most 5 characters, not 6'],
  ['a value outside its enumeration', { action: 'allow' }, 'action: must be one of Allow, Deny, not "allow"'],
  ['a string that its pattern refuses', { net: '10.0.0.1' }, 'net: must be a CIDR, not "10.0.0.1"'],
  ['an integer that is a string', { code: '5' }, 'code: must be an integer, not "5"'],
  ['an integer with a fraction', { code: 0.5 }, 'code: must be an integer, not the number 0.5'],
  ['an integer below its minimum', { code: -1 }, 'code: must be at least 0, not -1'],
  ['an integer above its maximum', { code: 256 }, 'code: must be at most 255, not 256'],
  ['an integer outside its enumeration', { ipVersion: 5 }, 'ipVersion: must be one of 4, 6, not the number 5'],
  ['a number that is not finite', { order: NaN }, 'order: must be a number, not the number NaN'],
  ['a boolean that is a string', { enabled: 'true' }, 'enabled: must be true or false, not "true"'],
  ['an integer or string that is an object', { port: { number: 80 } }, 'port: must be an integer or a string, not an object'],
  ['an integer or string whose integer is out of bounds', { port: 0 }, 'port: must be at least 1, not 0'],
  ['an integer or string whose string its pattern refuses', { port: '80' }, 'port: must be a string that matches ^[a-z]+$, not "80"'],
  ['a list that is a string', { types: 'In' }, 'types: must be a list, not "In"'],
  ['a list that is too short', { types: [] }, 'types: must have at least 1 item, not 0'],
  ['a list that repeats an item', { types: ['In', 'In'] }, 'types[1]: "In" is already in the list'],
  ['a list with an item that does not fit', { types: ['In', 'Both'] }, 'types[1]: must be one of In, Out, not "Both"'],
  ['a map that is a list', { labels: [] }, 'labels: must be a map of strings, not a list'],
  ['a map with a value that is no string', { labels: { 'app/x': 1 } }, 'labels["app/x"]: must be a string, not the number 1'],
  ['a map with a value that does not fit', { labels: { app: 'long' } }, 'labels.app: must have at most 3 characters, not 4'],
  ['an object that is a list', { peer: [] }, 'peer: must be an object, not a list'],
  ['an object that is a date', { spec: new Date(0) }, 'spec: must be an object, not a date'],
  ['an object without a required field', { rules: [{}] }, 'rules[0].to: is required, but is missing'],
  ['an object whose required field is undefined', { rules: [{ to: undefined }] }, 'rules[0].to: is required, but is missing'],
  ['none of several fields of which there must be one', { peer: {} }, 'peer: must have exactly one of cidr, ref, not none'],
  ['two of several fields of which there must be one', { peer: { cidr: '', ref: '' } }, 'peer: must have exactly one of cidr, ref, not cidr and ref'],
  ['none of several fields of which there must be some', { spec: { c: 1 } }, 'spec: must have at least one of a, b'],
  ['a field beside one that must stand alone', { spec: { b: 1, c: 1 } }, 'spec: b must stand alone, not with c'],
  ['a document that is no object', 'text', 'document: must be an object, not "text"'],
])('%s is one error', (_, value, error) => {
  expect(checkFields(TREE, value)).toEqual([error]);
});

test('a list that is too long says so once, beside the errors of its items', () => {
  expect(checkFields(TREE, { types: ['In', 'Out', 'In'] })).toEqual([
    'types: must have at most 2 items, not 3',
    'types[2]: "In" is already in the list',
  ]);
});

test('errors come in the order of the document', () => {
  expect(checkFields(TREE, { code: 'x', zzz: 1, action: 'x' }).map((error) => error.split(':')[0])).toEqual(['code', 'zzz', 'action']);
});

test('a field that is undefined is absent, as it is in JSON', () => {
  expect(checkFields(TREE, { name: undefined, unknown: undefined, labels: { a: undefined } })).toEqual([]);
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a field named %s is as unknown as any other', (name) => {
  const value = JSON.parse(`{ "peer": { "cidr": "x", "${name}": { "polluted": true } } }`);
  expect(checkFields(TREE, value)).toEqual([`peer.${name}: unknown field; the API server would drop it (known: cidr, ref)`]);
  expect(({} as any).polluted).toBeUndefined();
});

test('what a prototype has does not count as given', () => {
  const fields = Object.fromEntries(['toString', 'name'].map((name) => [name, { type: 'any' } as const]));
  const tree: FieldTree = { type: 'object', fields, required: ['toString', 'name'] };
  expect(checkFields(tree, Object.create({ name: 'inherited' }))).toEqual([
    'toString: is required, but is missing',
    'name: is required, but is missing',
  ]);
});

test('a value deeper than its tree, or one that holds itself, ends', () => {
  const circle: any = { name: 'web' };
  circle.raw = circle;
  circle.deeper = circle;
  expect(checkFields(TREE, circle)).toHaveLength(1);
  const deep = JSON.parse('[{"to":'.repeat(20_000) + '1' + '}]'.repeat(20_000));
  expect(checkFields(TREE, { rules: deep })).toEqual([]);
});

test('a message shows the beginning of a long value and of a long key', () => {
  const [value, key] = checkFields(TREE, { action: 'x'.repeat(10_000), ['y'.repeat(10_000)]: 1 });
  expect(value.length).toBeLessThan(200);
  expect(key.length).toBeLessThan(400);
});

test('a length is counted in code points', () => {
  expect(checkFields(TREE, { name: '\u{1F600}'.repeat(5) })).toEqual([]);
  expect(checkFields(TREE, { name: '\u{1F600}'.repeat(6) })).toEqual(['name: must have at most 5 characters, not 6']);
});

describe('of an API with versions', () => {
  const tree: FieldTree = {
    type: 'object',
    fields: {
      old: { type: 'string', until: '1.20' },
      fresh: { type: 'string', since: '1.19' },
      kind: { type: 'string', enum: ['a', 'b', 'c'], enumVersions: { b: { since: '1.19' }, c: { until: '1.19' } } },
      list: { type: 'array', of: { type: 'string' }, maxItems: 0, before: { version: '1.19', of: { type: 'integer' }, maxItems: undefined } },
      name: { type: 'string', pattern: /^[a-z]+$/, hint: 'letters', before: { version: '1.20', pattern: /^[a-c]+$/, hint: 'a, b and c' } },
    },
    exactlyOneOf: ['old', 'fresh'],
    before: { version: '1.19', required: ['kind'] },
  };

  test.each<[string, string | undefined, unknown, string[]]>([
    ['a field of today', undefined, { fresh: 'x' }, []],
    ['a field that is not there yet', '1.18', { old: 'x', fresh: 'y', kind: 'a' },
      ['fresh: unknown field before 1.19; the API server would drop it (known: old, kind, list, name)']],
    ['a field that is there no longer', '1.20', { old: 'x', fresh: 'y' },
      ['old: unknown field since 1.20; the API server would drop it (known: fresh, kind, list, name)']],
    ['a field that is there no longer, where no version is stated', undefined, { old: 'x' },
      ['old: unknown field since 1.20; the API server would drop it (known: fresh, kind, list, name)', 'document: must have exactly one of fresh, not none']],
    ['both of two fields, in the version that has both', '1.19', { old: 'x', fresh: 'y' }, ['document: must have exactly one of old, fresh, not old and fresh']],
    ['a field that was required', '1.18', { old: 'x' }, ['kind: is required, but is missing']],
    ['a value that is not there yet', 'v1.18.3', { old: 'x', kind: 'b' }, ['kind: must be one of a, c, not "b", which is unknown before 1.19']],
    ['a value that is there no longer', '1.19', { fresh: 'x', kind: 'c' }, ['kind: must be one of a, b, not "c", which is unknown since 1.19']],
    ['a list that was of another type', '1.18', { old: 'x', kind: 'a', list: [1, 2] }, []],
    ['a list that must be empty now', '1.19', { fresh: 'x', list: ['a'] }, ['list: must have at most 0 items, not 1']],
    ['a text that was narrower', '1.19', { fresh: 'x', name: 'xyz' }, ['name: must be a, b and c, not "xyz"']],
    ['the same text later', '1.20', { fresh: 'x', name: 'xyz' }, []],
  ])('%s', (_, version, value, errors) => {
    expect(checkFields(tree, value, '', version)).toEqual(errors);
  });

  test('versions are compared as numbers, and what is no version is the newest', () => {
    expect([isIn({ since: '1.9' }, '1.10'), isIn({ since: '1.10' }, '1.9'), isIn({ until: '1.10' }, '1.9'), isIn({ until: '2.0' }, '1.99')]).toEqual([true, false, true, true]);
    expect([isIn({ since: '99.0' }, undefined), isIn({ until: '0.1' }, 'latest'), isIn({}, '1.0')]).toEqual([true, false, true]);
    expect(atVersion({ type: 'array', of: { type: 'any' }, maxItems: 1, before: { version: '3.33', maxItems: undefined } }, '3.9')).toMatchObject({ maxItems: undefined });
  });
});
