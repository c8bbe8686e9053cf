import * as path from 'path';
import { AROUND, manifestsOf, outputOf, podsOf, run, worldOf } from './support';
import { flow, named } from '../oracle/fixtures';
import { flowsIn, policiesOf } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

/** scripts/org-template.ts packs, builds and installs it; this is about what is written. */

const output = run('org-template/app');
const manifests = manifestsOf(output);

test('the committed output is what the program writes, file by file', () => {
  expect(outputOf(path.resolve(__dirname, '../../examples/org-template/app/dist'))).toEqual(output);
});

test('every manifest is valid by its schema', () => {
  expect(manifests.length).toBeGreaterThan(5);
  expect(schemaErrorsOf(manifests)).toEqual([]);
});

test('what services state is open, and nothing else', () => {
  const pods = podsOf(manifests);
  const [orders, page, cache] = ['orders', 'page', 'cache'].map(name => pods.find(pod => pod.name === name)!);
  const { prometheus, dns, neighbour } = AROUND;
  flowsIn(worldOf(manifests, pods))('cilium', policiesOf(manifests), {
    'orders are placed': flow(page, orders, 'TCP', 9090),
    'orders are paid': flow(orders, named('api.payments.example'), 'TCP', 443),
    'carts are kept': flow(page, cache, 'TCP', 6379),
    'metrics': flow(prometheus, cache, 'TCP', 9102),
    'names': flow(page, dns, 'UDP', 53),
  }, {
    'the page pays': flow(page, named('api.payments.example'), 'TCP', 443),
    'orders anywhere else': flow(orders, named('elsewhere.example'), 'TCP', 443),
    'orders to the cache': flow(orders, cache, 'TCP', 6379),
    'a neighbour to the page': flow(neighbour, page, 'TCP', 8080),
    'the internet past the ingress controller': flow({ address: '203.0.113.7' }, page, 'TCP', 8080),
  });
});

test('who may come from outside is the ingress of the cluster', () => {
  const page = policiesOf(manifests).find(({ metadata }) => metadata.name === 'page');
  expect(page.spec.ingress).toEqual([{ fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] }]);
});
