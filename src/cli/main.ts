import { run } from './run';
import { standardIo } from './standard-io';

void run(process.argv.slice(2), standardIo()).then(code => { process.exitCode = code; });
