import { coversEndpoints } from '../../src/model/covers';
import { address, allOf, ANY, anyOf, EndpointExpr, EXTERNAL, inNamespace, labelExists, labelIn, not, POD } from '../../src/model/endpoint';

const range = (cidr: string, ...except: string[]): EndpointExpr => allOf(EXTERNAL, address(cidr, except));
const app = (...names: string[]): EndpointExpr => labelIn('pod', 'app', ...names);
const shop = allOf(POD, inNamespace('shop'));

test.each<[string, EndpointExpr, EndpointExpr]>([
  ['everything covers all', ANY, range('203.0.113.0/24')],
  ['a namespace covers its pods', shop, allOf(POD, inNamespace('shop'), app('web'))],
  ['all pods cover those of a namespace', POD, shop],
  ['the name of a namespace is its label', allOf(POD, labelIn('namespace', 'kubernetes.io/metadata.name', 'shop', 'bank')), shop],
  ['fewer labels cover more', allOf(POD, app('web')), allOf(POD, app('web'), labelIn('pod', 'tier', 'front'))],
  ['more values cover fewer', app('web', 'api'), app('api')],
  ['a label that exists covers its values', labelExists('pod', 'app'), app('web')],
  ['what is left out covers another value', allOf(POD, not(app('web'))), allOf(POD, app('api'))],
  ['leaving out less covers leaving out more', allOf(POD, not(app('web'))), allOf(POD, not(app('web', 'api')))],
  ['what is not outside is a pod', not(EXTERNAL), shop],
  ['a range covers its part', range('203.0.113.0/24'), range('203.0.113.0/25')],
  ['a hole elsewhere changes nothing', range('203.0.113.0/24', '203.0.113.128/25'), range('203.0.113.0/25')],
  ['the same hole changes nothing', range('203.0.113.0/24', '203.0.113.0/28'), range('203.0.113.0/25', '203.0.113.0/27')],
  ['each alternative is covered by some', anyOf(shop, range('203.0.113.0/24')), anyOf(range('203.0.113.9/32'), allOf(POD, inNamespace('shop'), app('web')))],
  ['the cluster covers its pods', { entity: 'cluster' }, shop],
])('%s', (_, outer, inner) => {
  expect(coversEndpoints(outer, inner)).toBe(true);
  expect(coversEndpoints(inner, outer)).toBe(false);
});

test.each<[string, EndpointExpr, EndpointExpr]>([
  ['another namespace', shop, allOf(POD, inNamespace('bank'))],
  ['another label', app('web'), labelIn('pod', 'role', 'web')],
  ['a label of the namespace', labelIn('namespace', 'app', 'web'), app('web')],
  ['a range with a hole', range('203.0.113.0/24', '203.0.113.0/28'), range('203.0.113.0/25')],
  ['another family', range('0.0.0.0/0'), range('2001:db8::/32')],
  ['whoever holds an address', range('203.0.113.0/24'), address('203.0.113.0/25')],
  ['what is left out', not(app('web')), app('web')],
  ['a label that may be there', allOf(POD, not(app('web'))), shop],
  ['the own node', { entity: 'cluster' }, { entity: 'host' }],
])('does not cover %s', (_, outer, inner) => { expect(coversEndpoints(outer, inner)).toBe(false); });
