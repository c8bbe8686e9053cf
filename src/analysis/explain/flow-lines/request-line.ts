import { HttpRequest } from '../../../model/http';

/** A request as Hubble logs it: the method, and the URL with its host. */
export function requestOf(method: string | undefined, url: string | undefined): HttpRequest {
  const parsed = url === undefined ? undefined : urlOf(url);
  return {
    ...(method === undefined ? {} : { method }),
    ...(parsed ? { path: `${parsed.pathname}${parsed.search}` } : {}),
    ...(parsed && parsed.host !== NOWHERE ? { host: parsed.host } : {}),
  };
}

const NOWHERE = 'nowhere.invalid';

function urlOf(text: string): URL | undefined {
  try {
    // Without a host it is a path alone.
    return text.startsWith('//') ? new URL(`http:${text}`) : new URL(text, `http://${NOWHERE}`);
  } catch {
    return undefined;
  }
}
