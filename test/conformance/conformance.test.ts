// Runs every conformance row against the whole program, on both codecs: configuration by the AWS SDK, requests and
// replies as raw bytes, a backend that records what it gets.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { type InvokeServer, OK_INVOKED, startInvokeServer } from '../support/invoke-server.ts';
import { makeTestDirectory, type RunningPostern, startTestPostern } from '../support/postern.ts';
import { sendRaw } from '../support/raw-client.ts';
import { OK_ANSWER, type RecordingBackend, startRecordingBackend } from '../support/recording-backend.ts';
import { API_ID, BACKEND, type CallCase, NOBODY, type Setup } from './case.ts';
import { configure, create, update } from './configure.ts';
import { expectAgreement, expectObservation, type Observation, observe } from './observe.ts';
import { callCases, creationCases, updateCases } from './rows.ts';

const CODECS = ['fast', 'reference'] as const;
const PARALLEL = 8;

/** A configuration that is there, with the backend that its rows share. */
interface Ground {
  readonly apiId: string;
  readonly backend: RecordingBackend;
  /** A row's names → real ones, in every text of a value. */
  readonly place: <T>(value: T) => T;
  readonly named: (text: string) => string;
}

const grounds = new Map<Setup, Ground | Error>();
const backends: RecordingBackend[] = [];
const observations = new Map<CallCase, Observation>();
let directory = '';
let lambda: InvokeServer;

before(async () => {
  directory = await makeTestDirectory();
  lambda = await startInvokeServer();
  // Of the Invoke calls; the server takes any.
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});
after(async () => {
  await Promise.all(backends.map((backend) => backend.close()));
  await lambda.close();
  await rm(directory, { recursive: true, force: true });
});

async function lay(postern: RunningPostern, setup: Setup): Promise<void> {
  const backend = await startRecordingBackend();
  backends.push(backend);
  const address = `127.0.0.1:${backend.port}`;
  // Port 1 is the system's, and nothing listens there.
  const replace = (text: string): string =>
    text
      .replaceAll(BACKEND, address)
      .replaceAll(NOBODY, '127.0.0.1:1')
      .replaceAll('}.example.com', `}.0.0.1:${backend.port}`);
  const place = (value: unknown): unknown => {
    if (typeof value === 'string') return replace(value);
    if (Array.isArray(value)) return value.map(place);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, place(member)]));
  };
  let apiId: string;
  try {
    apiId = await configure(postern.client, setup, place as Ground['place']);
  } catch (error) {
    grounds.set(setup, error as Error);
    return;
  }
  grounds.set(setup, {
    apiId,
    backend,
    place: place as Ground['place'],
    named: (text) => text.replaceAll(address, BACKEND).replaceAll(apiId, API_ID),
  });
}

async function run(postern: RunningPostern, row: CallCase): Promise<Observation> {
  const ground = grounds.get(row.setup)!;
  if (ground instanceof Error) throw ground;
  const { apiId, backend, place, named } = ground;
  const answers =
    row.backend === undefined ? [OK_ANSWER] : Array.isArray(row.backend) ? row.backend : [row.backend];
  backend.script(...place(answers));
  lambda.script(row.lambda?.answer ?? OK_INVOKED);
  const bytes = row.request.replaceAll(API_ID, apiId);
  const reply = await sendRaw({ host: postern.host, port: postern.port, bytes });
  return observe(reply, backend.requests, lambda.invocations, named);
}

for (const codec of CODECS) {
  // One store: the second codec serves what the first one's program stored.
  describe(`the ${codec} codec`, () => {
    let postern: RunningPostern;
    before(async () => {
      const sections = { lambda: { endpoint: lambda.endpoint, functionEndpoints: new Map() } };
      postern = await startTestPostern({ codec, data: directory, sections });
      const waiting = [...new Set(callCases.map(({ setup }) => setup))].filter(
        (setup) => !grounds.has(setup),
      );
      const work = async (): Promise<void> => {
        for (let setup = waiting.pop(); setup !== undefined; setup = waiting.pop()) await lay(postern, setup);
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
    });
    after(async () => {
      await postern.close();
      assert.deepEqual(postern.errors, [], 'no row meets a defect');
    });

    for (const row of callCases) {
      if (row.only !== undefined && row.only.codec !== codec) {
        test(row.name, { skip: row.only.because }, () => {});
        continue;
      }
      test(row.name, async () => {
        const observation = await run(postern, row);
        expectObservation(observation, row);
        const other = observations.get(row);
        if (other !== undefined) expectAgreement(observation, other, row);
        observations.set(row, observation);
      });
    }
  });
}

const defined = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

describe('what the management API takes and refuses', () => {
  let postern: RunningPostern;
  before(async () => {
    postern = await startTestPostern();
  });
  after(() => postern.close());

  for (const row of creationCases) {
    test(row.name, async () => {
      let apiId: string | undefined;
      for (const creation of row.before ?? []) apiId = await create(postern.client, creation, apiId);
      const made = create(postern.client, row.creation, apiId);
      if (row.refused === undefined) await made;
      else await assert.rejects(made, row.refused);
    });
  }
  for (const row of updateCases) {
    test(row.name, async () => {
      const read = update(postern.client, row);
      if (row.refused === undefined) assert.deepEqual(defined(await read), defined(row.reads));
      else await assert.rejects(read, row.refused);
    });
  }
});
