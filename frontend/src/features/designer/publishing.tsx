import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, useId, useState } from 'react';

import { ApiFailure } from '@/api/client';
import { createStateMachine, updateStateMachine, type StateMachine } from '@/api/state-machines';
import { lazily } from '@/app/lazily';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { MenuButton } from '@/ui/menu-button';

import { isBlank } from './drafts/blank';
import type { useAutosave } from './drafts/use-autosave';
import { useEditor, useEditorStore } from './editor-store';
import { publishedText } from './published';
import { configured, created, settingsOf, updated } from './settings/settings';

const ProposeDialog = lazily(() => import('@/features/reviews/propose-dialog'));

interface Props {
  name: string;
  machine: StateMachine | null;
  /** Whether the text, or what goes with it, differs from what is published. */
  changed: boolean;
  autosave: ReturnType<typeof useAutosave>;
  onPublished: (machine: StateMachine) => void;
}

/** A version to make of what is published: its description, at most 256 characters. */
function VersionDialog({
  open,
  onClose,
  onPublish,
}: {
  open: boolean;
  onClose: () => void;
  onPublish: (description: string) => void;
}) {
  const [description, setDescription] = useState('');
  const id = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Publish a version"
      description="A version never changes: executions started with it run this definition for ever."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onPublish(description);
          setDescription('');
        }}
      >
        <label className="field-label" htmlFor={id}>
          Description
        </label>
        <input
          id={id}
          className="input"
          maxLength={256}
          value={description}
          placeholder="What is new in it (may be empty)"
          data-testid="version-description"
          onChange={({ target }) => setDescription(target.value)}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" data-testid="version-submit">
            Publish version
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The one way out of a draft: what new executions run from now on, with a version where wanted. */
export function Publishing({ name, machine, changed, autosave, onPublished }: Props) {
  const editor = useEditorStore();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [proposing, setProposing] = useState(false);
  const broken = useEditor(({ document }) => document.broken);
  const errors = useEditor(
    ({ findings }) => findings.filter(({ severity }) => severity === 'ERROR').length,
  );
  const settings = useEditor((state) => state.settings);

  const publish = useMutation({
    /** A description, where a version is wanted, too. */
    mutationFn: (version: string | null) => {
      const { document } = editor.getState();
      const body = {
        definition: document.text,
        format: document.format,
        publish: version !== null,
        versionDescription: version ?? '',
        description: '',
        endsDraft: true,
      };
      const base = autosave.baseRevision;
      return machine === null
        ? createStateMachine({ ...body, ...created(settings), name })
        : updateStateMachine(name, {
            ...body,
            ...updated(settings, machine),
            ...(base !== null && { baseRevisionId: base }),
          });
    },
    onSuccess: async (published, version) => {
      autosave.published(publishedText(published), published.revisionId);
      const settled = settingsOf(published);
      editor.setState({ settings: settled, published: settled });
      const done = machine === null ? `Created ${name}.` : 'Published. New executions run it.';
      toast('info', version === null ? done : `${done} It has a version, too.`);
      client.setQueryData(['state-machine', name], published);
      onPublished(published);
      await client.invalidateQueries({ queryKey: ['state-machines'] });
    },
    onError: (error) => {
      // The rules ask for a review: that is the way from here.
      if (error instanceof ApiFailure && error.code === 'ReviewRequired') setProposing(true);
      const [first] = error instanceof ApiFailure ? error.diagnostics : [];
      toast('error', first ? `${first.message} (${first.location})` : error.message);
    },
  });
  const locked = useEditor((state) => state.locked);
  const blank = useEditor(({ document }) => isBlank(document.definition));
  const impossible = publish.isPending || broken !== null || blank || errors > 0 || locked !== null;
  const toMend = blank
    ? 'It needs a state first'
    : errors > 0
      ? `${errors} error${errors > 1 ? 's' : ''} to mend first`
      : undefined;

  return (
    <span className="publishing">
      <Button
        // Once it is published the one thing to do next is to start it.
        variant={machine === null || changed ? 'primary' : 'secondary'}
        disabled={impossible || !changed}
        title={locked ?? toMend}
        onClick={() => publish.mutate(null)}
        data-testid="publish"
      >
        {machine === null ? 'Create' : 'Publish'}
      </Button>
      <MenuButton
        label="More ways to publish"
        testId="publish-more"
        items={[
          {
            label: machine === null ? 'Create with a version…' : 'Publish a version…',
            act: () => setAsking(true),
            disabled: impossible,
            testId: 'publish-version',
          },
          ...(machine === null
            ? []
            : [
                {
                  label: 'Propose…',
                  act: () => setProposing(true),
                  disabled: impossible || !changed,
                  testId: 'propose',
                },
              ]),
        ]}
      >
        <ChevronDown />
      </MenuButton>
      {proposing && machine !== null && (
        <Suspense>
          <ProposeDialog
            name={name}
            content={() => {
              const { document } = editor.getState();
              return {
                definition: document.text,
                format: document.format,
                baseRevisionId: autosave.baseRevision ?? machine.revisionId,
                // Tags, sensitive fields and the sample input are no part of a revision: nobody
                // reviews them.
                ...configured(settings, machine),
              };
            }}
            onClose={() => setProposing(false)}
            onProposed={(number) =>
              void navigate({
                to: '/state-machines/$name/proposals/$number',
                params: { name, number: String(number) },
              })
            }
          />
        </Suspense>
      )}
      <VersionDialog
        open={asking}
        onClose={() => setAsking(false)}
        onPublish={(description) => {
          setAsking(false);
          publish.mutate(description);
        }}
      />
    </span>
  );
}
