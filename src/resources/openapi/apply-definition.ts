// A definition becomes an API, or takes the place of what an API has: spec/openapi.md §13, steps 7 to 12, in the transaction of the
// caller, who rolls it back by throwing. Everything is made by the rules of its kind; what they refuse is left out with a warning.
import { apiKeyOf } from '../../config/keys.ts';
import { unreachable } from '../../defect.ts';
import { printRouteTarget } from '../../grammar/route-target.ts';
import { BoundedLines } from '../../openapi/bounded-lines.ts';
import type {
  DefinedAuthorization,
  DefinedAuthorizer,
  DefinedIntegration,
  DefinedOperation,
  Definition,
  GivenMembers,
  Line,
} from '../../openapi/definition.ts';
import { authorizers } from '../authorizer/authorizer.ts';
import type { AuthorizerDocument } from '../authorizer/authorizer-types.ts';
import type { Context } from '../context.ts';
import { autoDeploy } from '../deployment/auto-deploy.ts';
import { integrations } from '../integration/integration.ts';
import { routes } from '../route/route.ts';
import { Breath } from './breath.ts';
import { writeApi } from './defined-api.ts';
import { keepDocumentation } from './documentation.ts';
import { accepted, ignored, type Refusal, refusalIn } from './refusals.ts';
import { deleteReplaced, type ReplacedResources } from './replaced-documents.ts';

export interface Applied {
  readonly apiId: string;
  /** In the order of §13 step 13. */
  readonly warnings: readonly Line[];
  readonly info: readonly Line[];
}

/** Makes an API, or replaces what the API `replacedId` has, and deploys once. Throws DefinitionError, and the NotFoundException of
 *  an API that is not there. */
export async function applyDefinition(
  context: Context,
  definition: Definition,
  replacedId?: string,
): Promise<Applied> {
  const warnings = new BoundedLines();
  const breath = new Breath();
  const apiId = await writeApi(context, definition, replacedId, warnings, breath);
  const apiKey = apiKeyOf(context, apiId);
  const replaced =
    replacedId === undefined
      ? undefined
      : await deleteReplaced(context, apiKey, replacedId, definition.operations, breath);
  await applyParts(context, apiId, definition, { replaced, warnings, breath });
  await autoDeploy(context, apiKey);
  return { apiId, warnings: allWarnings(definition, warnings), info: definition.info };
}

/** What the document alone gives reason to warn of, and what was left out of it. */
export function allWarnings(definition: Definition, leftOut: BoundedLines): readonly Line[] {
  const end = leftOut.end((count) => `${count} more warnings of what is left out are not listed`);
  return [...definition.warnings, ...end];
}

export interface ApplicationMeans {
  readonly replaced: ReplacedResources | undefined;
  /** Takes what is said of what is left out. */
  readonly warnings: BoundedLines;
  readonly breath: Breath;
}

/** The ids of what a definition made. */
export interface MadeParts {
  readonly routes: readonly string[];
  readonly integrations: readonly string[];
  readonly authorizers: readonly string[];
}

/** Makes what an API has. Nothing is deployed. */
export async function applyParts(
  context: Context,
  apiId: string,
  definition: Definition,
  { replaced, warnings, breath }: ApplicationMeans,
): Promise<MadeParts> {
  const application = new Application(context, apiId, replaced, warnings);
  for (const authorizer of definition.authorizers) {
    await breath.draw();
    await application.makeAuthorizer(authorizer);
  }
  for (const operation of definition.operations) {
    await breath.draw();
    await application.makeOperation(operation);
  }
  await keepDocumentation(context, apiKeyOf(context, apiId), {
    Routes: Object.fromEntries(application.documentation),
    Schemas: definition.schemas,
  });
  return application.made;
}

type MadeAuthorizer = Pick<AuthorizerDocument, 'AuthorizerId' | 'AuthorizerType'>;

/** What came of an integration: its id, or why there is none. */
type MadeIntegration = { readonly id: string } | { readonly refusal: string };

class Application {
  readonly #context: Context;
  readonly #apiId: string;
  readonly #replaced: ReplacedResources | undefined;
  readonly #warnings: BoundedLines;
  /** Those that were made. */
  readonly #authorizers = new Map<string, MadeAuthorizer>();
  readonly #shared = new Map<string, MadeIntegration>();
  readonly made = {
    routes: [] as string[],
    integrations: [] as string[],
    authorizers: [] as string[],
  } satisfies MadeParts;
  /** By the ids of routes. */
  readonly documentation = new Map<string, object>();

  constructor(
    context: Context,
    apiId: string,
    replaced: ReplacedResources | undefined,
    warnings: BoundedLines,
  ) {
    this.#context = context;
    this.#apiId = apiId;
    this.#replaced = replaced;
    this.#warnings = warnings;
  }

  async makeAuthorizer({ name, given, offset }: DefinedAuthorizer): Promise<void> {
    try {
      const members = { ApiId: this.#apiId, ...accepted(given) };
      const replaced = this.#replaced?.authorizers;
      const made = await authorizers.create(this.#context, members, {}, replaced);
      this.#authorizers.set(name, made);
      this.made.authorizers.push(made.AuthorizerId);
    } catch (error) {
      // As its rules say it, with its full stop (Choice O29).
      this.#warnings.add(`Unable to create Authorizer '${name}': ${refusalIn(error)}`, offset);
    }
  }

  /** An integration stays whatever becomes of its route, and a route whatever becomes of its integration (§5.6). */
  async makeOperation(operation: DefinedOperation): Promise<void> {
    const target = await this.#target(operation);
    const access = this.#access(operation.authorization);
    // The line of the authorizer stands for those of its routes (§4.1(8)).
    if (access === 'refused') return;
    const { routeKey, operationName, documentation, offset } = operation;
    try {
      const { RouteId } = await routes.create(
        this.#context,
        {
          ApiId: this.#apiId,
          RouteKey: routeKey,
          OperationName: operationName,
          ...accepted(access),
          Target: target && printRouteTarget(target),
        },
        {},
        this.#replaced?.routes,
      );
      this.made.routes.push(RouteId);
      if (documentation !== undefined) this.documentation.set(RouteId, documentation);
    } catch (error) {
      this.#ignore('create route for resource at path', routeKey, refusalIn(error), offset);
    }
  }

  /** The id of the operation's integration; undefined when there is none. */
  async #target({ routeKey, integration }: DefinedOperation): Promise<string | undefined> {
    if (integration === undefined) return undefined;
    const { shared, offset } = integration;
    let made = shared === undefined ? undefined : this.#shared.get(shared);
    made ??= await this.#makeIntegration(integration);
    if (shared !== undefined) this.#shared.set(shared, made);
    if ('id' in made) return made.id;
    this.#ignore('create integration for resource at path', routeKey, made.refusal, offset);
    return undefined;
  }

  async #makeIntegration(integration: DefinedIntegration): Promise<MadeIntegration> {
    try {
      const members = { ApiId: this.#apiId, ...accepted(integration.given) };
      const replaced = this.#replaced?.integrations.of(integration);
      const { IntegrationId } = await integrations.create(this.#context, members, {}, replaced);
      this.made.integrations.push(IntegrationId);
      return { id: IntegrationId };
    } catch (error) {
      return { refusal: refusalIn(error) };
    }
  }

  #access(authorization: DefinedAuthorization): GivenMembers | Refusal | 'refused' {
    switch (authorization.kind) {
      case 'none':
        return {};
      case 'iam':
        return { AuthorizationType: 'AWS_IAM', AuthorizationScopes: authorization.scopes };
      case 'authorizer': {
        const authorizer = this.#authorizers.get(authorization.name);
        if (authorizer === undefined) return 'refused';
        return {
          AuthorizationType: authorizer.AuthorizerType === 'JWT' ? 'JWT' : 'CUSTOM',
          AuthorizerId: authorizer.AuthorizerId,
          AuthorizationScopes: authorization.scopes,
        };
      }
      case 'refused':
        return authorization;
      default:
        return unreachable(authorization);
    }
  }

  #ignore(what: string, routeKey: string, refusal: string, offset: number): void {
    this.#warnings.add(ignored(`Unable to ${what} '${routeKey}'`, refusal), offset);
  }
}
