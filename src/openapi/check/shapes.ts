// OpenAPI 3.0 as far as a document is checked: which members an object has, of what type, and what a line calls the place of
// each (spec/openapi.md §5.4). The places are those of swagger-parser v3, whose texts AWS's two recorded issues are; they are not
// always the way that one would go through the document: media types are left out, and so is everything within a schema.

import { type MapNode, memberOf, textOf } from '../../tree/node.ts';
import { issuesOfPath, PLAIN_METHODS } from './path-issues.ts';

export interface Shape {
  readonly members: ReadonlyMap<string, Rule>;
  /** What holds for members with other names. */
  readonly others: Rule | 'unexpected' | 'ignored';
  /** Whether names that begin with `x-` are extensions, whose content is nobody's business (§5.4, statement 4). */
  readonly isExtensible: boolean;
  /** Whether `{"$ref": "…"}` may stand in its place. */
  readonly isReferable: boolean;
  /** Members whose absence is an issue: not all that OpenAPI requires (Choice O30). */
  readonly required: readonly string[];
  /** What the object adds to its place. */
  readonly placeOf: ((place: string, node: MapNode) => string) | undefined;
}

export interface Rule {
  /** What the member must be; a string may be any scalar, which is converted (Choice O38). */
  readonly type: 'string' | 'object' | 'array' | 'any';
  /** Of the object, or of the objects in the array. */
  readonly shape?: () => Shape;
  /** The place of the value, from that of its owner. */
  readonly at?: (place: string, key: string) => string;
  /** Whether everything below is looked at for dangling references only (Choice O30). */
  readonly isLoose?: true;
  /** What to call a value that an earlier member of the same rule had. */
  readonly repeatedAs?: (key: string, value: string) => string;
  /** What else may be wrong with a member, its key included. */
  readonly issuesOf?: (key: string, value: MapNode) => Iterable<string>;
}

/** The place of a member; that of the root has no name. */
export const within = (place: string, key: string): string => (place === '' ? key : `${place}.${key}`);
const same = (place: string): string => place;

const ANY: Rule = { type: 'any' };
const TEXT: Rule = { type: 'string' };
const OBJECT: Rule = { type: 'object' };
const ARRAY: Rule = { type: 'array' };
const object = (shape: () => Shape, at = within): Rule => ({ type: 'object', shape, at });
const array = (shape: () => Shape, at = within): Rule => ({ type: 'array', shape, at });
const loose = (rule: Rule): Rule => ({ ...rule, isLoose: true });

function shapeOf(
  members: { readonly [key: string]: Rule },
  rest: Partial<Omit<Shape, 'members'>> = {},
): Shape {
  const all = rest.isReferable === true ? { $ref: TEXT, ...members } : members;
  return {
    members: new Map(Object.entries(all)),
    others: 'ignored',
    isExtensible: true,
    isReferable: false,
    required: [],
    placeOf: undefined,
    ...rest,
  };
}

/** An object whose keys are names that the author chose, `x-` or not. */
const names = (shape: () => Shape, at = within): Shape =>
  shapeOf({}, { others: object(shape, at), isExtensible: false });

const SCHEMA: Shape = shapeOf(
  {
    properties: object(() => PROPERTIES, same),
    items: object(() => SCHEMA, same),
    additionalProperties: object(() => SCHEMA, same),
    not: object(() => SCHEMA, same),
    allOf: array(() => SCHEMA, same),
    anyOf: array(() => SCHEMA, same),
    oneOf: array(() => SCHEMA, same),
  },
  { isReferable: true },
);
const PROPERTIES = names(() => SCHEMA, same);

/** What a reference may stand for and of which nothing else is looked at. `$ref` within the value of an example is data. */
const REFERABLE = shapeOf({}, { isReferable: true });
const REFERABLES = names(() => REFERABLE);

const HEADER = shapeOf(
  {
    schema: object(() => SCHEMA, same),
    content: object(() => CONTENT),
    examples: object(() => REFERABLES, same),
  },
  { isReferable: true },
);
const HEADERS = names(() => HEADER);

const ENCODING = shapeOf({ headers: object(() => HEADERS, same) });
const ENCODINGS = names(() => ENCODING, same);

const MEDIA_TYPE = shapeOf({
  schema: loose(object(() => SCHEMA)),
  examples: loose(object(() => REFERABLES)),
  encoding: loose(object(() => ENCODINGS)),
});
const CONTENT = names(() => MEDIA_TYPE, same);

const PARAMETER = shapeOf(
  {
    name: TEXT,
    in: TEXT,
    description: TEXT,
    required: ANY,
    deprecated: ANY,
    allowEmptyValue: ANY,
    style: TEXT,
    explode: ANY,
    allowReserved: ANY,
    schema: loose(
      object(
        () => SCHEMA,
        (place) => `${place}.schemas`,
      ),
    ),
    example: ANY,
    examples: loose(object(() => REFERABLES)),
    content: object(() => CONTENT),
  },
  {
    others: 'unexpected',
    isReferable: true,
    placeOf: (place, node) => `${place}.[${textOf(memberOf(node, 'name')) ?? "['unknown']"}]`,
  },
);

const REQUEST_BODY = shapeOf({ description: TEXT, content: object(() => CONTENT) }, { isReferable: true });

const RESPONSE = shapeOf(
  {
    description: TEXT,
    headers: loose(object(() => HEADERS, same)),
    links: loose(object(() => REFERABLES, same)),
    content: object(() => CONTENT),
  },
  { isReferable: true },
);
const RESPONSES = shapeOf({}, { others: object(() => RESPONSE) });

const SERVER = shapeOf({ url: TEXT, description: TEXT, variables: OBJECT });

const OPERATION: Shape = shapeOf(
  {
    tags: ARRAY,
    summary: TEXT,
    description: TEXT,
    externalDocs: OBJECT,
    operationId: { type: 'string', repeatedAs: (key) => key },
    parameters: array(() => PARAMETER),
    requestBody: object(() => REQUEST_BODY),
    responses: object(() => RESPONSES),
    callbacks: loose(object(() => CALLBACKS)),
    deprecated: ANY,
    security: ARRAY,
    servers: array(() => SERVER),
  },
  { others: 'unexpected', required: ['responses'] },
);

/** A `$ref` is unexpected in it and is not followed (Choice O10). */
const PATH_ITEM = shapeOf(
  {
    summary: TEXT,
    description: TEXT,
    servers: array(() => SERVER, same),
    parameters: array(() => PARAMETER, same),
    ...Object.fromEntries(
      PLAIN_METHODS.map((method) => [
        method,
        object(
          () => OPERATION,
          (place, key) => `${place}(${key})`,
        ),
      ]),
    ),
  },
  { others: 'unexpected' },
);
const CALLBACK = shapeOf({}, { others: object(() => PATH_ITEM, same), isReferable: true });
const CALLBACKS = names(() => CALLBACK, same);

const PATHS = shapeOf(
  {},
  {
    others: {
      ...object(
        () => PATH_ITEM,
        (place, path) => `${place}.'${path}'`,
      ),
      issuesOf: issuesOfPath,
    },
  },
);

const COMPONENTS = shapeOf({
  schemas: loose(object(() => names(() => SCHEMA))),
  responses: object(() => names(() => RESPONSE)),
  parameters: object(() => names(() => PARAMETER)),
  examples: loose(object(() => REFERABLES)),
  requestBodies: object(() => names(() => REQUEST_BODY)),
  headers: loose(object(() => HEADERS)),
  securitySchemes: object(() => REFERABLES),
  links: loose(object(() => REFERABLES)),
  callbacks: loose(object(() => CALLBACKS)),
});

const INFO = shapeOf(
  {
    title: TEXT,
    description: TEXT,
    termsOfService: TEXT,
    contact: OBJECT,
    license: OBJECT,
    version: TEXT,
  },
  { required: ['title', 'version'] },
);

const TAG = shapeOf(
  { name: { type: 'string', repeatedAs: (_, name) => name }, description: TEXT },
  { required: ['name'] },
);

/** The whole document. */
export const DOCUMENT = shapeOf(
  {
    openapi: ANY,
    info: object(() => INFO),
    servers: array(() => SERVER),
    paths: object(() => PATHS),
    components: object(() => COMPONENTS),
    security: ARRAY,
    tags: array(() => TAG),
    externalDocs: OBJECT,
  },
  { others: 'unexpected', required: ['info'] },
);
