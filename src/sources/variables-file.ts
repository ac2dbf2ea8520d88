// Variables of functions in the file format of `sam local` (spec/definitions.md §12.5).
import { resolve } from 'node:path';
import type { DeployRequest } from '../definitions/deploy-request.ts';
import { textOf } from '../tree/node.ts';
import { nameOf, readTreeFile } from './read-file.ts';
import { SourceError } from './source-error.ts';

/** Throws SourceError. */
export async function readVariables(
  file: string,
  cwd: string,
): Promise<NonNullable<DeployRequest['variables']>> {
  const path = resolve(cwd, file);
  const root = await readTreeFile(path, cwd);
  return Object.fromEntries(
    Array.from(root.members, ([of, { value }]) => {
      if (value.kind !== 'map') {
        throw new SourceError(
          `${nameOf(path, cwd)}: ${of} is no map of variables, as {"Parameters": {"A": "x"}, "FUNCTION": {"B": "y"}}.`,
        );
      }
      return [
        of,
        Object.fromEntries(
          Array.from(value.members, ([name, member]) => {
            const text = textOf(member.value);
            if (text !== undefined) return [name, text];
            throw new SourceError(
              `${nameOf(path, cwd)}: the variable ${name} of ${of} is no text, number or boolean.`,
            );
          }),
        ),
      ];
    }),
  );
}
