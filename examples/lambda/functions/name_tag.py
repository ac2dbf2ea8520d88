# Payload format 2.0: what is not a response is the body of a 200, as JSON.


def handler(event, context):
    name = event["pathParameters"]["name"]
    if name == "Nobody":
        raise LookupError("there is no such pet")
    line = f"* {name} *"
    return {"tag": ["*" * len(line), line, "*" * len(line)], "function": context.function_name}
