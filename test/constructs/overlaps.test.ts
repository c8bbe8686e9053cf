import { ApiObject, Chart } from 'cdk8s';
import { AllowDns, BlockCloudMetadata, Cloud, DefaultDeny, LabelExpression, NetworkPolicy, Peer, Port, Workload } from '../../src';
import { CLUSTER_NAMES, Program, sound, synthesize } from '../support/apps';

type Labels = Record<string, string>;

interface Make {
  readonly labels: Labels;
  /** Default: the labels. */
  readonly selector?: object;
  readonly spec?: object;
}

/** A Deployment, whether or not somebody names it as a workload. */
function deployment(chart: Chart, name: string, { labels, selector = { matchLabels: labels }, spec = {} }: Make): ApiObject {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }], ...spec } };
  return new ApiObject(chart, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector, template } } as never);
}
const workload = (chart: Chart, name: string, make: Make): Workload => Workload.of(deployment(chart, name, make));

const WEB: Make = { labels: { app: 'web' } };
const CANARY: Make = { labels: { app: 'web', track: 'canary' } };
const OUTSIDE = Peer.cidr('203.0.113.0/24');

const overlap = (one: string, other: string): string =>
  `the policy of ${one} selects the pods of ${other} as well, for which something else is stated, and would hold for both; give ${one} a label that ${other} lacks, or state the same for both`;

const errorOf = (program: Program, cluster: typeof CLUSTER_NAMES[number] = 'kubernetes'): string => {
  try {
    synthesize(cluster, program);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('a workload whose selector selects the pods of another', () => {
  const both = (state: (web: Workload, canary: Workload) => void, one = WEB, other = CANARY): Program => ({ chart }) =>
    state(workload(chart, 'web', one), workload(chart, 'canary', other));

  test.each(CLUSTER_NAMES)('on %s is an error where their statements differ', cluster => {
    const error = errorOf(both((web, canary) => {
      web.connections.allowTo(OUTSIDE, Port.HTTPS);
      canary.connections.isolate();
    }), cluster);
    expect(error).toContain(overlap('Deployment web (shop/web)', 'Deployment canary (shop/canary)'));
    expect(error).not.toContain('the policy of Deployment canary');
  });

  test('is an error whichever of them is made first', () => {
    expect(errorOf(({ chart }) => {
      workload(chart, 'canary', CANARY).connections.isolate();
      workload(chart, 'web', WEB).connections.allowTo(OUTSIDE, Port.HTTPS);
    })).toContain(overlap('Deployment web (shop/web)', 'Deployment canary (shop/canary)'));
  });

  test('is an error where nothing is stated about the other', () => {
    expect(errorOf(both(web => web.connections.isolate()))).toContain(overlap('Deployment web (shop/web)', 'Deployment canary (shop/canary)'));
  });

  test.each<[string, Make]>([
    ['one of several values', { labels: { app: 'web', track: 'stable' }, selector: { matchExpressions: [{ key: 'track', operator: 'In', values: ['stable', 'canary'] }] } }],
    ['a label with any value', { labels: { app: 'web', track: 'stable' }, selector: { matchExpressions: [{ key: 'track', operator: 'Exists' }] } }],
    ['the absence of a label', { labels: { app: 'web' }, selector: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] } }],
  ])('by %s: is an error', (_, one) => {
    expect(errorOf(both(web => web.connections.isolate(), one))).toContain(overlap('Deployment web (shop/web)', 'Deployment canary (shop/canary)'));
  });

  test.each<[string, Program]>([
    ['the same is stated for both', both((...all) => all.forEach(each => each.connections.allowTo(OUTSIDE, Port.HTTPS)))],
    ['nothing is stated for the broader one', both((_, canary) => canary.connections.isolate())],
    ['nothing is stated', both(() => undefined)],
    ['the other lacks a label', both(web => web.connections.isolate(), { labels: { app: 'web', track: 'stable' } })],
    ['the selector excludes the other', both(web => web.connections.isolate(), { labels: { app: 'web' }, selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'track', operator: 'NotIn', values: ['canary'] }] } })],
    ['the other runs on the host network', both(web => web.connections.isolate(), WEB, { ...CANARY, spec: { hostNetwork: true } })],
    ['the other is in another namespace', ({ app, chart }) => {
      workload(chart, 'web', WEB).connections.isolate();
      workload(new Chart(app, 'data', { namespace: 'data' }), 'canary', CANARY);
    }],
    ['a policy is broad on purpose', ({ chart }) => {
      new NetworkPolicy(chart, 'policy', { subject: Peer.pods({ labels: WEB.labels }), isolate: { egress: true } });
      new DefaultDeny(chart, 'deny');
      new AllowDns(chart, 'dns');
      workload(chart, 'canary', CANARY).connections.allowTo(OUTSIDE, Port.HTTPS);
    }],
  ])('%s: is fine', (_, program) => {
    expect(() => sound('kubernetes', program)).not.toThrow();
  });

  test('a statement that cannot be compiled is reported once', () => {
    const error = errorOf(both((web, canary) => {
      web.connections.allowTo(Peer.kubeApiServer(), Port.HTTPS);
      canary.connections.isolate();
    }));
    expect(error).toContain('needs the fact apiServerCidrs');
    expect(error).not.toContain('selects the pods');
  });
});

describe('a selection', () => {
  const SELECTED = { labels: { app: 'web' } };

  test.each(CLUSTER_NAMES)('on %s that states something about several constructs that state nothing is fine', cluster => {
    expect(() => sound(cluster, ({ chart }) => {
      workload(chart, 'web', WEB);
      workload(chart, 'canary', CANARY);
      Workload.select(chart, SELECTED).connections.isolate();
    })).not.toThrow();
  });

  test('beside a construct that it selects is an error where both state something else', () => {
    expect(errorOf(({ chart }) => {
      workload(chart, 'canary', CANARY).connections.isolate();
      Workload.select(chart, SELECTED).connections.allowTo(OUTSIDE, Port.HTTPS);
    })).toContain(overlap('workload web', 'Deployment canary (shop/canary)'));
  });

  test('that a construct selects is an error where both state something else', () => {
    const program = (expressions: LabelExpression[]): Program => ({ chart }) => {
      workload(chart, 'web', {
        labels: CANARY.labels,
        selector: { matchLabels: WEB.labels, matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }] },
      }).connections.isolate();
      Workload.select(chart, { labels: CANARY.labels, expressions }).connections.allowTo(OUTSIDE, Port.HTTPS);
    };
    expect(errorOf(program([LabelExpression.doesNotExist('old')]))).toContain(overlap('Deployment web (shop/web)', 'workload web'));
    // Its pods may have labels that it does not state.
    expect(errorOf(program([]))).not.toContain('the policy of Deployment web (shop/web) selects the pods of workload web');
  });

  test('that nobody uses does not hide a conflict of two constructs', () => {
    const twins = (select: (chart: Chart) => void): Program => ({ chart }) => {
      select(chart);
      workload(chart, 'one', WEB).connections.isolate();
      workload(chart, 'other', WEB).connections.allowTo(OUTSIDE, Port.HTTPS);
    };
    const error = 'Deployment one (shop/one) and Deployment other (shop/other) have the same labels but different statements';
    expect(errorOf(twins(chart => Workload.select(chart, SELECTED)))).toContain(error);
    expect(errorOf(twins(chart => Workload.external(chart, SELECTED)))).toContain(error);
  });

  test('beside two constructs of its labels is compared with the one that states something', () => {
    expect(errorOf(({ chart }) => {
      workload(chart, 'one', WEB);
      workload(chart, 'other', WEB).connections.isolate();
      Workload.select(chart, SELECTED).connections.allowTo(OUTSIDE, Port.HTTPS);
    })).toContain('Deployment other (shop/other) and workload web have the same labels but different statements');
  });

  describe('beside another selection', () => {
    const shared = (one: string, other: string, pods: string): string =>
      `${one} and ${other} both select the pods of ${pods}, and different things are stated for them, which would add up; state labels for each that the pods of the other lack, or state the same for both`;
    const CANARIES = { name: 'canary', labels: { track: 'canary' } };
    const both = (make: (chart: Chart) => void, state: (web: Workload, canary: Workload) => void): Program => ({ chart }) => {
      make(chart);
      state(Workload.select(chart, SELECTED), Workload.select(chart, CANARIES));
    };
    const canary = (chart: Chart) => { deployment(chart, 'canary', CANARY); };
    const apart = (chart: Chart) => {
      deployment(chart, 'web', WEB);
      deployment(chart, 'canary', { labels: { app: 'other', track: 'canary' } });
    };
    const differently = (one: Workload, other: Workload) => {
      one.connections.allowFrom(OUTSIDE, Port.HTTPS);
      other.connections.allowTo(OUTSIDE, Port.HTTPS);
    };

    test.each(CLUSTER_NAMES)('on %s is an error where pods of the app have the labels of both', cluster => {
      expect(errorOf(both(canary, differently), cluster)).toContain(shared('workload web', 'workload canary', 'Deployment canary (shop/canary)'));
    });

    test('is an error where one has more labels than the other, and where pods have them that stand in a List', () => {
      const more: Program = ({ chart }) => {
        canary(chart);
        differently(Workload.select(chart, SELECTED), Workload.select(chart, { name: 'canary', labels: CANARY.labels }));
      };
      expect(errorOf(more)).toContain(shared('workload web', 'workload canary', 'Deployment canary (shop/canary)'));
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop', labels: CANARY.labels }, spec: { containers: [{ name: 'p', image: 'p' }] } };
      const list = (chart: Chart) => { new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [pod] } as never); };
      expect(errorOf(both(list, differently))).toContain(shared('workload web', 'workload canary', 'Pod p (shop/list items[0])'));
    });

    test('is named once, however many workloads both select', () => {
      const many = (chart: Chart) => { for (const name of ['a', 'b', 'c']) { deployment(chart, name, CANARY); } };
      expect(errorOf(both(many, differently)).match(/both select the pods/g)).toHaveLength(1);
    });

    test.each<[string, Program]>([
      ['pods of the app have the labels of one only', both(apart, differently)],
      ['the same is stated for both', both(canary, (...all) => all.forEach(each => each.connections.allowTo(OUTSIDE, Port.HTTPS)))],
      ['one states nothing', both(canary, one => one.connections.allowFrom(OUTSIDE, Port.HTTPS))],
    ])('%s: is fine', (_, program) => {
      expect(() => sound('kubernetes', program)).not.toThrow();
    });
  });

  test('beside a policy is a choice of labels', () => {
    expect(() => sound('kubernetes', ({ chart }) => {
      deployment(chart, 'canary', CANARY);
      Workload.select(chart, SELECTED).connections.isolate();
      new NetworkPolicy(chart, 'policy', { subject: Peer.pods({ labels: CANARY.labels }), isolate: { egress: true } });
    })).not.toThrow();
  });
});

describe.each(CLUSTER_NAMES)('on %s, a workload in except of BlockCloudMetadata', cluster => {
  const AGENT: Make = { labels: { app: 'agent' } };
  const OTHER: Make = { labels: { app: 'agent', tier: 'other' } };
  const overlapping = (text: string): string =>
    `BlockCloudMetadata (shop/metadata): the selector of Deployment agent (shop/agent), which is in except, selects the pods of ${text} as well, which is not, and both would keep the addresses; give Deployment agent (shop/agent) a label that ${text} lacks, or except both`;
  const excepting = (make: (chart: Chart) => Workload[], beside?: (chart: Chart) => void): Program => ({ chart }) => {
    beside?.(chart);
    new BlockCloudMetadata(chart, 'metadata', { except: make(chart) });
    new DefaultDeny(chart, 'deny');
  };
  const agent = (chart: Chart) => workload(chart, 'agent', AGENT);
  const check = (program: Program) => () => synthesize(cluster, program, { cloud: Cloud.AWS });

  test('whose selector selects another workload is an error', () => {
    expect(check(excepting(chart => [agent(chart)], chart => workload(chart, 'other', OTHER)))).toThrow(overlapping('Deployment other (shop/other)'));
  });

  test('whose selector selects pods that nobody named is an error', () => {
    expect(check(excepting(chart => [agent(chart)], chart => deployment(chart, 'other', OTHER)))).toThrow(overlapping('Deployment other (shop/other)'));
    expect(check(excepting(chart => [agent(chart)], chart => deployment(chart, 'other', AGENT)))).toThrow(overlapping('Deployment other (shop/other)'));
  });

  test('whose selector selects pods of a List is an error', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other', namespace: 'shop', labels: OTHER.labels }, spec: { containers: [{ name: 'main', image: 'main' }] } };
    expect(check(excepting(chart => [agent(chart)], chart => new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [pod] } as never)))).toThrow(
      overlapping('Pod other (shop/list items[0])'));
  });

  test.each<[string, Program]>([
    ['both are in except', excepting(chart => [agent(chart), workload(chart, 'other', OTHER)])],
    ['the pods of the other are in except by their labels', excepting(chart => [agent(chart), Workload.select(chart, { labels: { tier: 'other' } })], chart => workload(chart, 'other', OTHER))],
    ['it is named by labels', excepting(chart => [Workload.select(chart, { labels: AGENT.labels })], chart => [workload(chart, 'agent', AGENT), workload(chart, 'other', OTHER)])],
    ['the other has a label fewer', excepting(chart => [workload(chart, 'agent', OTHER)], chart => workload(chart, 'other', AGENT))],
    ['the other is in another namespace', excepting(chart => [agent(chart)], chart => workload(new Chart(chart.node.root as never, 'data', { namespace: 'data' }), 'other', OTHER))],
  ])('%s: is fine', (_, program) => {
    expect(check(program)).not.toThrow();
  });
});

test('thousands of workloads are compared with their own kin only', () => {
  const count = 3000;
  const asked = jest.spyOn(jest.requireActual<{ matchesEndpoint: () => unknown }>('../../src/model/match'), 'matchesEndpoint');
  try {
    synthesize('kubernetes', ({ chart }) => {
      for (let i = 0; i < count; i++) {
        workload(chart, `w${i}`, { labels: { 'app': `w${i}`, 'app.kubernetes.io/part-of': 'shop' } }).connections.isolate();
      }
    });
    expect(asked.mock.calls.length).toBeLessThan(100 * count);
  } finally {
    asked.mockRestore();
  }
}, 60000);
