// The documents that SAM sends for its HTTP APIs: the `Body` of every `AWS::ApiGatewayV2::Api` in what its translator is
// expected to write (spec/openapi.md §11.3). Each is imported over the wire, exported, and imported again; the warnings are those
// that are listed here.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Members } from '../conformance/openapi-language.ts';
import { OpenApiStand } from '../conformance/openapi-stand.ts';
import { suiteTest } from './corpus.ts';
import { resolve, type Template } from './sam-intrinsics.ts';

interface Api {
  /** File and resource. */
  readonly name: string;
  readonly body: Members;
  readonly failOnWarnings: boolean;
}

function apisOf(name: string, template: Template): readonly Api[] {
  return Object.entries(template.Resources ?? {}).flatMap(([id, { Type, Properties = {} }]) => {
    if (Type !== 'AWS::ApiGatewayV2::Api' || Properties.Body === undefined) return [];
    const body = resolve(Properties.Body, template) as Members;
    return [{ name: `${name} ${id}`, body, failOnWarnings: Properties.FailOnWarnings === true }];
  });
}

suiteTest('SAM: the documents of its HTTP APIs', 'sam', async (suite, t: TestContext) => {
  const stand = await OpenApiStand.start();
  t.after(() => stand.close());
  const apis = suite
    .list()
    .filter((file) => file.endsWith('.expected.json'))
    .flatMap((file) => apisOf(file.replace('.expected.json', ''), suite.json<Template>(file)));
  let again = 0;
  const said: Record<string, readonly string[]> = {};
  for (const api of apis) {
    const { lines, isExported } = await importAndBack(stand, api);
    if (lines.length > 0) said[api.name] = lines;
    if (isExported) again++;
  }
  t.diagnostic(`${apis.length} documents, ${again} of them exported and imported again`);
  assert.ok(apis.length > 0, 'there are documents');
  assert.deepEqual(said, WARNINGS);
});

/** The warnings of an import, or its error; what was made is the same after a way through an export. */
async function importAndBack(
  stand: OpenApiStand,
  { body, failOnWarnings }: Api,
): Promise<{ readonly lines: readonly string[]; readonly isExported: boolean }> {
  const document = JSON.stringify(body);
  const sent = { document, ...(failOnWarnings ? { failOnWarnings } : {}) };
  const answer = await stand.import(sent).catch((error: Error) => error);
  if (answer instanceof Error) return { lines: [answer.message], isExported: false };
  const first = await stand.read(answer.ApiId!);
  const lines = answer.Warnings ?? [];
  // An API without routes is not exported (§1.4).
  if (Object.keys(first.routes).length === 0) return { lines, isExported: false };
  const { text } = await stand.exportText(answer.ApiId!);
  const back = await stand.import({ document: text, failOnWarnings: true });
  const second = await stand.read(back.ApiId!);
  assert.deepEqual([second.routes, second.authorizers], [first.routes, first.authorizers]);
  const { CreatedDate: _, Version: __, ...attributes } = first.api;
  const { CreatedDate: ___, Version: ____, ...same } = second.api;
  assert.deepEqual(same, attributes);
  return { lines, isExported: true };
}

const NO_SLASH = 'Parse issue: attribute paths. Resource $default should start with /';
const NO_VERSION = 'Parse issue: attribute info.version is missing';
/** Documents that users wrote by hand, with the URL of a backend where a function's URI belongs. */
const URL_AS_FUNCTION = [
  NO_VERSION,
  "Parse issue: attribute paths.'/post'(post).responses is missing",
  "Unable to create integration for resource at path 'POST /post': Invalid function ARN or invalid uri. Ignoring.",
];

/** By file and resource; those that are not here have none. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  'api_http_paths_with_if_condition_no_value_then_case MyApi': URL_AS_FUNCTION,
  'api_http_with_default_iam_authorizer HttpApi': [NO_VERSION],
  'api_with_basic_custom_domain_http MyApi': [NO_SLASH],
  'definition_body_intrinsics_support HttpApiIfIntrinsicAndNoOpenApiEditor': URL_AS_FUNCTION,
  'explicit_http_api MyApi2': [NO_VERSION, NO_SLASH],
  'http_api_existing_openapi MyApi': [NO_SLASH],
  'http_api_existing_openapi_conditions MyApi': [NO_SLASH],
  'http_api_lambda_auth MyApi': [NO_SLASH],
  'http_api_multiple_authorizers MyApi': [NO_SLASH],
  'http_api_with_cors MyApi': [NO_SLASH],
  'http_api_with_cors ServerlessHttpApi': [NO_SLASH],
  // Without `info` an import has no name to give (Choice O11).
  'http_api_with_null_path EXAMPLEPARTIALGateway': ['Invalid API name specified'],
  'implicit_http_api_auth_and_simple_case ServerlessHttpApi': [NO_SLASH],
  'implicit_http_api_with_many_conditions ServerlessHttpApi': [NO_SLASH],
};
