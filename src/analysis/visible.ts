/** Control characters but tab and line feed, halves of surrogate pairs, non-characters, and what turns the direction of writing around. */
const UNSEEN = new RegExp(
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\u200e\\u200f\\u061c\\ufffe\\uffff]'
  + '|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]', 'g');

/** Names come from other people's files: what a terminal would obey, or would not show, is written as `\u001b`. */
export const visible = (text: string): string =>
  text.replace(UNSEEN, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const BREAKS = /[\t\n]/g;

/** As `visible`, for what must stay in one line. */
export const visibleLine = (text: string): string => visible(text).replace(BREAKS, character => (character === '\t' ? '\\t' : '\\n'));
