import { createRequire } from 'node:module';

// The native build itself: the package's own entry falls back to a JavaScript imitation without it.
export function native() {
  const build = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
  return createRequire(import.meta.url)(`@trufflesuite/uws-js-unofficial/binaries/${build}`);
}
