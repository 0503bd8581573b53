// Every entry point, so that the compilers check all of its declarations.
export type * as activities from 'worldfirst-refunds/activities';
export type * as encryption from 'worldfirst-refunds/encryption';
export type * as notifications from 'worldfirst-refunds/notifications';
export type * as testing from 'worldfirst-refunds/testing';
export type * as worker from 'worldfirst-refunds/worker';
export type * as worldfirst from 'worldfirst-refunds/worldfirst';
