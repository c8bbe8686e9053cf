import { matchesHttp, TextMatch } from '../../src/model/http';
import { normalForms } from '../../src/model/request-path';

/** What proxies may make of a path before they compare it. */

test.each(['/', '/admin', '/a.b/c..d/.hidden', '/v1/users?next=/../x%2e', '/a-b_c~d'])('the plain path %s is compared as it is', path => {
  expect(normalForms(path)).toEqual([path]);
});

test.each([
  ['/a/../admin', '/admin'],
  ['/%61dmin', '/admin'],
  ['/a/%2e%2e/admin', '/admin'],
  ['/public/./x', '/public/x'],
  ['//admin', '/admin'],
  ['/a%2f..%2fadmin', '/admin'],
  ['/a\\..\\admin', '/admin'],
  ['/../../admin', '/admin'],
  ['/a/..', '/'],
  ['/a/../b?x=/../y', '/b?x=/../y'],
])('%s may be compared as %s, or as it was sent', (path, form) => {
  expect(normalForms(path)).toEqual(expect.arrayContaining([path, form]));
});

const ADMIN: TextMatch = { exact: '/admin' };
const PUBLIC: TextMatch = { pattern: '/public/.*' };

test.each<[string, TextMatch, boolean | undefined]>([
  ['/admin', ADMIN, true],
  ['/a/../admin', ADMIN, undefined],
  ['/%61dmin', ADMIN, undefined],
  ['/a/../other', ADMIN, false],
  ['/public/../admin', PUBLIC, undefined],
  ['/public/x/../y', PUBLIC, true],
  ['/%2e', { pattern: '.*' }, true],
])('whether %s is %j is said only where every form agrees', (path, match, expected) => {
  expect(matchesHttp([{ paths: [match] }], { method: 'GET', path })).toBe(expected);
  expect(matchesHttp([{ notPaths: [match] }], { method: 'GET', path })).toBe(expected === undefined ? undefined : !expected);
});
