// What stands between routes and their integrations: nothing, unless the start of the program gives it (faults in tests). It
// is put there when a stage is compiled, so that the calls of a program without it do not know of it.
import type { Ending } from '../http-api/integrations/ending.ts';
import type { RouteIntegration } from '../http-api/stage.ts';
import type { SocketIntegration } from '../websocket-api/stage.ts';

/** The integration of one route. */
export interface IntegrationPlace {
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly integrationId: string;
  readonly timeoutInMillis: number;
}

export interface Interposed {
  /** `ending` has the response mappings of the integration. */
  http(place: IntegrationPlace, integration: RouteIntegration, ending: Ending): RouteIntegration;
  socket(place: IntegrationPlace, integration: SocketIntegration): SocketIntegration;
}
