import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { privateKeyFrom } from '../../worldfirst/keys.js';

/** The keys of both sides. */
export interface SandboxKeys {
  /** What the sandbox signs with. */
  privateKey: KeyObject;
  /** What it verifies its client's signatures with. */
  partnerPublicKey: KeyObject;
  /** A key that nobody knows, for forgeries. Made when it is first needed, for keys take long to make. */
  otherKey: () => Promise<KeyObject>;
  /** How a client gets its key and the sandbox's. */
  env: Record<string, string>;
}

const newKeyPair = promisify(generateKeyPair);

/**
 * Makes the keys of both sides, in memory; or with a directory, keeps them there for the next start, readable by their
 * owner only.
 */
export async function sandboxKeys(directory?: string): Promise<SandboxKeys> {
  if (directory !== undefined) await makePrivate(directory);
  const [partner, sandbox] = await Promise.all([
    privateKey(directory, 'partner-private.pem'),
    privateKey(directory, 'sandbox-private.pem'),
  ]);
  let other: Promise<KeyObject> | undefined;
  const keys = {
    privateKey: sandbox,
    partnerPublicKey: createPublicKey(partner),
    otherKey: () => {
      other ??= newPrivateKey();
      return other;
    },
  };
  const publicPem = pemOf(createPublicKey(sandbox));
  if (directory === undefined)
    return { ...keys, env: { WORLDFIRST_PRIVATE_KEY: pemOf(partner), WORLDFIRST_PUBLIC_KEY: publicPem } };
  const publicFile = path.resolve(directory, 'sandbox-public.pem');
  await writeFile(publicFile, publicPem, { mode: 0o600 });
  return {
    ...keys,
    env: {
      WORLDFIRST_PRIVATE_KEY_FILE: path.resolve(directory, 'partner-private.pem'),
      WORLDFIRST_PUBLIC_KEY_FILE: publicFile,
    },
  };
}

async function privateKey(directory: string | undefined, name: string): Promise<KeyObject> {
  if (directory === undefined) return newPrivateKey();
  const file = path.resolve(directory, name);
  const text = (await contentOf(file)) ?? (await written(file, pemOf(await newPrivateKey())));
  try {
    return privateKeyFrom(text);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message} Delete the file, and a new key is made.`);
  }
}

/** A directory that is made here holds nothing but keys, and git is to overlook it. One that was there is left as it is. */
async function makePrivate(directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) await writeFile(path.join(directory, '.gitignore'), '*\n');
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the file complete or not at all. Another sandbox that starts beside this one may win, and its key counts then. */
async function written(file: string, content: string): Promise<string> {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
    return content;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(file, 'utf8');
  } finally {
    await rm(draft, { force: true });
  }
}

async function newPrivateKey(): Promise<KeyObject> {
  const { privateKey } = await newKeyPair('rsa', { modulusLength: 2048 });
  return privateKey;
}

function pemOf(key: KeyObject): string {
  return key.type === 'private'
    ? key.export({ format: 'pem', type: 'pkcs8' }).toString()
    : key.export({ format: 'pem', type: 'spki' }).toString();
}
