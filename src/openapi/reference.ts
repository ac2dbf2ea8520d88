// References within a document: JSON pointers in fragments (RFC 6901 §6). Others are never followed (spec/openapi.md Choice O10).

/** The steps of a reference from the root, `['components', 'schemas', 'Order']`; undefined for one that leads out of the document. */
export function stepsOf(reference: string): readonly string[] | undefined {
  if (!reference.startsWith('#/')) return undefined;
  try {
    const steps = decodeURIComponent(reference.slice(2)).split('/');
    return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return undefined;
  }
}
