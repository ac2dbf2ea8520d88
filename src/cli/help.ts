// `postern --help` and `postern COMMAND --help`.
import {
  COMMAND_OPTIONS,
  type CommandName,
  type FlagOption,
  isDefinitionCommand,
} from './command-options.ts';
import { STACK_OPTIONS } from './deploy/stack-options.ts';
import { STORE_OPTIONS } from './store/store-options.ts';

const SUMMARY = `Postern is Amazon API Gateway V2 that you run yourself.

  postern [start] [OPTIONS]             start the server
  postern doctor [OPTIONS]              look for what is wrong: versions, ports, store, settings without effect
  postern ready [OPTIONS]               say whether a running server takes clients, or wait until it does
  postern explain METHOD URL [OPTIONS]  send a request to a running server and show every step it takes
  postern tail [OPTIONS]                show the requests of a running server as they come
  postern connections [OPTIONS]         list who is connected to WebSocket APIs
  postern template FILE [OPTIONS]       render a mapping template, and show what it makes
  postern import FILE [OPTIONS]         make an API of an OpenAPI definition, or replace one by it
  postern export API [OPTIONS]          print an API as an OpenAPI definition
  postern deploy [SOURCE] [OPTIONS]     deploy a template, a cloud assembly or a package to a running server
  postern dev [SOURCE] [OPTIONS]        start a server that deploys it, and deploys it again when a file is saved
  postern stacks [NAME] [OPTIONS]       list what is deployed, or show one stack
  postern delete NAME [OPTIONS]         delete a stack
  postern store ACTION [OPTIONS]        export, import or upgrade a store, or tell it that it was restored
  postern --version

"postern COMMAND --help" says more. Each setting can also be an environment variable (--tls-cert is
POSTERN_TLS_CERT) or stand in the configuration file; flags win over variables, variables over the file.
`;

const USAGE: { readonly [N in CommandName]: string } = {
  start: 'postern [start] [OPTIONS]\n\nStarts both doors and serves until SIGTERM or SIGINT.',
  doctor:
    'postern doctor [OPTIONS]\n\nTakes the settings of the server that it looks at. Exit code 1 when something is wrong, 3 when all\nthat is missing is the server. Functions are started, and ended before they take a call.',
  ready:
    'postern ready [OPTIONS]\n\nExit code 0 when the server is ready for clients, 1 when it is not, with the reason. The settings say where\nthe server is.',
  explain:
    'postern explain METHOD URL [OPTIONS]\npostern explain WS-URL [--message TEXT] [OPTIONS]\npostern explain --request ID [OPTIONS]\n\nThe request is really made: its backend is called. The settings say where the server is and who asks.\nOf a WebSocket API (ws://…) the connect request is explained, or a message of a connection that is made for it.\nExit code 0 whatever the request comes to, unless --fail is there.',
  connections: 'postern connections [OPTIONS]\n\nThe settings say where the server is and who asks.',
  tail: 'postern tail [OPTIONS]\n\nOne line a request, until Ctrl-C; "postern explain --request ID" shows all of one. Waits for a server that\nrestarts. The settings say where the server is and who asks.',
  template:
    'postern template FILE [OPTIONS]\n\nRenders a mapping template as WebSocket integrations do. FILE "-" is standard input.',
  import:
    'postern import FILE [OPTIONS]\n\nFILE is an OpenAPI 3.0 document, in JSON or YAML; "-" is standard input. Prints what was made, changed and\nremoved, and each warning with its line and column. A stage with auto-deploy is live with it at once.',
  export:
    'postern export API [OPTIONS]\n\nAPI is the id of an HTTP API. What is printed makes an equal API when it is imported.',
  deploy:
    'postern deploy [SOURCE] [STACK…] [OPTIONS]\n\nSOURCE is a CloudFormation or SAM template, "-" for one on standard input, a CDK cloud assembly (cdk.out), a\nServerless package (.serverless), an OpenAPI document, or a directory with a template. Without one it is looked\nfor here. Of an assembly with several stacks, STACK says which; * and ? stand for anything.\nExit code 1 when nothing was deployed because something is wrong.',
  dev: 'postern dev [SOURCE] [STACK…] [OPTIONS]\n\nSOURCE is what "postern deploy" takes. Starts a server, deploys, prints each route with its address, and deploys\nagain when a file of the definition is saved; a function that is saved is reloaded. A server that runs already\non the same data directory is used. A deploy that fails leaves what ran. Ctrl-C ends everything; the stack stays\nin the data directory, and has the same addresses the next time.',
  stacks:
    'postern stacks [NAME] [OPTIONS]\n\nWith a name: its resources, where it is called, and what was said when it was deployed.',
  store:
    'postern store export [OPTIONS]\npostern store import FILE [OPTIONS]\npostern store upgrade [--check] [OPTIONS]\npostern store restored [--copy] [OPTIONS]\n\nThe store is that of the settings: SQLite in the data directory, or PostgreSQL. An import needs an empty one, and\nmakes all of it or nothing; FILE "-" is standard input. An upgrade adds what the tables of this version have more,\nas a start does. A store of a backup is told so before its nodes are started; --copy where the original goes on.',
  delete: 'postern delete NAME [OPTIONS]\n\nDeletes what the stack made, all or nothing. It asks before.',
};

export function helpText(topic: CommandName | undefined): string {
  if (topic === undefined) return `${SUMMARY}\nOptions of start:\n${optionList(COMMAND_OPTIONS.start)}`;
  const options = optionsOf(topic);
  return `${USAGE[topic]}\n\nOptions:\n${optionList(options)}${othersList(options)}`;
}

function optionsOf(topic: CommandName): readonly FlagOption[] {
  if (topic === 'store') return STORE_OPTIONS;
  return isDefinitionCommand(topic) ? STACK_OPTIONS[topic] : COMMAND_OPTIONS[topic];
}

function optionList(options: readonly FlagOption[]): string {
  const shown = options.filter(({ isWithoutEffect, refusal }) => !isWithoutEffect && refusal === undefined);
  const names = shown.map(
    ({ flag, short, placeholder }) =>
      `${short === undefined ? '' : `-${short}, `}--${flag}${placeholder === undefined ? '' : ` ${placeholder}`}`,
  );
  const width = Math.max(...names.map((name) => name.length));
  return shown.map((option, i) => `  ${names[i]!.padEnd(width)}  ${aboutOf(option)}\n`).join('');
}

function aboutOf({ about, synonyms = [] }: FlagOption): string {
  const also = synonyms.map((each) => `--${each}`).join(', ');
  return also === '' ? about : `${about} (also ${also})`;
}

const LINE = 110;

/** Those of other tools, which scripts may go on naming. */
function othersList(options: readonly FlagOption[]): string {
  const flags = options.filter(({ isWithoutEffect }) => isWithoutEffect).map(({ flag }) => `--${flag}`);
  if (flags.length === 0) return '';
  const lines = [''];
  for (const flag of flags) {
    if (lines.at(-1)!.length + flag.length > LINE) lines.push('');
    lines[lines.length - 1] += ` ${flag}`;
  }
  return `\nTaken as other tools have them, without effect here:\n${lines.map((line) => ` ${line}\n`).join('')}`;
}
