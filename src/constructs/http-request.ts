import { HttpMatch, patternProblem, TextMatch } from '../model/http';
import { dnsSubdomainProblem } from '../model/labels';

/**
 * Which HTTP requests may pass. Everything that is stated must hold; what is left out may be anything.
 *
 * @see https://docs.cilium.io/en/stable/security/policy/language/#http
 * @see https://docs.tigera.io/calico/latest/network-policy/istio/http-methods
 */
export interface HttpRequestMatch {
  /**
   * The method, in upper case, such as "GET".
   * @default - any
   */
  readonly method?: string;
  /**
   * The path, exactly, without the query: "/api/v1/users" is neither "/api/v1/users/" nor "/api/v1/users/1".
   * @default - any, unless pathPrefix or pathPattern is stated
   */
  readonly path?: string;
  /**
   * What the path begins with, as text: "/api/" is "/api/users" but not "/apis", "/api" is both.
   * Calico from 3.31 on takes a prefix for whole segments, and wants the request for the path itself beside it: "/api" and "/api/".
   * @default - any, unless path or pathPattern is stated
   */
  readonly pathPrefix?: string;
  /**
   * An RE2 pattern for all of the path, query included, such as "/users/[0-9]+". Cilium only.
   * @default - any, unless path or pathPrefix is stated
   * @see https://github.com/google/re2/wiki/Syntax
   */
  readonly pathPattern?: string;
  /**
   * The host that is asked for, without a port: a name, or "*." and a name for everything below that name. Cilium only.
   * @default - any
   */
  readonly host?: string;
  /**
   * Headers with their values, exactly; the case of a header's name does not matter. Cilium only.
   * @default - any
   */
  readonly headers?: { [name: string]: string };
}

const EXAMPLE = 'such as { method: "GET", path: "/api/v1/users" }';

/** Letters as in every method that is registered; lower-case ones are other methods, which no server knows. */
const METHOD = /^[A-Z]+(-[A-Z]+)*$/;
/** A token of RFC 9110. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const PRINTABLE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * @throws when nothing is stated, or a part is not valid
 */
export function httpMatch(request: HttpRequestMatch): HttpMatch {
  if (typeof request !== 'object' || request === null) { throw new Error(`HTTP request ${JSON.stringify(request)} is no request; state what may pass, ${EXAMPLE}`); }
  const { method, host, headers = {} } = request;
  for (const [name, value] of [...Object.entries(request).filter(([key]) => key !== 'headers'), ...Object.entries(headers)] as [string, unknown][]) {
    if (value !== undefined && typeof value !== 'string') { throw new Error(`HTTP request: ${name} is ${JSON.stringify(value)}, which is no text; quote it`); }
  }
  const path = pathOf(request);
  const names = Object.keys(headers).sort();
  if (method === undefined && !path && host === undefined && names.length === 0) {
    throw new Error(`an HTTP request without conditions would be any request; state one, ${EXAMPLE}, or leave http(...) out`);
  }
  const problem = (method === undefined ? undefined : methodProblem(method))
    ?? (host === undefined ? undefined : hostProblem(host))
    ?? names.map(name => headerProblem(name, headers[name])).find(found => found !== undefined);
  if (problem) { throw new Error(problem); }
  return {
    ...(method === undefined ? {} : { methods: [{ exact: method }] }),
    ...(path ? { paths: [path] } : {}),
    ...(host === undefined ? {} : { hosts: [hostMatch(host)] }),
    ...(names.length === 0 ? {} : { headers: names.map(name => ({ name, values: [{ exact: headers[name] }] })) }),
  };
}

/** Two requests that mean different things have different texts. */
export function httpText({ method, path, pathPrefix, pathPattern, host, headers = {} }: HttpRequestMatch): string {
  return [
    method,
    path,
    // No path and no prefix has a star.
    pathPrefix === undefined ? undefined : `${pathPrefix}*`,
    pathPattern === undefined ? undefined : `path like ${JSON.stringify(pathPattern)}`,
    host === undefined ? undefined : `host ${host}`,
    ...Object.entries(headers).sort().map(([name, value]) => `header ${name}=${JSON.stringify(value)}`),
  ].filter(part => part !== undefined).join(' ');
}

function pathOf({ path, pathPrefix, pathPattern }: HttpRequestMatch): TextMatch | undefined {
  const stated = Object.entries({ path, pathPrefix, pathPattern }).filter(([, value]) => value !== undefined);
  if (stated.length > 1) { throw new Error(`HTTP request: ${stated.map(([name]) => name).join(' and ')} are stated together; state one of path, pathPrefix and pathPattern`); }
  const problem = stated.map(([name, value]) => pathProblem(name, value as string)).find(found => found !== undefined);
  if (problem) { throw new Error(problem); }
  if (path !== undefined) { return { exact: path }; }
  if (pathPrefix !== undefined) { return { prefix: pathPrefix }; }
  return pathPattern === undefined ? undefined : { pattern: pathPattern };
}

function pathProblem(name: string, value: string): string | undefined {
  const text = `HTTP ${name} ${JSON.stringify(value)}`;
  if (name === 'pathPattern') {
    const problem = value === '' ? 'it is empty, and would match no path' : patternProblem(value);
    return problem === undefined ? undefined : `${text}: ${problem}; write an RE2 pattern for the whole path, such as "/users/[0-9]+"`;
  }
  if (!value.startsWith('/')) { return `${text} does not begin with "/"; did you mean ${JSON.stringify(`/${value}`)}?`; }
  if (!/^[\x21-\x7e]+$/.test(value) || /[?#]/.test(value)) { return `${text} has a "?", a "#", a space or another character that no path has; state the path as it is sent, before the query`; }
  // What reads like a pattern is most often meant as one, and would match nothing.
  return value.includes('*') ? `${text} has a "*", which would be a character like any other; say pathPrefix for what begins alike, or pathPattern` : undefined;
}

function methodProblem(method: string): string | undefined {
  return METHOD.test(method) ? undefined : `HTTP method ${JSON.stringify(method)} is not valid; write it in upper-case letters, such as "GET", one in each request`;
}

function hostProblem(host: string): string | undefined {
  const name = host.startsWith('*.') ? host.slice(2) : host;
  const problem = dnsSubdomainProblem('HTTP host', name.toLowerCase());
  return problem === undefined ? undefined : `${problem}; state it without a scheme or port, such as "api.example.com" or "*.example.com"`;
}

function headerProblem(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) { return `HTTP header ${JSON.stringify(name)} is not valid; write the name only, such as "X-Api-Key"`; }
  if (name.toLowerCase() === 'host') { return 'HTTP header "Host" is stated as a header; state it as host'; }
  return PRINTABLE.test(value) ? undefined : `HTTP header ${JSON.stringify(name)}: the value ${JSON.stringify(value)} is not valid; state the exact value, of printable ASCII characters`;
}

function hostMatch(host: string): TextMatch {
  const name = host.toLowerCase();
  return name.startsWith('*.') ? { suffix: name.slice(1) } : { exact: name };
}
