// eslint-disable-next-line import/no-extraneous-dependencies -- it comes with jest
import { expect, test } from '@jest/globals';
import { connectivityMatchers } from '../../src/jest/globals';
import { shop } from '../connectivity/shop';

expect.extend(connectivityMatchers);

test('an expect that is imported knows the matchers, and their types', () => {
  const { app, web, api, database } = shop();
  expect(app).toAllow({ from: web, to: api, port: '8080/tcp' });
  expect(app).not.toAllow({ from: web, to: database });
  // @ts-expect-error -- an end is missing
  expect(() => expect(app).toDeny({ from: web })).toThrow();
});
