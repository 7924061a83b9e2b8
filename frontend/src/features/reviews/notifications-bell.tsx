import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { useRef, useState } from 'react';

import { markRead, notificationsQuery } from '@/api/reviews';
import { Button, IconButton } from '@/ui/button';
import { Popover } from '@/ui/popover';
import { TimeAgo } from '@/ui/time';

import './bell.css';

/** What one is told of, with a count of what one has not read. */
export function NotificationsBell() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const client = useQueryClient();
  const { data } = useQuery(notificationsQuery);
  const read = useMutation({
    mutationFn: (ids?: number[]) => markRead(ids),
    onSuccess: (told) => client.setQueryData(notificationsQuery.queryKey, told),
  });
  const unread = data?.unread ?? 0;
  const label = unread > 0 ? `Notifications, ${unread} unread` : 'Notifications';
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        className="bell"
        aria-haspopup="dialog"
        aria-expanded={open}
        data-testid="bell"
        data-unread={unread}
        onClick={() => setOpen(!open)}
      >
        <Bell />
        {unread > 0 && (
          <span className="bell-count" aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </IconButton>
      <Popover
        open={open}
        onClose={() => setOpen(false)}
        anchor={button}
        label="Notifications"
        className="notifications"
      >
        <div className="notifications-head">
          <h2>Notifications</h2>
          <Button
            size="small"
            variant="ghost"
            disabled={unread === 0 || read.isPending}
            onClick={() => read.mutate(undefined)}
          >
            Mark all as read
          </Button>
        </div>
        {data?.results.length === 0 && (
          <p className="muted notifications-none">
            Nothing yet. When somebody asks for your review, or answers you, it is told here.
          </p>
        )}
        <ul>
          {data?.results.map(({ id, sentence, stateMachine, number, creationDate, isRead }) => (
            <li key={id} data-read={isRead || undefined} data-testid="notification">
              <Link
                to="/state-machines/$name/proposals/$number"
                params={{ name: stateMachine, number: String(number) }}
                onClick={() => {
                  setOpen(false);
                  if (!isRead) read.mutate([id]);
                }}
              >
                <span>{sentence}</span>
                <span className="muted">
                  <TimeAgo at={creationDate} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Popover>
    </>
  );
}
