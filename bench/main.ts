/**
 * Run by hand: `npm run bench` measures synths, `npm run bench -- analysis [name...]` the analysis. Each loads only what it measures.
 */
const [what, ...rest] = process.argv.slice(2);

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when it is needed */
if (what === undefined) {
  require('./synth');
} else if (what === 'analysis') {
  (require('./analysis/main') as typeof import('./analysis/main')).main(rest);
} else {
  console.error(`${JSON.stringify(what)} is no benchmark; run it without arguments for synths, or with "analysis"`);
  process.exitCode = 2;
}
