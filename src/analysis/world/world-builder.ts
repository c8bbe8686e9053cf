import { Draft } from './draft';
import { finishWorld } from './finish-world';
import { KindReader, KINDS } from './kinds';
import { readController, templatePath } from './read-workloads';
import { World } from './world';
import { openObject, own } from './world-object';
import { UnreadableDocument } from '../../dialects/document-reader';
import { ALL_DIALECTS } from '../../dialects/index';
import { preview } from '../../dialects/preview';
import { unevaluated } from '../../dialects/unevaluated';
import { Problem, SourceDocument } from '../input/source-document';

export interface ReadWorld {
  readonly world: World;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Objects of kinds that nobody here knows: how many of each kind. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** A world out of documents that come one by one, in any order; none of them is kept. */
export class WorldBuilder {
  private readonly draft = new Draft();
  private readonly problems: Problem[] = [];
  private readonly skipped = new Map<string, number>();

  /** Whether the kind of the document is one that says something of the world. What it says may be wrong: that is a problem of the world. */
  public add({ value, at }: SourceDocument): boolean {
    const read = readerOf(value);
    if (!read) {
      if (!isOfDialects(value)) { count(this.skipped, kindOf(value)); }
      return false;
    }
    try {
      read(openObject(value, at, this.draft.interner), this.draft);
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) { throw error; }
      this.problems.push({ at, message: error.message });
    }
    return true;
  }

  public finish(): ReadWorld {
    const { world, notes } = finishWorld(this.draft);
    return { world, problems: this.problems, notes, skipped: this.skipped };
  }
}

function readerOf(value: unknown): KindReader | undefined {
  const apiVersion = own(value, 'apiVersion');
  const kind = own(value, 'kind');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') { return undefined; }
  const slash = apiVersion.indexOf('/');
  return KINDS.get(`${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}`) ?? (templatePath(value) ? readController : undefined);
}

const OF_DIALECTS: ReadonlySet<string> = new Set(ALL_DIALECTS.flatMap(({ kinds }) => kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)));

const isOfDialects = (value: unknown): boolean =>
  OF_DIALECTS.has(`${String(own(value, 'apiVersion'))} ${String(own(value, 'kind'))}`) || unevaluated(value) !== undefined;

function kindOf(value: unknown): string {
  const kind = own(value, 'kind');
  return typeof kind === 'string' ? preview(kind).slice(1, -1) : 'no kind';
}

const count = (counts: Map<string, number>, key: string): void => { counts.set(key, (counts.get(key) ?? 0) + 1); };
