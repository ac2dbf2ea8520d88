exports.handler = async ({ pathParameters }) => ({
  id: pathParameters.id,
  price: `3 ${process.env.CURRENCY}`,
});
