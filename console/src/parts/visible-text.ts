// Texts of others as a page shows them: characters that turn the order of a line around, or that nobody sees, are written out. Pages
// have no other use of this than showing; what is copied or sent is the text itself.

/** Controls but tab and line feed, marks of direction, and what separates lines without being a line end. */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `safe\u{202e}gpj.exe`; a carriage return before a line feed goes. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSEEN, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
}
