import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { AROUND, CLUSTER_OF, manifestsOf, podsOf, run, worldOf } from './support';
import { cli, folder } from '../cli/support';
import { flow } from '../oracle/fixtures';
import { CLUSTER_NAMES, flowsIn, policiesOf } from '../support/apps';

const EXAMPLE = path.resolve(__dirname, '../../examples/pipeline');

interface Member {
  readonly cluster: string;
  readonly cni: string;
}

interface Job {
  readonly strategy: { readonly matrix: { readonly include: readonly Member[] } };
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly run?: string }[];
}

const WORKFLOW = path.join(EXAMPLE, '.github/workflows/network-policy.yaml');
const JOBS = (yaml.load(fs.readFileSync(WORKFLOW, 'utf8')) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;
const { strategy, env, steps } = JOBS.clusters;

/** The words of a step's command as a shell of the runner gets them. */
function wordsOf(name: string, member: Member): string[] {
  const command = steps.find(each => each.name === name)!.run!;
  const inMatrix = (text: string) => text.replace(/\$\{\{ matrix\.(\w+) \}\}/g, (_, key: 'cluster' | 'cni') => member[key]);
  const inShell = (text: string) => text.replace(/\$([A-Z]+)/g, (whole, key: string) => (env[key] === undefined ? whole : inMatrix(env[key])));
  return inShell(command).replace(/"/g, '').split(' ');
}

async function step(name: string, member: Member, place: (word: string) => string = word => path.join(EXAMPLE, word)) {
  const [npx, program, ...words] = wordsOf(name, member);
  expect([npx, program]).toEqual(['npx', 'cdk8s-netpol']);
  const redirect = words.indexOf('>>');
  const args = words.slice(0, redirect < 0 ? undefined : redirect);
  return cli(args.map(word => (/^(base\/)?dist\/|\.yaml$/.test(word) ? place(word) : word)));
}

test('the workflow is about the clusters whose output is committed', () => {
  const facts = strategy.matrix.include.map(each => [each.cluster, env.CDK8S_NETPOL_CLUSTER.replace('${{ matrix.cni }}', each.cni)]);
  expect(Object.fromEntries(facts)).toEqual(CLUSTER_OF);
  expect(fs.readdirSync(path.join(EXAMPLE, 'dist')).sort()).toEqual(Object.keys(CLUSTER_OF).sort());
});

describe.each(strategy.matrix.include.map(each => [each.cluster, each] as const))('on %s', (cluster, each) => {
  test('the contract holds, and the step fails when it does not', async () => {
    const { code, stdout } = await step('The contract holds', each);
    expect([code, stdout]).toEqual([0, expect.stringContaining('7 statements: 7 hold')]);

    const contract = fs.readFileSync(path.join(EXAMPLE, 'contract.yaml'), 'utf8').replace('5432/tcp', '5433/tcp');
    const broken = folder({ 'contract.yaml': contract });
    const place = (word: string) => (word === 'contract.yaml' ? path.join(broken, word) : path.join(EXAMPLE, word));
    expect((await step('The contract holds', each, place)).code).toBe(1);
  });

  test('what a change opens is shown, and nothing where nothing changes', async () => {
    const NAME = 'reports.k8s.yaml';
    const now = fs.readFileSync(path.join(EXAMPLE, 'dist', cluster, NAME), 'utf8');
    const root = folder({ [`dist/${cluster}/${NAME}`]: now.replace(/198\.51\.100\.0\/24/g, '198.51.100.0/23'), [`base/dist/${cluster}/${NAME}`]: now });
    const changed = await step('What the change opens and closes', each, word => path.join(root, word));
    expect([changed.code, changed.stdout]).toEqual([0, expect.stringContaining('198.51.101.0-198.51.101.255')]);
    const same = await step('What the change opens and closes', each, word => path.join(EXAMPLE, word.replace(/^base\//, '')));
    expect([same.code, same.stdout]).toEqual([0, expect.not.stringContaining('added')]);
  });
});

test.each(CLUSTER_NAMES)('reports are ordered, queued and made, and nothing else passes, on %s', cluster => {
  const manifests = manifestsOf(run('pipeline', cluster));
  const pods = podsOf(manifests);
  const [web, queue, worker, database] = ['web', 'queue', 'worker', 'database'].map(name => pods.find(pod => pod.name === name)!);
  const { controller, prometheus, dns, neighbour } = AROUND;
  flowsIn(worldOf(manifests, pods))(cluster, policiesOf(manifests), {
    'requests': flow(controller, web),
    'orders': flow(web, queue, 'TCP', 5672),
    'jobs': flow(worker, queue, 'TCP', 5672),
    'reports': flow(worker, database, 'TCP', 5432),
    'mail': flow(worker, { address: '198.51.100.25' }, 'TCP', 587),
    'the dashboard': flow(controller, queue, 'TCP', 15672),
    'monitoring': flow(prometheus, queue, 'TCP', 15692),
    'names': flow(worker, dns, 'UDP', 53),
  }, {
    'the page to the database': flow(web, database, 'TCP', 5432),
    'the page to a worker': flow(web, worker),
    'the queue to a worker': flow(queue, worker),
    'the page to outside': flow(web, { address: '198.51.100.25' }, 'TCP', 587),
    'a neighbour to the queue': flow(neighbour, queue, 'TCP', 5672),
    'a neighbour to the page': flow(neighbour, web),
  });
});
