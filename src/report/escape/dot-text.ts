import { visibleLine } from '../../analysis/visible';

/** A quoted string of Graphviz; a backslash would begin an escape. */
export const dotText = (text: string): string => `"${visibleLine(text).replace(/[\\"]/g, '\\$&')}"`;
