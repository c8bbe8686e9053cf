import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, Node, Pair, parseDocument, Document } from 'yaml';

/**
 * The line of a field in the text of one document, from 0: where its key stands, or the entry of a list. Where there is no such field, the line
 * of the nearest one that holds it.
 * @param path such as `spec.ingress[0].from[1]`, `metadata.labels[app.kubernetes.io/name]` or `metadata.labels["a.b/c"]`
 */
export function lineOf(text: string, path: string): number {
  const lineCounter = new LineCounter();
  // This parser knows no line break of a single CR.
  const document = parseDocument(text.replace(/\r(?!\n)/g, '\n'), { lineCounter, keepSourceTokens: false, logLevel: 'silent', uniqueKeys: false, version: '1.1', strict: false });
  let position = document.contents?.range?.[0] ?? 0;
  for (let [node, rest] = [resolved(document.contents, document), path]; rest !== '' && node;) {
    const step = isMap(node) ? stepIntoMap(node.items, rest) : isSeq(node) ? stepIntoList(node.items, rest) : undefined;
    if (!step) { break; }
    position = step.at.range?.[0] ?? position;
    [node, rest] = [resolved(step.value, document), step.rest];
  }
  return Math.max(0, lineCounter.linePos(position).line - 1);
}

interface Step {
  readonly at: Node;
  readonly value: unknown;
  readonly rest: string;
}

function resolved(node: unknown, document: Document): Node | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  return isNode(target) && isCollection(target) ? target : undefined;
}

/** Keys may hold the characters that part a path: the longest one that fits is meant. */
function stepIntoMap(items: readonly Pair[], path: string): Step | undefined {
  let best: Step | undefined;
  for (const { key, value } of items) {
    if (!isScalar(key)) { continue; }
    const name = String(key.value);
    for (const form of [`.${name}`, name, `[${name}]`, `[${JSON.stringify(name)}]`]) {
      const rest = path.slice(form.length);
      if (path.startsWith(form) && /^($|[.[])/.test(rest) && (best === undefined || rest.length < best.rest.length)) { best = { at: key, value, rest }; }
    }
  }
  return best;
}

function stepIntoList(items: readonly unknown[], path: string): Step | undefined {
  const [form, index] = /^\[(\d+)\]/.exec(path) ?? [];
  const item = index === undefined ? undefined : items[Number(index)];
  return form !== undefined && isNode(item) ? { at: item, value: item, rest: path.slice(form.length) } : undefined;
}
