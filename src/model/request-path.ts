/**
 * What a proxy may make of a path before it compares it: proxies resolve dots, decode what need not be encoded, and merge slashes, each as it
 * is set up to. https://istio.io/latest/docs/reference/config/security/normalization/
 */

/** The path as it was sent, and all that it may be compared as; the same for all of a plain path. */
export function normalForms(path: string): readonly string[] {
  if (!UNUSUAL.test(path)) { return [path]; }
  const end = path.search(/[?#]/);
  const [plain, query] = end < 0 ? [path, ''] : [path.slice(0, end), path.slice(end)];
  const decoded = decodeUnreserved(plain);
  const merged = mergeSlashes(decoded);
  const forms = new Set([plain, decoded, resolveDots(decoded), resolveDots(merged), resolveDots(mergeSlashes(decodeSlashes(decoded)))]);
  return [...forms].map(form => form + query);
}

/** A dot segment, two slashes, an escape, a backslash. */
const UNUSUAL = /\/\.{1,2}(\/|[?#]|$)|\/\/|%|\\/;

/** Letters, digits, "-", ".", "_" and "~" mean the same in either form. https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
const decodeUnreserved = (path: string): string => path.replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
  const character = String.fromCharCode(parseInt(hex, 16));
  return /[-._~a-z0-9]/i.test(character) ? character : escape;
});

const decodeSlashes = (path: string): string => path.replace(/%2f|%5c|\\/gi, '/');
const mergeSlashes = (path: string): string => path.replace(/\/{2,}/g, '/');

function resolveDots(path: string): string {
  const parts: string[] = [];
  const segments = path.split('/');
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    if (segment === '..' && parts.length > 1) { parts.pop(); }
    if (segment !== '.' && segment !== '..') { parts.push(segment); } else if (last) { parts.push(''); }
  });
  return parts.join('/');
}
