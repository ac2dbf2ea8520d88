// What names of stacks and of change sets are (spec/definitions.md §1.1.2).

/** What is wrong with a name, in CloudFormation's words, where `member` is that of a request; undefined for a name that may be. */
export function nameProblem(member: 'stackName' | 'changeSetName', name: string): string | undefined {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return undefined;
  return `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`;
}
