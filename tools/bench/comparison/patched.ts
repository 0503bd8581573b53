import { addedStep, sincePatch } from './added-step.js';

export const interceptors = addedStep(sincePatch);
