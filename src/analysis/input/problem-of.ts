import { locate } from './locate';
import { Problem } from './source-document';
import { UnreadableDocument } from '../../dialects/document-reader';

/**
 * What is wrong with a document, at the line of the field that is wrong.
 * @param at of the document
 */
export function problemOf({ message, path }: UnreadableDocument, at: string): Problem {
  return {
    at: path === undefined ? at : locate(at, path),
    message: message.startsWith(`${at}: `) ? message.slice(at.length + 2) : message,
  };
}
