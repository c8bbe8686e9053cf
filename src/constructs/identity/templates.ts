import { checkTemplate } from './template-fields';

/** Templates of Go's text/template, as far as they can be judged before anything is filled in. */

const ACTION = /\{\{[^{}]*\}\}/g;
const DOMAIN = /^[a-z0-9._-]{1,255}$/;

/** @throws when it cannot become a SPIFFE ID */
export function checkId(template: string): void {
  const text = filled(template, 'spiffeIdTemplate');
  const found = /^spiffe:\/\/([^/]*)(\/.*)?$/s.exec(text);
  if (!found) { throw new Error(`spiffeIdTemplate: ${JSON.stringify(template)} is no SPIFFE ID; it begins with spiffe://, such as "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}"`); }
  checkTrustDomain(found[1], 'spiffeIdTemplate');
  const path = found[2];
  if (path === undefined) { throw new Error(`spiffeIdTemplate: ${JSON.stringify(template)} names a trust domain and nobody in it; add a path`); }
  const wrong = path.slice(1).split('/').find(part => !/^[a-zA-Z0-9._-]+$/.test(part) || part === '.' || part === '..');
  if (wrong !== undefined) {
    throw new Error(`spiffeIdTemplate: ${JSON.stringify(wrong)} is no part of a path of a SPIFFE ID; between "/" stand letters, digits, ".", "-" and "_"`);
  }
}

/** @throws when it is not the name of a trust domain */
export function checkTrustDomain(domain: string, where: string): void {
  if (!DOMAIN.test(domain)) { throw new Error(`${where}: ${JSON.stringify(domain)} is no trust domain; use lower-case letters, digits, ".", "-" and "_", without spiffe://`); }
}

/** @throws when it cannot become a DNS name */
export function checkDnsName(template: string, where: string): void {
  const text = filled(template, where);
  if (!/^[a-zA-Z0-9*]([-a-zA-Z0-9_.]*[a-zA-Z0-9])?$/.test(text)) { throw new Error(`${where}: ${JSON.stringify(template)} cannot be a DNS name`); }
}

/** With something in the place of each action. */
function filled(template: string, where: string): string {
  checkTemplate(template, where);
  const text = template.replace(ACTION, 'x');
  if (/\{\{|\}\}/.test(text)) { throw new Error(`${where}: ${JSON.stringify(template)} is no template: each {{ needs its }}`); }
  return text;
}
