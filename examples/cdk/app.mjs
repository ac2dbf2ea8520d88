// What `npx cdk synth` runs.
import { App } from 'aws-cdk-lib';
import { PetsStack } from './pets-stack.mjs';

const app = new App();
new PetsStack(app, 'Pets');
app.synth();
