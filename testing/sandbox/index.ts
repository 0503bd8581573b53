export type { Behaviour, Hold, Where } from './call-rules.js';
export type { FaultPlan } from './fault-plan.js';
export { FAULTS, type Fault, type FaultName, type Phase } from './faults.js';
export type { Journal, JournalEntry, JournalSum, Movement, NotificationEntry } from './journal.js';
export type { Fixture } from './ledger.js';
export { formatScenarios, SCENARIOS, type Scenario } from './scenario-table.js';
export type { Closure, NotificationAnswer } from './send-notification.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.js';
