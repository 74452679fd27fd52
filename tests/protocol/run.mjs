// Raw attacks on the fixture servers. BUILD names the folder of the binaries; an argument picks tests by a part of their name.
import { runTests } from '../support/server.mjs';
import * as http from './http.mjs';
import * as slow from './slow.mjs';
import * as webSocket from './websocket.mjs';

let status = 0;
const named = (prefix, tests) => Object.entries(tests).map(([name, test]) => [`${prefix}: ${name}`, test]);
const all = Object.fromEntries([...named('http', http.tests), ...named('websocket', webSocket.tests), ...named('slow', slow.tests)]);
status = await runTests(all);
for (const part of [http, webSocket, slow]) await part.stop();
process.exit(status);
