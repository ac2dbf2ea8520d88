// A registry of nothing, for parts of the program that are tried without the rest.
import type { Registry } from '../../src/websocket-api/connections/registry.ts';

export const FORGETFUL_REGISTRY: Registry = { enter: async () => true, leave() {} };
