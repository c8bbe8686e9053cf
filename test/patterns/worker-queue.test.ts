import { Chart } from 'cdk8s';
import { controller, database, expectFlows, FACTS, mailer, prometheus, queue, stranger, worker, workload } from './support';
import { Peer, Port, WorkerQueue, WorkerQueueProps, Workload } from '../../src';
import { api, dns, flow, outside, web } from '../oracle/fixtures';
import { CLUSTER_NAMES, deployment, Program, sound, synthesize } from '../support/apps';

const AMQP = Port.tcp(5672);

const parts = (chart: Chart): WorkerQueueProps => ({
  producers: [{ workload: workload(chart, 'web') }, { workload: workload(chart, 'api') }],
  queue: { workload: workload(chart, 'queue'), port: AMQP },
  workers: [{ workload: workload(chart, 'worker') }, { workload: workload(chart, 'mailer') }],
  database: { workload: workload(chart, 'db'), port: Port.POSTGRES },
});

const jobs = (change: (props: WorkerQueueProps, chart: Chart) => Partial<WorkerQueueProps> = () => ({})): Program => ({ chart }) => {
  const props = parts(chart);
  new WorkerQueue(chart, 'jobs', { ...props, ...change(props, chart) });
};

const OPEN = {
  'a producer to the queue': flow(web, queue, 'TCP', 5672),
  'the other producer to the queue': flow(api, queue, 'TCP', 5672),
  'a worker to the queue': flow(worker, queue, 'TCP', 5672),
  'the other worker to the queue': flow(mailer, queue, 'TCP', 5672),
  'a worker to the database': flow(worker, database, 'TCP', 5432),
  'a producer asks for names': flow(web, dns, 'UDP', 53),
  'a worker asks for names': flow(worker, dns, 'TCP', 53),
  'what producers accept is not closed here': flow(stranger, web),
};
const CLOSED = {
  'a producer past the queue to a worker': flow(web, worker),
  'a producer to the database': flow(api, database, 'TCP', 5432),
  'a producer to outside': flow(web, outside, 'TCP', 443),
  'the queue to a producer': flow(queue, web),
  'the queue to a worker': flow(queue, worker),
  'the queue to the database': flow(queue, database, 'TCP', 5432),
  'the queue to outside': flow(queue, outside, 'TCP', 443),
  'the queue asks for names': flow(queue, dns, 'UDP', 53),
  'the database to a worker': flow(database, worker),
  'the database asks for names': flow(database, dns, 'UDP', 53),
  'a worker to a worker': flow(worker, mailer),
  'a worker to a producer': flow(worker, web),
  'a worker to outside': flow(worker, outside, 'TCP', 443),
  'a stranger to the queue': flow(stranger, queue, 'TCP', 5672),
  'a stranger to a worker': flow(stranger, worker),
  'a stranger to the database': flow(stranger, database, 'TCP', 5432),
  'outside to a worker': flow(outside, worker),
  'another port of the queue': flow(web, queue, 'TCP', 15672),
  'monitoring to the queue': flow(prometheus, queue, 'TCP', 15692),
  'monitoring to a worker': flow(prometheus, worker, 'TCP', 9102),
  'the ingress controller to the dashboard': flow(controller, queue, 'TCP', 15672),
};

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('nothing is written for a queue and a database of another app', () => {
    const manifests = sound(cluster, jobs((_, chart) => ({
      queue: { workload: Workload.external(chart, { labels: { app: 'queue' } }), port: AMQP },
      database: { workload: Workload.external(chart, { labels: { app: 'db' } }), port: Port.POSTGRES },
    })), FACTS);
    expect(manifests.map(({ metadata }) => metadata.name).sort()).toEqual(['api', 'mailer', 'web', 'worker']);
    expectFlows(cluster, manifests, { ...OPEN, 'clients of the other app': flow(stranger, queue, 'TCP', 5672), 'what it opens': flow(database, outside, 'TCP', 443) }, {
      'a producer to the database': CLOSED['a producer to the database'], 'a stranger to a worker': CLOSED['a stranger to a worker'],
    });
  });

  test('the queue knows producers and workers of another app, for which nothing is written', () => {
    const manifests = sound(cluster, jobs((_, chart) => ({
      producers: [{ workload: Workload.external(chart, { labels: { app: 'web' } }) }],
      workers: [{ workload: Workload.external(chart, { labels: { app: 'worker' } }) }],
    })), FACTS);
    expect(manifests.map(({ metadata }) => metadata.name).sort()).toEqual(['db', 'queue']);
    expectFlows(cluster, manifests, {
      'a producer': OPEN['a producer to the queue'], 'a worker': OPEN['a worker to the queue'], 'its database': OPEN['a worker to the database'], 'what it accepts': flow(stranger, worker),
    }, { 'a stranger': CLOSED['a stranger to the queue'], 'a producer to the database': flow(web, database, 'TCP', 5432) });
  });

  test('jobs go from producers by the queue to workers, what they do to the database, and nothing else passes', () => {
    const manifests = sound(cluster, jobs(), FACTS);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, OPEN, CLOSED);
  });

  test('queue and database open no connection, not even for their answers', () => {
    for (const { metadata, spec } of sound(cluster, jobs(), FACTS).filter(({ metadata: { name } }) => ['queue', 'db'].includes(name))) {
      expect([metadata.name, spec.egress]).toEqual([metadata.name, { kubernetes: undefined, cilium: [{}], calico: undefined }[cluster]]);
      expect(spec.policyTypes ?? spec.types ?? ['Ingress', 'Egress']).toEqual(['Ingress', 'Egress']);
    }
  });

  test('monitoring and people at a dashboard connect where that is stated, and only there', () => {
    const manifests = sound(cluster, jobs(({ queue: { workload: broker }, workers: [first, second] }) => ({
      queue: {
        workload: broker, port: AMQP, monitoring: Port.tcp(15692), extraIngress: [{ peers: [Peer.ingressController()], port: Port.tcp(15672), owner: 'platform' }],
      },
      workers: [{ ...first, monitoring: Port.tcp(9102) }, second],
    })), FACTS);
    expect(manifests).toMatchSnapshot();
    const { 'monitoring to the queue': broker, 'monitoring to a worker': scraped, 'the ingress controller to the dashboard': dashboard, ...closed } = CLOSED;
    expectFlows(cluster, manifests, { ...OPEN, broker, scraped, dashboard }, { ...closed, 'monitoring to the other worker': flow(prometheus, mailer, 'TCP', 9102) });
  });

  test('a worker reaches what is stated outside, and the others do not', () => {
    const manifests = sound(cluster, jobs(({ workers: [first, second] }) => ({ workers: [{ ...first, egress: [{ cidrs: ['203.0.113.0/24'] }] }, second] })), FACTS);
    const { 'a worker to outside': out, ...closed } = CLOSED;
    expectFlows(cluster, manifests, { ...OPEN, out }, { ...closed, 'the other worker': flow(mailer, outside, 'TCP', 443) });
  });

  test('parts by labels are the same as parts by workloads', () => {
    const byLabels = sound(cluster, ({ chart }) => {
      for (const name of ['web', 'api', 'queue', 'worker', 'mailer', 'db']) { deployment(chart, name); }
      const labels = (app: string) => ({ labels: { app } });
      new WorkerQueue(chart, 'jobs', {
        producers: [labels('web'), labels('api')],
        queue: { ...labels('queue'), port: AMQP },
        workers: [labels('worker'), labels('mailer')],
        database: { ...labels('db'), port: Port.POSTGRES },
      });
    }, FACTS);
    expect(byLabels).toEqual(sound(cluster, jobs(), FACTS));
  });

  test('without a database, workers reach the queue only', () => {
    const manifests = sound(cluster, jobs(() => ({ database: undefined })), FACTS);
    const { 'a worker to the database': gone, 'a worker asks for names': names, 'a worker to the queue': taken } = OPEN;
    expectFlows(cluster, manifests, { names, taken }, { gone });
  });
});

test('a queue of several pods talks to itself where that is stated', () => {
  const manifests = sound('kubernetes', ({ chart }) => {
    const { queue: broker } = new WorkerQueue(chart, 'jobs', parts(chart));
    broker.connections.allowInternally(Port.tcp(25672));
  }, FACTS);
  const other = { ...queue, name: 'queue-2', ips: ['10.0.5.33'] };
  expectFlows('kubernetes', manifests, { ...OPEN, 'its own pods': flow(queue, other, 'TCP', 25672) }, { 'another port': flow(queue, other, 'TCP', 5672) });
});

describe('mistakes', () => {
  test.each<[string, (props: WorkerQueueProps) => Partial<WorkerQueueProps>, string]>([
    ['no producers', () => ({ producers: [] }), 'shop/jobs: a queue without producers serves nobody; state at least one in producers'],
    ['no workers', () => ({ workers: [] }), 'shop/jobs: a queue without workers serves nobody; state at least one in workers'],
    ['a producer of nothing', ({ producers: [first] }) => ({ producers: [first, {}] }), 'shop/jobs: producers[1] must state either a workload or labels, and states neither'],
    ['a queue of two things', props => ({ queue: { ...props.queue, labels: { app: 'queue' } } }), 'shop/jobs: queue must state either a workload or labels, and states both'],
    ['further ingress of nobody', props => ({ queue: { ...props.queue, extraIngress: [{ peers: [], port: AMQP }] } }), 'shop/jobs: queue: extraIngress on TCP 5672 names no peers'],
    ['labels that nothing has', props => ({ workers: [...props.workers, { labels: { app: 'wroker' } }] }), 'selects no pods of this app in namespace shop: workload wroker'],
  ])('%s: is an error', (_, change, message) => {
    expect(() => synthesize('kubernetes', jobs(change))).toThrow(message);
  });
});
