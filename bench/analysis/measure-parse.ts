import { dump } from 'js-yaml';
import { SHAPES } from './shapes';
import { readText } from '../../src/analysis/input/read-paths';

/** How long texts take to become objects, which is counted apart. */
export interface MeasuredParse {
  readonly objects: number;
  /** In milliseconds. */
  readonly yaml: number;
  readonly json: number;
  readonly megabytes: number;
}

const OBJECTS = 20_000;

function measure(): MeasuredParse {
  const objects: unknown[] = [];
  for (const object of SHAPES[0].objects()) { if (objects.push(object) === OBJECTS) { break; } }
  const yaml = objects.map(object => dump(object)).join('---\n');
  const json = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return { objects: objects.length, yaml: timeOf(yaml, 'all.yaml'), json: timeOf(json, 'all.json'), megabytes: yaml.length / 1e6 };
}

function timeOf(text: string, file: string): number {
  const start = performance.now();
  const read = [...readText(text, file)].length;
  if (read !== OBJECTS) { throw new Error(`${file}: ${read} objects were read of ${OBJECTS}`); }
  return performance.now() - start;
}

console.log(JSON.stringify(measure()));
