// Certificates with their keys, from files that may change while we run (spec/http-api.md §10.1).
import { readFileSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import type { Log } from '../../telemetry/log.ts';
import type { TlsIdentity } from './domain.ts';
import { WatchedFiles } from './watched-files.ts';

/** Absolute paths of PEM files. */
export interface IdentityFiles {
  readonly cert: string;
  readonly key: string;
}

export interface LoadedIdentity {
  readonly identity: TlsIdentity;
  readonly context: SecureContext;
}

/** Reads a certificate and its key. Throws an Error whose message ends a sentence: `cert.pem does not exist`. */
export function loadIdentity({ cert, key }: IdentityFiles): LoadedIdentity {
  const identity = { cert: readPem(cert), key: readPem(key) };
  try {
    const { createSecureContext } = process.getBuiltinModule('node:tls');
    return { identity, context: createSecureContext({ ...identity, minVersion: 'TLSv1.2' }) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${cert} and ${key} are not a certificate and its private key (${why})`, {
      cause: error,
    });
  }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new Error(`${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`, {
      cause: error,
    });
  }
}

export interface WatchedIdentities {
  /** The certificate of a name, as its files have it now or, when they are faulty, had it last. */
  get(name: string): LoadedIdentity | undefined;
  close(): void;
}

/** Loads certificates by name and follows their files. Throws the Error of `loadIdentity` when one cannot be loaded at
 *  first; later failures are logged and keep what was there. `onChange` hears which changed. */
export function watchIdentities(
  files: ReadonlyMap<string, IdentityFiles>,
  { log, onChange }: { readonly log: Log; onChange?(name: string): void },
): WatchedIdentities {
  const loaded = new Map([...files].map(([name, paths]) => [name, loadIdentity(paths)] as const));
  const reload = (): void => {
    for (const [name, paths] of files) {
      try {
        const next = loadIdentity(paths);
        if (isSame(next.identity, loaded.get(name)!.identity)) continue;
        loaded.set(name, next);
        log('certificate.reloaded', { certificate: name });
        onChange?.(name);
      } catch (err) {
        log('certificate.refused', { certificate: name, err });
      }
    }
  };
  const paths = [...files.values()].flatMap(({ cert, key }) => [cert, key]);
  const watched = paths.length === 0 ? undefined : new WatchedFiles(paths, reload);
  return { get: (name) => loaded.get(name), close: () => watched?.close() };
}

function isSame(one: TlsIdentity, other: TlsIdentity): boolean {
  return one.cert === other.cert && one.key === other.key;
}
