export const handler = async ({ headers }) => ({ pet: headers['x-pet'] });
