// What `postern/testing` is (package.json, "exports"; docs/guide/testing.md).
export {
  type BackendReply,
  type ClientRequest,
  type EvaluatedMapping,
  evaluateMapping,
  type HeadersFound,
  type HeadersGiven,
  type Mapping,
} from './evaluate-mapping.ts';
export type {
  DeployedApi,
  DeployedStack,
  DeployOptions,
  Fault,
  FaultPlace,
  FaultSwitch,
  Faults,
  LogLevel,
  LogLine,
  StartOptions,
  TestClock,
  TestPostern,
} from './interface.ts';
export {
  type RenderedTemplate,
  type RequestOverride,
  type ResponseOverride,
  renderTemplate,
  type TemplateValues,
} from './render-template.ts';
export {
  type RoutedMessage,
  type RoutedRequest,
  type SelectedRoute,
  selectRoute,
} from './select-route.ts';
export { startPostern } from './start.ts';
