export * from './families.js';
export * from './waiting.js';
