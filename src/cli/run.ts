import { CommanderError } from 'commander';
import { EXIT, ExitCode } from './exit-code';
import { Io } from './io';
import { programFor } from './program';
import { styleFor } from './style';
import { UsageError } from './usage-error';
import { visible } from '../report/visible';

/** The program, as one call. It never throws, and writes nothing but to `io` and to the file of `--output`. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const outcome: { code: ExitCode } = { code: EXIT.BAD };
  const said: Promise<void>[] = [];
  const program = programFor(io, {
    writeOut: text => { said.push(io.stdout.write(text)); },
    writeErr: text => { said.push(io.stderr.write(visible(text))); },
  }, code => { outcome.code = code; });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      outcome.code = error.exitCode === 0 ? EXIT.HOLDS : EXIT.BAD;
    } else {
      const red = styleFor(io.stderr, io.env, !argv.includes('--no-color')).bad;
      said.push(io.stderr.write(`${red('error:')} ${visible(sentenceOf(error, argv.includes('--debug')))}\n`));
    }
  }
  await Promise.allSettled(said);
  return outcome.code;
}

/** Errors of the library that say what is wrong with the input; any other is a mistake of the program. */
const EXPECTED = ['Error', 'UnreadableDocument'];

function sentenceOf(error: unknown, debug: boolean): string {
  if (error instanceof UsageError) { return error.message; }
  if (!(error instanceof Error)) { return mistake(String(error), debug ? '' : undefined); }
  const { name, message, stack = '' } = error;
  if (EXPECTED.includes(name)) { return debug ? `${message}\n${stack}` : message; }
  return mistake(`${name}: ${message}`, debug ? stack : undefined);
}

const mistake = (what: string, where: string | undefined): string =>
  `this is a mistake of the program, not of its input (${what}); please report it with the command and, if you may, the input`
  + (where === undefined ? '; --debug shows where it happened' : `\n${where}`);
