// The whole program for the rows about OpenAPI: documents go in and out through the unmodified AWS SDK, and what they made is
// read back by the single operations.
import assert from 'node:assert/strict';
import {
  ApiGatewayV2,
  type ApiGatewayV2ServiceException,
  ExportApiCommand,
  type ExportApiCommandInput,
  ImportApiCommand,
  type ImportApiCommandOutput,
  type Integration,
  ReimportApiCommand,
  type Route,
} from '@aws-sdk/client-apigatewayv2';
import { type PosternOptions, REGION, type RunningPostern, startTestPostern } from '../support/postern.ts';
import { API_ID, type Document, LINK, type MadeRoute, type Members } from './openapi-language.ts';

/** The account of the examples (spec/openapi.md §0.3). */
const CALLER = { accessKeyId: 'AKIDOPENAPI', secretAccessKey: 'secret', accountId: '123456789012' };

/** The part of the SDK's request that a row changes before it is signed. */
export interface RawRequest {
  query: Record<string, string>;
  body: string;
}

/** What is sent to ImportApi or ReimportApi. */
export interface Sent {
  /** Text as it is; an object as JSON. */
  readonly document: Document | string;
  readonly basepath?: string;
  readonly failOnWarnings?: boolean;
  /** What the SDK would not send. */
  readonly altered?: (request: RawRequest) => void;
}

/** An API as the single operations show it. */
export interface Definition {
  readonly api: Members;
  readonly routes: { readonly [key: string]: MadeRoute };
  /** Without ids. */
  readonly integrations: readonly Members[];
  readonly authorizers: { readonly [name: string]: Members };
}

export class OpenApiStand {
  readonly client: ApiGatewayV2;
  readonly #postern: RunningPostern;
  readonly #linkId: string;

  private constructor(postern: RunningPostern, client: ApiGatewayV2, linkId: string) {
    this.#postern = postern;
    this.client = client;
    this.#linkId = linkId;
  }

  static async start(sections: PosternOptions['sections'] = {}): Promise<OpenApiStand> {
    const postern = await startTestPostern({
      credentials: [CALLER],
      apiEndpoint: 'https://{apiId}.execute-api.us-east-1.amazonaws.com',
      sections,
    });
    const client = new ApiGatewayV2({
      endpoint: postern.management,
      region: REGION,
      credentials: CALLER,
      maxAttempts: 1,
    });
    const { VpcLinkId } = await client.createVpcLink({ Name: 'inner', SubnetIds: ['subnet-1'] });
    return new OpenApiStand(postern, client, VpcLinkId!);
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.#postern.close();
    assert.deepEqual(this.#postern.errors, [], 'no row meets a defect');
  }

  import(sent: Sent): Promise<ImportApiCommandOutput> {
    return this.client.send(altered(new ImportApiCommand(this.#inputOf(sent)), sent));
  }

  reimport(ApiId: string, sent: Sent): Promise<ImportApiCommandOutput> {
    return this.client.send(altered(new ReimportApiCommand({ ApiId, ...this.#inputOf(sent) }), sent));
  }

  #inputOf({ document, basepath, failOnWarnings }: Sent) {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    return {
      Body: text.replaceAll(LINK, this.#linkId),
      ...(basepath === undefined ? {} : { Basepath: basepath }),
      ...(failOnWarnings === undefined ? {} : { FailOnWarnings: failOnWarnings }),
    };
  }

  /** The text of an export, and its content type. */
  async exportText(
    ApiId: string,
    options: Partial<ExportApiCommandInput> = {},
  ): Promise<{ readonly text: string; readonly contentType: string | undefined }> {
    let contentType: string | undefined;
    const command = new ExportApiCommand({ ApiId, OutputType: 'JSON', Specification: 'OAS30', ...options });
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        contentType = (result.response as { headers: Record<string, string> }).headers['content-type'];
        return result;
      },
      { step: 'deserialize' },
    );
    const { body } = await this.client.send(command);
    return { text: Buffer.from(body!).toString('utf8').replaceAll(ApiId, API_ID), contentType };
  }

  async exported(ApiId: string, options: Partial<ExportApiCommandInput> = {}): Promise<Document> {
    return JSON.parse((await this.exportText(ApiId, options)).text) as Document;
  }

  /** An answer with the ids of the specification in place of the real ones, and without the SDK's own member. */
  named(apiId: string, value: object): Members {
    const text = JSON.stringify({ ...value, $metadata: undefined });
    return JSON.parse(text.replaceAll(apiId, API_ID).replaceAll(this.#linkId, LINK)) as Members;
  }

  async read(ApiId: string): Promise<Definition> {
    const { client } = this;
    const page = { ApiId, MaxResults: '500' };
    const [{ $metadata: _, ...api }, routes, integrations, authorizers] = await Promise.all([
      client.getApi({ ApiId }),
      client.getRoutes(page),
      client.getIntegrations(page),
      client.getAuthorizers(page),
    ]);
    const namesById = new Map(authorizers.Items!.map((each) => [each.AuthorizerId!, each.Name!]));
    const read = {
      api,
      routes: Object.fromEntries(
        routes.Items!.map((route) => [
          route.RouteKey!,
          routeOf(route, { namesById, integrations: integrations.Items! }),
        ]),
      ),
      integrations: integrations.Items!.map(integrationOf),
      authorizers: Object.fromEntries(
        authorizers.Items!.map(({ Name, AuthorizerId: __, ...members }) => [Name!, members]),
      ),
    };
    return this.named(ApiId, read) as unknown as Definition;
  }

  /** Everything of an account, for a refusal to have left no trace. */
  async apiIds(): Promise<readonly string[]> {
    const { Items } = await this.client.getApis({ MaxResults: '500' });
    return Items!.map(({ ApiId }) => ApiId!);
  }
}

function altered<C extends ImportApiCommand | ReimportApiCommand>(command: C, sent: Sent): C {
  const { altered: alter } = sent;
  if (alter === undefined) return command;
  const stack = command.middlewareStack as ImportApiCommand['middlewareStack'];
  stack.add(
    (next) => (args) => {
      alter(args.request as RawRequest);
      return next(args);
    },
    // In front of what counts the body's bytes, and of the signature.
    { step: 'build', priority: 'high' },
  );
  return command;
}

interface Referred {
  readonly namesById: ReadonlyMap<string, string>;
  readonly integrations: readonly Integration[];
}

function routeOf(route: Route, { namesById, integrations }: Referred): MadeRoute {
  const { AuthorizationType, AuthorizerId, AuthorizationScopes, OperationName, Target } = route;
  const integration = integrations.find(({ IntegrationId }) => Target === `integrations/${IntegrationId}`);
  assert.equal(integration === undefined, Target === undefined, 'a target leads to an integration');
  return {
    ...(OperationName === undefined ? {} : { name: OperationName }),
    ...(AuthorizationType === 'NONE' ? {} : { type: AuthorizationType as 'JWT' }),
    ...(AuthorizerId === undefined ? {} : { authorizer: namesById.get(AuthorizerId) ?? 'nobody' }),
    ...(AuthorizationScopes === undefined ? {} : { scopes: AuthorizationScopes }),
    ...(integration === undefined ? {} : { to: integrationOf(integration) }),
  };
}

function integrationOf({ IntegrationId: _, ...members }: Integration): Members {
  return members as Members;
}

/** A refusal as rows tell it. */
export interface Refusal {
  readonly name?: string;
  readonly status?: number;
  /** Not told where the specification has no text. */
  readonly message?: string | RegExp;
}

/** Asserts that a call is refused; 400 BadRequestException where nothing else is said. */
export async function expectRefused(call: Promise<unknown>, refusal: Refusal): Promise<void> {
  const { name = 'BadRequestException', status = 400, message } = refusal;
  const error: ApiGatewayV2ServiceException = await call.then(
    () => assert.fail('the call is refused'),
    (reason) => reason,
  );
  assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [name, status], error.message);
  if (message instanceof RegExp) assert.match(error.message, message);
  else if (message !== undefined) assert.equal(error.message, message);
}
