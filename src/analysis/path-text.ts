import { preview } from '../dialects/preview';

/** A place inside a document. */
export type JsonPath = readonly (string | number)[];

/** Such as `spec.ingress[0].from[1]`. */
export const pathText = (path: JsonPath): string => path.map((key, index) =>
  (typeof key === 'number' ? `[${key}]` : /^[\w-]+$/.test(key) ? `${index === 0 ? '' : '.'}${key}` : `[${quoted(key)}]`)).join('');

/** As long as the key of any label may be. */
const LONGEST_KEY = 400;

const quoted = (key: string): string => (key.length > LONGEST_KEY ? preview(key) : JSON.stringify(key));
