export type { FaultPlan } from './fault-plan.js';
export { FAULTS, type Fault, type FaultName, type Phase } from './faults.js';
export type { Journal, JournalEntry, JournalSum, Movement, NotificationEntry } from './journal.js';
export type { Fixture } from './ledger.js';
export type { Closure, NotificationAnswer } from './notification.js';
export type { Behaviour, Hold, Where } from './rules.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.js';
export { formatScenarios, SCENARIOS, type Scenario } from './scenarios.js';
