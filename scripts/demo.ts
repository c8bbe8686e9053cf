import * as path from 'path';
import { Connectivity, connectivityOf } from './connectivity';
import { CLUSTERS, synthesizeExample } from './examples';
import { DialectId } from '../src/dialects/dialect';

/** The main job, from end to end: one program, three clusters, and who may then talk to whom. */
const EXAMPLE = 'online-boutique';

const say = (line: string = ''): boolean => process.stdout.write(`${line}\n`);

function table(connectivity: Connectivity): string[] {
  const rows = [...connectivity].map(([source, reached]) =>
    [source, [...reached].map(([destination, ports]) => `${destination}:${ports.join(',')}`).join('  ') || '-']);
  const width = Math.max(...rows.map(([source]) => source.length));
  return rows.map(([source, reached]) => `  ${source.padEnd(width)}  ->  ${reached}`);
}

const tables = new Map<string, string>();
for (const dialect of Object.keys(CLUSTERS) as DialectId[]) {
  const files = synthesizeExample(EXAMPLE, dialect);
  for (const file of files) { say(`wrote ${path.relative(process.cwd(), file)}`); }
  tables.set(dialect, table(connectivityOf(dialect, files)).join('\n'));
}

const [first] = tables.values();
const differing = [...tables].filter(([, text]) => text !== first);
if (differing.length > 0) {
  for (const [dialect, text] of tables) { say(`\n${dialect}\n${text}`); }
  say('\nThe clusters differ.');
  process.exitCode = 1;
} else {
  say(`\nWho may talk to whom (workload -> workload:TCP port), read back from the manifests; the same for ${[...tables.keys()].join(', ')}:\n`);
  say(first);
}
