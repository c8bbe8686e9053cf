import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { objectsOf } from '../analysis/input/lists';
import { Problem, SourceDocument } from '../analysis/input/source-document';
import { rootRecord } from '../cluster/root-record';
import { Statements } from '../constructs/statements';

/** Objects, and what is wrong with those that could not be read. */
export interface Documents {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
  /** What was left out on purpose, as sentences. */
  readonly notes?: readonly string[];
}

/** What is wrong with what the app states, so that it cannot be rendered. */
export const appErrors = (scope: IConstruct): readonly string[] => (rootRecord(scope).statements as Statements | undefined)?.errors ?? [];

/** The objects of a list, or the object itself. */
export function takenApart(object: unknown, at: string): Documents {
  const all = [...objectsOf(object)];
  return {
    documents: all.flatMap(({ value, place, problem }) => (problem === undefined ? [{ value, at: `${at}${place}` }] : [])),
    problems: all.flatMap(({ place, problem }) => (problem === undefined ? [] : [{ at: `${at}${place}`, message: problem }])),
  };
}

/** Every object of an app without errors, as it is rendered; messages name them by their construct paths. */
export function appDocuments(root: IConstruct): Documents {
  const documents: SourceDocument[] = [];
  const problems: Problem[] = [];
  for (const object of root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))) {
    const { path } = object.node;
    try {
      const found = takenApart(object.toJson(), path);
      documents.push(...found.documents);
      problems.push(...found.problems);
    } catch (error) {
      problems.push({ at: path, message: `${object.kind} cannot be rendered: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  return { documents, problems };
}
