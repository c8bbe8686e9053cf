import { nearest } from '../../contract/near';

export const selectorText = (labels: Readonly<Record<string, string>>): string => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');

/** Where one text reads like the other; else nothing. */
export const typoText = (asked: string, own: string): string => (asked !== own && nearest(asked, [own]) !== undefined ? ', which reads like it' : '');
