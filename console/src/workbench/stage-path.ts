// URLs of a stage as paths of it: what is pasted names hosts of elsewhere, and ids of APIs that were copied.

/** The path below the stage, with its query, where a URL is the default endpoint of an API, by whatever host, or the path form of
 *  this one; else the URL as it is. */
export function stagePath(url: string, apiId: string, stage: string | undefined): string {
  const [, host, path = '', query = ''] = /^[a-z]+:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(url) ?? [];
  if (host === undefined) return url;
  const pathForm = `/_aws/execute-api/${apiId}/`;
  if (path.startsWith(pathForm)) return withoutStage(`/${path.slice(pathForm.length)}`, true, stage) + query;
  if (/^[a-z0-9]+\.execute-api\./i.test(host)) return withoutStage(path, false, stage) + query;
  return url;
}

/** The path form names the stage always, a host name does not name `$default`. */
function withoutStage(path: string, isNamed: boolean, stage: string | undefined): string {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  const below = isNamed || first === stage ? rest : path;
  return below === '' ? '/' : below;
}
