/** What a shell needs so that the AWS CLI and every SDK talk to this server with a key. */
export function environmentOf(
  key: { accessKeyId: string; secretAccessKey: string },
  address: string,
  region: string,
): string {
  return [
    `export AWS_ENDPOINT_URL_SFN=${address}`,
    `export AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${key.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY='${key.secretAccessKey}'`,
    'export AWS_DISABLE_HOST_PREFIX_INJECTION=true',
  ].join('\n');
}
