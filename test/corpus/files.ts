import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';

/** The corpora of other people's manifests, which are not part of the repository. */
const CORPUS = path.resolve(__dirname, '../../../shared/corpus');

export interface CorpusFile {
  readonly name: string;
  readonly source: string;
  /** What INDEX.json says of it beside its documents. */
  readonly notes: readonly string[];
  /** Undefined where the file is no YAML. */
  readonly documents: readonly any[] | undefined;
}

/** Every file that the index of a corpus names; none where it is absent. */
export function corpusFiles(corpus: string): CorpusFile[] {
  const index = path.join(CORPUS, corpus, 'INDEX.json');
  if (!fs.existsSync(index)) { return []; }
  const entries: any[] = JSON.parse(fs.readFileSync(index, 'utf8'));
  return entries.map(({ file, source, set: _set, docs: _docs, parses: _parses, ...notes }) =>
    ({ name: file, source, notes: Object.keys(notes), documents: documentsOf(path.join(CORPUS, corpus, file)) }));
}

/** calicoctl takes lists of objects too. */
function documentsOf(file: string): readonly any[] | undefined {
  try {
    return yaml.loadAll(fs.readFileSync(file, 'utf8')).flat().filter(document => document !== null && document !== undefined);
  } catch {
    return undefined;
  }
}
