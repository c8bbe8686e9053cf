/** The paths of HTTP conditions, and their normal form, in which newer versions compare them with those of requests. */

export function httpPathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) { return `${JSON.stringify(path)} is no path: it must begin with "/"`; }
  return /[?# ]/.test(path) ? `${JSON.stringify(path)} may hold no "?", "#" or space: write the path before the query` : undefined;
}

/** Decoded once, without path parameters, empty and dot segments, and without a "/" at the end; undefined when there is no such form. */
export function normalHttpPath(path: string): string | undefined {
  const decoded = decode(path)?.replace(/\\/g, '/');
  if (decoded === undefined || decoded.includes('\0') || /%(2e|2f|5c)/i.test(decoded) || !decoded.startsWith('/')) { return undefined; }
  const segments: string[] = [];
  for (const segment of decoded.split('/')) {
    const [name] = segment.split(';', 1);
    if (name === '..') {
      segments.pop();
    } else if (name !== '' && name !== '.') {
      segments.push(name);
    }
  }
  return `/${segments.join('/')}`;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
