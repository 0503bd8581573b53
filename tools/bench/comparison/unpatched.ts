import { addedStep } from './added-step.js';

export const interceptors = addedStep(() => true);
