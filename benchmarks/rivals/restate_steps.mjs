// Restate's side: a workflow of as many no-op steps as it is asked for.
//
//   node restate_steps.mjs FOLDER PORT      FOLDER: where node_modules is

import { createRequire } from 'node:module';

// Node 20 has none; the package asks for it.
Promise.withResolvers ??= () => {
  const all = {};
  all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
  return all;
};

const restate = createRequire(`${process.argv[2]}/`)('@restatedev/restate-sdk');

const rival = restate.service({
  name: 'rival',
  handlers: {
    async steps(context, count) {
      let value = 0;
      for (let step = 0; step < count; step += 1) {
        value = await context.run('step', () => value + 1);
      }
      return value;
    },
  },
});

restate.serve({ services: [rival], port: Number(process.argv[3]) });
