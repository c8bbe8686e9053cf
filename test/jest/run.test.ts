import { spawnSync } from 'child_process';
import * as path from 'path';

const ROOT = path.resolve(__dirname, '../..');

test('a run of jest reports the statement and the rule of what fails', () => {
  const config = {
    rootDir: ROOT,
    testMatch: ['<rootDir>/test/jest/*.fixture.ts'],
    transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
  };
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  // The colours of the run around it are none of its own.
  const env = { ...process.env, FORCE_COLOR: '0' };
  const { status, stderr } = spawnSync(process.execPath, [jest, '--config', JSON.stringify(config), '--ci', '-i'], { cwd: ROOT, encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stderr).toContain('✓ holds');
  expect(stderr).toContain('✕ fails');
  expect(stderr).toContain('deny Deployment web (shop/web) => Deployment api (shop/api) : TCP 8080');
  expect(stderr).toContain('NetworkPolicy shop/api, ingress[0]');
  expect(stderr).toMatch(/> .*expect\(app\)\.toDeny/);
});
