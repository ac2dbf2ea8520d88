// The text of a template, or of what one includes, as a tree (spec/definitions.md §2.1).
import type { TextRules } from '../tree/bounds.ts';
import { type MapNode, positionsIn } from '../tree/node.ts';
import { NotJson } from '../tree/read-json.ts';
import { readText } from '../tree/read-text.ts';
import { NotYaml } from '../tree/read-yaml.ts';
import { TextError } from '../tree/text-error.ts';
import type { SourceText } from './deploy-request.ts';
import { type Finding, TemplateError } from './finding.ts';
import { fullForm } from './short-tags.ts';
import { type Sources, shifted } from './sources.ts';

/** Bytes of UTF-8, of a template with all that it includes. */
export const MAX_TEMPLATE = 8 * 1024 * 1024;

/** CloudFormation reads YAML 1.1. */
const TRUTHS = new Map(
  (
    [
      [true, 'yes', 'on'],
      [false, 'no', 'off'],
    ] as const
  ).flatMap(([truth, ...words]) =>
    words.flatMap((word) => {
      const capital = word[0]!.toUpperCase() + word.slice(1);
      return [word, capital, word.toUpperCase()].map((each) => [each, truth] as const);
    }),
  ),
);

const RULES: TextRules = {
  maxSize: MAX_TEMPLATE,
  maxAliased: 100_000,
  truths: TRUTHS,
  tagged: fullForm,
};

/** Offsets are those of `sources`. Throws TemplateError. */
export function readTemplate(source: SourceText, sources: Sources): MapNode {
  const base = sources.add(source);
  try {
    return shifted(readText(source.text, RULES), base);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new TemplateError(findingsOf(error, source.text, base));
  }
}

/** AWS's text says where; what is wrong there is said beside it. */
function findingsOf(error: TextError, text: string, base: number): readonly Finding[] {
  const offset = base + error.offset;
  const language = error instanceof NotJson ? 'JSON' : error instanceof NotYaml ? 'YAML' : undefined;
  if (language === undefined)
    return [{ severity: 'error', text: `Template format error: ${error.detail}`, offset }];
  const { line, column } = positionsIn(text)(error.offset);
  return [
    {
      severity: 'error',
      text: `Template format error: ${language} not well-formed. (line ${line}, column ${column})`,
      offset,
    },
    { severity: 'note', text: error.detail, offset },
  ];
}
