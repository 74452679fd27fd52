import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
process.chdir(ROOT);  // so that every command in the results reads as a user would type it

export const BUILD = `build/${process.env.PRESET ?? 'release'}`;
export const SCRATCH = 'build/bench';  // data directories, the Spring application, raw results
export const shown = (path) => relative(ROOT, resolve(path));
