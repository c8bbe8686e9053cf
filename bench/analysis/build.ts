import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

/** The library and the measured programs as plain JavaScript, so that no compiler is in their memory and their start. */

const ROOT = path.resolve(__dirname, '../..');
const TARGET = path.join(ROOT, 'tmp/bench');

/** Returns where it is. */
export function build(): string {
  fs.rmSync(TARGET, { recursive: true, force: true });
  for (const folder of ['src', 'bench/analysis']) { transpileFolder(folder); }
  fs.cpSync(path.join(ROOT, 'bin'), path.join(TARGET, 'bin'), { recursive: true });
  fs.symlinkSync(path.join(TARGET, 'src'), path.join(TARGET, 'lib'));
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(TARGET, 'package.json'));
  return TARGET;
}

function transpileFolder(folder: string): void {
  for (const entry of fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      transpileFolder(name);
    } else if (name.endsWith('.ts')) {
      write(name.replace(/\.ts$/, '.js'), transpile(fs.readFileSync(path.join(ROOT, name), 'utf8')));
    } else {
      write(name, fs.readFileSync(path.join(ROOT, name)));
    }
  }
}

const transpile = (source: string): string => ts.transpileModule(source, {
  compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true, experimentalDecorators: true },
}).outputText;

function write(name: string, content: string | Buffer): void {
  const target = path.join(TARGET, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
}
