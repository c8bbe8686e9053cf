import * as path from 'path';
import { build } from './build';
import { compare } from './compare';
import type { MeasuredList } from './measure-list';
import type { MeasuredParse } from './measure-parse';
import type { Measured } from './measure-shape';
import { median, run, runScript } from './process';
import { Shape, SHAPES } from './shapes';

const OTHERS = ['parse', 'list', 'start', 'compare'] as const;

/** Without names: all. */
export function main(names: readonly string[]): void {
  const known = [...SHAPES.map(({ name }) => name), ...OTHERS];
  const wrong = names.find(name => !known.includes(name) && !SHAPES.some(shape => shape.name.startsWith(`${name}-`)));
  if (wrong !== undefined) {
    console.error(`${JSON.stringify(wrong)} is none of ${known.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const wanted = (name: string) => names.length === 0 || names.some(one => name === one || name.startsWith(`${one}-`));
  const built = build();
  const script = (name: string) => path.join(built, `bench/analysis/${name}.js`);
  const shapes = SHAPES.filter(({ name }) => wanted(name));
  if (shapes.length > 0) { printShapes(shapes, script('measure-shape')); }
  if (wanted('parse')) { printParse(script('measure-parse')); }
  if (wanted('list')) { printLists(script('measure-list')); }
  if (wanted('start')) { printStart(path.join(built, 'bin/cdk8s-netpol')); }
  if (wanted('compare')) { printComparison(built); }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');
const judged = (holds: boolean): string => (holds ? 'PASS' : 'MISS');

function printShapes(shapes: readonly Shape[], script: string): void {
  console.log('| shape | objects | read | link | compile | endpoints | ready | memory | verdicts a second | target |');
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---|');
  for (const shape of shapes) {
    const { objects, problems, read, link, compile, endpoints, ready, memory, verdictsPerSecond } = runScript<Measured>(script, shape.name);
    if (problems.length > 0) { throw new Error(`${shape.name}: ${JSON.stringify(problems)}`); }
    const { targets } = shape;
    const verdict = [
      `${judged(ready <= targets.ready * 1000)}: ready in ${targets.ready} s`,
      ...(targets.memory === undefined ? [] : [`${judged(memory <= targets.memory)}: ${targets.memory} MB`]),
      ...(targets.verdicts === undefined ? [] : [`${judged(verdictsPerSecond >= targets.verdicts)}: ${thousands(targets.verdicts)} verdicts a second`]),
    ];
    const times = [read, link, compile, endpoints, ready].map(seconds).join(' | ');
    console.log(`| ${shape.name} | ${thousands(objects)} | ${times} | ${thousands(memory)} MB | ${thousands(verdictsPerSecond)} | ${verdict.join(', ')} |`);
  }
}

function printParse(script: string): void {
  const { objects, yaml, json, megabytes } = runScript<MeasuredParse>(script);
  console.log(`\nparse of ${thousands(objects)} objects, ${megabytes.toFixed(1)} MB of YAML: ${seconds(yaml)} as YAML, ${seconds(json)} as JSON`);
}

/** A list must grow with its output, and no faster. */
const MOST_GROWTH = 1.5;

function printLists(script: string): void {
  console.log('\n| workloads | lines | list | growth |');
  console.log('|---:|---:|---:|---|');
  let before: MeasuredList | undefined;
  for (const workloads of [1000, 2000, 4000]) {
    const measured = runScript<MeasuredList>(script, String(workloads));
    const growth = before && measured.list / before.list / (measured.lines / before.lines);
    const verdict = growth === undefined ? '' : `${judged(growth <= MOST_GROWTH)}: ${growth.toFixed(2)}x that of the lines, at most ${MOST_GROWTH}x`;
    console.log(`| ${thousands(workloads)} | ${thousands(measured.lines)} | ${seconds(measured.list)} | ${verdict} |`);
    before = measured;
  }
}

const START = 150;

function printStart(bin: string): void {
  const took = median(Array.from({ length: 10 }, () => run(process.execPath, [bin, '--version']).took));
  const bare = median(Array.from({ length: 10 }, () => run(process.execPath, ['-e', '0']).took));
  console.log(`\nstart of the command line: ${Math.round(took)} ms, of which Node's own start ${Math.round(bare)} ms; ${judged(took < START)}: under ${START} ms`);
}

const TIMES_FASTER = 20;

function printComparison(built: string): void {
  const analyzer = process.env.NETPOL_ANALYZER;
  if (analyzer === undefined) {
    console.log('\nno comparison: name the binary of netpol-analyzer in the environment variable NETPOL_ANALYZER');
    return;
  }
  console.log('\n| workloads and policies | cdk8s-netpol list | lines | netpol-analyzer list | lines | ratio | target |');
  console.log('|---:|---:|---:|---:|---:|---:|---|');
  for (const workloads of [100, 300, 1000]) {
    const { own, other, ownLines, otherLines } = compare(built, analyzer, workloads);
    const target = workloads < 1000 ? '' : `${judged(other / own >= TIMES_FASTER)}: ${TIMES_FASTER}x`;
    console.log(`| ${workloads} | ${seconds(own)} | ${ownLines} | ${seconds(other)} | ${otherLines} | ${(other / own).toFixed(1)}x | ${target} |`);
  }
}
