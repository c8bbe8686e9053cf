/** Whether something matches: for no request, for some only or depending on what is held elsewhere, for all. */
export type Answer = 'none' | 'some' | 'all';

const ORDER: Answer[] = ['none', 'some', 'all'];

/** OR. */
export function best(answers: Answer[]): Answer {
  return ORDER[Math.max(0, ...answers.map((answer) => ORDER.indexOf(answer)))];
}

/** AND. */
export function worst(answers: Answer[]): Answer {
  return ORDER[Math.min(ORDER.length - 1, ...answers.map((answer) => ORDER.indexOf(answer)))];
}

export function sure(holds: boolean): Answer {
  return holds ? 'all' : 'none';
}
