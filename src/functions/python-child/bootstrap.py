"""Runs in the process of a Python function: loads the handler of _HANDLER and takes calls from the Lambda Runtime API, as
Lambda's own Python runtime does. Standard library only.
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"""

import decimal
import http.client
import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback
import types

PREFIX = "/2018-06-01/runtime"
MAX_PAYLOAD_BYTES = 6_291_556


class RuntimeClient:
    """One connection, kept; without its other end this process has nothing to live for."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.connection = http.client.HTTPConnection(host, int(port))
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, method, path, body=None, headers=None):
        try:
            self.connection.request(method, PREFIX + path, body, headers or {})
            response = self.connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            os._exit(1)

    def next(self):
        return self.request("GET", "/invocation/next")

    def answer(self, request_id, payload):
        self.request("POST", f"/invocation/{request_id}/response", payload)

    def fail(self, path, document):
        headers = {"Lambda-Runtime-Function-Error-Type": document["errorType"]}
        self.request("POST", path, to_json(document), headers)


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


CLIENT_MEMBERS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext:
    """What a client says of itself: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, document):
        self.custom = document.get("custom") or {}
        self.env = document.get("env") or {}
        client = document.get("client")
        self.client = client and types.SimpleNamespace(**{name: client.get(name) for name in CLIENT_MEMBERS})


class Context:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        client_context = headers.get("Lambda-Runtime-Client-Context")
        if client_context is None:
            self.client_context = None
        else:
            self.client_context = ClientContext(json.loads(client_context.encode("latin-1")))
        self.identity = Identity()
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class LoadError(Exception):
    """The handler cannot be had; `error_type` is Lambda's name for why."""

    def __init__(self, error_type, message):
        super().__init__(message)
        self.error_type = error_type


def load_handler(text):
    module_path, _, name = text.rpartition(".")
    module_name = module_path.removeprefix("./").replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise LoadError("Runtime.ImportModuleError", f"Unable to import module '{module_path}': {error}") from error
    except SyntaxError as error:
        raise LoadError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_path}': {error}") from error
    try:
        return getattr(module, name)
    except AttributeError as error:
        raise LoadError("Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_path}'") from error


def plain(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def to_json(value):
    try:
        return json.dumps(value, default=plain, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, default=plain).encode("ascii")


def document_of(error, request_id=None):
    if isinstance(error, LoadError):
        document = {"errorMessage": str(error), "errorType": error.error_type}
        frames = []
    else:
        document = {"errorMessage": str(error), "errorType": type(error).__name__}
        # Frames of this file are no business of the function's author.
        frames = [each for each in traceback.extract_tb(error.__traceback__) if not is_own(each.filename)]
    if request_id is not None:
        document["requestId"] = request_id
    document["stackTrace"] = [f'  File "{each.filename}", line {each.lineno}, in {each.name}\n    {each.line}\n' for each in frames]
    return document


def is_own(filename):
    return filename == __file__ or filename.startswith("<frozen importlib")


def flush():
    sys.stdout.flush()
    sys.stderr.flush()


def run_call(client, handler, response, event):
    context = Context(response.headers)
    trace_id = response.headers.get("Lambda-Runtime-Trace-Id")
    if trace_id is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    request_id = context.aws_request_id
    try:
        result = handler(json.loads(event), context)
        try:
            payload = to_json(result)
        except Exception as error:
            raise LoadError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error
        flush()
    except Exception as error:
        document = document_of(error, request_id)
        flush()
        client.fail(f"/invocation/{request_id}/error", document)
        return
    if len(payload) > MAX_PAYLOAD_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
        document = {"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"}
        client.fail(f"/invocation/{request_id}/error", document)
        return
    client.answer(request_id, payload)


def main():
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    logging.basicConfig(stream=sys.stdout, format="[%(levelname)s] %(message)s")
    client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        document = document_of(error)
        flush()
        client.fail("/init/error", document)
        sys.exit(1)
    while True:
        response, event = client.next()
        if response.status != 200:
            sys.exit(1)
        run_call(client, handler, response, event)


main()
