// What `postern` says on a terminal once it is ready.
import type { Paint } from './terminal.ts';

export interface BannerFacts {
  readonly version: string;
  /** `http://127.0.0.1:4700` */
  readonly management: string;
  /** The listener of metrics and health; undefined for none. */
  readonly metrics: string | undefined;
  /** The ApiEndpoint of an API, with `{apiId}` in it. */
  readonly apiEndpoint: string;
  /** Why the endpoint has the path form, where it does. */
  readonly nameProblem?: string | undefined;
  readonly data: string;
  /** How many processes serve APIs. */
  readonly workers: number;
  /** The number of this node; undefined for none. */
  readonly node: number | undefined;
  /** Whether any credentials are accepted. */
  readonly open: boolean;
  readonly region: string;
}

export function banner(facts: BannerFacts, paint: Paint): string {
  const { management, apiEndpoint, data } = facts;
  const console = `${management}/_postern/console/`;
  const aws = `aws apigatewayv2 create-api --name pets --protocol-type HTTP --target https://example.com \\
      --endpoint-url ${management} --region ${facts.region}`;
  const names =
    facts.nameProblem === undefined
      ? ''
      : `\n              ${paint.dim(`by path, because ${facts.nameProblem}`)}`;
  const metrics =
    facts.metrics === undefined ? '' : `\n  Metrics     ${paint.cyan(`${facts.metrics}/_postern/metrics`)}`;
  const workers = facts.workers === 1 ? '' : `\n  Workers     ${facts.workers}`;
  const node = facts.node === undefined ? '' : `\n  Node        ${facts.node}`;
  return `
  ${paint.bold('Postern')} ${facts.version}

  Management  ${paint.cyan(management)}  ${paint.dim(facts.open ? 'any AWS credentials' : 'signed requests only')}
  Console     ${paint.cyan(console)}
  Gateway     ${paint.cyan(`${apiEndpoint}/`)}${names}${metrics}
  State       ${paint.dim(data)}${workers}${node}

  Make an API and call the ApiEndpoint that comes back:

    ${aws}

  ${paint.dim('Ctrl-C stops.')}

`;
}
