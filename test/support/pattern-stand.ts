// One running program that templates of others are tried on: each is deployed as `postern deploy` does, what it made is looked at
// through the AWS SDK, and every route is asked once.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ApiGatewayV2, type Integration, type Route } from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import type { DeployAnswer, DeployReport, Endpoint } from '../../src/definitions/deploy-answer.ts';
import type { DeployRequest } from '../../src/definitions/deploy-request.ts';
import { TemplateError } from '../../src/definitions/finding.ts';
import { type StackSettings, settingsOfStack } from '../../src/definitions/stack-settings.ts';
import { deployWithFiles } from '../../src/sources/needed-files.ts';
import { readStackRequests } from '../../src/sources/stack-requests.ts';
import { type AwsService, startAwsService } from './aws-service.ts';
import { TEST_CERTIFICATE } from './certificate.ts';
import { ACCOUNT, REGION, type RunningPostern, startTestPostern } from './postern.ts';
import { standIn } from './stand-in-files.ts';

/** A template with what it needs of elsewhere. */
export interface Pattern {
  /** Name of the stack too. */
  readonly name: string;
  readonly text: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** By path from the template's directory; `BACKEND` in them is the URL of the stand-in backend. */
  readonly files?: Readonly<Record<string, string>>;
  /** What postern.yaml says of the stack. */
  readonly settings?: Partial<StackSettings<never>>;
  /** A domain that its API is asked by, with the key of the mapping. */
  readonly domain?: string;
  /** What its messages hold besides what selects the route. */
  readonly message?: object;
}

/** What became of it. */
export interface Tried {
  readonly outcome: DeployReport['outcome'];
  /** Of what was refused. */
  readonly message?: string;
  readonly routes: readonly TriedRoute[];
  readonly warnings: readonly string[];
  /** Texts of notes. */
  readonly notes: readonly string[];
}

export interface TriedRoute {
  /** Logical id of its API, and its key. */
  readonly route: string;
  readonly target: string;
  readonly authorization: string;
  /** `200 from Fn`, `401`. */
  readonly answer: string;
}

/** Listener that private integrations of templates lead to. */
export const LISTENER = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener/app/stand-in/0123456789abcdef/0123456789abcdef`;

/** An object of S3 that stands in a file. */
export const TRUSTSTORE = 's3://testbucket/teststore.pem';

/** Functions begin in this, on a machine that has other things to do. */
const MESSAGE_MILLIS = 15_000;

/** Which Node.js and Python there are. */
const OF_THIS_MACHINE = /^Runtime \S+ runs in /;

/** What is called instead of AWS; not Lambda: a function without code is to be told of. */
const SERVICES = ['SQS', 'SNS', 'SFN', 'EVENTBRIDGE', 'DYNAMODB', 'KINESIS', 'APPCONFIG'];

export class PatternStand {
  readonly postern: RunningPostern;
  readonly #client: ApiGatewayV2;
  readonly #service: AwsService;
  readonly #backend: Server;
  readonly #directory: string;
  readonly #asked: string[] = [];
  readonly #stacks: Map<string, StackSettings<never>>;
  #identity: Identity = { headers: {}, query: '' };
  /** Calls of the pattern's functions that are told already. */
  #told = 0;

  private constructor(
    postern: RunningPostern,
    stacks: Map<string, StackSettings<never>>,
    service: AwsService,
    backend: Server,
    directory: string,
  ) {
    this.postern = postern;
    this.#stacks = stacks;
    this.#service = service;
    this.#backend = backend;
    this.#directory = directory;
    this.#client = new ApiGatewayV2({
      endpoint: postern.management,
      region: REGION,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
    backend.on('request', (incoming, response) => {
      this.#asked.push(incoming.url!);
      response.end('{}');
    });
  }

  static async start(): Promise<PatternStand> {
    const service = await startAwsService();
    const backend = createServer().listen(0, '127.0.0.1');
    await once(backend, 'listening');
    const stacks = new Map<string, StackSettings<never>>();
    Object.assign(process.env, environmentFor(service.url));
    const { port } = backend.address() as AddressInfo;
    const targets = [{ host: '127.0.0.1', port, weight: 1, attributes: new Map() }];
    const privateTargets = [
      { arn: LISTENER, source: { kind: 'static' as const, targets }, healthCheck: undefined },
    ];
    const directory = await mkdtemp(join(tmpdir(), 'postern-patterns-'));
    const authorities = join(directory, 'truststore.pem');
    await writeFile(authorities, TEST_CERTIFICATE);
    const truststores = new Map([[TRUSTSTORE, authorities]]);
    const postern = await startTestPostern({ sections: { stacks, privateTargets, truststores } });
    return new PatternStand(postern, stacks, service, backend, directory);
  }

  async close(): Promise<void> {
    for (const name of Object.keys(environmentFor(''))) delete process.env[name];
    this.#client.destroy();
    await this.postern.close();
    await this.#service.close();
    this.#backend.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #backendUrl(): string {
    return `http://127.0.0.1:${(this.#backend.address() as AddressInfo).port}/`;
  }

  /** An API of somebody else: its id. It has the stages `$default` and `Prod`. */
  async makeApi(): Promise<string> {
    const { ApiId } = await this.#client.createApi({
      Name: 'elsewhere',
      ProtocolType: 'HTTP',
      Target: this.#backendUrl,
    });
    await this.#client.createStage({ ApiId, StageName: 'Prod', AutoDeploy: true });
    return ApiId!;
  }

  async makeDomain(DomainName: string): Promise<void> {
    const CertificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/a`;
    await this.#client.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] });
  }

  async try(pattern: Pattern): Promise<Tried> {
    const { name, files = {} } = pattern;
    this.#told = 0;
    const directory = join(this.#directory, name);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory);
    // Whatever package this is below, the handlers are none of its modules.
    await writeFile(join(directory, 'package.json'), '{}');
    await writeFile(join(directory, 'template.yaml'), pattern.text);
    this.#stacks.set(name, { ...settingsOfStack<never>(new Map(), name), ...pattern.settings });
    const calls = join(directory, '.calls');
    const means = { directory, calls, backend: this.#backendUrl };
    const made = await standIn(pattern.text, means).catch((error: unknown) => {
      if (error instanceof TemplateError) return {};
      throw error;
    });
    for (const [path, content] of Object.entries(files)) {
      const place = join(directory, path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, content.replaceAll('BACKEND', this.#backendUrl));
    }
    const parameters = { ...made, ...pattern.parameters };
    const report = await this.#deploy(directory, parameters);
    const routes = report.outcome === 'refused' ? [] : await this.#tryRoutes(report, calls, pattern);
    if (report.outcome !== 'refused') {
      const again = await this.#deploy(directory, parameters);
      if (again.outcome !== 'unchanged')
        throw new Error(`a second deploy changes ${JSON.stringify(again.changes)}`);
      await this.#call('DELETE', `/${report.stack.name}`);
    }
    const textsOf = (severity: string): readonly string[] =>
      report.findings
        .filter((each) => each.severity === severity)
        .map((each) => plain(each.text, report).replaceAll(directory, 'DIRECTORY'));
    return {
      outcome: report.outcome,
      ...(report.message === undefined ? {} : { message: report.message }),
      routes,
      warnings: textsOf('warning'),
      notes: textsOf('note').filter((text) => !OF_THIS_MACHINE.test(text)),
    };
  }

  async #deploy(directory: string, parameters: Readonly<Record<string, string>>): Promise<DeployReport> {
    const [stack] = await readStackRequests({ source: '.', cwd: directory });
    const ask = async (each: DeployRequest): Promise<DeployAnswer> =>
      (await this.#call('POST', '', each)) as DeployAnswer;
    return deployWithFiles({ ...stack!.request, parameters }, ask, directory);
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.postern.management}/_postern/stacks${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { outcome?: string };
    if (method === 'POST' && answer.outcome === undefined) throw new Error(JSON.stringify(answer));
    return answer;
  }

  async #tryRoutes(
    report: DeployReport,
    calls: string,
    { domain, message = {} }: Pattern,
  ): Promise<readonly TriedRoute[]> {
    const tried: TriedRoute[] = [];
    for (const [ApiId, logicalId, protocolType] of apisOf(report)) {
      const { Items: routes = [] } = await this.#client.getRoutes({ ApiId, MaxResults: '500' });
      const { Items: integrations = [] } = await this.#client.getIntegrations({ ApiId, MaxResults: '500' });
      const { RouteSelectionExpression: expression } = await this.#client.getApi({ ApiId });
      const own = report.endpoints.find((each) => each.apiId === ApiId);
      const endpoint = own && domain !== undefined ? { ...own, url: `http://${domain}/` } : own;
      const { Items: authorizers = [] } = await this.#client.getAuthorizers({ ApiId, MaxResults: '500' });
      this.#identity = identityOf(authorizers.flatMap(({ IdentitySource }) => IdentitySource ?? []));
      const answers =
        endpoint === undefined
          ? new Map<string, string>()
          : protocolType === 'HTTP'
            ? await this.#askRoutes(endpoint, routes, report, calls)
            : await this.#sendMessages(endpoint, routes, report, calls, {
                messageOf: (key) => ({ ...messageFor(expression!, key), ...message }),
                isReached: (route) => isReached(targetOf(route, integrations, report), report),
              });
      for (const route of routes) {
        tried.push({
          route: `${logicalId} ${route.RouteKey}`,
          target: targetOf(route, integrations, report).replaceAll(this.#backendUrl, 'BACKEND'),
          authorization: route.AuthorizationType ?? 'NONE',
          answer: answers.get(route.RouteKey!) ?? 'has no stage',
        });
      }
    }
    return tried.sort((one, other) => (one.route < other.route ? -1 : 1));
  }

  async #askRoutes(
    endpoint: Endpoint,
    routes: readonly Route[],
    report: DeployReport,
    calls: string,
  ): Promise<Map<string, string>> {
    const answers = new Map<string, string>();
    for (const { RouteKey: key } of routes) {
      const [method, path] = key === '$default' ? ['GET', '/'] : (key!.split(' ') as [string, string]);
      const status = await this.#ask(
        endpoint,
        method === 'ANY' ? 'POST' : method,
        path.replace(/\{[^}]*\}/g, 'x'),
      );
      answers.set(key!, `${status}${await this.#reached(report, calls)}`);
    }
    return answers;
  }

  #ask(endpoint: Endpoint, method: string, path: string): Promise<number> {
    const { host, pathname } = new URL(endpoint.url);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.postern.port,
          method,
          path: pathname.replace(/\/$/, '') + path + this.#identity.query,
          headers: { host, ...this.#identity.headers, 'content-type': 'application/json' },
        },
        async (response) => {
          await text(response);
          resolve(response.statusCode!);
        },
      );
      sent.on('error', reject);
      sent.end(
        method === 'GET' || method === 'HEAD' ? undefined : '{"MessageBody":"x","Detail":{},"message":"x"}',
      );
    });
  }

  async #sendMessages(
    endpoint: Endpoint,
    routes: readonly Route[],
    report: DeployReport,
    calls: string,
    { messageOf, isReached }: Messages,
  ): Promise<Map<string, string>> {
    const answers = new Map<string, string>();
    const { host, pathname } = new URL(endpoint.url);
    const socket = new WebSocket(`ws://127.0.0.1:${this.postern.port}${pathname}${this.#identity.query}`, {
      headers: { host, ...this.#identity.headers },
    });
    const opened = await new Promise<string>((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('unexpected-response', (_, response) => resolve(String(response.statusCode)));
      socket.on('error', (error) => resolve(error.message));
    });
    answers.set('$connect', `${opened}${await this.#reached(report, calls)}`);
    for (const route of routes) {
      const { RouteKey: key } = route;
      if (key === '$connect' || key === '$disconnect') continue;
      if (opened !== 'open') {
        answers.set(key!, 'is not reached');
        continue;
      }
      const answer = new Promise<string>((resolve) => {
        socket.once('message', (data) => resolve(briefly(String(data))));
        setTimeout(resolve, MESSAGE_MILLIS, 'no answer').unref();
      });
      socket.send(JSON.stringify(messageOf(key!)));
      const reached = isReached(route) ? await this.#untilReached(report, calls) : '';
      const isAnswered = reached === '' || route.RouteResponseSelectionExpression !== undefined;
      answers.set(key!, `${isAnswered ? await answer : 'taken'}${reached}`);
    }
    socket.close();
    const disconnect = routes.find(({ RouteKey }) => RouteKey === '$disconnect');
    if (disconnect !== undefined) {
      const awaits = opened === 'open' && isReached(disconnect);
      answers.set('$disconnect', `closed${awaits ? await this.#untilReached(report, calls) : ''}`);
    }
    return answers;
  }

  /** Waits a while. */
  async #untilReached(report: DeployReport, calls: string): Promise<string> {
    for (let waited = 0; waited < MESSAGE_MILLIS; waited += 50) {
      const reached = await this.#reached(report, calls);
      if (reached !== '') return reached;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return '';
  }

  /** Who was called since it was asked last. */
  async #reached(report: DeployReport, calls: string): Promise<string> {
    const lines = existsSync(calls) ? (await readFile(calls, 'utf8')).trim().split('\n') : [];
    const names = lines.slice(this.#told);
    this.#told = lines.length;
    const ids = names.map((name) => report.functions.find((each) => each.name === name)?.logicalId ?? name);
    const operations = this.#service.requests.map(({ operation }) => operation);
    this.#service.script({ body: '{}' });
    const backend = this.#asked.splice(0).map(() => 'the backend');
    const all = [...ids, ...operations, ...backend];
    return all.length === 0 ? '' : ` from ${all.join(', ')}`;
  }
}

/** Physical and logical id, and protocol. */
function apisOf(report: DeployReport): readonly (readonly [string, string, string])[] {
  return report.changes
    .filter(({ type, physicalId }) => type === 'AWS::ApiGatewayV2::Api' && physicalId !== undefined)
    .map(({ physicalId, logicalId }) => [
      physicalId!,
      logicalId,
      report.endpoints.find(({ apiId }) => apiId === physicalId)?.protocolType ?? 'HTTP',
    ]);
}

interface Messages {
  readonly messageOf: (key: string) => object;
  /** Whether somebody is called for the route, who can be waited for. */
  readonly isReached: (route: Route) => boolean;
}

function targetOf({ Target }: Route, integrations: readonly Integration[], report: DeployReport): string {
  const integration = integrations.find(({ IntegrationId }) => `integrations/${IntegrationId}` === Target);
  if (integration === undefined) return 'nothing';
  const {
    IntegrationType: type,
    IntegrationSubtype: subtype,
    IntegrationUri: uri,
    ConnectionType: by,
  } = integration;
  const name = /:function:([^/]+)(?:\/invocations)?$/.exec(uri ?? '')?.[1] ?? uri;
  const parts = [type, subtype, name, by === 'VPC_LINK' ? by : undefined];
  return plain(parts.filter((each) => each !== undefined).join(' '), report);
}

/** By code of ours that writes it down, or as a call of a service. */
function isReached(target: string, { functions }: DeployReport): boolean {
  const [type, name] = target.split(' ');
  const fn = functions.find(({ logicalId }) => logicalId === name);
  return type !== 'MOCK' && (fn === undefined || fn.code?.includes('postern-patterns') === true);
}

function messageFor(expression: string, key: string): object {
  const path = /^\$\{?request\.body\.([\w.]+)\}?$/.exec(expression)?.[1] ?? 'action';
  return path.split('.').reduceRight<object | string>((value, name) => ({ [name]: value }), key) as object;
}

/** Answers have ids of connections in them. */
function briefly(answer: string): string {
  return /"message": ?"(Bad request body|Internal server error|Forbidden)"/.exec(answer)?.[1] ?? 'answered';
}

/** With logical ids for the names of functions. */
function plain(said: string, report: DeployReport): string {
  return report.functions.reduce((all, { name, logicalId }) => all.replaceAll(name, logicalId), said);
}

function environmentFor(url: string): Readonly<Record<string, string>> {
  const endpoints = SERVICES.map((name) => [`AWS_ENDPOINT_URL_${name}`, url]);
  return {
    ...Object.fromEntries(endpoints),
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
}

interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  /** With `?` where there is something. */
  readonly query: string;
}

/** What authorizers ask for is there: `$request.header.Authorization`, `route.request.querystring.token`. */
function identityOf(sources: readonly string[]): Identity {
  const named = (place: string): readonly string[] =>
    sources.flatMap((each) => new RegExp(`request\\.${place}\\.(.+)$`).exec(each)?.[1] ?? []);
  const query = named('querystring').map((name) => `${name}=x`);
  return {
    headers: Object.fromEntries(named('header').map((name) => [name, 'x'])),
    query: query.length === 0 ? '' : `?${query.join('&')}`,
  };
}
