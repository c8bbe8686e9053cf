import { pathText } from '../../src/analysis/path-text';

test('paths are written as in messages', () => {
  expect(pathText(['spec', 'ingress', 0, 'from', 1, 'podSelector'])).toBe('spec.ingress[0].from[1].podSelector');
  expect(pathText(['spec', 'matchLabels', 'app.kubernetes.io/name'])).toBe('spec.matchLabels["app.kubernetes.io/name"]');
});

test('a key that is longer than any label has may not fill the message', () => {
  expect(pathText(['x/'.repeat(10_000)]).length).toBeLessThan(100);
});
