import type { StartInstance } from './function-instance.ts';
import { startNodeInstance } from './node-instance.ts';
export const startPythonInstance: StartInstance = startNodeInstance;
export const startProvidedInstance: StartInstance = startNodeInstance;
