// The end of a connection: the `$disconnect` integration is told, whatever it answers (spec/websocket-api.md §7.5).
import type { SocketEvent } from './event.ts';

/** Never rejects. Tells the stage's watch. */
export async function serveDisconnect(
  event: SocketEvent,
  onDefect: (error: unknown, event: SocketEvent) => void,
): Promise<void> {
  const route = event.stage.disconnectRoute;
  event.status = 200;
  if (route?.integration !== undefined) {
    event.route = route;
    event.integrationBegan = event.elapsed();
    try {
      const answer = await route.integration.invoke(event);
      if (answer.kind === 'failed') {
        event.integrationError = answer.error;
        event.integrationDetail = answer.detail;
        event.failure = answer.failure;
        event.status = answer.failure.status;
      } else {
        event.integrationStatus ??= answer.status;
        if (event.sent !== undefined) event.sent.answer = answer;
      }
    } catch (error) {
      onDefect(error, event);
    }
    event.integrationEnded = event.elapsed();
  }
  event.stage.watch.onOver(event);
}
