import { Io } from './io';
import { PLAIN, TextStyle } from '../report/text-style';

const painted = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;

const COLOURED: TextStyle = { good: painted(32), bad: painted(31), doubtful: painted(33), strong: painted(1) };

/**
 * Colours for a terminal; without one texts stay as they are.
 * @see https://no-color.org
 */
export function styleFor({ isTTY }: { readonly isTTY?: boolean }, env: Io['env'], wanted: boolean): TextStyle {
  return wanted && isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb' ? COLOURED : PLAIN;
}
