import { AROUND, committed, manifestsOf, podsOf, run, worldOf } from './support';
import { Flow } from '../oracle';
import { cnp, flow, networkPolicy, np } from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, flowsIn, Manifest, policiesOf } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

const OUTSIDE = { address: '203.0.113.7' };
const MAIL = { address: '198.51.100.25' };

/** What the tenant red writes to open its namespace to everyone and everything. */
const UNDO: Readonly<Record<ClusterName, () => Manifest>> = {
  kubernetes: () => networkPolicy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] }, 'red'),
  cilium: () => cnp({ ingress: [{ fromEntities: ['all'] }], egress: [{ toEntities: ['all'] }] }, 'red'),
  calico: () => np({ order: -1, ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }], types: ['Ingress', 'Egress'] }, undefined, 'red'),
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  const output = run('multi-tenant', cluster);
  const manifests = manifestsOf(output);
  const policies = policiesOf(manifests);
  const pods = podsOf(manifests);
  const [web, api, billing, shop, mailer] = ['web', 'api', 'billing', 'shop', 'mailer'].map(name => pods.find(pod => pod.name === name)!);
  const { controller, dns, neighbour } = AROUND;
  const world = worldOf(manifests, pods);

  const OPEN: Record<string, Flow> = {
    'requests of red': flow(controller, web, 'TCP', 8080),
    'within red, as red says': flow(web, api, 'TCP', 9090),
    'within blue': flow(shop, mailer),
    'within blue, the other way': flow(mailer, shop),
    'red to what is shared': flow(web, billing, 'TCP', 9000),
    'blue to what is shared': flow(shop, billing, 'TCP', 9000),
    'blue sends mail': flow(mailer, MAIL, 'TCP', 587),
    'names for red': flow(web, dns, 'UDP', 53),
    'names for blue': flow(mailer, dns, 'UDP', 53),
  };
  const WALLS: Record<string, Flow> = {
    'red to blue': flow(web, shop, 'TCP', 8080),
    'blue to red': flow(shop, web, 'TCP', 8080),
    'blue\'s jobs to red': flow(mailer, api, 'TCP', 9090),
    'a neighbour to red': flow(neighbour, web, 'TCP', 8080),
    'red to a neighbour': flow(web, neighbour, 'TCP', 8080),
    'red to outside': flow(web, OUTSIDE, 'TCP', 443),
    'outside to red': flow(OUTSIDE, web, 'TCP', 8080),
    'red sends mail': flow(web, MAIL, 'TCP', 587),
    'another port of what is shared': flow(web, billing, 'TCP', 22),
  };

  test('the committed output is what the program writes, file by file, and valid by its schema', () => {
    expect(committed('multi-tenant', cluster)).toEqual(output);
    expect(schemaErrorsOf(manifests)).toEqual([]);
  });

  test('tenants are closed to each other and to all else, save what is stated', () => {
    flowsIn(world)(cluster, policies, OPEN, {
      ...WALLS,
      'blue to outside': flow(shop, OUTSIDE, 'TCP', 443),
      'the ingress controller to blue': flow(controller, shop, 'TCP', 8080),
      'what is shared to a tenant': flow(billing, web, 'TCP', 8080),
    });
  });

  test(`a tenant ${cluster === 'kubernetes' ? 'undoes it by a policy of its own' : 'does not undo it by a policy of its own'}`, () => {
    const open = (all: readonly Manifest[]) => Object.keys(WALLS).filter(name => allowed(cluster, all, world, WALLS[name]));
    expect(open(policies)).toEqual([]);
    // Blue and what is shared are closed at their own ends.
    const undone = ['a neighbour to red', 'red to a neighbour', 'red to outside', 'outside to red', 'red sends mail'];
    expect(open([...policies, UNDO[cluster]()])).toEqual(cluster === 'kubernetes' ? undone : []);
  });
});
