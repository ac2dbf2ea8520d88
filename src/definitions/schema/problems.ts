// What is wrong with the properties of one resource, in the words of AWS's providers (spec/definitions.md §5.1.4): all of it in one
// text.
import type { Node } from '../../tree/node.ts';
import { type Finding, TemplateError } from '../finding.ts';

/** Of which resource properties are. */
export interface PropertiesOf {
  readonly logicalId: string;
  readonly type: string;
}

/** Names of members, and numbers in lists, from the properties on. */
export type Path = readonly string[];

type ValueType = 'String' | 'Integer' | 'Number' | 'Boolean' | 'JSONObject' | 'JSONArray';

interface Problem {
  readonly text: string;
  readonly path: Path;
  readonly offset: number;
}

export class Problems {
  readonly #of: PropertiesOf;
  readonly #ofSchema: Problem[] = [];
  readonly #others: Problem[] = [];

  constructor(of: PropertiesOf) {
    this.#of = of;
  }

  extraneous(path: Path, key: string, offset: number): void {
    this.#add(path, `extraneous key [${key}] is not permitted`, offset);
  }

  missing(path: Path, key: string, offset: number): void {
    this.#add(path, `required key [${key}] not found`, offset);
  }

  wrongType(path: Path, expected: ValueType, found: Node): void {
    this.#add(path, `expected type: ${expected}, found: ${typeOf(found)}`, found.offset);
  }

  constraint(path: Path, keyword: 'enum' | 'minimum' | 'maximum', { offset }: Node): void {
    this.#add(path, `failed validation constraint for keyword [${keyword}]`, offset);
  }

  /** A sentence that AWS does not have. */
  other(path: Path, text: string, { offset }: Node): void {
    this.#others.push({ text, path, offset });
  }

  /** Throws TemplateError when there is something. */
  end(): void {
    const findings = this.#others.map((problem) => this.#finding(problem));
    const [first] = this.#ofSchema;
    if (first !== undefined) {
      const lines = this.#ofSchema.map(({ text }) => text).join('\n');
      const text = `Properties validation failed for resource ${this.#of.logicalId} with message:\n${lines}`;
      findings.unshift(this.#finding({ ...first, text }));
    }
    if (findings.length > 0) throw new TemplateError(findings);
  }

  #add(path: Path, text: string, offset: number): void {
    this.#ofSchema.push({ path, offset, text: `${pointerOf(path)}: ${text}` });
  }

  #finding({ text, path, offset }: Problem): Finding {
    const { logicalId, type } = this.#of;
    return {
      severity: 'error',
      text,
      offset,
      logicalId,
      type,
      path: ['Resources', logicalId, 'Properties', ...path].join('.'),
    };
  }
}

/** RFC 6901, in a fragment. */
function pointerOf(path: Path): string {
  return ['#', ...path.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

function typeOf(node: Node): string {
  if (node.kind === 'map') return 'JSONObject';
  if (node.kind === 'list') return 'JSONArray';
  switch (typeof node.value) {
    case 'number':
      return Number.isInteger(node.value) ? 'Integer' : 'Double';
    case 'boolean':
      return 'Boolean';
    default:
      return 'String';
  }
}
