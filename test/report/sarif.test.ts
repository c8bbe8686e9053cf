import { Finding, sarif, SarifRule } from '../../src/report/sarif';

const TOOL = { name: 'cdk8s-netpol', version: '1.2.3', uri: 'https://example.com' };
const RULES: SarifRule[] = [{ id: 'deny', description: 'What is denied must not pass.' }, { id: 'allow', description: 'What is allowed must pass.' }];
const finding = (more: Partial<Finding> = {}): Finding => ({
  ruleId: 'allow', level: 'error', message: 'web does not reach api', places: [{ file: 'dist/policies.yaml', line: 12 }], identity: ['allow web => api'], ...more,
});
const write = (findings: readonly Finding[], complete?: boolean) => JSON.parse(sarif(TOOL, RULES, findings, complete));
const result = (more: Partial<Finding> = {}) => write([finding(more)]).runs[0].results[0];

test('a log has its version, one run, the tool and its rules', () => {
  const log = write([]);
  expect(log.version).toBe('2.1.0');
  expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
  expect(log.runs).toHaveLength(1);
  expect(log.runs[0].tool.driver).toEqual({
    name: 'cdk8s-netpol',
    version: '1.2.3',
    informationUri: 'https://example.com',
    rules: [{ id: 'deny', shortDescription: { text: 'What is denied must not pass.' } }, { id: 'allow', shortDescription: { text: 'What is allowed must pass.' } }],
  });
  expect(log.runs[0].results).toEqual([]);
});

test('a result names its rule by id and by its place among the rules', () => {
  expect(result()).toMatchObject({ ruleId: 'allow', ruleIndex: 1, level: 'error', message: { text: 'web does not reach api' } });
  expect(() => sarif(TOOL, RULES, [finding({ ruleId: 'nobody' })])).toThrow('no rule "nobody" is stated for a finding');
});

test('the first place is the location, and others are related', () => {
  const { locations, relatedLocations } = result({ places: [{ file: 'a.yaml', line: 3 }, { file: 'b.yaml' }] });
  expect(locations).toEqual([{ physicalLocation: { artifactLocation: { uri: 'a.yaml' }, region: { startLine: 3 } } }]);
  expect(relatedLocations).toEqual([{ id: 0, physicalLocation: { artifactLocation: { uri: 'b.yaml' } } }]);
  expect(result({ places: [] })).toMatchObject({ locations: [] });
});

test.each([
  ['./dist/a b.yaml', 'dist/a%20b.yaml'],
  ['dist\\a.yaml', 'dist/a.yaml'],
  ['/srv/dist/ä#.yaml', 'file:///srv/dist/%C3%A4%23.yaml'],
  ['\ud800.yaml', '%5Cud800.yaml'],
])('the path %j is the URI %s', (file, uri) => {
  expect(result({ places: [{ file }] }).locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
});

test('the fingerprint stays when lines move, and is another for another finding', () => {
  const print = (more: Partial<Finding>) => result(more).partialFingerprints.primaryLocationLineHash;
  expect(print({})).toMatch(/^[0-9a-f]{32}$/);
  expect(print({ places: [{ file: 'elsewhere.yaml', line: 99 }], message: 'other words' })).toBe(print({}));
  expect(print({ identity: ['allow web => db'] })).not.toBe(print({}));
  expect(print({ ruleId: 'deny' })).not.toBe(print({}));
});

test('an analysis that is not complete says so', () => {
  expect(write([]).runs[0].invocations).toEqual([{ executionSuccessful: true }]);
  expect(write([], false).runs[0].invocations).toEqual([{ executionSuccessful: false }]);
});

test('control characters in a message are made visible', () => {
  expect(result({ message: 'a\u001b[31mb\u202ec' }).message.text).toBe('a\\u001b[31mb\\u202ec');
});
