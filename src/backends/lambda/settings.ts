// Where the Invoke API of Lambda is, as settings say it (docs/reference/settings.md). Read by settings/sections/lambda.ts.

export interface LambdaSettings {
  /** Base URL; undefined: where the AWS SDK's own settings say, if anybody asked for that. */
  readonly endpoint: string | undefined;
  /** Functions are called at AWS itself. */
  readonly atAws?: boolean;
  /** Base URLs of single functions, by name or ARN, either with `:QUALIFIER` after it. */
  readonly functionEndpoints: ReadonlyMap<string, string>;
}
