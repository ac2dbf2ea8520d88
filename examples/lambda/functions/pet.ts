export enum Kind {
  Cat = 'cat',
  Dog = 'dog',
}

export interface Pet {
  readonly name: string;
  readonly kind: Kind;
}

/** Throws with a sentence for the client. */
export function parsePet(text: string): Pet {
  const { name, kind }: { name?: unknown; kind?: unknown } = JSON.parse(text);
  if (typeof name !== 'string') throw new Error('A pet has a name.');
  const found = Object.values(Kind).find((each) => each === kind);
  if (found === undefined) throw new Error(`A pet is one of ${Object.values(Kind).join(', ')}.`);
  return { name, kind: found };
}
