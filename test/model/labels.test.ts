import { dnsLabelProblem, dnsSubdomainProblem, labelKeyProblem, labelValueProblem, portNameProblem } from '../../src/model/labels';

const long = (length: number): string => 'a'.repeat(length);

describe('label keys', () => {
  test.each(['app', 'App_1.x-y', '1', 'example.com/app', 'kubernetes.io/metadata.name', `${long(63)}`, `${long(63)}.com/${long(63)}`])('%s is valid', key => {
    expect(labelKeyProblem(key)).toBeUndefined();
  });

  test.each(['', '-app', 'app-', '_app', 'a b', 'k8s:app', long(64), `example.com/${long(64)}`, 'example.com/', '__proto__'])('%s has no valid name', key => {
    expect(labelKeyProblem(key)).toMatch(/^label key ".*" is invalid/);
  });

  test.each(['/app', 'Example.com/app', 'a/b/c', '-x.com/app', `${long(254)}/app`])('%s has no valid prefix', key => {
    expect(labelKeyProblem(key)).toMatch(/has an invalid prefix/);
  });
});

describe('label values', () => {
  test.each(['', 'web', 'v1.2_3-x', '0', long(63)])('%j is valid', value => {
    expect(labelValueProblem('app', value)).toBeUndefined();
  });

  test.each(['-web', 'web.', 'a b', 'a/b', long(64)])('%j is an error that names the key', value => {
    expect(labelValueProblem('app', value)).toContain(`label value ${JSON.stringify(value)} of "app" is invalid`);
  });

  test.each<[unknown, string]>([
    [1, 'label value 1 of "app" is not a string; quote it, as "1"'],
    [true, 'label value true of "app" is not a string; quote it, as "true"'],
    [undefined, 'label value undefined of "app" is not a string; quote it'],
    [null, 'label value null of "app" is not a string; quote it'],
    [['web'], 'label value ["web"] of "app" is not a string; quote it'],
  ])('%j is no string, and is to be quoted', (value, problem) => {
    expect(labelValueProblem('app', value as string)).toBe(problem);
  });
});

describe('names', () => {
  test('a DNS label has no dot, no capitals, and at most 63 characters', () => {
    expect(['shop', 'a', '1-2', long(63)].map(name => dnsLabelProblem('namespace', name))).toEqual([undefined, undefined, undefined, undefined]);
    expect(dnsLabelProblem('namespace', 'a.b')).toMatch(/^namespace "a.b" is invalid/);
    expect(dnsLabelProblem('namespace', 'Shop')).toMatch(/is invalid/);
    expect(dnsLabelProblem('namespace', '')).toMatch(/is invalid/);
    expect(dnsLabelProblem('tier', long(64))).toMatch(/^tier ".*" has 64 characters; at most 63/);
  });

  test('a DNS subdomain may have dots and 253 characters', () => {
    expect(['robot', 'a.b-c.d', long(253)].map(name => dnsSubdomainProblem('name', name))).toEqual([undefined, undefined, undefined]);
    expect(['a..b', '.a', 'a.', 'a_b', 'A', ''].every(name => dnsSubdomainProblem('name', name)?.includes('is invalid'))).toBe(true);
    expect(dnsSubdomainProblem('name', long(254))).toMatch(/has 254 characters/);
  });

  test('a port name has a letter, single inner dashes and at most 15 characters', () => {
    expect(['http', 'h2c', '8080-tcp', long(15)].map(portNameProblem)).toEqual([undefined, undefined, undefined, undefined]);
    expect(['80', '', 'HTTP', 'a--b', '-a', 'a-', 'a_b', long(16)].every(name => portNameProblem(name)?.includes('is invalid'))).toBe(true);
  });
});

test('a hostile name is judged quickly', () => {
  const start = Date.now();
  for (const judge of [labelKeyProblem, portNameProblem]) { judge(`${'a-'.repeat(50_000)}!`); }
  dnsSubdomainProblem('name', `${'a.'.repeat(100)}!`);
  expect(Date.now() - start).toBeLessThan(1000);
});
