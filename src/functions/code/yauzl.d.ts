// What of the package yauzl is used here; it has no types of its own.
declare module 'yauzl' {
  import type { Readable } from 'node:stream';

  interface Entry {
    /** Relative, with `/`; that of a directory ends in one. */
    readonly fileName: string;
    readonly uncompressedSize: number;
    /** The mode of the file in its upper half, where it was packed on a Unix. */
    readonly externalFileAttributes: number;
  }

  interface ZipFile {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    close(): void;
  }

  /** Sizes and names of entries are checked. Rejects what is no zip file. */
  export function openPromise(path: string, options?: { readonly autoClose?: boolean }): Promise<ZipFile>;
}
