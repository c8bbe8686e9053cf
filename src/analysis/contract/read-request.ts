import { AskedRequest } from './asked-traffic';
import { ContractDocument } from './contract-document';
import { exactNameProblem } from './exact-name';
import { HttpRequest } from '../../model/http';
import { JsonPath } from '../path-text';

export const REQUEST_FIELDS = ['http', 'dns', 'serverName'] as const;

/** Letters as in every method that is registered. */
export const METHOD = '[A-Z]+(-[A-Z]+)*';
/** As it is sent, with the query. */
export const REQUEST_PATH = '/[!-~]*';
/** A token of RFC 9110. */
export const HEADER_NAME = '[A-Za-z0-9!#$%&\'*+.^_`|~-]+';

export function readRequest(document: ContractDocument, fields: Readonly<Record<string, unknown>>, path: JsonPath): AskedRequest {
  const http = fields.http === undefined ? undefined : readHttp(document, fields.http, [...path, 'http']);
  const dnsName = readName(document, fields.dns, [...path, 'dns']);
  const serverName = readName(document, fields.serverName, [...path, 'serverName']);
  return {
    ...(http === undefined ? {} : { http }),
    ...(dnsName === undefined ? {} : { dnsName }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

/**
 * An HTTP request by its text, such as `GET /api/v1/users`.
 * @throws when it is none
 */
export function parseHttpText(text: string): HttpRequest {
  const [, method, , path] = new RegExp(`^(${METHOD}) (${REQUEST_PATH})$`).exec(text) ?? [];
  if (method === undefined) { throw new Error(`${JSON.stringify(text)} is no request; write a method and a path, such as "GET /api/v1/users"`); }
  return { method, path };
}

function readHttp(document: ContractDocument, value: unknown, path: JsonPath): HttpRequest | undefined {
  if (typeof value === 'string') { return document.attempt(path, () => parseHttpText(value)); }
  const fields = document.mapping(value, path, ['method', 'path', 'host', 'headers']);
  if (!fields) { return undefined; }
  if (Object.keys(fields).length === 0) { return document.fail(path, 'no part of the request is stated; state a method and a path, such as "GET /api/v1/users"'); }
  const texts = (['method', 'path', 'host'] as const).flatMap(name => {
    const text = document.optionalText(fields[name], [...path, name]);
    if (text === undefined) { return []; }
    if (name === 'method' && !fits(METHOD, text)) { document.fail([...path, name], `${JSON.stringify(text)} is no method; write it in upper-case letters, such as GET`); }
    if (name === 'path' && !fits(REQUEST_PATH, text)) { document.fail([...path, name], `${JSON.stringify(text)} is no path; it begins with "/" and has no spaces`); }
    return [[name, text] as const];
  });
  const headers = fields.headers === undefined ? undefined : readHeaders(document, fields.headers, [...path, 'headers']);
  return { ...Object.fromEntries(texts), ...(headers === undefined ? {} : { headers }) };
}

function readHeaders(document: ContractDocument, value: unknown, path: JsonPath): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return document.fail(path, 'the headers are no mapping; write name: value'); }
  return Object.fromEntries(Object.entries(value).flatMap(([name, header]) => {
    if (!fits(HEADER_NAME, name)) { document.fail([...path, name], 'this is no name of a header; write the name only, such as X-Api-Key'); }
    const text = document.text(header, [...path, name]);
    return text === undefined ? [] : [[name, text]];
  }));
}

function readName(document: ContractDocument, value: unknown, path: JsonPath): string | undefined {
  const name = document.optionalText(value, path);
  if (name === undefined) { return undefined; }
  const problem = exactNameProblem(name);
  return problem === undefined ? name : document.fail(path, problem);
}

const fits = (pattern: string, text: string): boolean => new RegExp(`^${pattern}$`).test(text);
