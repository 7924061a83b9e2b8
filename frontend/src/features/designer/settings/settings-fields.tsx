import { CheckField, SelectField, TextField } from '../inspector/controls';
import { useEditor, useEditorStore } from '../editor-store';
import { jsonProblem } from '../inspector/written';
import {
  fieldsProblem,
  LOG_LEVELS,
  readFields,
  readTags,
  tagsProblem,
  writeFields,
  writeTags,
  type MachineSettings,
} from './settings';

/** Type, role, logging, tracing and tags: what a state machine has beside its definition. */
export function SettingsFields() {
  const editor = useEditorStore();
  const settings = useEditor((state) => state.settings);
  const exists = useEditor((state) => state.published !== null);
  const put = (change: Partial<MachineSettings>) =>
    editor.setState((state) => ({ settings: { ...state.settings, ...change } }));
  const logs = settings.logLevel !== 'OFF';
  return (
    <>
      <section className="inspector-section" aria-label="State machine">
        <h3>State machine</h3>
        {exists ? (
          <p className="inspector-fact">
            <span>Type</span>
            <span data-testid="setting-type">{settings.type}</span>
          </p>
        ) : (
          <SelectField
            label="Type"
            value={settings.type}
            options={[
              ['STANDARD', 'STANDARD'],
              ['EXPRESS', 'EXPRESS'],
            ]}
            testId="setting-type"
            onCommit={(type) => put({ type: type === 'EXPRESS' ? 'EXPRESS' : 'STANDARD' })}
          />
        )}
        <TextField
          label="Role ARN"
          value={settings.roleArn}
          placeholder="the server’s own"
          testId="setting-role"
          onCommit={(text) => put({ roleArn: text.trim() })}
        />
        <SelectField
          label="Logging"
          value={settings.logLevel}
          options={LOG_LEVELS.map((level) => [level, level] as const)}
          testId="setting-log-level"
          onCommit={(logLevel) => put({ logLevel })}
        />
        {(logs || settings.logGroupArn !== '') && (
          <>
            <TextField
              label="Log group ARN"
              value={settings.logGroupArn}
              placeholder="arn:aws:logs:…:log-group:name:*"
              problem={
                logs && settings.logGroupArn === ''
                  ? { message: 'Logging needs a log group.', severity: 'ERROR' }
                  : undefined
              }
              testId="setting-log-group"
              onCommit={(text) => put({ logGroupArn: text.trim() })}
            />
            <CheckField
              label="With data"
              checked={settings.includeExecutionData}
              testId="setting-log-data"
              onCommit={(includeExecutionData) => put({ includeExecutionData })}
            />
          </>
        )}
        <CheckField
          label="Tracing"
          checked={settings.tracing}
          testId="setting-tracing"
          onCommit={(tracing) => put({ tracing })}
        />
        <TextField
          label="Sensitive fields"
          help="One on a line: the name of a key, or a path. Viewers, logs and events have ******** there"
          placeholder="$.card.number"
          lines={2}
          value={writeFields(settings.sensitiveFields)}
          check={fieldsProblem}
          testId="setting-sensitive"
          onCommit={(text) => put({ sensitiveFields: readFields(text) })}
        />
        <TextField
          label="Tags"
          help="One on a line: key=value"
          placeholder="key=value"
          lines={2}
          value={writeTags(settings.tags)}
          check={tagsProblem}
          testId="setting-tags"
          onCommit={(text) => put({ tags: readTags(text) })}
        />
        <TextField
          label="Sample input"
          help="What the start dialog offers"
          placeholder="{}"
          lines={2}
          value={settings.sampleInput}
          check={(text) => (text.trim() === '' ? undefined : jsonProblem(text))}
          testId="setting-sample"
          onCommit={(text) => put({ sampleInput: text.trim() })}
        />
        <p className="muted pane-hint">
          {exists
            ? 'Saved with the draft, and taken over when you publish. The type was chosen for ever.'
            : 'Saved with the draft, and taken over when you create it.'}
        </p>
      </section>
    </>
  );
}
