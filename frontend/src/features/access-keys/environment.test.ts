import { expect, test } from 'vitest';

import { environmentOf } from './environment';

test('a shell is given all that a client needs', () => {
  const key = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a+b/c=' };
  expect(environmentOf(key, 'http://127.0.0.1:8000', 'eu-west-1').split('\n')).toEqual([
    'export AWS_ENDPOINT_URL_SFN=http://127.0.0.1:8000',
    'export AWS_DEFAULT_REGION=eu-west-1',
    'export AWS_ACCESS_KEY_ID=AKIAEXAMPLE',
    "export AWS_SECRET_ACCESS_KEY='a+b/c='",
    'export AWS_DISABLE_HOST_PREFIX_INJECTION=true',
  ]);
});
