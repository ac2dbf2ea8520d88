// What compiled decorators call: oxc-transform leaves these to a global object `babelHelpers`. They do what tslib's do.

type Decorator = (target: object, member?: PropertyKey, descriptor?: PropertyDescriptor | number) => unknown;

/** `descriptor` undefined for fields, null to look it up; both absent for a class. */
function decorate(
  decorators: readonly Decorator[],
  target: object,
  member?: PropertyKey,
  descriptor?: PropertyDescriptor | null,
): unknown {
  const isClass = member === undefined;
  let result: object | undefined = isClass
    ? target
    : descriptor === null
      ? Object.getOwnPropertyDescriptor(target, member)
      : descriptor;
  for (const each of decorators.toReversed()) {
    const given = isClass ? each(result as object) : each(target, member, result as PropertyDescriptor);
    if (given !== undefined && given !== null) result = given as object;
  }
  if (!isClass && result !== undefined) Object.defineProperty(target, member, result);
  return result;
}

/** Metadata is kept by the package reflect-metadata when the function loads it. */
function decorateMetadata(key: unknown, value: unknown): Decorator {
  const { metadata } = Reflect as { metadata?: (key: unknown, value: unknown) => Decorator };
  return metadata === undefined ? () => undefined : metadata.call(Reflect, key, value);
}

function decorateParam(index: number, decorator: Decorator): Decorator {
  return (target, member) => void decorator(target, member, index);
}

/** Defines them where compiled code looks. */
export function defineDecoratorHelpers(): void {
  const scope = globalThis as { babelHelpers?: object };
  scope.babelHelpers = { ...scope.babelHelpers, decorate, decorateMetadata, decorateParam };
}
