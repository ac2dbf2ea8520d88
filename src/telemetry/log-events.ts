// Every event that has a line in the program's log. Its code is stable: whoever watches the log asks for `event`, texts may
// change. docs/reference/log-events.md is made of this table.

interface Declared {
  readonly level: 'info' | 'warn' | 'error';
  /** The line's `msg`: a constant text, what varies is in the fields. */
  readonly message: string;
  /** When the line is written, as it follows "Written when". */
  readonly when: string;
  /** Names of LOG_FIELDS; `?` behind one that is not on every line. */
  readonly fields: readonly string[];
  /** What an operator does about it. */
  readonly operator: string;
}

const NOTHING = 'Nothing.';
const DEFECT = 'Report the stack: it is a defect of Postern.';

export const LOG_EVENTS = {
  'program.ready': {
    level: 'info',
    message: 'ready',
    when: 'both doors are open; on a terminal a banner says it instead',
    fields: ['version', 'management', 'gateway', 'metrics?', 'apiEndpoint', 'data'],
    operator: NOTHING,
  },
  'program.draining': {
    level: 'info',
    message: 'draining',
    when: 'a signal ends the program: no connection is accepted any more, replies in flight finish',
    fields: ['signal'],
    operator: NOTHING,
  },
  'program.stopped': {
    level: 'info',
    message: 'stopped',
    when: 'everything is closed',
    fields: [],
    operator: NOTHING,
  },
  'program.failed': {
    level: 'error',
    message: 'a defect ends the process',
    when: 'an exception reached nobody; the process ends with exit code 1',
    fields: ['err'],
    operator: `Start it again, best by a supervisor. ${DEFECT}`,
  },
  'data.open-to-others': {
    level: 'warn',
    message: 'the data directory is open to others',
    when: 'at the start, others than the owner may read or write the data directory',
    fields: ['data', 'reason'],
    operator: 'Take the rights of others away, as `reason` says.',
  },
  'config.reloaded': {
    level: 'info',
    message: 'the configuration was read anew',
    when: 'the configuration file changed, or SIGHUP came, and all of what differs is in force',
    fields: ['changed'],
    operator: NOTHING,
  },
  'config.unchanged': {
    level: 'info',
    message: 'the configuration is unchanged',
    when: 'the configuration was read anew and says what it said',
    fields: ['changed'],
    operator: NOTHING,
  },
  'config.partly-reloaded': {
    level: 'warn',
    message: 'the configuration was read anew, but not all of it is in force',
    when: 'some of what differs is only taken over by a start',
    fields: ['changed', 'needRestart', 'reason'],
    operator: 'Restart when it suits.',
  },
  'config.refused': {
    level: 'error',
    message: 'the configuration cannot be used; the one before stays in force',
    when: 'the configuration that was read anew is wrong',
    fields: ['reason'],
    operator: 'Correct what `reason` names; the file is read again when it is saved.',
  },
  'stack.deployed': {
    level: 'info',
    message: 'a stack was deployed',
    when: 'after the start, what `stacks.NAME.source` names is deployed; `changes` is 0 where it was already',
    fields: ['stackName', 'source', 'changes', 'reason?'],
    operator: 'See to the warnings, which `reason` has where there are some.',
  },
  'stack.refused': {
    level: 'error',
    message: 'a stack was not deployed',
    when: 'after the start, what `stacks.NAME.source` names cannot be deployed; the stack stays as it was before',
    fields: ['stackName', 'source', 'reason'],
    operator: 'Correct what `reason` names, and start again or run `postern deploy`.',
  },
  'store.failed': {
    level: 'error',
    message: 'the store failed',
    when: 'the store could not serve a management request, which was answered with 500',
    fields: ['requestId', 'problem', 'reason'],
    operator:
      'Do what `reason` says: disk space, rights, or a copy of the data directory in place of a damaged one.',
  },
  'store.down': {
    level: 'error',
    message: 'PostgreSQL cannot be reached',
    when: 'the store is in PostgreSQL, which went away or is not there at the start; requests are served from the replica',
    fields: ['reason'],
    operator: 'See to PostgreSQL. Writes are answered with 503 until it is back.',
  },
  'store.up': {
    level: 'info',
    message: 'PostgreSQL is there again',
    when: 'it can be reached, after `store.down`',
    fields: [],
    operator: NOTHING,
  },
  'registry.failed': {
    level: 'error',
    message: 'connections cannot be written down',
    when: 'the registry of WebSocket connections cannot be read or written; clients of stages with a `$disconnect` integration are refused with 503 until it can',
    fields: ['reason?', 'err?'],
    operator: 'Do what `reason` says: disk space, rights.',
  },
  'registry.recovered': {
    level: 'info',
    message: 'connections are written down again',
    when: 'the registry can be written again',
    fields: [],
    operator: NOTHING,
  },
  'registry.row-unreadable': {
    level: 'error',
    message: 'the end of a connection is not told',
    when: 'a row of the registry that a process before has left cannot be read',
    fields: ['connectionId', 'err'],
    operator: 'Tell the backend, where it matters, that the connection is over.',
  },
  'runtime.damaged': {
    level: 'error',
    message: 'the file of connections and quotas was damaged',
    when: 'the file `runtime.db` of the data directory cannot be read; another was made in its place',
    fields: ['reason'],
    operator: 'See to the disk. Backends are not told of connections that were open.',
  },
  'publish.failed': {
    level: 'error',
    message: 'a change could not be published',
    when: "the store's changes could not be read or a stage could not be compiled; what was live stays so",
    fields: ['what', 'reason?', 'err?'],
    operator:
      '`reason`: see to the store. `err`: report the stack. `GET /_postern/stages` tells which stages are behind.',
  },
  'publish.recovered': {
    level: 'info',
    message: 'changes are live again',
    when: 'everything that was stored is live, after `publish.failed`',
    fields: [],
    operator: NOTHING,
  },
  'route.refuses': {
    level: 'warn',
    message: 'a route cannot run',
    when: 'a stage went live with a route that cannot be compiled; that route alone answers 500',
    fields: ['apiId', 'stage', 'route', 'part', 'reason'],
    operator: 'Correct the named part and deploy again.',
  },
  'request.ended': {
    level: 'info',
    message: 'request',
    when: 'a request or an event of a WebSocket API is over, with `--log-requests on`',
    fields: [
      'method',
      'path',
      'status',
      'ms',
      'requestId',
      'apiId?',
      'stage?',
      'route?',
      'host?',
      'door?',
      'connectionId?',
      'code?',
      'error?',
    ],
    operator: NOTHING,
  },
  'request.defect': {
    level: 'error',
    message: 'a request met a defect',
    when: 'code of Postern threw while it served a request, which was answered with 500',
    fields: ['err', 'requestId'],
    operator: DEFECT,
  },
  'socket-event.defect': {
    level: 'error',
    message: 'an event of a WebSocket API met a defect',
    when: 'code of Postern threw while it served a connect, message or disconnect event',
    fields: ['err', 'requestId'],
    operator: DEFECT,
  },
  'management.failed': {
    level: 'error',
    message: 'a management request failed',
    when: 'code of Postern threw while it served a call of the management API, which was answered with 500',
    fields: ['err', 'requestId', 'method'],
    operator: DEFECT,
  },
  'invoke.failed': {
    level: 'error',
    message: 'an Invoke request failed',
    when: "code of Postern threw while it served a call of Lambda's Invoke API, which was answered with 500",
    fields: ['err', 'requestId'],
    operator: DEFECT,
  },
  'integration.failed': {
    level: 'warn',
    message: 'an integration failed',
    when: 'an integration of an HTTP API gave no usable answer; the client got 500, 503 or 504',
    fields: ['requestId', 'apiId', 'stage', 'route?', 'reason', 'err?'],
    operator: 'See to the backend that `reason` names.',
  },
  'authorizer.failed': {
    level: 'warn',
    message: 'an authorizer failed',
    when: 'an authorizer could not decide; the client got 500',
    fields: ['requestId', 'apiId', 'stage', 'route?', 'reason', 'err?'],
    operator: 'See to the function or issuer that `reason` names.',
  },
  'issuer.unreachable': {
    level: 'warn',
    message: "an issuer's keys could not be fetched",
    when: 'a JWT authorizer needs keys that its issuer did not give',
    fields: ['issuer', 'reason'],
    operator: "See that the issuer's discovery document and keys can be reached from here.",
  },
  'certificate.reloaded': {
    level: 'info',
    message: 'a certificate was loaded anew',
    when: 'the files of a certificate changed; new connections get the new one',
    fields: ['certificate'],
    operator: NOTHING,
  },
  'certificate.refused': {
    level: 'error',
    message: 'a certificate could not be loaded anew; the one before stays',
    when: 'the files of a certificate changed and are no certificate with its key',
    fields: ['certificate', 'err'],
    operator: 'Put the right files in place before the old certificate expires.',
  },
  'truststore.reloaded': {
    level: 'info',
    message: 'a truststore was loaded anew',
    when: 'the file of a truststore changed',
    fields: ['truststore', 'warnings'],
    operator: 'Read `warnings`, if there are any.',
  },
  'truststore.refused': {
    level: 'error',
    message: 'a truststore could not be loaded anew; the one before stays',
    when: 'the file of a truststore changed and is none',
    fields: ['truststore', 'err'],
    operator: 'Put the right file in place.',
  },
  'truststore.unreadable': {
    level: 'error',
    message: 'a truststore cannot be read: its domains let nobody in',
    when: 'a domain with mutual TLS is in use whose truststore neither its file nor S3 gives',
    fields: ['truststore', 'err'],
    operator: 'See to the file of `truststores`, or that S3 can be asked; S3 is asked again after a while.',
  },
  'access-log.not-written': {
    level: 'warn',
    message: 'an access log cannot be written',
    when: 'the file of an access log cannot be opened or appended to; lines wait in memory and are tried again',
    fields: ['file', 'code'],
    operator: 'See to the disk and the rights of the file.',
  },
  'access-log.not-passed-on': {
    level: 'warn',
    message: 'an access log cannot be passed on',
    when: 'CloudWatch Logs or Firehose did not take lines; they wait in memory and are tried again',
    fields: ['destination', 'reason'],
    operator: 'See to the service, its endpoint and the credentials.',
  },
  'access-log.lines-lost': {
    level: 'warn',
    message: 'lines of an access log are lost',
    when: 'too many lines waited, or a destination refused some for good; said once in a while',
    fields: ['destination', 'lines', 'reason'],
    operator: 'See to the destination; `postern_access_log_lost_lines_total` counts all.',
  },
  'traces.exported': {
    level: 'info',
    message: 'requests are traced',
    when: 'at the start, or after a change of the configuration file, traces are configured',
    fields: ['endpoint', 'ratio'],
    operator: NOTHING,
  },
  'traces.not-exported': {
    level: 'warn',
    message: 'spans cannot be exported',
    when: 'the collector did not take spans; they wait in memory and are tried again',
    fields: ['endpoint', 'reason'],
    operator: 'See to the collector and `traces.endpoint`.',
  },
  'traces.spans-lost': {
    level: 'warn',
    message: 'spans are lost',
    when: 'the collector refused spans for good, or too many waited for it; said once in a while',
    fields: ['endpoint', 'spans', 'reason'],
    operator: 'See to the collector and `traces.endpoint`; `postern_spans_dropped_total` counts all.',
  },
  'request-log.lines-lost': {
    level: 'warn',
    message: 'lines of requests are lost: nobody read the output',
    when: 'who reads standard output is too slow for the lines of requests',
    fields: ['lines'],
    operator: 'Read faster, or switch them off with `--log-requests off`.',
  },
  'private-target.healthy': {
    level: 'info',
    message: 'a private target is healthy again',
    when: 'a target that had failed its health checks passes them',
    fields: ['arn', 'host', 'port'],
    operator: NOTHING,
  },
  'private-target.unhealthy': {
    level: 'warn',
    message: 'a private target is unhealthy',
    when: 'a target of a private integration fails its health checks and gets no requests',
    fields: ['arn', 'host', 'port', 'why'],
    operator: 'See to the target.',
  },
  'private-target.not-found': {
    level: 'warn',
    message: 'private targets could not be looked up',
    when: 'DNS or Cloud Map did not say where an ARN leads; the targets that are known stay in use',
    fields: ['arn', 'why'],
    operator: 'See to DNS or Cloud Map, and to `privateTargets`.',
  },
  'function.changed': {
    level: 'info',
    message: 'a function changed',
    when: 'the code of a function on this machine changed; new calls run the new code',
    fields: ['function'],
    operator: NOTHING,
  },
  'function.debuggable': {
    level: 'info',
    message: 'a debugger can attach',
    when: 'with `postern dev --debug`, an instance of a Node.js function has started',
    fields: ['function', 'url'],
    operator: NOTHING,
  },
  'function.output': {
    level: 'info',
    message: 'function output',
    when: 'a function wrote a line',
    fields: ['function', 'requestId?', 'awsRequestId?', 'stream', 'line'],
    operator: NOTHING,
  },
  'function.output-dropped': {
    level: 'warn',
    message: 'function output was left out',
    when: 'a function wrote more in one call, or between calls, than goes to the log',
    fields: ['function', 'requestId?', 'awsRequestId?', 'lines', 'characters', 'limit'],
    operator: 'Make the function write less.',
  },
  'function.failed': {
    level: 'warn',
    message: 'a function failed',
    when: 'a function threw, ended, ran out of time, or cannot be loaded',
    fields: ['function', 'requestId?', 'awsRequestId?', 'reason', 'stack?'],
    operator: 'Correct the function.',
  },
  'function.call-given-up': {
    level: 'warn',
    message: 'an asynchronous call is given up',
    when: 'an asynchronous call failed as often as it is tried',
    fields: ['function', 'requestId', 'awsRequestId'],
    operator: 'Correct the function; the event is lost.',
  },
  'function.calls-lost': {
    level: 'warn',
    message: 'asynchronous calls are lost',
    when: 'the program or a function of the configuration ends while calls wait to be tried again',
    fields: ['function', 'calls'],
    operator: 'Send those events again, if they matter.',
  },
} as const satisfies Readonly<Record<string, Declared>>;

/** The code of an event. */
export type LogEvent = keyof typeof LOG_EVENTS;

type DeclaredField<E extends LogEvent> = (typeof LOG_EVENTS)[E]['fields'][number];
type NameOf<F extends string> = F extends `${infer Name}?` ? Name : F;

/** The names of the fields that lines of an event may have. */
export type FieldName<E extends LogEvent = LogEvent> = NameOf<DeclaredField<E>>;

/** The fields of a line. */
export type FieldsOf<E extends LogEvent> = {
  readonly [F in DeclaredField<E> as F extends `${string}?` ? never : F]: unknown;
} & { readonly [F in DeclaredField<E> as F extends `${infer Name}?` ? Name : never]?: unknown };

/** What each field holds. */
export const LOG_FIELDS: { readonly [N in FieldName]: string } = {
  apiEndpoint: 'the ApiEndpoint of an API, with `{apiId}` in it',
  apiId: 'the API',
  arn: 'the listener, Cloud Map service or VPC link',
  awsRequestId: "the function call, as the function's context has it",
  calls: 'how many calls',
  certificate: "the certificate's ARN, or `default` for that of `tls`",
  changed: 'the settings that are different',
  changes: 'how many resources were made, changed and deleted',
  characters: 'how many characters',
  code: 'the error code of the system, such as `ENOSPC`; of a `DISCONNECT`, the close code of the connection',
  connectionId: 'the WebSocket connection',
  data: 'the data directory',
  destination: 'where the lines were to go',
  door: '`management` for calls of that door',
  endpoint: 'where spans are posted',
  err: 'an error: `type`, `message` and `stack`',
  error: "why the reply is not the integration's",
  file: 'the path of the file',
  function: "the function's name",
  gateway: 'where the gateway door listens',
  host: 'the custom domain or target',
  issuer: 'the issuer',
  limit: 'how many characters go to the log',
  line: 'what was written',
  lines: 'how many lines',
  management: 'where the management door listens',
  method: 'the method of the request; `CONNECT`, `MESSAGE` or `DISCONNECT` for events',
  metrics: 'where metrics and health alone are read',
  ms: 'how long it took, in milliseconds',
  needRestart: 'the settings that wait for a start',
  part: 'the part of the route that is wrong',
  path: 'the path of the request, without its query',
  port: "the target's port",
  problem: 'what kind of failure it is',
  ratio: 'the part of the traces that begin here which is recorded',
  reason: 'a sentence that says why',
  requestId: 'the request, as `$context.requestId`',
  route: 'the route key',
  signal: 'the signal',
  source: 'the path of the definition',
  spans: 'how many spans',
  stack: 'where the function threw',
  stackName: 'the stack',
  stage: 'the stage',
  status: 'the status of the reply; `null` where there was none',
  stream: '`stdout` or `stderr`',
  truststore: "the truststore's `s3://` URI",
  version: 'the version of Postern',
  warnings: 'what is odd in the truststore, as TruststoreWarnings',
  what: 'what was to be published',
  url: 'where a debugger attaches: a WebSocket URL',
  why: 'a sentence that says why',
};
