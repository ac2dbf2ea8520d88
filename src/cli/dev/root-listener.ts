// `--port N`: the one HTTP API of what was deployed, at the root of an address of its own (spec/definitions.md §12.6).
import type { Endpoint } from '../../definitions/deploy-answer.ts';
import type { LoneServer } from '../server.ts';
import { oneLine } from '../terminal.ts';

const HOST = '127.0.0.1';

export class RootListener {
  readonly #apiId: string | undefined;
  #url = '';
  #current: Endpoint | undefined;
  #said = '';

  /** `apiId` is the logical id or the id of the API; the only one when undefined. */
  constructor(apiId: string | undefined) {
    this.#apiId = apiId;
  }

  /** Throws StartError. */
  async open({ listenFor }: Pick<LoneServer['postern'], 'listenFor'>, port: number): Promise<void> {
    this.#url = await listenFor({ host: HOST, port }, () => this.#current);
  }

  /** Serves the API of a deploy from now on. Returns what is to be said, where that is other than before. */
  lead(endpoints: readonly Endpoint[]): { readonly text: string; readonly isWrong: boolean } | undefined {
    const found = chosen(endpoints, this.#apiId);
    const isWrong = typeof found === 'string';
    this.#current = isWrong ? undefined : found;
    const text = isWrong ? found : `${this.#url}/  serves ${found.logicalId} ${found.stage}`;
    if (text === this.#said) return undefined;
    this.#said = text;
    return { text, isWrong };
  }
}

/** The stage, or why there is none. */
function chosen(endpoints: readonly Endpoint[], named: string | undefined): Endpoint | string {
  const stages = endpoints.filter(
    ({ protocolType, logicalId, apiId }) =>
      protocolType === 'HTTP' && (named === undefined || named === logicalId || named === apiId),
  );
  const ids = [...new Set(stages.map(({ logicalId }) => logicalId))];
  if (ids.length > 1) {
    return `--port serves one HTTP API, and there are ${ids.length}: say --api ID, which is ${ids.map(oneLine).join(' or ')}.`;
  }
  if (ids.length === 0) {
    const all = endpoints.filter(({ protocolType }) => protocolType === 'HTTP');
    const known = [...new Set(all.map(({ logicalId }) => oneLine(logicalId)))].join(', ');
    return `--port has nothing to serve: there is no HTTP API ${named === undefined ? 'with a stage' : `${oneLine(named)} with a stage, there is ${known === '' ? 'none' : known}`}.`;
  }
  const only =
    stages.find(({ stage }) => stage === '$default') ?? (stages.length === 1 ? stages[0] : undefined);
  if (only !== undefined) return only;
  const names = stages.map(({ stage }) => oneLine(stage)).join(', ');
  return `--port serves the stage $default or the only one, and ${oneLine(ids[0]!)} has ${names}.`;
}
