// Payload format 2.0. Memory is kept between calls, as long as the instance lives.
let calls = 0;

export async function handler(event) {
  calls++;
  const { kind } = event.queryStringParameters ?? {};
  const pets = PETS.filter((pet) => kind === undefined || pet.kind === kind);
  return { statusCode: 200, headers: { 'x-calls': String(calls) }, body: JSON.stringify(pets) };
}

const PETS = [
  { name: 'Rex', kind: 'dog' },
  { name: 'Tom', kind: 'cat' },
];
