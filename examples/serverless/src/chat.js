exports.handler = async ({ body }) => ({ statusCode: 200, body: `you said ${body}` });
