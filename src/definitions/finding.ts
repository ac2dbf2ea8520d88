// What a report says of a definition (spec/definitions.md §1.5).

export type Severity = 'error' | 'warning' | 'note';

/** Something to say about a place of a definition, while it is being worked on. */
export interface Finding {
  readonly severity: Severity;
  readonly text: string;
  /** Where, as `Sources` counts; undefined where no place of a text is meant. */
  readonly offset?: number | undefined;
  readonly logicalId?: string | undefined;
  readonly type?: string | undefined;
  /** Inside the template: `Resources.ListRoute.Properties.Target`. */
  readonly path?: string | undefined;
}

/** A definition that cannot be deployed: at least one of the findings is an error. */
export class TemplateError extends Error {
  readonly findings: readonly Finding[];
  /** CloudFormation's one text for all of them, where it has one (§8.11.1). */
  readonly summary: string | undefined;

  constructor(findings: readonly Finding[], summary?: string) {
    super(summary ?? findings.map(({ text }) => text).join('\n'));
    this.findings = findings;
    this.summary = summary;
  }
}

/** The error of one place. */
export function templateError(text: string, place: Omit<Finding, 'severity' | 'text'> = {}): TemplateError {
  return new TemplateError([{ severity: 'error', text, ...place }]);
}
