// Plain data as YAML that every reader of YAML 1.1 and 1.2 takes alike: texts that could be anything else are quoted, as in JSON.

/** Lines of `- ` and `key: `, without an end. */
export function asYaml(value: unknown, depth = 0): string {
  const indent = '  '.repeat(depth);
  if (!isNested(value)) return typeof value === 'string' ? scalar(value) : JSON.stringify(value);
  if (Array.isArray(value)) {
    return value.map((each) => `${indent}- ${asYaml(each, depth + 1).trimStart()}`).join('\n');
  }
  return Object.entries(value)
    .map(([key, each]) => `${indent}${scalar(key)}:${isNested(each) ? '\n' : ' '}${asYaml(each, depth + 1)}`)
    .join('\n');
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Without quotes where no reader takes it for anything but this text. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_:./-]*[A-Za-z0-9_]$/.test(text) && !RESERVED.test(text);
  return isPlain && !/:(?:\s|$)/.test(text) ? text : JSON.stringify(text);
}

const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
