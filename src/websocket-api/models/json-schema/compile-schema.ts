// A schema of draft 4 compiled: a flat table of nodes, of which each is a list of tests (spec/websocket-api.md §2.5.3).
import { Budget, TemplateError } from '../../../template/values.ts';
import { Check, checkValue, MAX_STEPS, type SchemaNode } from './check.ts';
import { Documents } from './documents.ts';
import { type Means, testsOf } from './keywords.ts';
import { METASCHEMA } from './metaschema.ts';
import { compileTextPattern, type PatternSpace, patternSpace, type TextPattern } from './patterns.ts';
import { SchemaError } from './schema-error.ts';
import { type RawSchema, referenceOf, subschemas } from './subschemas.ts';

/** How many schemas one value may be checked against in a row, by references and combinations. */
const MAX_IN_PLACE = 200;

interface Node extends SchemaNode {
  /** Schemas for the value itself. */
  readonly inPlace: Node[];
  /** From how many places it is reached. */
  reached: number;
}

let metaschema: SchemaNode | undefined;

/** Compiles a schema. Throws SchemaError for what is none, and for one whose checks have no bound. */
export function compileSchema(schema: RawSchema): SchemaNode {
  metaschema ??= new Compiler(new Budget(MAX_STEPS), undefined).compile(METASCHEMA);
  try {
    return new Compiler(new Budget(MAX_STEPS), metaschema).compile(schema);
  } catch (error) {
    if (error instanceof TemplateError) {
      throw new SchemaError('the schema is too large to be compiled', { cause: error });
    }
    throw error;
  }
}

class Compiler {
  readonly #budget: Budget;
  readonly #metaschema: SchemaNode | undefined;
  readonly #documents = new Documents();
  readonly #nodes = new Map<RawSchema, Node>();
  readonly #waiting: (readonly [RawSchema, Node])[] = [];
  /** Schemas that have passed the metaschema. */
  readonly #passed = new Set<RawSchema>();
  readonly #patterns: PatternSpace = patternSpace();
  readonly #check: Check;

  constructor(budget: Budget, metaschema: SchemaNode | undefined) {
    this.#budget = budget;
    this.#metaschema = metaschema;
    this.#check = new Check(budget);
  }

  compile(schema: RawSchema): SchemaNode {
    this.#pass(schema);
    this.#documents.addRoot(schema);
    const root = this.#node(schema);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#fill(...next);
    checkInPlace([...this.#nodes.values()]);
    this.#keepOutcomes();
    return root;
  }

  #pass(schema: RawSchema): void {
    if (this.#metaschema === undefined || this.#passed.has(schema)) return;
    const wrong = checkValue(this.#metaschema, schema, 'schema', this.#budget);
    if (wrong !== undefined) throw new SchemaError(wrong);
    const known = [schema];
    for (let next = known.pop(); next !== undefined; next = known.pop()) {
      this.#passed.add(next);
      known.push(...subschemas(next));
    }
  }

  #node(schema: RawSchema): Node {
    let node = this.#nodes.get(schema);
    if (node === undefined) {
      node = { tests: [], kept: undefined, inPlace: [], reached: 0 };
      this.#nodes.set(schema, node);
      this.#waiting.push([schema, node]);
    }
    node.reached++;
    return node;
  }

  #fill(schema: RawSchema, node: Node): void {
    const reference = referenceOf(schema);
    if (reference !== undefined) {
      const target = this.#documents.find(reference, schema);
      this.#pass(target);
      const referred = this.#node(target);
      node.inPlace.push(referred);
      node.tests.push((value, check) => check.fits(referred, value));
      return;
    }
    if (Object.hasOwn(schema, '$ref')) throw new SchemaError('$ref is no text');
    const means: Means = {
      child: (each) => this.#node(each as RawSchema),
      inPlace: (each) => {
        const inner = this.#node(each as RawSchema);
        node.inPlace.push(inner);
        return inner;
      },
      pattern: (source) => this.#pattern(source),
      check: this.#check,
    };
    node.tests.push(...testsOf(schema, means));
  }

  #pattern(source: string): TextPattern {
    return compileTextPattern(source, this.#patterns);
  }

  /** Of schemas that more than one place tries, unless there is nothing in them to try. */
  #keepOutcomes(): void {
    let count = 0;
    for (const [schema, node] of this.#nodes) {
      const isLeaf = referenceOf(schema) === undefined && subschemas(schema).length === 0;
      if (node.reached > 1 && !isLeaf) node.kept = count++;
    }
  }
}

/** A schema that a value is checked against for being checked against it has no end. */
function checkInPlace(nodes: readonly Node[]): void {
  const depths = new Map<Node, number>();
  const open = new Set<Node>();
  const depthOf = (node: Node): number => {
    const known = depths.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) {
      throw new SchemaError(
        'a $ref leads back to itself without a member or an item between, so that no check would end',
      );
    }
    if (open.size >= MAX_IN_PLACE) {
      throw new SchemaError(`more than ${MAX_IN_PLACE} references and combinations follow one another`);
    }
    open.add(node);
    const depth = 1 + Math.max(0, ...node.inPlace.map(depthOf));
    open.delete(node);
    depths.set(node, depth);
    return depth;
  };
  for (const node of nodes) depthOf(node);
}
