const PLAIN = /^[A-Za-z0-9_%+:,./@=-]+$/;

/** A command whose words a shell takes as they are, whatever they hold. */
export const command = (...words: readonly string[]): string => words.map(quoted).join(' ');

export const quoted = (word: string): string => (PLAIN.test(word) && !word.startsWith('=') ? word : `'${word.replace(/'/g, '\'\\\'\'')}'`);
