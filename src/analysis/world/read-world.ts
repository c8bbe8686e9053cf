import { ReadWorld, WorldBuilder } from './world-builder';
import { SourceDocument } from '../input/source-document';

export type { ReadWorld } from './world-builder';

export function readWorld(documents: Iterable<SourceDocument>): ReadWorld {
  const builder = new WorldBuilder();
  for (const document of documents) { builder.add(document); }
  return builder.finish();
}
