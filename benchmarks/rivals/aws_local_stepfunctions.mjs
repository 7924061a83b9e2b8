// aws-local-stepfunctions, in one process that stays: its compiled code stays warm.
//
//   node aws_local_stepfunctions.mjs FOLDER      FOLDER: where node_modules is
//
// A line on standard input, {"definition", "input", "seconds", "log"}, is answered by a line,
// {"rounds", "seconds", "output"}: executions one after another for that long. With `log` each
// execution's event log is read and made text, as a history is; without it nobody reads it, which
// is the fastest the package can be used.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { StateMachine } = createRequire(`${process.argv[2]}/`)('aws-local-stepfunctions');

async function run(machine, { input, log }) {
  const execution = machine.run(input);
  if (!log) return execution.result;
  const events = [];
  for await (const event of execution.eventLogs) events.push(JSON.stringify(event));
  const output = await execution.result;
  // Joined and looked at, so that the text is really made.
  return events.join('\n').length > 0 ? output : undefined;
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const machine = new StateMachine(asked.definition);
  let output = await run(machine, asked);
  let rounds = 0;
  let seconds = 0;
  const begun = performance.now();
  do {
    output = await run(machine, asked);
    rounds += 1;
    seconds = (performance.now() - begun) / 1000;
  } while (seconds < asked.seconds);
  console.log(JSON.stringify({ rounds, seconds, output }));
}
