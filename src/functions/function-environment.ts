// The environment variables of a function's process: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
import { randomBytes } from 'node:crypto';
import type { FunctionSettings } from './settings.ts';

/** What a function sees of Postern's own environment: where programs, certificates and AWS credentials are. */
const INHERITED = [
  ...['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'VIRTUAL_ENV'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_CA_BUNDLE'],
  ...['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'],
];
/** AWS_ENDPOINT_URL_SQS and its like lead functions to emulators. */
const INHERITED_PREFIX = 'AWS_ENDPOINT_URL';

/** Set by Postern, as by Lambda, whatever the settings say; the settings' reader refuses them. */
export const RESERVED_VARIABLES: readonly string[] = [
  ...['_HANDLER', '_X_AMZN_TRACE_ID', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_RUNTIME_API', 'AWS_EXECUTION_ENV'],
  ...['AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
  ...['AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_LAMBDA_INITIALIZATION_TYPE'],
];

/** `parent` is Postern's environment; a new log stream name each time. */
export function functionEnvironment(
  settings: FunctionSettings,
  name: string,
  region: string,
  parent: { readonly [name: string]: string | undefined },
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [variable, value] of Object.entries(parent)) {
    if (value === undefined) continue;
    if (INHERITED.includes(variable) || variable.startsWith(INHERITED_PREFIX)) environment[variable] = value;
  }
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  const executionEnvironment = EXECUTION_ENVIRONMENTS[settings.runtime];
  return {
    ...environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    TZ: ':UTC',
    ...settings.environment,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: settings.taskRoot,
    ...(executionEnvironment === undefined ? {} : { AWS_EXECUTION_ENV: executionEnvironment }),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memory),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
  };
}

/** Custom runtimes have none. */
const EXECUTION_ENVIRONMENTS: { readonly [runtime: string]: string } = {
  nodejs: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
  python: 'AWS_Lambda_python3',
};
