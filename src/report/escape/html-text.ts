import { visibleLine } from '../../analysis/visible';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;', '`': '&#96;' };

/** For text and for attributes in quotation marks. */
export const htmlText = (text: string): string => visibleLine(text).replace(/[&<>"'`]/g, character => ENTITIES[character]);
