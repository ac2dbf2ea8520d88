// `liveRequestsMask:` names of headers, parameters and members of JSON whose values nobody sees who looks at requests
// (docs/guide/live-requests.md).
import { listOf, matching, section } from '../shape.ts';

/** Besides those that are always masked. */
export const liveRequestsMask = section(
  'Names of headers, query parameters and members of JSON that are masked where requests are looked at, besides those that always are.',
  listOf(
    matching(
      /^[^\s:="]{1,128}$/,
      'it is a name of a header, a parameter or a member, without blanks, `:`, `=` and `"`',
    ),
  ),
  [],
);
