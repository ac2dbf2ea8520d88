// Where access logs go, by the ARN of a stage's AccessLogSettings (`logDestinations` of the configuration file).

export type LogTarget =
  | { readonly kind: 'stdout' }
  /** Absolute. */
  | { readonly kind: 'file'; readonly path: string }
  /** The log group that the ARN names. `endpoint` undefined: AWS's own. */
  | { readonly kind: 'cloudwatch'; readonly endpoint: string | undefined }
  | { readonly kind: 'firehose'; readonly stream: string; readonly endpoint: string | undefined };

export interface LogDestination {
  readonly arn: string;
  readonly target: LogTarget;
}
