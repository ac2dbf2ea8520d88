// ImportApi, ReimportApi and ExportApi as the table of operations has them: what they need is loaded with the first call, since
// a start should not wait for what most programs never run.
import type { Definition } from '../../openapi/definition.ts';
import type { Handler } from '../context.ts';

const loadImports = () => import('./import-api.ts');

export const importApi: Handler<'ImportApi', Definition> = later(
  async (...call) => (await loadImports()).importApi(...call),
  async (...asked) => (await loadImports()).prepareImport(...asked),
);

export const reimportApi: Handler<'ReimportApi', Definition> = later(
  async (...call) => (await loadImports()).reimportApi(...call),
  async (...asked) => (await loadImports()).prepareImport(...asked),
);

export const exportApi: Handler<'ExportApi'> = async (...call) =>
  (await import('./export-api.ts')).exportApi(...call);

function later<Run extends object, Prepare>(run: Run, prepare: Prepare): Run & { readonly prepare: Prepare } {
  return Object.assign(run, { prepare });
}
