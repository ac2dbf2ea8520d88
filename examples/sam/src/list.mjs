const PETS = [{ name: 'Tom' }, { name: 'Rex' }];

export const handler = async () => ({ greeting: process.env.GREETING, pets: PETS });
