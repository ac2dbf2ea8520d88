// One text message of a client: route, throttle, model, integration, answer. The order is that of the reference algorithm
// (spec/websocket-api.md §4.7).
import type { SocketEvent } from './event.ts';
import {
  BAD_REQUEST_BODY,
  errorFrame,
  FORBIDDEN,
  INTERNAL_ERROR,
  type SocketFailure,
  THROTTLED,
} from './failures.ts';
import { endIntegration } from './integrations/ending.ts';
import type { SocketAnswer, SocketFailed, SocketRoute } from './stage.ts';

/** Where an event's frames go. */
export interface FrameSink {
  /** A text frame, or a binary one. What is sent to a client that is gone is dropped. */
  sendFrame(data: string | Buffer): void;
  /** A step threw: a defect of ours. The client gets an error frame. */
  onDefect(error: unknown, event: SocketEvent): void;
  /** The message has got its answer, or needs none. */
  onServed(): void;
}

/** Largest frame to a client, in bytes (Choice U18). */
const MAX_FRAME_BYTES = 131_072;

export function serveMessage(event: SocketEvent, sink: FrameSink): void {
  try {
    serve(event, sink);
  } catch (error) {
    fail(event, sink, INTERNAL_ERROR);
    sink.onDefect(error, event);
  }
}

function serve(event: SocketEvent, sink: FrameSink): void {
  const { stage } = event;
  const key = stage.routeSelection(event);
  // Neither $connect nor $disconnect is among them (§2.2.6).
  const route = stage.routes.get(key) ?? stage.routes.get('$default');
  if (route === undefined) return fail(event, sink, FORBIDDEN);
  event.route = route;
  const admitted = route.throttle === undefined || route.throttle.admits(performance.now());
  if (admitted === true) return proceed(event, sink, route);
  if (admitted === false) return fail(event, sink, THROTTLED);
  admitted
    .then((isAdmitted) => (isAdmitted ? proceed(event, sink, route) : fail(event, sink, THROTTLED)))
    .catch((error: unknown) => {
      fail(event, sink, INTERNAL_ERROR);
      sink.onDefect(error, event);
    });
}

/** What is admitted, at once or later. */
function proceed(event: SocketEvent, sink: FrameSink, route: SocketRoute): void {
  event.validationError = route.validate?.(event);
  if (event.validationError !== undefined) return fail(event, sink, BAD_REQUEST_BODY);
  const { integration } = route;
  if (integration === undefined) {
    event.integrationError = 'The route has no target';
    return fail(event, sink, INTERNAL_ERROR);
  }
  event.integrationBegan = event.elapsed();
  const answer = integration.invoke(event);
  if (!(answer instanceof Promise)) return finish(event, sink, route, answer);
  answer
    .then((answered) => finish(event, sink, route, answered))
    .catch((error: unknown) => {
      fail(event, sink, INTERNAL_ERROR);
      sink.onDefect(error, event);
    });
}

function finish(
  event: SocketEvent,
  sink: FrameSink,
  route: SocketRoute,
  answer: SocketAnswer | SocketFailed,
): void {
  const reply = endIntegration(event, answer, route.isTwoWay ? route.integration : undefined);
  if (reply === undefined) {
    event.status = 200;
    return end(event, sink);
  }
  if (reply.kind === 'failed') return fail(event, sink, reply.failure);
  if (Buffer.byteLength(reply.data) > MAX_FRAME_BYTES) {
    event.integrationError = `The reply has more than ${MAX_FRAME_BYTES} bytes`;
    return fail(event, sink, INTERNAL_ERROR);
  }
  event.status = reply.status;
  sink.sendFrame(reply.data);
  end(event, sink);
}

function fail(event: SocketEvent, sink: FrameSink, failure: SocketFailure): void {
  event.failure = failure;
  event.status = failure.status;
  sink.sendFrame(errorFrame(failure, event));
  end(event, sink);
}

function end(event: SocketEvent, sink: FrameSink): void {
  sink.onServed();
  event.stage.watch.onOver(event);
}
