// YAML as a tree with places. The library reads it, behind bounds of ours: its own recursion and its search for repeated keys
// have none (docs/decisions/0018-definitions-as-text.md).
//
// Scalars are those of YAML 1.2's core schema, in which most of what OpenAPI users write unquoted is text: `yes`, `no`, `on`
// and `off`, dates, times such as 12:30:45. What YAML 1.1 would read otherwise is a number with another base (`017`), whose
// source spelling is kept. Numbers that JSON has not (`.inf`, `.nan`) are text too. Of 1.1 the merge key `<<` is understood,
// which documents use with anchors.
import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { MAX_DEPTH, type TextRules, tooDeep, unusable } from './bounds.ts';
import type { Node } from './node.ts';
import { TextError } from './text-error.ts';
import { YamlTree } from './yaml-tree.ts';

/** Words, indicators, runs of blanks and ends of lines: what reading takes time and memory for. Of a usual document they have
 *  3 MB, as of its JSON 6. */
const MAX_TOKENS = 800_000;
/** What is on the parser's stack besides maps and lists: the document and a scalar. */
const BESIDES = 2;
/** Control characters, which YAML has not, and halves of characters. */
const NOT_YAML = /[^\P{Cc}\t\n\r\x7f-\x9f]|\p{Cs}/u;

/** The text is no YAML at all, whereas other errors are of YAML that is of no use here. */
export class NotYaml extends TextError {}

/** Throws TextError, NotYaml among them. */
export function readYaml(text: string, rules: TextRules): Node {
  const strange = NOT_YAML.exec(text);
  if (strange !== null)
    throw unusable(strange.index, `the character ${JSON.stringify(strange[0])} may not stand in YAML`);
  const parsed = composed(tokensOf(text));
  const root = parsed?.contents;
  if (parsed === undefined || root === null || root === undefined) throw unusable(0, 'the text is empty');
  return new YamlTree(text, rules).of(root);
}

/** What the text is made of. */
function tokensOf(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let documents = 0;
  const take = (token: CST.Token): void => {
    if (token.type === 'error') throw notYaml(token.offset, token.message);
    if (token.type === 'document' && ++documents > 1)
      throw unusable(token.offset, 'a second document begins here, of which there may be one');
    tokens.push(token);
  };
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > MAX_TOKENS)
      throw unusable(
        parser.offset,
        `more than ${MAX_TOKENS} words and signs of YAML; as JSON it may have more`,
      );
    for (const token of parser.next(lexeme)) take(token);
    if (parser.stack.length > MAX_DEPTH + BESIDES) throw tooDeep(parser.offset);
  }
  for (const token of parser.end()) take(token);
  return tokens;
}

/** The one document; undefined when the text has none. Throws TextError for the first error of syntax. */
function composed(tokens: readonly CST.Token[]): Document.Parsed | undefined {
  const composer = new Composer({
    schema: 'core',
    resolveKnownTags: false,
    // Quadratic there, and found by the tree's Map.
    uniqueKeys: false,
    prettyErrors: false,
  });
  let parsed: Document.Parsed | undefined;
  // It goes on after an error and makes an object of each: without stacks they cost a tenth.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    for (const document of composer.compose(tokens)) parsed = document as Document.Parsed;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const errors = [...(parsed?.errors ?? []), ...composer.streamInfo().errors];
  const first = errors.reduce<(typeof errors)[number] | undefined>(
    (least, error) => (least === undefined || error.pos[0] < least.pos[0] ? error : least),
    undefined,
  );
  if (first !== undefined) throw notYaml(first.pos[0], first.message);
  return parsed;
}

function notYaml(offset: number, message: string): NotYaml {
  // A message may quote a token, which may be long.
  return new NotYaml(offset, `not YAML: ${message.length > 200 ? `${message.slice(0, 200)}…` : message}`);
}
