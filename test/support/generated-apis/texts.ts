// Text in the little languages of API documents, sound mostly, for properties over generated APIs.
import fc from 'fast-check';

export type Input = Readonly<Record<string, unknown>>;

export const VARIABLES = ['host', 'arn', 'path', 'fn', 'empty', 'gone'];
const variable = fc.constantFrom(...VARIABLES).map((name) => `\${stageVariables.${name}}`);
/** Text with pieces of the little languages in it, sound and broken. */
export const pieces = (...own: string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...own) },
        { weight: 2, arbitrary: variable },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '$',
            '{',
            '}',
            '${',
            '[',
            ']',
            '/',
            '?',
            '*',
            "'",
            '.',
            ':',
            '#',
            '\\',
            '%',
            'ü',
            ' ',
          ),
        },
        { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join(''));

/** Mostly sound text, else text that may be anything. */
export const mostly = (sound: readonly string[], broken: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...sound) }, { weight: 1, arbitrary: broken });
export const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
export const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
export const mapOf = (keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>) =>
  fc.dictionary(keys, values, { maxKeys: 3 });

export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:pets';
export const INVOCATION = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
export const ROLE = 'arn:aws:iam::000000000000:role/gateway';

export const url = mostly(
  [
    'http://127.0.0.1:9',
    'https://backend.example.com/a/{proxy}?x=1',
    'http://${stageVariables.host}/pets/{petId}',
    'http://a/${stageVariables.path}?q=${stageVariables.empty}',
    'https://${stageVariables.gone}',
  ],
  pieces('http://', 'https://', 'backend.example.com', ':8080', '/pets/{petId}', '{proxy}', '?a=b', '[::1]'),
);
export const functionUri = mostly(
  [INVOCATION, '${stageVariables.arn}', INVOCATION.replace('pets', '${stageVariables.fn}')],
  pieces('arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', FUNCTION, '/invocations', ':prod'),
);
export const serviceUri = fc.oneof(
  functionUri,
  oneOf(
    'arn:aws:apigateway:us-east-1:sqs:path/000000000000/pets?a=b',
    'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
    'arn:aws:apigateway:us-east-1:${stageVariables.path}',
    'arn:aws:apigateway:us-east-1:bucket.s3:path/{key}',
  ),
  mostly(
    [INVOCATION],
    pieces('arn:aws:apigateway:', 'us-east-1:', 'sqs:', 'path/', 'action/', 'PutItem', '000000000000'),
  ),
);
export const credentials = maybe(mostly([ROLE, '${stageVariables.arn}'], pieces(ROLE)));
export const bodyPath = mostly(
  ['', '.a', '.a.b[0]', '[0]', "['a']", '.a[*]'],
  fc.oneof(
    oneOf(
      '..a',
      '.a[?(@.b==1)]',
      '.a[-1:]',
      '.a[',
      '.',
      '..',
      '.a[]',
      "['a",
      '.a[?(',
      '[0,1]',
      '.length()',
      '[?(@.a =~ /(/)]',
    ),
    pieces('.a', '[0]', "['b']", '..', '[*]', '[?(@.a)]', '[0:1]'),
  ),
);
