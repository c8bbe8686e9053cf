import { allAllow, Answer } from '../../../model/evaluate';

/** Of nothing it is unknown. */
export const worstOf = (answers: readonly Answer[]): Answer => (answers.length === 0 ? 'unknown' : allAllow(answers));
