// Posts what a client says back to it. On AWS such a request is signed: use the SDK's client there.
export const handler = async ({ body, requestContext }) => {
  const { connectionId } = requestContext;
  await fetch(`${process.env.CALLBACK}/@connections/${connectionId}`, {
    method: 'POST',
    body: `you said ${body}`,
  });
  return { statusCode: 200 };
};
