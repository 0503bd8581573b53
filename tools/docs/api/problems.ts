import {
  type Comment,
  DeclarationReflection,
  type ParameterReflection,
  type ProjectReflection,
  ReflectionKind,
  type SignatureReflection,
} from 'typedoc';
import { CALLED_FIRST, NEVER_THROW } from './entry-points.js';

/** What the docstrings of the exports lack, one line each. */
export function problemsOf(project: ProjectReflection): string[] {
  // A re-export of another entry point is described there.
  const exported = (project.children ?? [])
    .flatMap((module) => module.children ?? [])
    .filter((reflection) => !reflection.isReference());
  const names = new Set(exported.map(({ name }) => name));
  const lost = CALLED_FIRST.filter((name) => !names.has(name));
  return [...exported.flatMap(problemsOfExport), ...lost.map((name) => `${name} is not exported`)];
}

function problemsOfExport(reflection: DeclarationReflection): string[] {
  const { name } = reflection;
  const signatures = signaturesOf(reflection);
  const comments = [reflection.comment, ...signatures.map(({ comment }) => comment)];
  const has = (tag: `@${string}`) => comments.some((comment) => comment?.getTag(tag) !== undefined);
  const isFirst = CALLED_FIRST.includes(name);
  return [
    ...(comments.slice(0, 2).some(hasSentence) ? [] : [`${name} has no sentence`]),
    ...signatures.flatMap((signature) => problemsOfSignature(name, signature)),
    ...(isFirst && !has('@example') ? [`${name} has no @example`] : []),
    ...(isFirst && !has('@throws') && !NEVER_THROW.includes(name) ? [`${name} has no @throws`] : []),
  ];
}

/** Those of a function; of a class those of its constructor and methods. */
function signaturesOf({ kind, name, signatures = [], children = [] }: DeclarationReflection) {
  if (kind !== ReflectionKind.Class) return signatures;
  // Nobody but this package constructs its errors.
  return name.endsWith('Error') ? [] : children.flatMap((member) => member.signatures ?? []);
}

function problemsOfSignature(
  owner: string,
  { kind, parent, comment, parameters }: SignatureReflection,
): string[] {
  const isConstructor = kind === ReflectionKind.ConstructorSignature;
  const name = parent.name === owner ? owner : `${owner}.${parent.name}`;
  return [
    ...(isConstructor || hasSentence(comment) ? [] : [`${name} has no sentence`]),
    ...(parameters ?? [])
      .filter((parameter) => !hasSentence(parameter.comment) && !isDescribedByType(parameter))
      .map((parameter) => `${name} has no @param ${parameter.name}`),
  ];
}

/** Whether the type of a parameter, such as `RefundRequest`, is an export with a sentence of its own. */
function isDescribedByType({ type }: ParameterReflection): boolean {
  const reflection = type?.type === 'reference' ? type.reflection : undefined;
  return reflection instanceof DeclarationReflection && hasSentence(reflection.comment);
}

function hasSentence(comment: Comment | undefined): boolean {
  return comment?.summary.some(({ text }) => text.trim() !== '') ?? false;
}
