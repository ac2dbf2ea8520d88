// The truststores of domains with mutual TLS: from files that stand for `s3://` objects, else from S3 itself, read when a
// domain is created or updated and kept (spec/http-api.md §10.2).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateDirectory, PRIVATE_FILE } from '../../private-files.ts';
import type { Log } from '../../telemetry/log.ts';
import type { ClientTrust } from '../tls-session.ts';
import { MAX_TRUSTSTORE_BYTES, readTruststorePem, type Truststore, TruststoreError } from './truststore.ts';
import { WatchedFiles } from './watched-files.ts';

export interface TruststoreReading {
  readonly pem: string;
  /** TruststoreWarnings of the domain. */
  readonly warnings: readonly string[];
}

export interface TruststoresOptions {
  /** Absolute paths of PEM files by `s3://bucket/key`. */
  readonly files: ReadonlyMap<string, string>;
  /** Where what S3 gave is kept, so that a restart needs no S3. */
  readonly directory: string;
  /** Where S3 is asked, unless the SDK's settings name a region. */
  readonly region: string;
  /** Why S3 is not asked; undefined where it may be. */
  readonly s3Refusal?: () => string | undefined;
  readonly log: Log;
  readonly now?: () => number;
  /** A truststore has other certificates than before: what older ones let in is let in no more. */
  onChange?(): void;
}

const NOBODY: ClientTrust = Object.freeze({ certificates: Object.freeze([]) });

/** All of it is for domains by their TruststoreUri and TruststoreVersion. */
export class Truststores {
  readonly #options: TruststoresOptions;
  readonly #now: () => number;
  readonly #trusts = new Map<string, ClientTrust>();
  readonly #loading = new Map<string, Promise<void>>();
  #watched: WatchedFiles | undefined;
  #files: ReadonlyMap<string, string>;

  constructor(options: TruststoresOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#files = options.files;
    this.#watch();
  }

  /** Throws TruststoreError for a file that cannot be one of `replace`. */
  check(files: ReadonlyMap<string, string>): void {
    for (const [uri, path] of files) {
      if (this.#files.get(uri) !== path) this.#readFile(path);
    }
  }

  /** Other files from now on. Connections that were let in by others are ended. */
  replace(files: ReadonlyMap<string, string>): void {
    const before = this.#files;
    this.#files = files;
    for (const uri of new Set([...before.keys(), ...files.keys()])) {
      if (before.get(uri) !== files.get(uri)) this.#trusts.delete(uri);
    }
    this.#watched?.close();
    this.#watched = undefined;
    this.#watch();
    this.#options.onChange?.();
  }

  #watch(): void {
    const paths = [...this.#files.values()];
    if (paths.length > 0) this.#watched = new WatchedFiles(paths, () => this.#reload());
  }

  close(): void {
    this.#watched?.close();
  }

  /** Reads a truststore for CreateDomainName and UpdateDomainName; from then on `trustOf` has it. Throws TruststoreError. */
  async read(uri: string, version: string | undefined): Promise<TruststoreReading> {
    const path = this.#files.get(uri);
    if (path !== undefined) {
      const { pem, truststore } = this.#readFile(path);
      this.#set(uri, truststore);
      return { pem, warnings: truststore.warnings };
    }
    const refusal = this.#options.s3Refusal?.();
    if (refusal !== undefined) {
      throw new TruststoreError(
        `The truststore ${uri} cannot be read: ${refusal}; or name a file that stands for it under truststores.`,
      );
    }
    const pem = await fetchObject(uri, version, this.#options.region);
    const truststore = readTruststorePem(pem, this.#now());
    await this.#keep(keyOf(uri, version), pem);
    this.#set(keyOf(uri, version), truststore);
    return { pem, warnings: truststore.warnings };
  }

  /** Another process has read a truststore of S3 anew; what it keeps is taken. Throws TruststoreError. */
  async readKept(uri: string, version: string | undefined): Promise<void> {
    if (!this.#files.has(uri)) await this.#restore(uri, version, keyOf(uri, version));
  }

  /** Whom a domain trusts at present. Nobody while its truststore is not there; it is being fetched then. */
  trustOf(uri: string, version: string | undefined): ClientTrust {
    const path = this.#files.get(uri);
    const key = path === undefined ? keyOf(uri, version) : uri;
    const trust = this.#trusts.get(key);
    if (trust !== undefined) return trust;
    if (path === undefined) {
      this.#load(uri, version, key);
      return NOBODY;
    }
    try {
      this.#set(key, this.#readFile(path).truststore);
    } catch (err) {
      this.#options.log('truststore.unreadable', { truststore: uri, err });
      return NOBODY;
    }
    return this.#trusts.get(key)!;
  }

  /** Fetches once at a time; failures are tried again some time later. */
  #load(uri: string, version: string | undefined, key: string): void {
    if (this.#loading.has(key)) return;
    const loading = this.#restore(uri, version, key)
      .then(() => this.#loading.delete(key))
      .catch((err) => {
        this.#options.log('truststore.unreadable', { truststore: uri, err });
        setTimeout(() => this.#loading.delete(key), RETRY_MILLIS).unref();
      });
    this.#loading.set(
      key,
      loading.then(() => undefined),
    );
  }

  async #restore(uri: string, version: string | undefined, key: string): Promise<void> {
    const kept = await readFile(this.#pathOf(key), 'utf8').catch(() => undefined);
    if (kept === undefined) await this.read(uri, version);
    else this.#set(key, readTruststorePem(kept, this.#now()));
  }

  #set(key: string, { certificates }: Truststore): void {
    const before = this.#trusts.get(key);
    if (before !== undefined && isSame(before.certificates, certificates)) return;
    this.#trusts.set(key, Object.freeze({ certificates }));
    this.#options.onChange?.();
  }

  #readFile(path: string): { pem: string; truststore: Truststore } {
    let pem: string;
    try {
      pem = readFileSync(path, 'utf8');
    } catch (error) {
      throw new TruststoreError(`The truststore cannot be read: ${messageOf(error)}.`, { cause: error });
    }
    return { pem, truststore: readTruststorePem(pem, this.#now()) };
  }

  #reload(): void {
    const { log } = this.#options;
    for (const [uri, path] of this.#files) {
      if (!this.#trusts.has(uri)) continue;
      try {
        const before = this.#trusts.get(uri);
        const { truststore } = this.#readFile(path);
        this.#set(uri, truststore);
        if (this.#trusts.get(uri) === before) continue;
        log('truststore.reloaded', { truststore: uri, warnings: truststore.warnings });
      } catch (err) {
        log('truststore.refused', { truststore: uri, err });
      }
    }
  }

  async #keep(key: string, pem: string): Promise<void> {
    const path = this.#pathOf(key);
    await makePrivateDirectory(this.#options.directory);
    await writeFile(`${path}.new`, pem, { mode: PRIVATE_FILE });
    await rename(`${path}.new`, path);
  }

  #pathOf(key: string): string {
    return join(this.#options.directory, `${createHash('sha256').update(key).digest('hex')}.pem`);
  }
}

const RETRY_MILLIS = 10_000;

function keyOf(uri: string, version: string | undefined): string {
  return `${uri}\n${version ?? ''}`;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, i) => each === other[i]);
}

/** Reads an object by the SDK's standard settings. Throws TruststoreError. */
async function fetchObject(
  uri: string,
  version: string | undefined,
  fallbackRegion: string,
): Promise<string> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new TruststoreError(`The truststore ${uri} is not of the form s3://bucket/key.`);
  }
  // Loaded only here: the client of S3 is the largest part of the program.
  const { readObject } = await import('./s3-object.ts');
  try {
    return await readObject({ bucket, key, version, fallbackRegion, maxBytes: MAX_TRUSTSTORE_BYTES });
  } catch (error) {
    throw new TruststoreError(`The truststore ${uri} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** Without a full stop. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
