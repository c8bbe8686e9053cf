import { visibleLine } from '../../analysis/visible';

/** A quoted text of Mermaid, which reads `#34;` as a quotation mark, and takes backticks for Markdown and angle brackets for HTML. */
export const mermaidText = (text: string): string => `"${visibleLine(text).replace(/[#"<>&`\\]/g, character => `#${character.charCodeAt(0)};`)}"`;
