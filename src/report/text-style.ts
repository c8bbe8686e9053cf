/** How parts of a text are set off on a terminal. */
export interface TextStyle {
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
  strong(text: string): string;
}

const plain = (text: string): string => text;

export const PLAIN: TextStyle = { good: plain, bad: plain, doubtful: plain, strong: plain };
