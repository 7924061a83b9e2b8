import type { AuditAction } from '@/api/audit';

/** What was done, in words: "signed in". One for each action that the server tells of. */
export const ACTIONS: Record<AuditAction, string> = {
  'session.signIn': 'signed in',
  'session.signInFailed': 'failed to sign in',
  'session.locked': 'was locked out',
  'session.signOut': 'signed out',
  'session.endAll': 'ended the sessions of',
  'account.disable': 'disabled account',
  'account.enable': 'enabled account',
  'identity.link': 'linked an identity with',
  'identity.unlink': 'unlinked an identity from',
  'accessKey.create': 'created access key',
  'accessKey.revoke': 'revoked access key',
  'apiToken.create': 'created token',
  'apiToken.revoke': 'revoked token',
  'workspace.create': 'created workspace',
  'workspace.rename': 'renamed workspace',
  'member.setRole': 'gave a role to',
  'member.remove': 'removed member',
  'account.changePassword': 'changed the password of',
  'secrets.rotate': 'rotated secrets',
  'stateMachine.create': 'created state machine',
  'stateMachine.update': 'updated state machine',
  'stateMachine.delete': 'deleted state machine',
  'version.publish': 'published version',
  'version.delete': 'deleted version',
  'alias.create': 'created alias',
  'alias.update': 'moved alias',
  'alias.delete': 'deleted alias',
  'alias.startMove': 'began to move alias',
  'alias.endMove': 'ended the move of alias',
  'proposal.create': 'proposed',
  'proposal.push': 'changed proposal',
  'proposal.review': 'reviewed',
  'proposal.publish': 'published proposal',
  'proposal.cancel': 'cancelled proposal',
  'reviewRules.set': 'set the review rules of',
  'reviewWebhook.create': 'created review webhook',
  'reviewWebhook.update': 'changed review webhook',
  'reviewWebhook.delete': 'deleted review webhook',
  'resource.tag': 'tagged',
  'resource.untag': 'untagged',
  'activity.create': 'created activity',
  'activity.delete': 'deleted activity',
  'execution.start': 'started execution',
  'execution.fork': 'forked execution',
  'execution.stop': 'stopped execution',
  'execution.redrive': 'redrove execution',
  'execution.debug': 'debugged execution',
  'mapRun.update': 'changed Map Run',
  'approval.decide': 'decided approval of',
  'connection.create': 'created connection',
  'connection.update': 'changed connection',
  'connection.delete': 'deleted connection',
  'connection.test': 'tested connection',
  'executionRole.create': 'created execution role',
  'executionRole.update': 'changed execution role',
  'executionRole.delete': 'deleted execution role',
  'mock.create': 'saved mock',
  'mock.update': 'changed mock',
  'mock.delete': 'deleted mock',
  'test.create': 'saved test',
  'test.update': 'changed test',
  'test.delete': 'deleted test',
  'test.import': 'imported tests',
  'rule.create': 'made a rule for',
  'rule.update': 'changed a rule of',
  'rule.delete': 'removed a rule of',
  'schedule.create': 'made a schedule for',
  'schedule.update': 'changed a schedule of',
  'schedule.delete': 'removed a schedule of',
  'endpoint.create': 'made an endpoint for',
  'endpoint.update': 'changed an endpoint of',
  'endpoint.delete': 'removed an endpoint of',
  'webhook.create': 'made a webhook for',
  'webhook.update': 'changed a webhook of',
  'webhook.delete': 'removed a webhook of',
};

export const isAction = (text: string | undefined): text is AuditAction =>
  text !== undefined && Object.hasOwn(ACTIONS, text);

/** The words for an action; of one that a newer server tells of, its name. */
export const actionWords = (action: string): string =>
  isAction(action) ? ACTIONS[action] : action;

/** The end of an ARN, which is what tells things apart: "orders/one". */
export function shortSubject(subject: string): string {
  const parts = subject.split(':');
  return parts[0] === 'arn' && parts.length > 6 ? parts.slice(6).join(':') : subject;
}
