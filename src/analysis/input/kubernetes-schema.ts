import { FAILSAFE_SCHEMA, Schema, Type } from 'js-yaml';

/**
 * Plain scalars as the parser of Kubernetes takes them, which is YAML 1.1 save for sexagesimals: `yes` and `on` are booleans, `017` is 15,
 * `1_000` is 1000, and a date stays a text.
 */

type Plain = boolean | number | null;

const WORDS: ReadonlyMap<string, Plain> = new Map<string, Plain>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap(word => [[word, Infinity], [`+${word}`, Infinity], [`-${word}`, -Infinity]] as const),
]);
const LONGEST_WORD = 5;
/** All that a number begins with stands between them. */
const [PLUS, NINE] = [0x2b, 0x39];

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]{1,16}|0[bB][01]{1,64}|0[oO]?[0-7]{1,22}|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** What a plain scalar means; undefined: the text itself. */
export function resolvePlain(text: string): Plain | undefined {
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) { return word; }
  }
  const first = text.charCodeAt(0);
  return first >= PLUS && first <= NINE ? resolveNumber(text) : undefined;
}

function resolveNumber(text: string): number | undefined {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = INTEGER.exec(plain);
  if (integer) { return (integer[1] === '-' ? -1 : 1) * Number(octal(integer[2])); }
  const float = FLOAT.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(float) ? float : undefined;
}

/** In the notation of this language. */
const octal = (digits: string): string => digits.replace(/^0(?=[0-7])/, '0o');

const scalar = (tag: string, is: (value: Plain | undefined) => boolean): Type => new Type(`tag:yaml.org,2002:${tag}`, {
  kind: 'scalar',
  resolve: (text: string | null) => is(resolvePlain(text ?? '')),
  construct: (text: string | null) => resolvePlain(text ?? ''),
});

const isNumber = (value: unknown): boolean => typeof value === 'number';

/** What has a tag that nobody knows is taken without it. */
const anyTag = (kind: 'scalar' | 'sequence' | 'mapping'): Type => new Type('', { kind, multi: true });

export const KUBERNETES_SCHEMA: Schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text: string | null) => text === '<<' }),
    // One type for all, since the parser asks them one after the other.
    scalar('plain', value => value !== undefined),
  ],
  explicit: [
    scalar('null', value => value === null),
    scalar('bool', value => typeof value === 'boolean'),
    scalar('int', value => isNumber(value) && Number.isInteger(value)),
    scalar('float', isNumber),
    new Type('tag:yaml.org,2002:binary', { kind: 'scalar', construct: (text: string | null) => Buffer.from(text ?? '', 'base64').toString() }),
    anyTag('scalar'), anyTag('sequence'), anyTag('mapping'),
  ],
});
