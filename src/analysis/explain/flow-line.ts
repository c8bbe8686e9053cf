import { Fields, isFields } from './flow-lines/fields';
import { goldmaneFlow } from './flow-lines/goldmane';
import { hubbleObject } from './flow-lines/hubble-json';
import { hubbleText } from './flow-lines/hubble-text';
import { SeenEnd } from './flow-lines/seen-end';
import { preview } from '../../dialects/preview';
import { Traffic } from '../party';

export { findFlowEnd } from './flow-lines/find-flow-end';

/** A flow that was seen in a cluster. */
export interface FlowLine {
  readonly by: 'hubble' | 'goldmane';
  /** Texts for `findParty`, the best first. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  /** What else the flow shows of its ends. */
  readonly seenSource?: SeenEnd;
  readonly seenDestination?: SeenEnd;
  readonly traffic: Traffic;
  /** What became of it, as far as it is stated. */
  readonly verdict?: 'passed' | 'dropped';
}

/** A line of text is far shorter, and a flow as JSON too. */
const LONGEST = 64 * 1024;
const LONGEST_TEXT = 8 * 1024;

/**
 * A flow as Hubble prints it (compact, as a table, as a dictionary, or JSON), or as Goldmane and Whisker do (JSON).
 * @throws when it is none, or its ends or its port cannot be told
 */
export function parseFlowLine(line: string): FlowLine {
  if (line.length > LONGEST) { throw new Error(`a flow has at most ${LONGEST} characters, got ${line.length}; paste one flow`); }
  const text = line.replace(COLOURS, '').trim();
  if (!text.startsWith('{') && text.length > LONGEST_TEXT) { throw unknownForm(text); }
  const flow = text.startsWith('{') ? ofObject(json(text), text) : hubbleText(text);
  if (!flow) { throw unknownForm(text); }
  for (const [what, texts] of [['source', flow.source], ['destination', flow.destination]] as const) {
    if (texts.length === 0) { throw new Error(`the flow does not say what its ${what} is; use --from and --to`); }
  }
  return flow;
}

// eslint-disable-next-line no-control-regex -- what Hubble colours its output with
const COLOURS = /\u001b\[[0-9;]*m/g;

const unknownForm = (text: string): Error => new Error(`${preview(text)} is no flow of Hubble or Goldmane that can be read; `
  + 'paste one line of "hubble observe" (any --output), or one flow of Whisker as JSON');

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unknownForm(text);
  }
}

function ofObject(value: unknown, text: string): FlowLine | undefined {
  if (!isFields(value)) { throw unknownForm(text); }
  // Both wrap a flow that comes in a stream.
  const inner: Fields = Object.hasOwn(value, 'flow') && isFields(value.flow) ? value.flow : value;
  return goldmaneFlow(inner) ?? hubbleObject(inner);
}
