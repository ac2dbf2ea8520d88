// TypeScript, as it is: types, enums and imports of other TypeScript files need no build.
import { parsePet } from './pet';

interface Event {
  readonly body?: string;
  readonly requestContext: { readonly http: { readonly method: string } };
}

export async function handler({ body = '{}', requestContext }: Event) {
  try {
    const pet = parsePet(body);
    console.log(`${requestContext.http.method}: ${pet.name} is added`);
    return { statusCode: 201, headers: { location: `/pets/${pet.name}` }, body: JSON.stringify(pet) };
  } catch (error) {
    return { statusCode: 400, body: JSON.stringify({ message: (error as Error).message }) };
  }
}
