import { patternProblem } from '../../model/http';
import { Json } from '../native-object';
import { wrong } from './context';
import { CiliumHeaderMatch, CiliumHttpRule } from './layer7';

/** One HTTP rule. Envoy compiles the patterns with RE2; one that it cannot compile is refused by the agent, and the policy not enforced. */
export function writeHttp(rule: CiliumHttpRule, where: string): Json {
  const { headerMatches, ...rest } = rule;
  for (const field of ['path', 'method', 'host'] as const) {
    const pattern = rule[field];
    const problem = typeof pattern === 'string' ? patternProblem(pattern) : undefined;
    if (problem) { throw wrong(`${where}.${field}`, problem); }
  }
  if (rule.path !== undefined && !/^[/.([^\\]/.test(rule.path)) {
    throw wrong(`${where}.path`, `the pattern ${JSON.stringify(rule.path)} must match the whole path, which begins with "/"; write "/${rule.path}", or ".*${rule.path}" for paths that end so`);
  }
  if (rule.method !== undefined && /^[a-z|]+$/.test(rule.method)) { throw wrong(`${where}.method`, `methods are in upper case, and ${JSON.stringify(rule.method)} matches none; write ${JSON.stringify(rule.method.toUpperCase())}`); }
  rule.headers?.forEach((header, i) => checkHeader(header, `${where}.headers[${i}]`));
  return { ...rest, ...(headerMatches ? { headerMatches: headerMatches.map((match, i) => writeHeader(match, `${where}.headerMatches[${i}]`)) } : {}) };
}

/** Cilium splits at the first space; without one the whole text is the name of a header, the colon too. */
function checkHeader(header: string, where: string): void {
  const text = String(header);
  const at = text.indexOf(' ');
  if (at < 0 && text.includes(':')) { throw wrong(where, `${JSON.stringify(text)} would be a header of that name, which no request has; write ${JSON.stringify(text.replace(':', ': '))}`); }
  if (text.trim() === '' || at === 0) { throw wrong(where, `${JSON.stringify(text)} names no header; write "X-Name: value", or "X-Name"`); }
}

function writeHeader(match: CiliumHeaderMatch, where: string): Json {
  const { secretName, secretNamespace, ...rest } = match;
  if (secretName !== undefined && match.value !== undefined) { throw wrong(where, 'the value of a header is stated, or of a Secret; state one of value and secretName'); }
  if (secretName === undefined && secretNamespace !== undefined) { throw wrong(`${where}.secretNamespace`, 'is of a Secret; state secretName'); }
  return {
    ...rest,
    ...(secretName === undefined ? {} : { secret: { name: secretName, ...(secretNamespace === undefined ? {} : { namespace: secretNamespace }) } }),
  };
}
