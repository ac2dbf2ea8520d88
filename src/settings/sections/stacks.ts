// `stacks:` what stands in for the rest of the world in stacks (spec/definitions.md §6.5, docs/reference/settings.md):
//
//   stacks:
//     pets:
//       source: template.yaml
//       parameters: { Stage: dev }
//       resources:
//         Pool:    { ref: eu-west-1_AbCdEfGhI }
//         Cluster: { attributes: { Endpoint.Address: db.internal } }
//       functions:  { Resize: { file: target/lambda/resize } }
//       exports:    { network-VpcId: vpc-0a1b2c }
//       ssm:        { /shop/stage: dev }
//       secrets:    { shop/db: { username: a, password: b } }
//       s3:         { "s3://artifacts/shop/": ./build/ }
//     "*": { ssm: { /shop/stage: dev } }
import { EVERY_STACK, type StackSettings, type StandIn } from '../../definitions/stack-settings.ts';
import type { StandInFunction } from '../../functions/settings.ts';
import {
  anything,
  defaulted,
  entriesOf,
  filePath,
  into,
  type Keys,
  objectOf,
  optional,
  type Shape,
  scalarOr,
  section,
  text,
} from '../shape.ts';
import { standIn } from './functions.ts';

const STACK_NAMES: Keys = {
  pattern: /^(?:[a-zA-Z][-a-zA-Z0-9]{0,127}|\*)$/,
  advice: 'is named as no stack can be: a letter, then letters, digits and -, 128 at most; or "*" for all',
};

const LOGICAL_IDS: Keys = {
  pattern: /^[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*$/,
  advice: 'is named by no logical id: letters and digits, with Parent.Child for one of a nested stack',
};

const texts = entriesOf(text);

const resource: Shape<StandIn> = into(
  objectOf({
    ref: optional('What Ref gives.', text),
    attributes: optional('What Fn::GetAtt gives, by name.', texts),
  }),
  ({ ref, attributes }, node) => {
    if (ref === undefined && attributes === undefined) throw node.error('needs ref, attributes, or both');
    return { ref, attributes: attributes ?? new Map() };
  },
  { minProperties: 1 },
);

/** What SecretString is: text as it is, everything else as JSON, whose scalars are text. */
const secret = scalarOr(
  text,
  into(anything, (value) => JSON.stringify(value), { type: ['object', 'array'] }),
);

const stack: Shape<StackSettings<StandInFunction>> = objectOf({
  source: optional('A definition that is deployed when the program has started.', filePath),
  parameters: defaulted('Values of parameters that the deploy does not give, by name.', texts, new Map()),
  resources: defaulted(
    'Resources that are elsewhere, by logical id; Parent.Child in a nested stack.',
    entriesOf(resource, LOGICAL_IDS),
    new Map(),
  ),
  functions: defaulted(
    "Code that answers instead of the definition's, by logical id.",
    entriesOf(standIn, LOGICAL_IDS),
    new Map(),
  ),
  exports: defaulted('Values for Fn::ImportValue of exports that no stack here has.', texts, new Map()),
  ssm: defaulted('Values of SSM parameters, by name.', texts, new Map()),
  secrets: defaulted('Secrets by id: text, or a mapping that is its JSON.', entriesOf(secret), new Map()),
  s3: defaulted(
    'Files and directories that have the objects, by s3://BUCKET/PREFIX.',
    entriesOf(filePath, { pattern: /^s3:\/\/[^/]+(?:\/|$)/, advice: 'is named by no s3://bucket/prefix' }),
    new Map(),
  ),
});

/** By the stack's name, or `*`. */
export const stacks = section(
  `What stands in for the rest of the world in deployed definitions, by stack; "${EVERY_STACK}" is all.`,
  into(entriesOf(stack, STACK_NAMES), (read, node) => {
    if (read.get(EVERY_STACK)?.source === undefined) return read;
    throw node.error(
      `"${EVERY_STACK}" has a source: it is deployed as one stack, so say it under the name of that`,
    );
  }),
  new Map(),
);
