import { HttpMatch, TextMatch } from '../../model/http';
import { Action } from '../../model/policy-set';
import { PROTOCOL_NUMBERS } from '../../model/traffic';
import { Fields } from '../document-reader';
import { httpPathProblem, normalHttpPath } from './http-path';
import { boundedList, RuleContext } from './read-context';
import { comparesPathSegments, hasHttpLimits, LONGEST_HTTP_PATH, MOST_HTTP_ENTRIES } from './version';

/** What a rule asks of HTTP requests; undefined when it asks nothing. */
export function readHttp(context: RuleContext, rule: Fields, path: string, action: Action, protocol: number | undefined): HttpMatch | undefined {
  const { reader, direction } = context;
  const value = reader.own(rule, 'http');
  if (value === undefined) { return undefined; }
  const at = `${path}.http`;
  const fields = reader.object(value, at);
  reader.only(fields, at, ['methods', 'paths']);
  if (action !== 'allow') { throw reader.fail(at, 'only a rule that allows may have HTTP conditions; allow what may pass, and let the rest be denied'); }
  if (direction === 'egress') { throw reader.fail(at, 'Calico\'s validator refuses HTTP conditions in egress rules; state them in an ingress rule at the destination'); }
  if (protocol !== undefined && protocol !== PROTOCOL_NUMBERS.TCP) { throw reader.fail(at, 'HTTP travels over TCP; write protocol: TCP, or leave it out'); }
  const methods = readMethods(context, fields, at);
  const paths = list(context, fields, 'paths', at).flatMap((item, i) => readPath(context, item, `${at}.paths[${i}]`));
  return { ...(methods.length > 0 ? { methods } : {}), ...(paths.length > 0 ? { paths } : {}) };
}

const list = (context: RuleContext, fields: Fields, key: string, path: string): readonly unknown[] =>
  boundedList(context, fields, key, path, MOST_HTTP_ENTRIES, hasHttpLimits(context.version));

/** `*` is every method. */
function readMethods(context: RuleContext, fields: Fields, path: string): TextMatch[] {
  const methods = list(context, fields, 'methods', path).map((item, i) => context.reader.string(item, `${path}.methods[${i}]`));
  const twice = methods.findIndex((method, i) => methods.indexOf(method) < i);
  if (twice >= 0) { throw context.reader.fail(`${path}.methods[${twice}]`, `states ${JSON.stringify(methods[twice])} twice, which Calico's validator refuses; leave it out`); }
  return methods.includes('*') ? [] : methods.map(exact => ({ exact }));
}

function readPath({ reader, version }: RuleContext, value: unknown, path: string): TextMatch[] {
  const fields = reader.object(value, path);
  reader.only(fields, path, ['exact', 'prefix']);
  const [exact, prefix] = ['exact', 'prefix'].map(key => reader.string(reader.own(fields, key) ?? '', `${path}.${key}`));
  if ((exact === '') === (prefix === '')) { throw reader.fail(path, 'must have either exact or prefix'); }
  const [key, text] = exact === '' ? ['prefix', prefix] : ['exact', exact];
  const problem = httpPathProblem(text);
  if (problem) { throw reader.fail(`${path}.${key}`, problem); }
  if (hasHttpLimits(version) && [...text].length > LONGEST_HTTP_PATH) { throw reader.fail(`${path}.${key}`, `has more than ${LONGEST_HTTP_PATH} characters, and the API server takes no more`); }
  if (!comparesPathSegments(version)) { return [key === 'exact' ? { exact: text } : { prefix: text }]; }
  const normal = normalHttpPath(text);
  if (normal === undefined) { throw reader.fail(`${path}.${key}`, `${JSON.stringify(text)} has no normal form, so Calico matches no request with it; write the path without escapes`); }
  if (key === 'exact') { return [{ exact: normal }]; }
  return normal === '/' ? [{ prefix: '/' }] : [{ exact: normal }, { prefix: `${normal}/` }];
}
