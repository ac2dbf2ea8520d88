// What was thrown, as Lambda's Node.js runtime tells it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html

/** `errorType` is the error's name unless given. */
export function errorDocument(error: unknown, errorType?: string): string {
  try {
    return JSON.stringify(
      error instanceof Error || isErrorLike(error)
        ? {
            errorType: errorType ?? error.name,
            errorMessage: error.message,
            trace: (error.stack ?? '').split('\n'),
          }
        : { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] },
    );
  } catch {
    return '{"errorType":"handled","errorMessage":"callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack"}';
  }
}

/** Errors of another realm are none of ours by class. */
function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === 'object' && value !== null && 'message' in value && 'name' in value && 'stack' in value
  );
}
