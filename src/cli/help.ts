// `postern --help` and `postern COMMAND --help`.
import { COMMAND_OPTIONS, type CommandName, type FlagOption } from './command-options.ts';

const SUMMARY = `Postern is Amazon API Gateway V2 that you run yourself.

  postern [start] [OPTIONS]             start the server
  postern doctor [OPTIONS]              look for what is wrong: versions, ports, store, settings without effect
  postern explain METHOD URL [OPTIONS]  send a request to a running server and show every step it takes
  postern template FILE [OPTIONS]       render a mapping template, and show what it makes
  postern import FILE [OPTIONS]         make an API of an OpenAPI definition, or replace one by it
  postern export API [OPTIONS]          print an API as an OpenAPI definition
  postern --version

"postern COMMAND --help" says more. Each setting can also be an environment variable (--tls-cert is
POSTERN_TLS_CERT) or stand in the configuration file; flags win over variables, variables over the file.
`;

const USAGE: { readonly [N in CommandName]: string } = {
  start: 'postern [start] [OPTIONS]\n\nStarts both doors and serves until SIGTERM or SIGINT.',
  doctor:
    'postern doctor [OPTIONS]\n\nTakes the settings of the server that it looks at. Exit code 1 when something is wrong, 3 when all\nthat is missing is the server. Functions are started, and ended before they take a call.',
  explain:
    'postern explain METHOD URL [OPTIONS]\n\nThe request is really made: its backend is called. The settings say where the server is and who asks.\nExit code 0 whatever the request comes to, unless --fail is there.',
  template:
    'postern template FILE [OPTIONS]\n\nRenders a mapping template as WebSocket integrations do. FILE "-" is standard input.',
  import:
    'postern import FILE [OPTIONS]\n\nFILE is an OpenAPI 3.0 document, in JSON or YAML; "-" is standard input. Prints what was made, changed and\nremoved, and each warning with its line and column. A stage with auto-deploy is live with it at once.',
  export:
    'postern export API [OPTIONS]\n\nAPI is the id of an HTTP API. What is printed makes an equal API when it is imported.',
};

export function helpText(topic: CommandName | undefined): string {
  if (topic === undefined) return `${SUMMARY}\nOptions of start:\n${optionList(COMMAND_OPTIONS.start)}`;
  return `${USAGE[topic]}\n\nOptions:\n${optionList(COMMAND_OPTIONS[topic])}`;
}

function optionList(options: readonly FlagOption[]): string {
  const names = options.map(
    ({ flag, short, placeholder }) =>
      `${short === undefined ? '' : `-${short}, `}--${flag}${placeholder === undefined ? '' : ` ${placeholder}`}`,
  );
  const width = Math.max(...names.map((name) => name.length));
  return options.map((option, i) => `  ${names[i]!.padEnd(width)}  ${option.about}\n`).join('');
}
