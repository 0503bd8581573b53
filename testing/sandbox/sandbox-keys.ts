import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { privateKeyFrom } from '../../worldfirst/keys.js';
import { SandboxFileError } from './sandbox-file-error.js';

/** The keys of both sides. */
export interface SandboxKeys {
  /** Signs the sandbox's answers. */
  privateKey: KeyObject;
  /** Verifies the client's signatures. */
  partnerPublicKey: KeyObject;
  /** A key that no client knows, for forged answers. It is made on first use, because making a key is slow. */
  otherKey: () => Promise<KeyObject>;
  /** The environment variables of the client's key and of the sandbox's public key. */
  env: Record<string, string>;
}

const newKeyPair = promisify(generateKeyPair);

/**
 * Makes the keys of both sides. With a directory they are kept in files for the next start, readable by their owner only.
 * Without one they are kept in memory.
 * @throws {@link SandboxFileError} when a key file cannot be read
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
    throw new SandboxFileError(`${file}: ${(error as Error).message} Delete the file to get a new key.`);
  }
}

/** A directory that is made here holds keys only, so git must ignore it. An existing directory is not changed. */
async function makePrivate(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  await makeFolder(directory);
  await writeFile(path.join(directory, '.gitignore'), '*\n');
}

/** Node's own way to make a folder with those above it never ends where the system refuses them with ENOENT, as /proc does. */
async function makeFolder(directory: string): Promise<void> {
  const parent = path.dirname(directory);
  if (!existsSync(parent)) await makeFolder(parent);
  await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Another sandbox may have made it meanwhile.
    if (error.code !== 'EEXIST') throw error;
  });
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the file completely or not at all. If another sandbox writes it first, the key of that sandbox is used. */
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
