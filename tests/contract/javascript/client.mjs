// AWS's SDK for JavaScript in front of Stepwell, driven by a test: a request a line on standard
// input ({"operation", "members"}), an answer a line on standard output ({"answer"} or {"error"}).
// Where Stepwell is, and the key, come from the environment, as in any program.
import { createInterface } from 'node:readline';

import * as sdk from '@aws-sdk/client-sfn';

const client = new sdk.SFNClient({
  maxAttempts: 1,
  // The same as AWS_DISABLE_HOST_PREFIX_INJECTION, which this SDK does not read.
  disableHostPrefix: true,
});

for await (const line of createInterface({ input: process.stdin })) {
  const { operation, members } = JSON.parse(line);
  let said;
  try {
    const { $metadata, ...answer } = await client.send(new sdk[`${operation}Command`](members));
    said = { answer };
  } catch (error) {
    // Errors of the model are classes of the SDK's own: a name alone could be made up.
    const modeled = typeof sdk[error.name] === 'function' && error instanceof sdk[error.name];
    said = { error: { code: error.name, message: error.message, modeled } };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
