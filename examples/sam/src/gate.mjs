// Lets in who knows the key.
export const handler = async ({ headers }) => ({ isAuthorized: headers['x-key'] === 'open' });
