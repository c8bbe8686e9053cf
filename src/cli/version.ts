import * as fs from 'fs';
import * as path from 'path';

/** As package.json states it, two folders up from here in both src and lib. */
export function versionOf(): string {
  return JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')).version;
}
