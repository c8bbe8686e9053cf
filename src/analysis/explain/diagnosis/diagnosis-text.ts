import { Check, Diagnosis } from './diagnosis';
import { TextOptions } from '../explanation-text';

/** A diagnosis as lines of plain text. */
export function diagnosisText({ checks, fix, probes }: Diagnosis, options: TextOptions = {}): string {
  const lines = [
    'Diagnosis',
    ...checks.map((check, i) => `  ${i + 1}. ${check.topic}: ${outcomeText(check, options)}${check.text}`),
    ...(fix ? [
      '',
      `Fix: ${fix.text}`,
      ...(fix.code === undefined ? [] : [`  ${fix.code}`]),
      ...(fix.yaml ? ['', 'The same as YAML:', ...fix.yaml.map(line => `  ${line}`)] : []),
    ] : []),
    ...(probes.length > 0 ? ['', 'To confirm:', ...probes.map(probe => `  ${probe}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const COLOURS = { ok: 32, problem: 31, unknown: 33, note: 36 } as const;

function outcomeText({ outcome }: Check, { colour = false }: TextOptions): string {
  return `${colour ? `\u001b[${COLOURS[outcome]}m${outcome}\u001b[0m` : outcome}: `;
}
