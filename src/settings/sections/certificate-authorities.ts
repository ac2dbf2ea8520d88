// `certificateAuthorities:` PEM files of authorities that are trusted towards backends, besides Node's own
// (spec/http-api.md §3.3, §3.5).
import { certificateFile } from '../certificate-file.ts';
import { listOf, section } from '../shape.ts';

/** The files' texts. */
export const certificateAuthorities = section(
  "PEM files of authorities that are trusted towards backends, besides Node.js's own.",
  listOf(certificateFile),
  [],
);
