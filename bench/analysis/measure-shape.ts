import { Random } from './random';
import { Shape, SHAPES } from './shapes';
import { Analysis } from '../../src/analysis/analysis';
import { CompiledEndpoint, Engine } from '../../src/analysis/engine/engine';
import { SourceDocument } from '../../src/analysis/input/source-document';

/** One shape, in a process of its own: its peak of memory is that of the shape. */
export interface Measured {
  readonly objects: number;
  readonly policies: number;
  readonly pods: number;
  readonly problems: readonly unknown[];
  /** In milliseconds; without the time that making the objects takes. */
  readonly read: number;
  readonly link: number;
  readonly compile: number;
  readonly endpoints: number;
  /** All of these. */
  readonly ready: number;
  /** In megabytes. */
  readonly memory: number;
  readonly verdictsPerSecond: number;
}

function measure(shape: Shape): Measured {
  const making = timeOf(() => { for (const _ of shape.objects()) { /* made, and dropped */ } });
  let objects = 0;
  let readAt = 0;
  function* documents(): Iterable<SourceDocument> {
    // As if each had twenty lines in one file.
    for (const value of shape.objects()) { yield { value, at: `cluster.yaml:${1 + 20 * objects++}` }; }
    readAt = performance.now();
  }
  const start = performance.now();
  const analysis = Analysis.of(documents(), { cni: shape.cni });
  const analysed = performance.now();
  const variants = analysis.parties.flatMap(party => party.variants);
  analysis.engine.know(variants);
  const ready = performance.now();
  const memory = process.resourceUsage().maxRSS / 1024;
  const compiled = variants.map(variant => analysis.engine.compile(variant));
  const verdictsPerSecond = rateOf(analysis.engine, compiled, shape.ports);
  const compile = timeOf(() => new Engine(analysis.set, analysis.cluster.profile));
  const [read, rest] = [readAt - start - making, analysed - readAt];
  return {
    objects,
    policies: analysis.set.policies.length,
    pods: compiled.length,
    problems: analysis.problems.slice(0, 3),
    read,
    link: Math.max(0, rest - compile),
    compile,
    endpoints: ready - analysed,
    ready: ready - start - making,
    memory,
    verdictsPerSecond,
  };
}

function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** For so long, in milliseconds. */
const LONG_ENOUGH = 2000;
const AT_ONCE = 10_000;

/** Pairs at random, every other one of neighbours. */
function rateOf(engine: Engine, endpoints: readonly CompiledEndpoint[], ports: readonly number[]): number {
  const random = new Random();
  const flows = Array.from({ length: 1_000_000 }, (_, i) => {
    const source = random.below(endpoints.length);
    return [source, i % 2 ? random.below(endpoints.length) : Math.min(endpoints.length - 1, source - source % 4 + random.below(4))] as const;
  });
  const traffic = ports.map(port => ({ protocol: 6, port }));
  const start = performance.now();
  let asked = 0;
  while (performance.now() - start < LONG_ENOUGH) {
    for (let i = 0; i < AT_ONCE; i++) {
      const [source, destination] = flows[asked % flows.length];
      engine.answerOf(endpoints[source], endpoints[destination], traffic[asked % traffic.length]);
      asked++;
    }
  }
  return asked / (performance.now() - start) * 1000;
}

const shape = SHAPES.find(({ name }) => name === process.argv[2])!;
console.log(JSON.stringify(measure(shape)));
