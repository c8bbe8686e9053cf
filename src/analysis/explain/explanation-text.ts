import { Case, Effect, Explanation, ExplanationStep, NearRule, SideExplanation } from './explanation';
import { DEFAULT_TIER } from '../../dialects/calico/tiers';
import { Answer } from '../../model/evaluate';
import { Justified, justifiedText } from '../../model/justification';
import { NORMAL } from '../../model/policy-set';

export interface TextOptions {
  /** Whether answers are coloured, for a terminal. */
  readonly colour?: boolean;
}

/** An explanation as lines of plain text. */
export function explanationText({ source, destination, traffic, ...rest }: Explanation, options: TextOptions = {}): string {
  const { answer, others, missing, requests, remarks } = rest;
  const lines = [
    `${source} => ${destination} : ${traffic} is ${coloured(answer, options)}`,
    ...caseLines(rest, options),
    ...others.flatMap(other => caseLines(other, options)),
    ...section(missing, 'It depends on what is not known:'),
    ...section(requests, 'It depends on the request:'),
    ...section(remarks, 'Note:'),
  ];
  return `${lines.join('\n')}\n`;
}

const section = (sentences: readonly string[], title: string): string[] => (sentences.length === 0 ? [] : ['', title, ...sentences.map(sentence => `  ${sentence}`)]);

const COLOURS: Readonly<Record<Answer, number>> = { allowed: 32, denied: 31, partial: 33, unknown: 33 };
export const coloured = (answer: Answer, { colour = false }: TextOptions): string => (colour ? `\u001b[${COLOURS[answer]}m${answer}\u001b[0m` : answer);

function caseLines({ when, answer, sides }: Case, options: TextOptions): string[] {
  return [
    ...(when === undefined ? [] : ['', `where ${when}: ${coloured(answer, options)}`]),
    ...sides.flatMap(side => ['', `${side.direction} of ${side.subject}: ${coloured(side.answer, options)}`, ...sideLines(side)]),
  ];
}

/** Where a side lets everything pass, what says nothing is no part of the reason. */
const sideLines = ({ answer, steps, more = 0 }: SideExplanation): string[] => [
  ...steps.filter(({ effect }) => effect !== 'nothing' || answer !== 'allowed').flatMap(stepLines),
  ...(more === 0 || answer === 'allowed' ? [] : [`  and ${more} more ${more === 1 ? 'policy' : 'policies'} without a rule that matches`]),
];

function stepLines(step: ExplanationStep): string[] {
  const { justifications = [], near = [], more = 0 } = step;
  return [
    `  ${stepText(step)}`,
    ...justifications.map(reason => `    why: ${justificationText(reason, justifications.length > 1)}`),
    ...near.map(rule => `    ${nearText(rule)}`),
    ...(more === 0 ? [] : [`    and ${more} more ${more === 1 ? 'rule that does' : 'rules that do'} not match`]),
  ];
}

/** Of several, each says whose it is. */
const justificationText = (reason: Justified, isOneOfMany: boolean): string =>
  (isOneOfMany && reason.statement !== undefined ? `${reason.statement}: ${justifiedText(reason)}` : justifiedText(reason));

export function stepText(step: ExplanationStep): string {
  const { effect, policy, because, at, stage, certainty } = step;
  const where = at === undefined ? '' : ` (${at})`;
  const tier = tierText(stage);
  switch (effect) {
    case 'default': return `by default: ${because}`;
    case 'inert': return `does not decide: ${policy}${tier}${where}: ${because}`;
    case 'closes': return `${certainty === 'maybe' ? 'may close' : 'closes'}: ${policy}${tier}${where} isolates it${certainty === 'maybe' ? ', if it selects it' : ''}, and ${because}`;
    case 'nothing': return `says nothing: ${policy}${tier}${where} selects it, and no rule of it matches`;
    default: return `${effectText(effect, certainty)}: ${[`${policy}${tier}`, ...placeText(step)].join(', ')}${where}`;
  }
}

/** What everybody writes into is not named; what a CNI does by itself has no tier, and a stage with a space in its name. */
const tierText = (stage: string | undefined): string =>
  (stage === undefined || stage === NORMAL || stage === DEFAULT_TIER || stage.includes(' ') ? '' : ` in tier ${stage}`);

function placeText({ rule, parts = [], about }: ExplanationStep): string[] {
  if (parts.length > 0) { return [parts.join(' and ')]; }
  return [...(rule === undefined ? [] : [rule]), ...(about === undefined ? [] : [about])];
}

const MAY: Readonly<Record<string, string>> = { 'allows': 'may allow', 'denies': 'may deny', 'passes on': 'may pass on' };

function effectText(effect: Effect, certainty: ExplanationStep['certainty']): string {
  if (certainty === 'maybe') { return MAY[effect] ?? effect; }
  return certainty === 'some' ? `${effect} some requests` : effect;
}

const nearText = ({ rule, at, action, reasons }: NearRule): string =>
  `${rule}${at === undefined ? '' : ` (${at})`}${action === 'allow' ? '' : `, ${action}`}: ${reasons.map(({ text }) => text).join('; and ')}`;
