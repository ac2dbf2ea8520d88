/** The text is no JSON Schema, or one whose checks have no bound. The message says where and why. */
export class SchemaError extends Error {}
