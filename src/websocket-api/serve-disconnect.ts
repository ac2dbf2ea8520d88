// The end of a connection: the `$disconnect` integration is told, whatever it answers (spec/websocket-api.md §7.5).
import type { SocketEvent } from './event.ts';
import { endIntegration } from './integrations/ending.ts';

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
      const end = endIntegration(event, await route.integration.invoke(event), undefined);
      if (end?.kind === 'failed') {
        event.failure = end.failure;
        event.status = end.failure.status;
      }
    } catch (error) {
      event.integrationEnded = event.elapsed();
      onDefect(error, event);
    }
  }
  event.stage.watch.onOver(event);
}
