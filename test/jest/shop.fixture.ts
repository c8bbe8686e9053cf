import '../../src/jest';
import { shop } from '../connectivity/shop';

/** Run by `run.test.ts`, in a jest of its own. */

const { app, web, api } = shop();

test('holds', () => { expect(app).toAllow({ from: web, to: api, port: '8080/tcp' }); });

test('fails', () => { expect(app).toDeny({ from: web, to: api, port: '8080/tcp' }); });
